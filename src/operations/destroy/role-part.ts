import { assignmentDescription, hasOwnName } from '../../access/role-assignment.ts'
import type { ExistingAssignment } from '../../azure/role-assignments.ts'
import { keysOf } from '../../by-key.ts'
import { roles } from '../../catalog/facts/roles.ts'
import type { Change } from '../../plan/model.ts'
import { isWithin, lastSegment, sameText } from '../../resource-id.ts'
import type { DestroyClients } from './destroy-clients.ts'
import type { Part } from './part.ts'
import { type Principals, principalIds } from './principals.ts'
import type { NumberedProject } from './project-by-number.ts'

/** The role assignments of a subscription that concern a project. */
export interface ProjectAssignments {
  /** Those that this factory made. */
  readonly own: readonly ExistingAssignment[]
  /** What others have assigned to the project's groups and identities. */
  readonly foreign: readonly ExistingAssignment[]
}

/** Finds them by who holds them and, where nobody exists any more who did, by what is written on them. */
export async function readAssignments(
  { project }: NumberedProject,
  principals: Principals,
  { roleAssignments }: DestroyClients,
): Promise<ProjectAssignments> {
  const known = principalIds(principals)
  const endings = principals.names.map((name) => assignmentDescription('', name).toLowerCase())
  const isDescribed = ({ description }: ExistingAssignment): boolean =>
    endings.some((ending) => description.toLowerCase().endsWith(ending))
  const all = await roleAssignments.listWithin(`/subscriptions/${project.factory.subscriptionId}`)
  const theirs = all.filter((one) => known.has(one.principalId.toLowerCase()))
  return {
    own: all.filter((one) => isDescribed(one) || (theirs.includes(one) && hasOwnName(one))),
    foreign: theirs.filter((one) => !isDescribed(one) && !hasOwnName(one)),
  }
}

/**
 * The role assignments outside the resource group; those inside go with what they are on.
 * @param groupStays do those inside have to be removed one by one?
 */
export function rolePart(
  { ids }: NumberedProject,
  { own, foreign }: ProjectAssignments,
  principals: Principals,
  groupStays: boolean,
  { roleAssignments }: DestroyClients,
): Part {
  const going = own.filter(({ scope }) => groupStays || !isWithin(scope, ids.resourceGroup))
  return {
    changes: going.map((one): Change => ({ change: 'delete', ...rowOf(one, principals) })),
    warnings: foreign
      .filter((one) => !isWithin(one.scope, ids.resourceGroup) && isIdentity(one, principals))
      .map(
        (one) =>
          `Others have assigned ${roleOf(one)} on '${lastSegment(one.scope)}' to the identity ${holderOf(one, principals)}, which goes with the project. The assignment stays, and is of no use any more.`,
      ),
    removals: going.map((one) => ({
      step: `Remove role ${roleOf(one)} of ${holderOf(one, principals)} on ${lastSegment(one.scope)}`,
      doomed: rowOf(one, principals),
      apply: async () => {
        await roleAssignments.remove(one.id)
        return []
      },
    })),
    kept: [],
  }
}

const isIdentity = ({ principalId }: ExistingAssignment, { identities }: Principals): boolean =>
  [...identities.values()].some((id) => sameText(id, principalId))

const rowOf = (one: ExistingAssignment, principals: Principals) => ({
  kind: 'role assignment',
  name: `${roleOf(one)} for ${holderOf(one, principals)}`,
  scope: one.scope,
})

/** The name of a role by its GUID, or the GUID. */
export const roleOf = ({ roleDefinitionId }: ExistingAssignment): string =>
  keysOf(roles).find((name) => sameText(roles[name].id, roleDefinitionId)) ?? roleDefinitionId

/** Who holds it: a name where it is known. */
function holderOf({ principalId, description }: ExistingAssignment, principals: Principals): string {
  const group = principals.groups.find((one) => sameText(one.group.objectId, principalId))
  const identity = [...principals.identities].find(([, id]) => sameText(id, principalId))
  const described = principals.names.find((name) => description.endsWith(assignmentDescription('', name)))
  return group?.group.displayName ?? identity?.[0] ?? described ?? principalId
}
