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
  /** Principal name of a person who signed in. */
  readonly userPrincipalName?: string
  /** The `aud` claim, normalised without a trailing slash. */
  readonly audience: string
  /** Id of the deployment stack that acts for this caller: its own deny assignments do not hold it back. */
  readonly stack?: string
}

/** How Azure names a caller: a person by principal name, an application by its id. */
export const callerName = ({ userPrincipalName, appId, objectId }: Caller): string =>
  userPrincipalName ?? appId ?? objectId

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
  /**
   * May the caller do this control-plane action, e.g. `Microsoft.Network/virtualNetworks/read`? Conditions on role
   * assignments look at the body that is sent; one that is not known yet counts as fulfilling them.
   */
  allows(caller: Caller, scope: string, action: string, request?: ResourceBody | 'not known yet'): boolean
  /** The deny assignment that alone keeps the caller from an action that its roles allow. */
  deniedBy?(caller: Caller, scope: string, action: string): DenyAssignment | undefined
  /**
   * May the caller do this data action, e.g. `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read`?
   * `attributes` are those that conditions may name, e.g. `Microsoft.Storage/…/containers/blobs:path`, besides the names
   * in the scope.
   */
  allowsData(
    caller: Caller,
    scope: string,
    dataAction: string,
    attributes?: Readonly<Record<string, string>>,
  ): boolean
}

/** What a deployment stack forbids on one of its resources. */
export interface Denial {
  readonly scope: string
  /** Whether it counts for what is below the scope as well. */
  readonly applyToChildScopes: boolean
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
  /** Object ids of those for whom it does not count; groups count for their members. */
  readonly excludedPrincipals: readonly string[]
}

/** A deny assignment. */
export interface DenyAssignment extends Denial {
  readonly id: string
  readonly name: string
  /** Id of the stack that made it. */
  readonly stack: string
}

/** How Azure calls a deny assignment. */
export const denialName = ({ name, stack }: DenyAssignment): string =>
  `Deny assignment '${name}' created by Deployment Stack '${stack}'.`

/** Azure's sentence about an action that a deny assignment forbids. */
export const denialSentence = (
  caller: Caller,
  action: string,
  scope: string,
  denial: DenyAssignment,
): string =>
  `The client '${callerName(caller)}' with object id '${caller.objectId}' has permission to perform action '${action}' on scope '${scope}'; however, the access is denied because of the deny assignment with name '${denialName(denial)}' and Id '${denial.name.replaceAll('-', '')}' at scope '${denial.scope}'.`

/** The deny assignments, as deployment stacks make them. */
export interface DenyAssignments {
  /** Those of a stack are these from now on, and no others. */
  replace(stackId: string, wanted: readonly Denial[]): void
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
  /** Tells the log of a request inside of this one. */
  readonly logInside?: (request: { method: string; path: string; status: number; area: string }) => void
}

/** Answers the requests of one service; `undefined` when the address is none of its own. */
export type Area = (request: Request, exchange: Exchange) => Promise<Response | undefined>

/** An error in Azure's own form: `{"error": {"code", "message", "target", "details"}}`. */
export interface ArmErrorBody {
  readonly code: string
  readonly message: string
  readonly target?: string
  readonly details?: readonly ArmErrorBody[]
  /** What a policy has to say, for example. */
  readonly additionalInfo?: readonly { readonly type: string; readonly info: unknown }[]
}

/** A refusal by Azure Resource Manager or one of its resource providers. */
export class ArmError extends Error {
  override readonly name = 'ArmError'
  readonly status: number
  readonly body: ArmErrorBody
  /** Seconds, for the `Retry-After` header. */
  readonly retryAfter: number | undefined

  constructor(status: number, body: ArmErrorBody, retryAfter?: number) {
    super(`${body.code}: ${body.message}`)
    this.status = status
    this.body = body
    this.retryAfter = retryAfter
  }
}

/** A resource as Azure Resource Manager returns it. */
export interface StoredResource {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly location?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly properties?: Readonly<Record<string, unknown>>
  readonly [key: string]: unknown
}

/** A resource as a client or a template sends it: without id, with whatever the type allows. */
export type ResourceBody = Readonly<Record<string, unknown>>

/**
 * How far a request is validated before it is done: `Template` looks at the text alone, `Provider` asks the resource
 * providers and for every right, `ProviderNoRbac` the providers and only for the right to read.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-what-if#validation-levels
 */
export type ValidationLevel = 'Template' | 'Provider' | 'ProviderNoRbac'

/** What a preview goes by. */
export interface PreviewOptions {
  /** Default: `Provider`. */
  readonly level?: ValidationLevel
  /** Does the same template make the resource of this id? Then it counts as there. Default: it makes none. */
  readonly planned?: (id: string) => boolean
  /** Ids of what the template makes while only the running deployment knows all of it. Default: none. */
  readonly partial?: readonly string[]
}

/**
 * The resource as its PUT would leave it, without doing it. `unresolved` are expressions that stand in the body because
 * only the running deployment evaluates them: with any, no more is asked than whether the type, its API version and the
 * form of the rest are right.
 * @throws ArmError with the provider's refusal
 */
export type Preview = (
  id: string,
  apiVersion: string,
  body: ResourceBody,
  caller: Caller,
  unresolved?: readonly string[],
) => StoredResource

/** All resources of all subscriptions: the store, and the rules of each type. Ids compare case-insensitively. */
export interface ResourceEngine {
  get(id: string): StoredResource | undefined
  /** Resources whose id starts with this scope, itself excluded; nested children included. */
  within(scope: string): readonly StoredResource[]
  /**
   * Creates or replaces a resource (resource groups, subnets and role assignments included), as the PUT of that id
   * does, and returns it when it has been provisioned. Authorization is checked for the caller.
   * @throws ArmError with the provider's refusal
   */
  put(id: string, apiVersion: string, body: ResourceBody, caller: Caller): Promise<StoredResource>
  /** Begins previews for validation and what-if. Each sees the world as those before it would leave it. */
  startPreview(options?: PreviewOptions): Preview
  /**
   * Deletes a resource with its children, as the DELETE of that id does. Deleting what is not there is no error.
   * @throws ArmError with the provider's refusal, e.g. `InUseSubnetCannotBeDeleted`
   */
  remove(id: string, caller: Caller): Promise<void>
}

/** The POST actions of resources, e.g. `listKeys`, as another area calls them. */
export interface ResourceActions {
  /**
   * What `POST {id}/{action}` answers to this caller; `undefined` when the type has no such action.
   * @throws ArmError `AuthorizationFailed`, `ResourceNotFound`
   */
  call(id: string, action: string, caller: Caller): unknown
}

/** Management locks, as who keeps resources outside the engine asks them. */
export interface ManagementLocks {
  /** @throws ArmError 409 `ScopeLocked` */
  check(id: string, type: string, operation: 'write' | 'delete'): void
}

/** A long-running operation, polled through `Azure-AsyncOperation` or `Location`. */
export type OperationOutcome =
  | { readonly status: 'Succeeded'; readonly result?: unknown }
  | { readonly status: 'Failed' | 'Canceled'; readonly error: ArmErrorBody }

/**
 * Deploys a template to a resource group as somebody, and ends with it, however it ended: whatever is wrong with the
 * template or its parameters shows as a failed deployment.
 */
export type DeployTemplate = (deployment: {
  readonly scopeId: string
  readonly name: string
  readonly template: unknown
  /** As in a request: `{"name": {"value": …}}`. */
  readonly parameters: unknown
  readonly caller: Caller
}) => Promise<void>

/** The asynchronous operations of Azure Resource Manager. */
export interface Operations {
  /**
   * Starts work in the background. The returned headers (`Azure-AsyncOperation`, `Location`, `Retry-After`) go into the
   * 201 or 202 answer; the sandbox serves both addresses. A thrown ArmError becomes a failed operation.
   */
  begin(
    subscriptionId: string,
    caller: Caller,
    work: () => Promise<OperationOutcome>,
  ): { readonly operationId: string; readonly headers: Readonly<Record<string, string>> }
}
