import { type Area, ArmError, type Caller, type Exchange } from '../../contracts.ts'
import { badRequest, errorResponse } from '../errors.ts'
import { isRecord } from '../json.ts'
import { once } from '../once.ts'
import { settleSchedules } from '../pim/schedules.ts'
import { actionHandler } from './actions.ts'
import { addressAvailabilityHandler } from './address-availability.ts'
import { admit, apiVersionOf, isOwn } from './admission.ts'
import type { ArmContext, ArmRequest, Handler } from './context.ts'
import { deletedHandler } from './deleted.ts'
import { denyAssignmentHandler } from './deny-assignments.ts'
import { listHandler } from './lists.ts'
import { managementGroupHandler } from './management-groups.ts'
import { metadataEndpoints } from './metadata.ts'
import { nameCheckHandler } from './name-checks.ts'
import { absentHandler, notServed } from './not-served.ts'
import { operationHandler } from './operations.ts'
import { policyHandler } from './policies.ts'
import { policyStateHandler } from './policy-states.ts'
import { providerReadHandler } from './provider-reads.ts'
import { recordSetHandler } from './record-sets.ts'
import { resourceReadHandler } from './resource-reads.ts'
import { resourceHandler } from './resources.ts'
import { roleHandler } from './role-lists.ts'
import { roleScheduleHandler } from './role-schedules.ts'
import { subscriptionHandler } from './subscriptions.ts'
import { tagHandler } from './tags.ts'
import { usageHandler } from './usages.ts'

const handlers: readonly Handler[] = [
  absentHandler,
  addressAvailabilityHandler,
  operationHandler,
  nameCheckHandler,
  managementGroupHandler,
  subscriptionHandler,
  roleHandler,
  roleScheduleHandler,
  denyAssignmentHandler,
  policyHandler,
  policyStateHandler,
  tagHandler,
  deletedHandler,
  usageHandler,
  recordSetHandler,
  providerReadHandler,
  resourceReadHandler,
  listHandler,
  resourceHandler,
  actionHandler,
]

const cloud = /^GET \/metadata\/endpoints\/?$/i

/** Azure Resource Manager over HTTP. */
export function createArea(context: ArmContext): Area {
  return async (request, exchange) => {
    const { url, base } = exchange
    if (cloud.test(`${request.method} ${url.pathname}`))
      return Response.json(
        metadataEndpoints(base, context.world.tenantId, url.searchParams.get('api-version') ?? '1.0'),
      )
    if (!isOwn(url.pathname)) return undefined
    try {
      const apiVersion = apiVersionOf(url)
      const caller = admit(request, exchange, context.world.tenantId)
      if (caller instanceof Response) return caller
      return await dispatch(describe(request, exchange, apiVersion, caller), context)
    } catch (error) {
      if (!(error instanceof ArmError)) throw error
      const headers = error.retryAfter === undefined ? {} : { 'Retry-After': String(error.retryAfter) }
      return errorResponse(error.status, error.body, headers)
    }
  }
}

function describe(request: Request, exchange: Exchange, apiVersion: string, caller: Caller): ArmRequest {
  return {
    method: request.method,
    path: decodePath(exchange.url.pathname),
    query: exchange.url.searchParams,
    apiVersion,
    caller,
    ifMatch: request.headers.get('if-match') ?? undefined,
    ifNoneMatch: request.headers.get('if-none-match') ?? undefined,
    exchange,
    // More than one handler may look at a body, which can be read once.
    body: once(() => readBody(request)),
  }
}

async function dispatch(request: ArmRequest, context: ArmContext): Promise<Response> {
  settleSchedules(context.world.store, context.world.clock)
  for (const handler of handlers) {
    const response = await handler(request, context)
    if (response !== undefined) return response
  }
  throw notServed(request)
}

function decodePath(pathname: string): string {
  try {
    const decoded = pathname.split('/').map(decodeURIComponent).join('/')
    // Scopes given to clients with a leading slash arrive with two.
    return decoded.replace(/\/{2,}/g, '/').replace(/\/$/, '')
  } catch {
    throw badRequest('InvalidRequestUri', `The request path '${pathname}' is not valid.`)
  }
}

async function readBody(request: Request): Promise<Record<string, unknown>> {
  const content = await request.text()
  if (content === '') return {}
  try {
    const parsed: unknown = JSON.parse(content)
    if (isRecord(parsed)) return parsed
  } catch {
    // Falls through to the refusal that both faults share.
  }
  throw badRequest(
    'InvalidRequestContent',
    'The request content was invalid and could not be deserialized: a JSON object is expected.',
  )
}
