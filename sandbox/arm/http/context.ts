import type { Authorization, Caller, Directory, Exchange } from '../../contracts.ts'
import type { ArmEngine } from '../engine.ts'
import { forbidden, refusal } from '../errors.ts'
import type { OperationDesk } from '../operations.ts'
import type { World } from '../rules.ts'

/** What all handlers of the area have in common. */
export interface ArmContext {
  readonly world: World
  readonly engine: ArmEngine
  readonly operations: OperationDesk
  readonly authorization: Authorization
  readonly directory: Directory
}

/** A request whose caller and API version have been checked. */
export interface ArmRequest {
  readonly method: string
  /** Path with its segments decoded, without a trailing slash. */
  readonly path: string
  readonly query: URLSearchParams
  readonly apiVersion: string
  readonly caller: Caller
  readonly ifMatch: string | undefined
  readonly ifNoneMatch: string | undefined
  readonly exchange: Exchange
  /** The body as JSON; an empty object when there is none. */
  body(): Promise<Record<string, unknown>>
}

/** Answers a request when its path is the handler's own. */
export type Handler = (request: ArmRequest, context: ArmContext) => Promise<Response | undefined>

/** An address that is only read. @throws ArmError 405 `MethodNotAllowed` */
export function demandRead({ method }: Pick<ArmRequest, 'method'>): void {
  if (method !== 'GET')
    throw refusal(405, 'MethodNotAllowed', `The requested resource does not support http method '${method}'.`)
}

/** Throws Azure's refusal when the caller may not do this. */
export function requireRight(
  context: Pick<ArmContext, 'authorization'>,
  caller: Caller,
  scope: string,
  action: string,
): void {
  if (!context.authorization.allows(caller, scope, action))
    throw forbidden(context.authorization, caller, action, scope || '/')
}
