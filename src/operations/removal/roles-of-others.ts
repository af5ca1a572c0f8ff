import { hasOwnName } from '../../access/role-assignment.ts'
import type { ExistingAssignment } from '../../azure/role-assignments.ts'
import { roleNamed } from '../../catalog/facts/roles.ts'
import { lastSegment } from '../../resource-id.ts'

type Assignment = Pick<ExistingAssignment, 'id' | 'scope' | 'principalId' | 'roleDefinitionId'>

const mostNamed = 10

/**
 * Names the roles that others have assigned on what goes: they go with it, and nothing brings them back. Pure.
 * @param assignments those that nobody of the project holds
 */
export function rolesOfOthers(
  assignments: readonly Assignment[],
  isGoing: (id: string) => boolean,
): readonly string[] {
  const lost = assignments.filter((one) => isGoing(one.scope) && !hasOwnName(one))
  if (lost.length === 0) return []
  const named = lost.map(describe).toSorted().slice(0, mostNamed)
  const rest = lost.length - named.length
  return [
    `Others have assigned roles on what goes, which go with it: ${[...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ')}.`,
  ]
}

const describe = ({ scope, principalId, roleDefinitionId }: Assignment): string =>
  `${roleName(roleDefinitionId)} on '${lastSegment(scope)}' to the object ${principalId}`

const roleName = (definition: string): string => {
  const id = lastSegment(definition)
  return roleNamed(id) ?? `the role ${id}`
}
