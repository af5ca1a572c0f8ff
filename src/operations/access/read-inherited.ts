import type { DesiredAccess, InheritedAssignment } from '../../access/model.ts'
import type { Directory } from '../../azure/directory.ts'
import { lastSegment } from '../../resource-id.ts'
import type { AssignmentAbove } from './read-assignments.ts'

/** The assignments above that principals hold themselves. */
export function inheritedBy(
  principalIds: readonly string[],
  above: readonly AssignmentAbove[],
): readonly InheritedAssignment[] {
  const known = new Set(principalIds.map((id) => id.toLowerCase()))
  return above
    .filter(({ principalId }) => known.has(principalId.toLowerCase()))
    .map((one) => ({ ...one, heldBy: [one.principalId] }))
}

/**
 * The assignments above that our groups hold because they are in a group that has them. The directory is asked about such a
 * group only where it has a role that one of ours should have: most runs ask nothing.
 */
export async function throughGroups(
  { assignments }: DesiredAccess,
  groupIds: readonly string[],
  above: readonly AssignmentAbove[],
  { groupsIn }: Pick<Directory, 'groupsIn'>,
): Promise<readonly InheritedAssignment[]> {
  const ours = new Set(groupIds.map((id) => id.toLowerCase()))
  const wanted = new Set(assignments.map(({ roleDefinitionId }) => roleDefinitionId.toLowerCase()))
  const candidates = above.filter(
    ({ principalType, principalId, roleDefinitionId }) =>
      principalType === 'Group' &&
      !ours.has(principalId.toLowerCase()) &&
      wanted.has(lastSegment(roleDefinitionId).toLowerCase()),
  )
  const outer = [...new Set(candidates.map(({ principalId }) => principalId.toLowerCase()))]
  if (ours.size === 0 || outer.length === 0) return []
  const inside = new Map(
    await Promise.all(
      outer.map(async (id) => {
        const groups = await groupsIn(id)
        return [id, groups.filter((group) => ours.has(group.toLowerCase()))] as const
      }),
    ),
  )
  return candidates.flatMap((one) => {
    const heldBy = inside.get(one.principalId.toLowerCase()) ?? []
    return heldBy.length === 0 ? [] : [{ ...one, heldBy }]
  })
}
