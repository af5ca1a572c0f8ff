import type { Exchange } from '../contracts.ts'

/** A refusal by the token endpoint. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
export class EntraError extends Error {
  override readonly name = 'EntraError'
  readonly status: number
  /** OAuth error, e.g. `invalid_client`. */
  readonly error: string
  /** Number after `AADSTS`. */
  readonly code: number

  constructor(status: number, error: string, code: number, text: string) {
    super(`AADSTS${code}: ${text}`)
    this.status = status
    this.error = error
    this.code = code
  }
}

const federationHelp =
  'Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ' +
  'https://learn.microsoft.com/entra/workload-id/workload-identity-federation'
const notInstalled =
  'This can happen if the application has not been installed by the administrator of the tenant or consented to by ' +
  'any user in the tenant.'

/** The refusals, each as Entra words it. */
export const refusals = {
  unknownTenant: (tenant: string) =>
    new EntraError(
      400,
      'invalid_request',
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the ` +
        'correct cloud. Check with your subscription administrator, this may happen if there are no active ' +
        'subscriptions for the tenant.',
    ),
  unknownApplication: (appId: string, directory: string) =>
    new EntraError(
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${appId}' was not found in the directory '${directory}'. ${notInstalled} ` +
        'You may have sent your authentication request to the wrong tenant.',
    ),
  unknownResource: (resource: string, directory: string) =>
    new EntraError(
      400,
      'invalid_resource',
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${directory}. ${notInstalled} ` +
        'You might have sent your authentication request to the wrong tenant.',
    ),
  invalidScope: (scope: string) =>
    new EntraError(
      400,
      'invalid_scope',
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with ` +
        '/.default suffixed to the resource identifier (application ID URI).',
    ),
  wrongSecret: (appId: string) =>
    new EntraError(
      401,
      'invalid_client',
      7000215,
      'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not ' +
        `the client secret ID, for a secret added to app '${appId}'.`,
    ),
  expiredSecret: (appId: string) =>
    new EntraError(
      401,
      'invalid_client',
      7000222,
      `The provided client secret keys for app '${appId}' are expired. Visit the Azure portal to create new keys for ` +
        'your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: ' +
        'https://aka.ms/certCreds.',
    ),
  disabledApplication: (appId: string) =>
    new EntraError(400, 'unauthorized_client', 7000112, `Application '${appId}' is disabled.`),
  wrongPassword: () =>
    new EntraError(
      400,
      'invalid_grant',
      50126,
      'Error validating credentials due to invalid username or password.',
    ),
  unknownPerson: (directory: string) =>
    new EntraError(
      400,
      'invalid_grant',
      50034,
      `The user account does not exist in the ${directory} directory. To sign into this application, the account must ` +
        'be added to the directory.',
    ),
  disabledPerson: () => new EntraError(400, 'invalid_grant', 50057, 'The user account is disabled.'),
  missingParameter: (name: string) =>
    new EntraError(
      400,
      'invalid_request',
      900144,
      `The request body must contain the following parameter: '${name}'.`,
    ),
  missingCredential: () =>
    new EntraError(
      401,
      'invalid_client',
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ),
  unsupportedGrant: (grant: string) =>
    new EntraError(
      400,
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${grant}'.`,
    ),
  malformedAssertion: () =>
    new EntraError(401, 'invalid_client', 50027, 'JWT token is invalid or malformed.'),
  noFederation: (appId: string, displayName: string) =>
    new EntraError(
      401,
      'invalid_client',
      70025,
      `The client '${appId}'(${displayName}) has no configured federated identity credentials.`,
    ),
  wrongIssuer: (issuer: string) =>
    new EntraError(
      401,
      'invalid_client',
      700211,
      `No matching federated identity record found for presented assertion issuer '${issuer}'. ${federationHelp}`,
    ),
  wrongAudience: (audience: string) =>
    new EntraError(
      401,
      'invalid_client',
      700212,
      `No matching federated identity record found for presented assertion audience '${audience}'. ${federationHelp}`,
    ),
  wrongSubject: (subject: string) =>
    new EntraError(
      401,
      'invalid_client',
      700213,
      `No matching federated identity record found for presented assertion subject '${subject}'. ${federationHelp}`,
    ),
  wrongCase: (subject: string) =>
    new EntraError(
      401,
      'invalid_client',
      7002138,
      `No matching federated identity record found for presented assertion subject '${subject}'. The subject matches ` +
        `with case-insensitive comparison, but not with case-sensitive comparison. ${federationHelp}`,
    ),
  outsideValidity: (now: Date, from: Date, until: Date) =>
    new EntraError(
      401,
      'invalid_client',
      700024,
      `Client assertion is not within its valid time range. Current time: ${now.toISOString()}, assertion valid ` +
        `from ${from.toISOString()}, expiry time of assertion ${until.toISOString()}. Review the documentation at ` +
        'https://learn.microsoft.com/entra/identity-platform/certificate-credentials .',
    ),
  wrongSignature: () =>
    new EntraError(401, 'invalid_client', 700027, 'Client assertion contains an invalid signature.'),
  unreachableIssuer: (issuer: string) =>
    new EntraError(
      400,
      'invalid_request',
      50166,
      `Request to External OIDC endpoint failed. Issuer: '${issuer}'.`,
    ),
} as const

/** The refusal as the token endpoint sends it. `correlationId` is what the client sent, else ours. */
export function toResponse(
  error: EntraError,
  exchange: Exchange,
  now: Date,
  correlationId: string,
): Response {
  const timestamp = now
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z')
  const trace = `Trace ID: ${exchange.requestId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`
  return Response.json(
    {
      error: error.error,
      error_description: `${error.message} ${trace}`,
      error_codes: [error.code],
      timestamp,
      trace_id: exchange.requestId,
      correlation_id: correlationId,
      error_uri: `${exchange.base}/error?code=${error.code}`,
    },
    { status: error.status },
  )
}
