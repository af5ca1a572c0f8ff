/**
 * Privileged Identity Management of Azure roles. Being eligible grants nothing until it is activated, for a time, with a
 * justification. https://learn.microsoft.com/rest/api/authorization/privileged-role-assignment-rest-sample
 */
import type { Caller } from '../../contracts.ts'
import { endOf } from '../../periods.ts'
import { authorizationFailed, badRequest, refusal } from '../errors.ts'
import { at, type Json, record, text } from '../json.ts'
import { findRole } from '../rbac/authorization.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import {
  addSchedule,
  endOfSchedule,
  isSameRole,
  isSameTuple,
  type RoleTuple,
  removeSchedule,
  running,
  type ScheduleKind,
  tupleOf,
} from './schedules.ts'

const hour = 3_600_000
const day = 24 * hour

/** What the policy of a role has at first. https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-resource-roles-configure-role-settings */
const longest = { activation: 8 * hour, eligibility: 365 * day, assignment: 180 * day }

const adminTypes = ['AdminAssign', 'AdminUpdate', 'AdminExtend', 'AdminRenew', 'AdminRemove']
const selfTypes = ['SelfActivate', 'SelfDeactivate']

/** The kinds of requests, and what each makes. */
const kinds: readonly {
  readonly type: string
  readonly kind: ScheduleKind
  readonly requests: readonly string[]
}[] = [
  { type: 'roleEligibilityScheduleRequests', kind: 'roleEligibilitySchedules', requests: adminTypes },
  {
    type: 'roleAssignmentScheduleRequests',
    kind: 'roleAssignmentSchedules',
    requests: [...adminTypes, ...selfTypes],
  },
]

/** Microsoft.Authorization: requests of Privileged Identity Management. */
export const scheduleRequestRules: readonly ResourceRules[] = kinds.map(({ type, kind, requests }) => ({
  type: `Microsoft.Authorization/${type}`,
  location: 'none',
  stateless: true,
  required: ['properties.principalId', 'properties.roleDefinitionId', 'properties.requestType'],
  check: (write, world) => check(write, kind, requests, world),
  complete: (write, world) => completed(write, world),
  applied: (write, resource, world) => {
    apply(write, kind, resource.id, world)
    return undefined
  },
}))

const requestTypeOf = ({ properties }: Pick<Write, 'properties'>): string =>
  text(properties['requestType'])?.toLowerCase() ?? ''

/** Whether somebody asks for themselves: that needs no right but being eligible. */
export const isOwnRequest = (body: Json): boolean =>
  selfTypes.some((one) => one.toLowerCase() === requestTypeOf({ properties: record(body['properties']) }))

const wanted = ({ address, properties }: Write): RoleTuple => ({
  principalId: text(properties['principalId']) ?? '',
  roleDefinitionId: text(properties['roleDefinitionId']) ?? '',
  scope: address.scope,
})

const exists = () => badRequest('RoleAssignmentExists', 'The Role assignment already exists.')
const missing = () => badRequest('RoleAssignmentDoesNotExist', 'The Role assignment does not exist.')
const failed = (rule: string) =>
  badRequest('RoleAssignmentRequestPolicyValidationFailed', `The following policy rules failed: ["${rule}"]`)

function check(write: Write, kind: ScheduleKind, requests: readonly string[], world: World): void {
  const tuple = wanted(write)
  const type = requestTypeOf(write)
  if (!requests.some((one) => one.toLowerCase() === type))
    throw badRequest('InvalidRoleAssignmentRequest', `The request type '${type}' is not valid.`)
  if (write.existing !== undefined) throw exists()
  if (findRole(world.store, tuple.roleDefinitionId) === undefined)
    throw refusal(
      404,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${tuple.roleDefinitionId}' does not exist.`,
    )
  checkPrincipal(tuple, kind, world)
  const now = world.clock.now()
  const before = running(world.store, kind, now).filter((one) => isSameTuple(tupleOf(one), tuple))
  if (type.startsWith('self')) checkOwn(write.caller, tuple)
  if (type === 'adminassign' || type === 'selfactivate') {
    if (before.length > 0) throw exists()
  } else if (before.length === 0) throw missing()
  if (type === 'adminremove' || type === 'selfdeactivate') return
  checkTimes(write, kind, world)
}

/** Who cannot activate a role cannot be eligible for it. */
function checkPrincipal({ principalId }: RoleTuple, kind: ScheduleKind, world: World): void {
  const principal = world.directory.find(principalId)
  if (principal === undefined && world.assumesReferences) return
  if (principal === undefined)
    throw badRequest(
      'PrincipalNotFound',
      `Principal ${principalId.replaceAll('-', '')} does not exist in the directory ${world.tenantId}.`,
    )
  if (kind === 'roleEligibilitySchedules' && principal.kind === 'ServicePrincipal')
    throw badRequest(
      'InvalidPrincipal',
      'Applications, service principals and managed identities cannot be eligible for a role.',
    )
}

function checkOwn(caller: Caller, { principalId, scope }: RoleTuple): void {
  if (caller.kind !== 'User' || caller.objectId.toLowerCase() !== principalId.toLowerCase())
    throw authorizationFailed(caller, 'Microsoft.Authorization/roleAssignmentScheduleRequests/write', scope)
}

function checkTimes(write: Write, kind: ScheduleKind, world: World): void {
  const { start, end } = timesOf(write, world)
  const length = end === 'never' ? Number.POSITIVE_INFINITY : end.getTime() - start.getTime()
  const isActivation = requestTypeOf(write) === 'selfactivate'
  const isJustified = (text(write.properties['justification']) ?? '').trim() !== ''
  if (kind === 'roleAssignmentSchedules' && !isJustified) throw failed('JustificationRule')
  const most = kind === 'roleEligibilitySchedules' ? longest.eligibility : longest.assignment
  if (length > (isActivation ? longest.activation : most)) throw failed('ExpirationRule')
  if (isActivation) checkEligible(wanted(write), start, start.getTime() + length, world)
}

/** Activation takes being eligible at the place or above it, oneself or through a group, until the end. */
function checkEligible(tuple: RoleTuple, start: Date, end: number, world: World): void {
  const principals = [tuple.principalId, ...world.directory.groupsOf(tuple.principalId)]
  const above = world.store.scopesAbove(tuple.scope)
  const eligible = running(world.store, 'roleEligibilitySchedules', start).filter((one) => {
    const own = tupleOf(one)
    const place = own.scope === '/' ? '' : own.scope.toLowerCase()
    return (
      above.includes(place) && principals.some((principalId) => isSameRole(own, { ...tuple, principalId }))
    )
  })
  if (eligible.length === 0) throw missing()
  if (!eligible.some((one) => endOfSchedule(one) >= end)) throw failed('ExpirationRule')
}

function timesOf(
  { properties }: Write,
  world: World,
): { readonly start: Date; readonly end: Date | 'never' } {
  const now = world.clock.now()
  const sent = text(at(properties, 'scheduleInfo.startDateTime'))
  const asked = sent === undefined ? now : new Date(sent)
  const start = asked > now ? asked : now
  const end = endOf(start, record(at(properties, 'scheduleInfo.expiration')))
  if (Number.isNaN(asked.getTime()) || end === undefined)
    throw badRequest('InvalidRoleAssignmentRequest', 'The schedule of the request is not valid.')
  return { start, end }
}

function completed(write: Write, world: World): Json {
  const { properties, address, caller } = write
  const isRemoval = ['adminremove', 'selfdeactivate'].includes(requestTypeOf(write))
  return {
    ...properties,
    scope: address.scope === '' ? '/' : address.scope,
    principalType: world.directory.find(wanted(write).principalId)?.kind ?? 'Unknown',
    status: isRemoval ? 'Revoked' : 'Provisioned',
    requestorId: caller.objectId,
    createdOn: world.clock.now().toISOString(),
  }
}

function apply(write: Write, kind: ScheduleKind, requestId: string, world: World): void {
  const tuple = wanted(write)
  const before = running(world.store, kind, world.clock.now()).filter((one) =>
    isSameTuple(tupleOf(one), tuple),
  )
  for (const one of before) removeSchedule(one, world.store)
  const type = requestTypeOf(write)
  if (type === 'adminremove' || type === 'selfdeactivate') return
  addSchedule(
    {
      ...tuple,
      ...timesOf(write, world),
      kind,
      requestId,
      principalType: world.directory.find(tuple.principalId)?.kind ?? 'Unknown',
      assignmentType: type === 'selfactivate' ? 'Activated' : 'Assigned',
      condition: conditionAfter(write.properties, before[0]?.properties ?? {}),
    },
    world,
  )
}

/** What is not sent stays as it was, and null takes it away, as with role assignments. */
function conditionAfter(sent: Json, before: Json): Json {
  const { condition, conditionVersion } = 'condition' in sent ? sent : before
  return condition === undefined || condition === null ? {} : { condition, conditionVersion }
}
