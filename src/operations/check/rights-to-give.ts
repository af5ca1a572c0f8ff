import type { Grant, Right } from '../../azure/granted-rights.ts'
import { type RoleDefinition, smallestRole } from '../../azure/smallest-role.ts'
import { shellQuoted as quoted } from '../../diagnostics/shell.ts'
import { isWithin, lastSegment, normalId, sameText, subscriptionOf } from '../../resource-id.ts'
import { assignRole, type CustomRole, createRole, underCondition } from './az-commands.ts'

/** Rights that are missing in one place, and what gives them. */
export interface MissingRights {
  readonly scope: string
  readonly actions: readonly string[]
  /** Name of a built-in role; undefined when none alone is enough. */
  readonly role: string | undefined
  readonly commands: readonly string[]
}

/** Whom rights are given to, and where. */
interface Receiver {
  readonly objectId: string
  /** Scope of the subscription. */
  readonly subscription: string
  /** Scope of the project's resource group. */
  readonly group: string
  /** Nothing can be given on a group that does not exist yet. */
  readonly hasGroup: boolean
  /** What the right to assign roles is limited by. */
  readonly condition: string
}

const administration = /^Microsoft\.Authorization\/roleAssignments\/(?:write|delete)$/i

/**
 * Rights by place and kind, the widest place first, each with the smallest role that gives them. What a role gives at a
 * wider place is not asked for again below it. Pure.
 */
export function missingBySuggestion(
  missing: readonly Right[],
  definitions: readonly RoleDefinition[],
  receiver: Receiver,
): readonly MissingRights[] {
  const placed = missing.map((right) => ({ ...right, scope: placeOf(right.scope, receiver) }))
  const kinds = Map.groupBy(placed, (right) => `${normalId(right.scope)} ${kindOf(right)}`)
  const groups = [...kinds.values()].toSorted((a, b) => depth(a) - depth(b))
  const given: { readonly scope: string; readonly role: RoleDefinition }[] = []
  return groups.flatMap((rights) => {
    const rest = rights.filter(
      (right) =>
        !given.some(
          ({ scope, role }) => isWithin(right.scope, scope) && smallestRole([role], [right]) !== undefined,
        ),
    )
    const [first] = rest
    if (first === undefined) return []
    const { scope } = first
    const role = smallestRole(definitions, rest)
    if (role !== undefined) given.push({ scope, role })
    return [
      {
        scope,
        actions: [...new Set(rest.map(({ action }) => action))],
        role: role?.name,
        commands: commandsFor(scope, rest, role, receiver),
      },
    ]
  })
}

const placeOf = (scope: string, { subscription, group, hasGroup }: Receiver): string =>
  !hasGroup && isWithin(scope, group) ? subscription : scope

const kindOf = ({ action, plane }: Right): string => (administration.test(action) ? 'administration' : plane)

const depth = ([first]: readonly Right[]): number => normalId(first?.scope ?? '').split('/').length

function commandsFor(
  scope: string,
  rights: readonly Right[],
  role: RoleDefinition | undefined,
  { objectId, condition }: Receiver,
): readonly string[] {
  const assign = (name: string, ...more: readonly string[]): string =>
    assignRole(objectId, name, scope, ...more)
  if (role !== undefined) {
    return rights.some(({ action }) => administration.test(action))
      ? [assign(role.name, underCondition(condition))]
      : [assign(role.name)]
  }
  // Names are unique in the tenant, and a role can be assigned only in the subscriptions that it names.
  const plane = rights.some((right) => right.plane === 'data') ? ' to data' : ''
  const name = `AI Factory delivery${plane} on ${lastSegment(scope)}`
  const of = (plane: Right['plane']): readonly string[] => [
    ...new Set(rights.filter((right) => right.plane === plane).map(({ action }) => action)),
  ]
  const definition: CustomRole = {
    Name: name,
    IsCustom: true,
    Description: 'What a delivery of AI Factory Actions needs',
    Actions: of('control'),
    DataActions: of('data'),
    AssignableScopes: [`/subscriptions/${subscriptionOf(scope)}`],
  }
  return [createRole(definition), assign(name)]
}

const roleAdministrator = 'Role Based Access Control Administrator'

/** Gives an identity that has nothing what the setup guide gives it (workflows-templates/README.md). */
export const setUpCommands = (
  objectId: string,
  { subscription, lake, condition }: Record<'subscription' | 'lake' | 'condition', string>,
): readonly string[] => [
  assignRole(objectId, 'Contributor', subscription),
  assignRole(objectId, roleAdministrator, subscription, underCondition(condition)),
  assignRole(objectId, 'Storage Blob Data Owner', lake),
]

/**
 * Lets the identity assign what this version assigns in a place. Roles add up, so that nothing is taken away but the
 * same role of its own there: Azure takes it only once.
 */
export function widerCondition(
  objectId: string,
  place: string,
  held: readonly Grant[],
  condition: string,
): readonly string[] {
  const isThere = held.some(
    ({ principalId, roleName, scope }) =>
      sameText(principalId, objectId) && sameText(roleName, roleAdministrator) && sameText(scope, place),
  )
  const [role, scope] = [quoted(roleAdministrator), quoted(place)]
  return [
    ...(isThere ? [`az role assignment delete --assignee ${objectId} --role ${role} --scope ${scope}`] : []),
    assignRole(objectId, roleAdministrator, place, underCondition(condition)),
  ]
}
