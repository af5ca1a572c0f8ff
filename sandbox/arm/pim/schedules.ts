import type { Authorization, Clock, StoredResource } from '../../contracts.ts'
import { at, guidOf, type Json, text } from '../json.ts'
import type { World } from '../rules.ts'
import type { Store } from '../store.ts'

const namespace = 'Microsoft.Authorization'

/** What a principal can activate, or has for a time. */
export type ScheduleKind = 'roleEligibilitySchedules' | 'roleAssignmentSchedules'

/** Role, principal and place. */
export interface RoleTuple {
  readonly principalId: string
  readonly roleDefinitionId: string
  readonly scope: string
}

/** A schedule to keep. */
export interface NewSchedule extends RoleTuple {
  readonly kind: ScheduleKind
  readonly requestId: string
  readonly principalType: string
  readonly assignmentType: 'Assigned' | 'Activated'
  readonly start: Date
  readonly end: Date | 'never'
  readonly condition: Json
}

const roleGuid = (definitionId: string): string => definitionId.split('/').at(-1)?.toLowerCase() ?? ''

/** The tuple of a schedule or a request. */
export const tupleOf = (resource: StoredResource): RoleTuple => ({
  principalId: text(at(resource, 'properties.principalId')) ?? '',
  roleDefinitionId: text(at(resource, 'properties.roleDefinitionId')) ?? '',
  scope: text(at(resource, 'properties.scope')) ?? '',
})

/** Whether it is the same role of the same principal, wherever. */
export const isSameRole = (one: RoleTuple, other: RoleTuple): boolean =>
  one.principalId.toLowerCase() === other.principalId.toLowerCase() &&
  roleGuid(one.roleDefinitionId) === roleGuid(other.roleDefinitionId)

/** The same, at the same place. */
export const isSameTuple = (one: RoleTuple, other: RoleTuple): boolean =>
  isSameRole(one, other) && one.scope.toLowerCase() === other.scope.toLowerCase()

const timeOf = (schedule: StoredResource, key: string): number =>
  Date.parse(text(at(schedule, `properties.${key}`)) ?? '')

/** When a schedule ends; `Infinity` for one that does not. */
export const endOfSchedule = (schedule: StoredResource): number => {
  const end = timeOf(schedule, 'endDateTime')
  return Number.isNaN(end) ? Number.POSITIVE_INFINITY : end
}

/** The schedules that count at a moment. */
export const running = (store: Store, kind: ScheduleKind, now: Date): readonly StoredResource[] =>
  store
    .ofType(`${namespace}/${kind}`)
    .filter((one) => timeOf(one, 'startDateTime') <= now.getTime() && endOfSchedule(one) > now.getTime())

/** Keeps a schedule; one that assigns counts from its start. */
export function addSchedule(schedule: NewSchedule, world: World): void {
  const { kind, scope, start, end, requestId, condition } = schedule
  const name = guidOf(requestId)
  const now = world.clock.now().toISOString()
  world.store.set({
    id: `${scope}/providers/${namespace}/${kind}/${name}`,
    name,
    type: `${namespace}/${kind}`,
    properties: {
      scope: scope === '' ? '/' : scope,
      roleDefinitionId: schedule.roleDefinitionId,
      principalId: schedule.principalId,
      principalType: schedule.principalType,
      [`${kind.slice(0, -1)}RequestId`]: requestId,
      ...(kind === 'roleAssignmentSchedules' && { assignmentType: schedule.assignmentType }),
      status: 'Provisioned',
      memberType: 'Direct',
      startDateTime: start.toISOString(),
      ...(end !== 'never' && { endDateTime: end.toISOString() }),
      ...condition,
      createdOn: now,
      updatedOn: now,
    },
  })
  settleSchedules(world.store, world.clock)
}

/** Ends a schedule, and what it assigns. */
export function removeSchedule(schedule: StoredResource, store: Store): void {
  store.delete(schedule.id)
  store.delete(assignmentId(schedule))
}

const assignmentId = (schedule: StoredResource): string =>
  schedule.id.replace(/\/roleAssignmentSchedules\//i, '/roleAssignments/')

/** Lets schedules begin and end: while one runs there is a role assignment of its own. */
export function settleSchedules(store: Store, clock: Clock): void {
  const now = clock.now()
  for (const schedule of store.ofType(`${namespace}/roleAssignmentSchedules`)) {
    if (endOfSchedule(schedule) <= now.getTime()) removeSchedule(schedule, store)
    else if (timeOf(schedule, 'startDateTime') <= now.getTime()) begin(schedule, store)
  }
}

function begin(schedule: StoredResource, store: Store): void {
  const id = assignmentId(schedule)
  if (store.get(id) !== undefined) return
  const of = (key: string): unknown => at(schedule, `properties.${key}`)
  store.set({
    id,
    name: schedule.name,
    type: `${namespace}/roleAssignments`,
    properties: {
      roleDefinitionId: of('roleDefinitionId'),
      principalId: of('principalId'),
      principalType: of('principalType'),
      scope: of('scope'),
      condition: of('condition') ?? null,
      conditionVersion: of('conditionVersion') ?? null,
      createdOn: of('createdOn'),
      updatedOn: of('updatedOn'),
      createdBy: of('principalId'),
      updatedBy: of('principalId'),
      delegatedManagedIdentityResourceId: null,
      description: null,
    },
  })
}

/** Azure RBAC that looks at the clock first, as often as it is asked: what is for a time counts for that time. */
export function withSchedules(authorization: Authorization, store: Store, clock: Clock): Authorization {
  return {
    ...authorization,
    allows: (...question) => {
      settleSchedules(store, clock)
      return authorization.allows(...question)
    },
    allowsData: (...question) => {
      settleSchedules(store, clock)
      return authorization.allowsData(...question)
    },
  }
}
