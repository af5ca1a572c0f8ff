import { roleNamed } from '../catalog/facts/roles.ts'
import { setupRoles, unlimitedRoles } from '../catalog/facts/setup-roles.ts'
import type { Change } from '../plan/model.ts'
import { isWithin, lastSegment, sameText } from '../resource-id.ts'
import { sameCondition } from '../role-condition.ts'
import type {
  ActualAccess,
  DesiredAccess,
  DesiredAssignment,
  Difference,
  InheritedAssignment,
} from './model.ts'
import { principalIdOf } from './principal-id.ts'
import { assignmentChange } from './role-assignment.ts'

/**
 * An assignment on a scope above that gives a principal the role already: the same role, with the condition that is meant or
 * else without one. https://learn.microsoft.com/azure/role-based-access-control/scope-overview
 */
export function inheritedFor(
  { scope, roleDefinitionId, condition }: DesiredAssignment,
  principalId: string,
  { inherited }: Pick<ActualAccess, 'inherited'>,
): InheritedAssignment | undefined {
  const held = inherited.filter(
    (one) =>
      sameText(lastSegment(one.roleDefinitionId), roleDefinitionId) &&
      one.heldBy.some((id) => sameText(id, principalId)) &&
      one.holdsIn.some((outer) => isWithin(scope, outer)),
  )
  return (
    held.find((one) => sameCondition(one.condition, condition?.expression)) ??
    held.find((one) => sameCondition(one.condition, ''))
  )
}

/** Nothing is to be done for a role that is inherited; it is shown where it comes from, and that it goes further than meant. */
export function inheritedAs(assignment: DesiredAssignment, inherited: InheritedAssignment): Difference {
  const { principalName, condition, role } = assignment
  const isLimited = condition === undefined || sameCondition(inherited.condition, condition.expression)
  const limit = isLimited ? '' : `, without the limit to ${condition.limit}`
  const change: Change = {
    ...assignmentChange('keep', assignment),
    reason: `${principalName} has it ${comingFrom(inherited)}${limit}, so it is not assigned again.`,
  }
  const warning = `${principalName} has ${role} ${comingFrom(inherited)}${limit}. That is more than the manifests of this project ask for, and it stays: whoever assigned it there can remove it, and the next delivery then assigns it with the limit.`
  return { changes: [change], operations: [], warnings: isLimited ? [] : [warning] }
}

/** What one of our groups inherits although the documents do not ask for it. */
export interface UnaskedInherited {
  readonly group: string
  readonly groupId: string
  readonly scope: string
  readonly role: string
  /** E.g. `by an assignment on the subscription 0000…`. */
  readonly from: string
}

/** Of the groups that access is about: those of the project, or of the core team. */
export function unaskedInherited(desired: DesiredAccess, actual: ActualAccess): readonly UnaskedInherited[] {
  const used = new Set(
    desired.assignments.flatMap((assignment) => {
      const principalId = principalIdOf(assignment.principal, actual)
      return (principalId !== undefined && inheritedFor(assignment, principalId, actual)) || []
    }),
  )
  const kind = desired.extent === 'coreTeam' ? 'coreTeam:' : 'persona:'
  return desired.groups.flatMap(({ key, displayName }) => {
    const groupId = actual.groups.get(key)?.objectId
    if (groupId === undefined || !key.startsWith(kind)) return []
    return actual.inherited
      .filter((one) => !used.has(one) && one.heldBy.some((principalId) => sameText(principalId, groupId)))
      .map((one) => {
        const { scope } = one
        return { group: displayName, groupId, scope, role: roleOf(one), from: comingFrom(one) }
      })
  })
}

/** Not ours to remove, but people may do more than the documents say. */
export const inheritedBeyond = (desired: DesiredAccess, actual: ActualAccess): readonly string[] =>
  unaskedInherited(desired, actual).map(({ group, role, from }) => {
    const documents =
      desired.extent === 'coreTeam' ? 'factory.yml does not ask' : 'No manifest of this project asks'
    return `${group} also has ${role} ${from}. ${documents} for it, and it stays: whoever assigned it there can remove it.`
  })

function roleOf({ roleDefinitionId }: InheritedAssignment): string {
  const id = lastSegment(roleDefinitionId).toLowerCase()
  const [name] = Object.entries({ ...setupRoles, ...unlimitedRoles }).find(([, other]) => other === id) ?? []
  return roleNamed(id) ?? name ?? `role ${id}`
}

/** E.g. `by an assignment on the subscription 0000…`. */
const comingFrom = ({ scope, principalId, heldBy }: InheritedAssignment): string => {
  const through = heldBy.some((id) => sameText(id, principalId)) ? '' : `, through the group ${principalId}`
  return `by an assignment on ${placeOf(scope)}${through}`
}

function placeOf(scope: string): string {
  const name = lastSegment(scope)
  if (/^\/subscriptions\/[^/]+$/i.test(scope)) return `the subscription ${name}`
  if (/^\/providers\/Microsoft\.Management\/managementGroups\//i.test(scope))
    return `the management group ${name}`
  return name === '' ? 'the whole tenant' : `'${name}'`
}
