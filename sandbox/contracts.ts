/**
 * What the parts of the sandbox know of each other. Each part ("area") answers HTTP requests for one of Azure's or
 * GitHub's services, keeps its own slice of the state, and reaches the others only through these interfaces.
 */

/** Somebody or something in the tenant's directory. */
export interface Principal {
  readonly objectId: string
  readonly kind: 'User' | 'Group' | 'ServicePrincipal'
  readonly displayName: string
  /** Application (client) id of a service principal. */
  readonly appId?: string
}

/** Who sent a request: what a verified access token says. */
export interface Caller {
  readonly tenantId: string
  readonly objectId: string
  readonly kind: 'User' | 'ServicePrincipal'
  readonly appId?: string
  /** The `aud` claim, normalised without a trailing slash. */
  readonly audience: string
}

/** The tenant's directory, as the other areas see it. */
export interface Directory {
  find(objectId: string): Principal | undefined
  /** Object ids of all groups a principal is in, directly or through other groups. */
  groupsOf(objectId: string): readonly string[]
  /** Makes the service principal behind a managed identity. */
  createManagedIdentity(displayName: string, resourceId: string): { principalId: string; clientId: string }
  /** Takes the service principal of a deleted managed identity away. */
  removeManagedIdentity(principalId: string): void
}

/** Azure RBAC, as the other areas see it. Scopes are resource ids; assignments on a parent scope count. */
export interface Authorization {
  /** May the caller do this control-plane action, e.g. `Microsoft.Network/virtualNetworks/read`? */
  allows(caller: Caller, scope: string, action: string): boolean
  /** May the caller do this data action, e.g. `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read`? */
  allowsData(caller: Caller, scope: string, dataAction: string): boolean
}

/** The data lake's accounts, made and removed together with their storage accounts. */
export interface LakeAccounts {
  createAccount(name: string, resourceId: string): void
  createContainer(account: string, container: string): void
  removeAccount(name: string): void
}

/** Time, so that tests can decide it. */
export interface Clock {
  now(): Date
  sleep(milliseconds: number): Promise<void>
}

/** Identifiers, so that runs can be repeated exactly. */
export interface Identifiers {
  uuid(): string
}

/** What an area learns of a request besides the request itself. */
export interface Exchange {
  /** Path and query as sent, the path percent-encoded as the client encoded it. */
  readonly url: URL
  /** Base address of the sandbox, e.g. `https://localhost:8443`, without a trailing slash. */
  readonly base: string
  /** Absent when the request carries no token, or one that does not verify. */
  readonly caller: Caller | undefined
  /** `x-ms-request-id` and `x-ms-correlation-request-id` of the answer. */
  readonly requestId: string
}

/** Answers the requests of one service; `undefined` when the address is none of its own. */
export type Area = (request: Request, exchange: Exchange) => Promise<Response | undefined>
