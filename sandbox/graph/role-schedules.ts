import type { RoleSchedule, RoleScheduleRequest } from '../entra/role-model.ts'
import { endOf } from '../periods.ts'
import { demandAll, fits, isRecord, readKnown, textOf } from './body.ts'
import { GraphError, refusals } from './errors.ts'
import { type GraphContext, type GraphRequest, type GraphResponse, objectBody } from './http.ts'
import { respondWithMany, respondWithOne } from './query.ts'
import type { Representation } from './representation.ts'
import { roleRequestType, roleScheduleType } from './resource-types.ts'
import { demandAssignable, type RoleTuple, sameTuple } from './roles.ts'

type Kind = RoleSchedule['kind']

const collections: Readonly<Record<string, { readonly kind: Kind; readonly isRequest: boolean }>> = {
  roleEligibilityScheduleRequests: { kind: 'eligible', isRequest: true },
  roleEligibilitySchedules: { kind: 'eligible', isRequest: false },
  roleEligibilityScheduleInstances: { kind: 'eligible', isRequest: false },
  roleAssignmentScheduleRequests: { kind: 'assigned', isRequest: true },
  roleAssignmentSchedules: { kind: 'assigned', isRequest: false },
  roleAssignmentScheduleInstances: { kind: 'assigned', isRequest: false },
}
const reading = { eligible: 'readEligibility', assigned: 'readSchedules' } as const
const changing = { eligible: 'changeEligibility', assigned: 'changeSchedules' } as const

const resource = 'UnifiedRoleScheduleRequest'
const checks = {
  action: fits.text(64, 1),
  appScopeId: fits.nullableText(0),
  customData: fits.nullableText(1024),
  directoryScopeId: fits.text(256, 1),
  isValidationOnly: fits.flag,
  justification: fits.nullableText(1024),
  principalId: fits.text(36, 36),
  roleDefinitionId: fits.text(36, 36),
  scheduleInfo: fits.object,
  targetScheduleId: fits.nullableText(64),
  ticketInfo: fits.object,
}

/** The longest time for which a role is activated, as a new tenant has it. */
const longestActivation = 8 * 3600 * 1000

/**
 * Privileged Identity Management of directory roles: `/roleManagement/directory/roleEligibilityScheduleRequests` and its
 * neighbours. Being eligible grants nothing until it is activated, for a time, with a justification.
 * https://learn.microsoft.com/graph/api/resources/privilegedidentitymanagementv3-overview
 */
export function roleSchedules(
  context: GraphContext,
  request: GraphRequest,
  [name = '', id]: readonly string[],
): GraphResponse | undefined {
  const collection = Object.hasOwn(collections, name) ? collections[name] : undefined
  if (collection === undefined) return undefined
  const { kind, isRequest } = collection
  if (request.method === 'POST' && isRequest && id === undefined) return ask(context, request, kind, name)
  if (request.method !== 'GET') throw refusals.noMethod(request.method)
  const isOwnOnly = id?.toLowerCase().startsWith('filterbycurrentuser') ?? false
  if (!isOwnOnly) request.rights.demand(reading[kind])
  const { state } = context.directory
  const all = isRequest
    ? state.roleRequests.filter((one) => one.kind === kind).map(({ shown }) => shown)
    : running(context, kind).map(show)
  const type = isRequest ? roleRequestType : roleScheduleType
  const place = `roleManagement/directory/${name}`
  if (id === undefined) return respondWithMany(request, all, type, place)
  if (isOwnOnly) {
    const own = all.filter((one) => one['principalId'] === request.rights.objectId)
    return respondWithMany(request, own, type, place)
  }
  const found = all.find((one) => one['id'] === id)
  if (found === undefined) throw refusals.notFound(id)
  return respondWithOne(request, found, type, `${place}/$entity`)
}

/** The schedules that have not ended. */
function running({ directory, clock }: GraphContext, kind: Kind): readonly RoleSchedule[] {
  const now = clock.now().getTime()
  return directory.state.roleSchedules.filter(
    (one) => one.kind === kind && (one.endDateTime === undefined || Date.parse(one.endDateTime) > now),
  )
}

const show = (schedule: RoleSchedule): Representation => {
  const { kind, createdUsing, ...shown } = schedule
  return { ...shown, endDateTime: schedule.endDateTime ?? null, memberType: 'Direct', status: 'Provisioned' }
}

const actions = {
  eligible: ['adminAssign', 'adminUpdate', 'adminExtend', 'adminRenew', 'adminRemove'],
  assigned: [
    'adminAssign',
    'adminUpdate',
    'adminExtend',
    'adminRenew',
    'adminRemove',
    'selfActivate',
    'selfDeactivate',
  ],
} as const

function ask(context: GraphContext, request: GraphRequest, kind: Kind, name: string): GraphResponse {
  const body = readKnown(objectBody(request), checks, resource)
  demandAll(body, ['action', 'principalId', 'roleDefinitionId', 'directoryScopeId'], resource)
  const action = actions[kind].find((one) => one.toLowerCase() === textOf(body['action']).toLowerCase())
  if (action === undefined) throw refusals.invalid('action', resource)
  const tuple: RoleTuple = {
    principalId: textOf(body['principalId']),
    roleDefinitionId: textOf(body['roleDefinitionId']),
    directoryScopeId: textOf(body['directoryScopeId']),
  }
  if (action.startsWith('self')) demandSelf(request, tuple)
  else request.rights.demand(changing[kind])
  demandAssignable(context.directory, tuple)
  const id = context.identifiers.uuid()
  const isRemoval = action === 'adminRemove' || action === 'selfDeactivate'
  const made = isRemoval ? undefined : scheduleOf(context, { kind, action, tuple, body, id })
  const before = running(context, kind).filter((one) => sameTuple(one, tuple))
  if (before.length === 0 && action !== 'adminAssign' && action !== 'selfActivate') throw doesNotExist()
  const shown = shownRequest(context, request, { ...body, ...tuple, action, id, revoked: isRemoval })
  if (body['isValidationOnly'] !== true) keep(context, before, made, { id, kind, ...tuple, shown })
  return respondWithOne(request, shown, roleRequestType, `roleManagement/directory/${name}/$entity`, 201)
}

const doesNotExist = (): GraphError =>
  new GraphError(400, 'RoleAssignmentDoesNotExist', 'The Role assignment does not exist.')

function demandSelf(request: GraphRequest, { principalId }: RoleTuple): void {
  if (!request.rights.isPerson || request.rights.objectId !== principalId) throw refusals.denied()
}

interface Asked {
  readonly kind: Kind
  readonly action: string
  readonly tuple: RoleTuple
  readonly body: Readonly<Record<string, unknown>>
  readonly id: string
}

function scheduleOf(context: GraphContext, { kind, action, tuple, body, id }: Asked): RoleSchedule {
  const { directory, clock } = context
  const isActivation = action === 'selfActivate'
  if (kind === 'eligible' && directory.lookup(tuple.principalId)?.kind === 'ServicePrincipal') {
    // Nobody could activate it.
    throw refusals.badRequest('Service principals cannot be eligible for a role.')
  }
  const info = isRecord(body['scheduleInfo']) ? body['scheduleInfo'] : {}
  const sent = typeof info['startDateTime'] === 'string' ? new Date(info['startDateTime']) : clock.now()
  const start = sent < clock.now() ? clock.now() : sent
  const end = endOf(start, isRecord(info['expiration']) ? info['expiration'] : {})
  if (end === undefined) throw refusals.invalid('scheduleInfo', resource)
  if (kind === 'assigned') demandJustified(body)
  if (isActivation) demandEligible(context, tuple, start, end)
  if (action === 'adminAssign' || isActivation) {
    const exists = running(context, kind).some((one) => sameTuple(one, tuple))
    if (exists) throw new GraphError(400, 'RoleAssignmentExists', 'The Role assignment already exists.')
  }
  return {
    id: context.identifiers.uuid(),
    kind,
    assignmentType: isActivation ? 'Activated' : 'Assigned',
    startDateTime: start.toISOString(),
    ...(end !== 'never' && { endDateTime: end.toISOString() }),
    createdUsing: id,
    ...tuple,
  }
}

const policyFailed = (rule: string): GraphError =>
  new GraphError(
    400,
    'RoleAssignmentRequestPolicyValidationFailed',
    `The following policy rules failed: ["${rule}"]`,
  )

function demandJustified(body: Readonly<Record<string, unknown>>): void {
  if (textOf(body['justification']).trim() === '') throw policyFailed('JustificationRule')
}

/** Who activates a role is eligible for it, or a group of theirs is; not longer than that, nor than the policy allows. */
function demandEligible(context: GraphContext, tuple: RoleTuple, start: Date, end: Date | 'never'): void {
  const principals = [tuple.principalId, ...context.directory.groupsOf(tuple.principalId)]
  const eligible = running(context, 'eligible').filter(
    (one) =>
      Date.parse(one.startDateTime) <= start.getTime() &&
      principals.some((principalId) => sameTuple(one, { ...tuple, principalId })),
  )
  if (eligible.length === 0) throw doesNotExist()
  if (end === 'never' || end.getTime() - start.getTime() > longestActivation)
    throw policyFailed('ExpirationRule')
  const covers = eligible.some(
    ({ endDateTime }) => endDateTime === undefined || Date.parse(endDateTime) >= end.getTime(),
  )
  if (!covers) throw policyFailed('ExpirationRule')
}

function shownRequest(
  { clock }: GraphContext,
  request: GraphRequest,
  { revoked, ...asked }: Readonly<Record<string, unknown>> & { readonly revoked: boolean },
): Representation {
  const now = clock.now().toISOString()
  return {
    isValidationOnly: false,
    ...asked,
    status: revoked ? 'Revoked' : 'Provisioned',
    createdDateTime: now,
    completedDateTime: now,
    createdBy: { user: { id: request.rights.objectId } },
  }
}

function keep(
  { directory }: GraphContext,
  replaced: readonly RoleSchedule[],
  made: RoleSchedule | undefined,
  asked: RoleScheduleRequest,
): void {
  const { state } = directory
  const others = state.roleSchedules.filter((one) => !replaced.includes(one))
  state.roleSchedules = made === undefined ? others : [...others, made]
  state.roleRequests.push(asked)
}
