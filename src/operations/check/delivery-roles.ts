import { createHash } from 'node:crypto'
import type { Right } from '../../azure/granted-rights.ts'
import { isWithin, lastSegment, networkIdOf, normalId, subscriptionOf } from '../../resource-id.ts'
import { assignRole, type CustomRole, createRole, underCondition } from './az-commands.ts'

/** A custom role that allows exactly what is needed in some places, and nothing else. */
export interface DeliveryRole {
  readonly role: CustomRole
  /** Where it is assigned. */
  readonly scopes: readonly string[]
  /** What the assignment is limited by, when it is about assigning roles. */
  readonly condition?: string
}

/** What the roles are for, and where they can be assigned. */
export interface DeliveryPlaces {
  /** What is delivered, e.g. `project 003 of mrvel in dev`. */
  readonly subject: string
  /** Scope of the subscription. */
  readonly subscription: string
  /** Scope of the project's resource group; nothing can be assigned there while it does not exist. */
  readonly group: string
  readonly hasGroup: boolean
  /** Scope of the VNet: subnets come and go in it. */
  readonly network: string
  /** What the right to assign roles is limited by. */
  readonly condition: string
}

const administration = /^Microsoft\.Authorization\/roleAssignments\/(?:write|delete)$/i

/**
 * The rights of a delivery as custom roles: each right at the narrowest place where a role can be assigned, one role for
 * all places that take the same. Pure.
 */
export function deliveryRoles(rights: readonly Right[], places: DeliveryPlaces): readonly DeliveryRole[] {
  const placed = rights.map((right) => ({ ...right, scope: placeOf(right.scope, places) }))
  const sets = [
    ...Map.groupBy(placed, (right) => `${isAdministration(right)} ${normalId(right.scope)}`).values(),
  ].map(roleSet)
  const alike = Map.groupBy(sets, ({ key }) => key)
  return [...alike.values()].flatMap((same) => {
    const [first] = same
    return first === undefined
      ? []
      : [
          roleOf(
            first,
            same.map(({ scope }) => scope),
            places,
          ),
        ]
  })
}

/** The commands that create the roles and assign them, for somebody who may. A role that there is already says the same. */
export const roleCommands = (roles: readonly DeliveryRole[], objectId: string): readonly string[] => [
  ...roles.map(({ role }) => createRole(role)),
  ...roles.flatMap(({ role, scopes, condition }) =>
    scopes.map((scope) =>
      assignRole(objectId, role.Name, scope, ...(condition === undefined ? [] : [underCondition(condition)])),
    ),
  ),
]

function placeOf(scope: string, { subscription, group, hasGroup, network }: DeliveryPlaces): string {
  if (!hasGroup && isWithin(scope, group)) return subscription
  return isWithin(scope, network) ? networkIdOf(scope) : scope
}

const isAdministration = ({ action }: Right): boolean => administration.test(action)

/** What is allowed in one place. */
interface RoleSet {
  readonly scope: string
  readonly actions: readonly string[]
  readonly dataActions: readonly string[]
  readonly isAdministration: boolean
  /** The same for places that take the same role. */
  readonly key: string
}

function roleSet(rights: readonly Right[]): RoleSet {
  const scope = rights[0]?.scope ?? ''
  const of = (plane: Right['plane']): readonly string[] =>
    [...new Set(rights.filter((right) => right.plane === plane).map(({ action }) => action))].toSorted()
  const [actions, dataActions] = [of('control'), of('data')]
  return {
    ...{ scope, actions, dataActions },
    isAdministration: rights.some(isAdministration),
    // A custom role can be assigned only in the subscription that it names.
    key: JSON.stringify([subscriptionOf(scope), actions, dataActions]),
  }
}

/** Roles have names that are unique in the tenant: what is allowed is in it, so that a role is never changed. */
const fingerprint = ({ key }: RoleSet): string => createHash('sha256').update(key).digest('hex').slice(0, 8)

function roleOf(
  set: RoleSet,
  scopes: readonly string[],
  { subject, condition }: DeliveryPlaces,
): DeliveryRole {
  const where = `${lastSegment(set.scope)}${scopes.length > 1 ? ` and ${scopes.length - 1} more` : ''}`
  const role: CustomRole = {
    Name: `AI Factory delivery ${fingerprint(set)}: ${subject}, on ${where}`,
    IsCustom: true,
    Description: `What delivering ${subject} takes there, and nothing else`,
    Actions: set.actions,
    DataActions: set.dataActions,
    AssignableScopes: [`/subscriptions/${subscriptionOf(set.scope)}`],
  }
  return { role, scopes, ...(set.isAdministration && { condition }) }
}
