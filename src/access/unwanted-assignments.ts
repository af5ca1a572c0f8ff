import { roles } from '../catalog/facts/roles.ts'
import { catalogue } from '../catalog/index.ts'
import { isWithin, lastSegment } from '../resource-id.ts'
import { isFormer } from './former-groups.ts'
import type { ActualAccess, ActualAssignment, DesiredAccess, GroupKey } from './model.ts'
import { principalIdOf } from './principal-id.ts'
import { assignmentDescription, describedAssignment, hasOwnName, tupleOf } from './role-assignment.ts'

/** An assignment that is to be removed. */
export interface UnwantedAssignment {
  readonly assignment: ActualAssignment
  readonly role: string
  readonly principalName: string
}

/** Assignments inside the managed scopes that are ours, with roles of the catalogue or the factory's own, that are no longer desired. */
export function unwantedAssignments(
  desired: DesiredAccess,
  actual: ActualAccess,
): readonly UnwantedAssignment[] {
  const ours = ourPrincipals(desired, actual)
  const wanted = new Set(
    [...desired.assignments, ...(desired.kept ?? [])].flatMap((assignment) => {
      // Whoever activates a role does not have it all the time.
      if (assignment.eligible !== undefined) return []
      const principalId = principalIdOf(assignment.principal, actual)
      return principalId === undefined ? [] : [tupleOf({ ...assignment, principalId })]
    }),
  )
  return actual.assignments.flatMap((assignment) => {
    if (wanted.has(tupleOf(assignment))) return []
    if (!desired.managedScopes.some((scope) => isWithin(assignment.scope, scope))) return []
    const former = ofFormerPersona(assignment, desired)
    if (former !== undefined) return [{ assignment, ...former }]
    const owner = ownedBy(assignment, ours)
    const role = roleNameOf(assignment, desired) ?? roleForOwner(assignment, owner)
    if (role === undefined) return []
    const principalName =
      owner ?? formerPrincipal(assignment, role, desired) ?? goneInCosmos(assignment, desired, actual)
    return principalName === undefined ? [] : [{ assignment, role, principalName }]
  })
}

/** A principal whose assignments are managed here. */
interface OurPrincipal {
  readonly name: string
  /**
   * Are all its roles ours? Services assign roles to their own system-assigned identities when they are created (Machine
   * Learning does), and would stop working without them: of those only what has a name of ours.
   */
  readonly entirely: boolean
}

/** By object id. Groups shared by all projects are not one project's to tidy up. */
export function ourPrincipals(
  desired: DesiredAccess,
  actual: ActualAccess,
): ReadonlyMap<string, OurPrincipal> {
  const kind = desired.extent === 'coreTeam' ? 'coreTeam:' : 'persona:'
  const isOurs = (key: GroupKey): boolean => key.startsWith(kind) || isFormer(key)
  const principals = new Map<string, OurPrincipal>()
  for (const { key, displayName } of desired.groups) {
    const objectId = actual.groups.get(key)?.objectId
    if (objectId !== undefined && isOurs(key))
      principals.set(objectId.toLowerCase(), { name: displayName, entirely: true })
  }
  for (const [key, name] of desired.identityNames) {
    const objectId = actual.identities.get(key)
    const entirely = catalogue.resources[key].identity === 'user'
    if (objectId !== undefined) principals.set(objectId.toLowerCase(), { name, entirely })
  }
  return principals
}

function ownedBy(assignment: ActualAssignment, ours: ReadonlyMap<string, OurPrincipal>): string | undefined {
  const principal = ours.get(assignment.principalId.toLowerCase())
  return principal?.entirely || (principal && hasOwnName(assignment)) ? principal.name : undefined
}

/** The role that was assigned here to one of ours and that nothing is known of any more, as one of an earlier release. */
function roleForOwner(assignment: ActualAssignment, owner: string | undefined): string | undefined {
  const described = hasOwnName(assignment) ? describedAssignment(assignment.description ?? '') : undefined
  return described?.principalName === owner ? described?.role : undefined
}

/**
 * The principal that an assignment was created for, by its description: the identity may have been deleted with its
 * resource since then. A registry is shared with other projects, so the name alone does not say that it is ours.
 */
function formerPrincipal(
  assignment: ActualAssignment,
  role: string,
  { groupNames, identityNames }: DesiredAccess,
): string | undefined {
  if (!hasOwnName(assignment)) return undefined
  return [...groupNames, ...identityNames.values()].find(
    (name) => assignment.description === assignmentDescription(role, name),
  )
}

/**
 * Whom an assignment was created for and what it lets do, when that is the group of a persona that factory.yml no longer has,
 * or calls otherwise. Its role may be one of the factory's own of which nothing is known any more.
 */
function ofFormerPersona(
  assignment: ActualAssignment,
  { groupPrefix, groupNames }: DesiredAccess,
): Pick<UnwantedAssignment, 'role' | 'principalName'> | undefined {
  if (groupPrefix === undefined || !hasOwnName(assignment)) return undefined
  const described = describedAssignment(assignment.description ?? '')
  if (described === undefined || !described.principalName.startsWith(groupPrefix)) return undefined
  return groupNames.includes(described.principalName) ? undefined : described
}

/**
 * Assignments inside Cosmos DB have no description, and its account is the project's alone: those that were created here
 * for a group or an identity that the directory no longer has are found by that.
 */
const goneInCosmos = (
  assignment: ActualAssignment,
  { extent }: DesiredAccess,
  { gone }: ActualAccess,
): string | undefined =>
  extent === 'people' &&
  assignment.plane === 'cosmos' &&
  hasOwnName(assignment) &&
  gone.has(assignment.principalId)
    ? 'a deleted principal'
    : undefined

/** The name of a role of the catalogue or the factory's own; undefined for others. */
export const roleNameOf = (
  { plane, roleDefinitionId }: Pick<ActualAssignment, 'plane' | 'roleDefinitionId'>,
  { customRoles }: DesiredAccess,
): string | undefined => {
  const id = lastSegment(roleDefinitionId).toLowerCase()
  return (
    customRoles.get(id) ??
    Object.entries(roles).find(([, role]) => role.plane === plane && role.id === id)?.[0]
  )
}
