import {
  ArmError,
  type Authorization,
  type Caller,
  callerName,
  denialSentence,
  type Exchange,
} from '../../contracts.ts'
import { invalidRequest } from '../errors.ts'
import { isObject, type Json, type JsonObject, toJson } from '../expressions/json.ts'
import { parseLenientJson } from './lenient-json.ts'

const kindNames = ['deployments', 'deploymentStacks', 'deploymentStacksWhatIfResults'] as const
/** What an address is about. */
type Kind = (typeof kindNames)[number]

/** The address of a deployment, a stack or a what-if result of a stack, taken apart. */
export interface Target {
  readonly subscriptionId: string
  /** The subscription or resource group. */
  readonly scopeId: string
  readonly kind: Kind
  readonly name: string | undefined
  readonly action: string | undefined
  /** What stands behind the action, e.g. the id of a step. */
  readonly detail: string | undefined
}

const pattern =
  /^(\/subscriptions\/([^/]+)(?:\/resourceGroups\/[^/]+)?)\/providers\/Microsoft\.Resources\/(deployments|deploymentStacks|deploymentStacksWhatIfResults)(?:\/([^/]+)(?:\/([^/]+)(?:\/([^/]+))?)?)?\/?$/i

/** Microsoft's client lists the steps of a resource group's deployment at an address without the provider. */
const short = /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+)\/deployments\//i

/** Reads an address; `undefined` when it is none of these. */
export function readTarget(url: URL): Target | undefined {
  const match = pattern.exec(url.pathname.replace(short, '$1/providers/Microsoft.Resources/deployments/'))
  if (match === null) return undefined
  const [, scope = '', subscriptionId = '', kind = '', name, action, detail] = match
  return {
    subscriptionId,
    scopeId: decodeURIComponent(scope).replace(/\/resourcegroups\//i, '/resourceGroups/'),
    kind: kindNames.find((known) => known.toLowerCase() === kind.toLowerCase()) ?? 'deployments',
    name: name === undefined ? undefined : decodeURIComponent(name),
    action: action?.toLowerCase(),
    detail,
  }
}

/** Every request names its api-version. @throws ArmError `MissingApiVersionParameter` */
export function requireApiVersion(url: URL): void {
  if (url.searchParams.get('api-version')) return
  throw new ArmError(400, {
    code: 'MissingApiVersionParameter',
    message: 'The api-version query parameter (?api-version=) is required for all requests.',
  })
}

/** Who sent the request. @throws ArmError 401 without a valid token */
export function requireCaller(exchange: Exchange): Caller {
  if (exchange.caller !== undefined) return exchange.caller
  throw new ArmError(401, {
    code: 'AuthenticationFailed',
    message: "Authentication failed. The 'Authorization' header is missing or invalid.",
  })
}

/** @throws ArmError 403 `AuthorizationFailed` */
export function requirePermission(
  authorization: Authorization,
  caller: Caller,
  scope: string,
  action: string,
): void {
  if (authorization.allows(caller, scope, action)) return
  const denial = authorization.deniedBy?.(caller, scope, action)
  if (denial !== undefined)
    throw new ArmError(403, {
      code: 'DenyAssignmentAuthorizationFailed',
      message: denialSentence(caller, action, scope, denial),
    })
  throw new ArmError(403, {
    code: 'AuthorizationFailed',
    message: `The client '${callerName(caller)}' with object id '${caller.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  })
}

/** The body as a JSON object. @throws ArmError `InvalidRequestContent` */
export async function readBody(request: Request): Promise<JsonObject> {
  const text = await request.text()
  let value: Json
  try {
    value = toJson(parseLenientJson(text))
  } catch (error) {
    throw invalidRequest(
      `The request content was invalid and could not be deserialized: '${error instanceof Error ? error.message : 'unknown'}'.`,
    )
  }
  if (!isObject(value)) throw invalidRequest('The request content was invalid: a JSON object is expected.')
  return value
}

/** A member that must be an object. @throws ArmError `InvalidRequestContent` */
export function requireObject(body: JsonObject, name: string): JsonObject {
  const value = body[name]
  if (isObject(value)) return value
  throw invalidRequest(
    `The request content is not valid: the property '${name}' is required and must be an object.`,
  )
}

/** A JSON answer. */
export const answer = (
  status: number,
  body: JsonObject | { readonly value: readonly JsonObject[] },
  headers: Readonly<Record<string, string>> = {},
): Response => Response.json(body, { status, headers })

/** An answer without a body. */
export const empty = (status: number, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(null, { status, headers })

/** Azure's answer to a method that an address does not have. */
export const methodNotAllowed = (method: string): ArmError =>
  new ArmError(405, {
    code: 'MethodNotAllowed',
    message: `The requested resource does not support http method '${method}'.`,
  })
