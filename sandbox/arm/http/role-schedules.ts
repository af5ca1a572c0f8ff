import type { StoredResource } from '../../contracts.ts'
import { parseAddress } from '../address.ts'
import { badRequest, refusal } from '../errors.ts'
import { isScope } from '../governance/scope-exists.ts'
import { at, record, text } from '../json.ts'
import { isOwnRequest } from '../pim/schedule-requests.ts'
import { running, type ScheduleKind } from '../pim/schedules.ts'
import { rulesOf } from '../providers/index.ts'
import type { Write } from '../rules.ts'
import { type ArmContext, type ArmRequest, type Handler, requireRight } from './context.ts'
import { holds, parseFilter } from './filter.ts'
import { page } from './paging.ts'

const path =
  /^(.*)\/providers\/Microsoft\.Authorization\/(role(?:Eligibility|Assignment)Schedule(?:Requests|s|Instances))(?:\/([^/]+))?$/i

/**
 * Privileged Identity Management: requests of people for themselves, which need no right but being eligible, and lists of
 * requests, schedules and their instances.
 */
export const roleScheduleHandler: Handler = async (request, context) => {
  const match = path.exec(request.path)
  if (match === null) return undefined
  const [, scope = '', kind = '', name] = match
  if (request.method === 'PUT' && name !== undefined) {
    const body = await request.body()
    return isOwnRequest(body) ? submit(request, body, context) : undefined
  }
  if (request.method !== 'GET') return undefined
  const isInstance = /instances$/i.test(kind)
  if (name !== undefined && !isInstance) return undefined
  const all = listed(scope, kind, request, context)
  if (name === undefined) return page(all, request.exchange)
  const found = all.find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (found === undefined)
    throw refusal(404, 'RoleAssignmentScheduleInstanceNotFound', `There is no '${kind}/${name}'.`)
  return Response.json(found)
}

/** https://learn.microsoft.com/rest/api/authorization/role-assignment-schedule-requests/create */
function submit(request: ArmRequest, body: Record<string, unknown>, { world }: ArmContext): Response {
  const address = parseAddress(request.path)
  if (address === undefined || !isScope(address.scope, world))
    throw refusal(404, 'ResourceNotFound', `The scope of '${request.path}' was not found.`)
  const { caller, apiVersion } = request
  const properties = record(body['properties'])
  const write: Write = {
    address,
    apiVersion,
    body,
    properties,
    existing: world.store.get(address.id),
    caller,
  }
  const rules = rulesOf(address.type)
  rules.check?.(write, world)
  const { id, name, type } = address
  const resource: StoredResource = {
    id,
    name,
    type,
    properties: rules.complete?.(write, world) ?? properties,
  }
  world.store.set(resource)
  rules.applied?.(write, resource, world)
  return Response.json(resource, { status: 201 })
}

/** What lies at a scope, above and below it: for `asTarget()` the caller's own, else what the caller may read. */
function listed(
  scope: string,
  kind: string,
  request: ArmRequest,
  context: ArmContext,
): readonly StoredResource[] {
  const { world, directory } = context
  const filter = request.query.get('$filter')
  const conditions = parseFilter(filter)
  if (conditions === undefined)
    throw badRequest('UnsupportedFilter', `The filter '${filter ?? ''}' is not supported.`)
  const isCalled = (name: string): boolean =>
    conditions.some((one) => one.kind === 'call' && one.name === name)
  const isOwn = isCalled('astarget')
  const own = new Set(
    [request.caller.objectId, ...directory.groupsOf(request.caller.objectId)].map((id) => id.toLowerCase()),
  )
  if (!isOwn) requireRight(context, request.caller, scope, `Microsoft.Authorization/${kind}/read`)
  const above = world.store.scopesAbove(scope)
  return candidates(kind, context).filter((one) => {
    const place = (text(at(one, 'properties.scope')) ?? '').toLowerCase().replace(/^\/$/, '')
    const isNear =
      above.includes(place) || (!isCalled('atscope') && place.startsWith(`${scope.toLowerCase()}/`))
    const principal = text(at(one, 'properties.principalId'))?.toLowerCase() ?? ''
    const fits = conditions.every(
      (condition) =>
        condition.kind === 'call' || condition.key !== 'principalid' || holds(condition, principal),
    )
    return isNear && fits && (!isOwn || own.has(principal))
  })
}

/** The resources of a collection; instances are the schedules that run. */
function candidates(kind: string, { world }: ArmContext): readonly StoredResource[] {
  const lower = kind.toLowerCase()
  if (!lower.endsWith('instances')) return world.store.ofType(`Microsoft.Authorization/${kind}`)
  const schedules: ScheduleKind = lower.startsWith('roleelig')
    ? 'roleEligibilitySchedules'
    : 'roleAssignmentSchedules'
  const instances = `${schedules.slice(0, -1)}Instances`
  return running(world.store, schedules, world.clock.now()).map((one) => ({
    ...one,
    id: one.id.replace(new RegExp(`/${schedules}/`, 'i'), `/${instances}/`),
    type: `Microsoft.Authorization/${instances}`,
    properties: { ...one.properties, [`${schedules.slice(0, -1)}Id`]: one.id },
  }))
}
