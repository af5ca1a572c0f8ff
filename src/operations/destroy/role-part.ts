import { assignmentDescription, hasOwnName } from '../../access/role-assignment.ts'
import type { Lock } from '../../azure/locks.ts'
import type { ExistingAssignment } from '../../azure/role-assignments.ts'
import { roleNamed } from '../../catalog/facts/roles.ts'
import { commonIdsOf } from '../../compose/compose-common.ts'
import type { Change } from '../../plan/model.ts'
import { isWithin, lastSegment, sameText } from '../../resource-id.ts'
import type { DestroyClients } from './destroy-clients.ts'
import { keptBy, lockOver, lockReason, lockWarning } from './locks.ts'
import { readOthers } from './other-holders.ts'
import type { Part } from './part.ts'
import { type Principals, principalIds } from './principals.ts'
import type { NumberedProject } from './project-by-number.ts'

/** The role assignments of a subscription, and on shared registries elsewhere, that concern a project. */
export interface ProjectAssignments {
  /** Those that this factory made. */
  readonly own: readonly ExistingAssignment[]
  /** What others have assigned to the project's groups and identities. */
  readonly foreign: readonly ExistingAssignment[]
  /** All others there. */
  readonly rest: readonly ExistingAssignment[]
}

/**
 * Finds them by who holds them and, where nobody is there any more who did, by their name and what is written on them. No
 * factory is in that: another one with the same salt has identities of the same names, and what these hold is not the project's.
 */
export async function readAssignments(
  target: NumberedProject,
  principals: Principals,
  { roleAssignments, resources }: DestroyClients,
): Promise<ProjectAssignments> {
  const known = principalIds(principals)
  const endings = principals.names.map((name) => assignmentDescription('', name).toLowerCase())
  const isDescribed = ({ description }: ExistingAssignment): boolean =>
    endings.some((ending) => description.toLowerCase().endsWith(ending))
  const isHeld = ({ principalId }: ExistingAssignment): boolean => known.has(principalId.toLowerCase())
  const all = (await Promise.all(placesOf(target).map(roleAssignments.listWithin))).flat()
  const candidates = all.filter((one) => !isHeld(one) && isDescribed(one) && hasOwnName(one))
  const others = candidates.length === 0 ? undefined : await readOthers(target, resources)
  const ofOwn = candidates.filter((one) => others?.has(one) !== true)
  const isOwn = (one: ExistingAssignment): boolean =>
    isHeld(one) ? isDescribed(one) || hasOwnName(one) : ofOwn.includes(one)
  const rest = all.filter((one) => !isOwn(one))
  return { own: all.filter(isOwn), foreign: rest.filter(isHeld), rest: rest.filter((one) => !isHeld(one)) }
}

/** The subscription, and the shared registries that are in another one. */
function placesOf({ project: { factory }, names }: NumberedProject): readonly string[] {
  const subscription = `/subscriptions/${factory.subscriptionId}`
  const { containerRegistry, machineLearningRegistry } = commonIdsOf(factory, names.common)
  const elsewhere = [containerRegistry, machineLearningRegistry].filter((id) => !isWithin(id, subscription))
  return [subscription, ...new Set(elsewhere)]
}

/** What keeps role assignments from going as others do. */
interface Keeping {
  /** Do those inside the resource group have to be removed one by one, because it stays? */
  readonly groupStays: boolean
  /** All locks of the subscription. */
  readonly locks: readonly Lock[]
}

/**
 * The role assignments outside the resource group; those inside go with what they are on. A lock keeps what is assigned there.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources#considerations-before-applying-your-locks
 */
export function rolePart(
  { ids }: NumberedProject,
  { own, foreign }: ProjectAssignments,
  principals: Principals,
  { groupStays, locks }: Keeping,
  { roleAssignments }: DestroyClients,
): Part {
  const concerned = own.filter(({ scope }) => groupStays || !isWithin(scope, ids.resourceGroup))
  const locked = concerned.flatMap((one) => {
    const lock = lockOver(one.scope, locks)
    return lock === undefined ? [] : [{ one, lock }]
  })
  const going = concerned.filter((one) => !locked.some((other) => other.one === one))
  return {
    changes: [
      ...going.map((one): Change => ({ change: 'delete', ...rowOf(one, principals) })),
      ...locked.map(
        ({ one, lock }): Change => ({
          change: 'keep',
          ...rowOf(one, principals),
          reason: lockReason(lock),
        }),
      ),
    ],
    warnings: [
      ...new Set(locked.map(({ lock }) => lockWarning(lock))),
      ...foreign
        .filter((one) => !isWithin(one.scope, ids.resourceGroup) && isIdentity(one, principals))
        .map((one) => foreignWarning(one, principals)),
    ],
    removals: going.map((one) => ({
      step: `Remove role ${roleOf(one)} of ${holderOf(one, principals)} on ${lastSegment(one.scope)}`,
      doomed: rowOf(one, principals),
      apply: async () => {
        await roleAssignments.remove(one.id)
        return []
      },
    })),
    kept: locked.map(({ one, lock }) => ({
      ...rowOf(one, principals),
      ...keptBy(lock),
    })),
  }
}

const foreignWarning = (one: ExistingAssignment, principals: Principals): string =>
  `Others have assigned ${roleOf(one)} on '${lastSegment(one.scope)}' to the identity ${holderOf(one, principals)}, which goes with the project. The assignment stays, and is of no use any more.`

const isIdentity = ({ principalId }: ExistingAssignment, { identities }: Principals): boolean =>
  [...identities.values()].some((id) => sameText(id, principalId))

const rowOf = (one: ExistingAssignment, principals: Principals) => ({
  kind: 'role assignment',
  name: `${roleOf(one)} for ${holderOf(one, principals)}`,
  scope: one.scope,
})

/** The name of a role by its GUID, or the GUID. */
export const roleOf = ({ roleDefinitionId }: ExistingAssignment): string =>
  roleNamed(roleDefinitionId) ?? roleDefinitionId

/** Who holds it: a name where it is known. */
function holderOf({ principalId, description }: ExistingAssignment, principals: Principals): string {
  const group = principals.groups.find((one) => sameText(one.group.objectId, principalId))
  const identity = [...principals.identities].find(([, id]) => sameText(id, principalId))
  const described = principals.names.find((name) => description.endsWith(assignmentDescription('', name)))
  return group?.group.displayName ?? identity?.[0] ?? described ?? principalId
}
