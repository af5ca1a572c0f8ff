/**
 * Every refusal of the storage service that the sandbox knows, with the status and message Azure gives.
 * https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes
 * https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/update
 */
const refusals = {
  NoAuthenticationInformation: [
    401,
    'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
  ],
  InvalidAuthenticationInfo: [
    401,
    'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
  ],
  AuthenticationFailed: [
    403,
    'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
  ],
  AuthorizationPermissionMismatch: [
    403,
    'This request is not authorized to perform this operation using this permission.',
  ],
  ResourceNotFound: [404, 'The specified resource does not exist.'],
  FilesystemNotFound: [404, 'The specified filesystem does not exist.'],
  FilesystemAlreadyExists: [409, 'The specified filesystem already exists.'],
  ContainerNotFound: [404, 'The specified container does not exist.'],
  ContainerAlreadyExists: [409, 'The specified container already exists.'],
  PathNotFound: [404, 'The specified path does not exist.'],
  BlobNotFound: [404, 'The specified blob does not exist.'],
  PathAlreadyExists: [409, 'The specified path already exists.'],
  PathConflict: [
    409,
    'The specified path, or an element of the path, exists and its resource type is invalid for this operation.',
  ],
  DirectoryNotEmpty: [
    409,
    'The recursive query parameter value must be true to delete a non-empty directory.',
  ],
  SourcePathNotFound: [404, 'The source path for a rename operation does not exist.'],
  RenameDestinationParentPathNotFound: [404, 'The parent directory of the destination path does not exist.'],
  InvalidRenameSourcePath: [409, 'The source directory cannot be the same as the destination directory.'],
  InvalidSourceUri: [400, 'The source URI is invalid.'],
  ConditionNotMet: [412, 'The condition specified using HTTP conditional header(s) is not met.'],
  SourceConditionNotMet: [412, 'The source condition specified using HTTP conditional header(s) is not met.'],
  MultipleConditionHeadersNotSupported: [400, 'Multiple condition headers are not supported.'],
  UnsatisfiableCondition: [400, 'The request includes an unsatisfiable condition for this operation.'],
  InvalidMd5: [
    400,
    'The MD5 value specified in the request is invalid. The MD5 value must be 128 bits and Base64-encoded.',
  ],
  Md5Mismatch: [
    400,
    'The MD5 value specified in the request did not match with the MD5 value calculated by the server.',
  ],
  Crc64Mismatch: [
    400,
    'The CRC64 value specified in the request did not match with the CRC64 value calculated by the server.',
  ],
  // The first is spelled so by the service.
  InvaldAccessControlList: [400, 'The access control list value is invalid.'],
  SetAclMissingAces: [400, 'Invalid ACL: the user, group and other entries are required.'],
  InvalidPermissions: [400, 'The permissions value is invalid.'],
  InvalidFlushPosition: [
    400,
    'The uploaded data is not contiguous or the position query parameter value is not equal to the length of the file after appending the uploaded data.',
  ],
  InvalidResourceName: [400, 'The specified resource name contains invalid characters.'],
  InvalidInput: [400, 'One of the request inputs is not valid.'],
  InvalidQueryParameterValue: [
    400,
    'Value for one of the query parameters specified in the request URI is invalid.',
  ],
  InvalidHeaderValue: [400, 'The value for one of the HTTP headers is not in the correct format.'],
  InvalidRange: [416, 'The range specified is invalid for the current size of the resource.'],
  UnsupportedHttpVerb: [405, "The resource doesn't support the specified HTTP verb."],
  UnsupportedQueryParameter: [
    400,
    'One of the query parameters specified in the request URI is not supported.',
  ],
} as const satisfies Record<string, readonly [number, string]>

/** The `x-ms-error-code` of a refusal. */
export type StorageErrorCode = keyof typeof refusals

/** A refusal of the storage service. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code: StorageErrorCode
  readonly status: number
  /** What the service adds for authentication failures. */
  readonly detail: string | undefined

  /** @param status another one than the code usually has: 304 for a read that has nothing new to show */
  constructor(code: StorageErrorCode, detail?: string, status: number = refusals[code][0]) {
    const [, message] = refusals[code]
    super(message)
    this.code = code
    this.status = status
    this.detail = detail
  }
}

/** The two languages the storage endpoints speak: `dfs` answers in JSON, `blob` in XML. */
export type Dialect = 'dfs' | 'blob'

const blobNames: Partial<Record<StorageErrorCode, StorageErrorCode>> = {
  FilesystemNotFound: 'ContainerNotFound',
  FilesystemAlreadyExists: 'ContainerAlreadyExists',
  PathNotFound: 'BlobNotFound',
}

/** Escapes text for the content of an XML element. */
export const escapeXml = (text: string): string =>
  text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** The answer that tells a refusal, in the words of the endpoint that was asked. */
export const refusalAnswer = (
  error: StorageError,
  dialect: Dialect,
  requestId: string,
  at: Date,
): { status: number; headers: Record<string, string>; body: string } => {
  const inDialect = dialect === 'blob' ? new StorageError(blobNames[error.code] ?? error.code) : error
  const message = `${inDialect.message}\nRequestId:${requestId}\nTime:${at.toISOString()}`
  const headers = { 'x-ms-error-code': inDialect.code }
  if (dialect === 'dfs') {
    const detail = error.detail === undefined ? {} : { detail: { AuthenticationErrorDetail: error.detail } }
    return {
      status: error.status,
      headers: { ...headers, 'content-type': 'application/json;charset=utf-8' },
      body: JSON.stringify({ error: { code: inDialect.code, message, ...detail } }),
    }
  }
  const detail =
    error.detail === undefined
      ? ''
      : `<AuthenticationErrorDetail>${escapeXml(error.detail)}</AuthenticationErrorDetail>`
  return {
    status: error.status,
    headers: { ...headers, 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${inDialect.code}</Code><Message>${escapeXml(message)}</Message>${detail}</Error>`,
  }
}
