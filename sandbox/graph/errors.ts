/** A refusal by Microsoft Graph. https://learn.microsoft.com/graph/errors */
export class GraphError extends Error {
  override readonly name = 'GraphError'
  readonly status: number
  /** Graph's error code, e.g. `Request_ResourceNotFound`. */
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** The refusals, each as Graph words it. */
export const refusals = {
  notSignedIn: () => new GraphError(401, 'InvalidAuthenticationToken', 'Access token is empty or invalid.'),
  wrongAudience: () =>
    new GraphError(401, 'InvalidAuthenticationToken', 'Access token validation failure. Invalid audience.'),
  denied: () =>
    new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
  notFound: (id: string) =>
    new GraphError(
      404,
      'Request_ResourceNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  noSegment: (segment: string) =>
    new GraphError(400, 'BadRequest', `Resource not found for the segment '${segment}'.`),
  noMethod: (method: string) =>
    new GraphError(
      405,
      'Request_BadRequest',
      `Specified HTTP method is not allowed for the request target: ${method}.`,
    ),
  malformedBody: () =>
    new GraphError(
      400,
      'BadRequest',
      'Unable to read JSON request payload. Please ensure Content-Type header is set ' +
        'and payload is of valid JSON format.',
    ),
  badRequest: (message: string) => new GraphError(400, 'Request_BadRequest', message),
  missing: (property: string, resource: string) =>
    new GraphError(
      400,
      'Request_BadRequest',
      `A value is required for property '${property}' of resource '${resource}'.`,
    ),
  invalid: (property: string, resource: string) =>
    new GraphError(
      400,
      'Request_BadRequest',
      `Invalid value specified for property '${property}' of resource '${resource}'.`,
    ),
  unknownProperty: (property: string, resource: string) =>
    new GraphError(
      400,
      'Request_BadRequest',
      `Property '${property}' does not exist as a declared property or extension property of resource '${resource}'.`,
    ),
  readOnly: (property: string, resource: string) =>
    new GraphError(
      400,
      'Request_BadRequest',
      `Property '${property}' of resource '${resource}' is read-only and cannot be set.`,
    ),
  conflict: (message: string) => new GraphError(409, 'Request_MultipleObjectsWithSameKeyValue', message),
  federated: (message: string) => new GraphError(400, 'InvalidFederatedIdentityCredentialValue', message),
  quota: (message: string) => new GraphError(403, 'Directory_QuotaExceeded', message),
  onlyPeople: () =>
    new GraphError(400, 'BadRequest', '/me request is only valid with delegated authentication flow.'),
  alreadyLinked: (relationship: string) =>
    new GraphError(
      400,
      'Request_BadRequest',
      'One or more added object references already exist for the following modified properties: ' +
        `'${relationship}'.`,
    ),
  tooManyReferences: (relationship: string, limit: number) =>
    new GraphError(
      400,
      'Request_BadRequest',
      `The number of references in '${relationship}@odata.bind' exceeds the limit of ${limit} in one request.`,
    ),
  sameKey: (property: string) =>
    new GraphError(
      409,
      'Request_MultipleObjectsWithSameKeyValue',
      `Another object with the same value for property ${property} already exists.`,
    ),
  unsupportedFilter: (property: string, resource: string) =>
    new GraphError(
      400,
      'Request_UnsupportedQuery',
      `Unsupported or invalid query filter clause specified for property '${property}' of resource '${resource}'.`,
    ),
  malformedFilter: (detail: string) => new GraphError(400, 'BadRequest', `Invalid filter clause: ${detail}`),
  needsAdvanced: (what: string) =>
    new GraphError(
      400,
      'Request_UnsupportedQuery',
      `${what} is not supported because the required parameters might be missing. Try adding $count=true query ` +
        'parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for ' +
        'more information.',
    ),
  invalidTop: (value: string) =>
    new GraphError(
      400,
      'Request_UnsupportedQuery',
      `Invalid page size specified: '${value}'. Must be between 1 and 999 inclusive.`,
    ),
} as const
