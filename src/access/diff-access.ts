import { keysOf } from '../by-key.ts'
import { roles } from '../catalog/facts/roles.ts'
import { catalogue, type ResourceKey } from '../catalog/index.ts'
import type { Change, ChangeKind } from '../plan/model.ts'
import { isWithin, lastSegment } from '../resource-id.ts'
import { membershipDifference } from './diff-members.ts'
import type {
  AccessDifference,
  AccessOperation,
  ActualAccess,
  ActualAssignment,
  DesiredAccess,
  DesiredAssignment,
  Difference,
  GroupKey,
  Principal,
} from './model.ts'
import { refuseMembers } from './refuse-members.ts'
import { assignmentDescription, hasOwnName, tupleOf } from './role-assignment.ts'

/**
 * Compares who should have access with who has. Assignments are found by (scope, principal, role), whatever their name.
 * What others assigned, or assigned to others, is left alone.
 * @throws UserError when somebody cannot be a member, or the last person of a group is to be removed by name
 */
export function diffAccess(wanted: DesiredAccess, actual: ActualAccess): AccessDifference {
  const desired = withoutAbsent(wanted, actual)
  refuseMembers(desired, actual)
  const groups = groupDifference(desired, actual)
  const members = desired.groups.map((group) => membershipDifference(group, desired, actual))
  const assignments = assignmentDifference(desired, actual)
  const parts = [groups, ...members, assignments]
  const operations = parts.flatMap((part) => part.operations)
  return {
    changes: parts.flatMap(({ changes }) => changes),
    warnings: parts.flatMap(({ warnings }) => warnings),
    // Members are removed last: a run that is interrupted has removed nobody whom it should have added elsewhere.
    operations: [
      ...operations.filter(({ kind }) => kind !== 'remove-member'),
      ...operations.filter(({ kind }) => kind === 'remove-member'),
    ],
    missingIdentities: missingIdentities(desired, actual),
  }
}

/** What is desired, but for groups that nobody needs and that do not exist: nothing is to be done about them. */
export function withoutAbsent(
  desired: DesiredAccess,
  { groups }: Pick<ActualAccess, 'groups'>,
): DesiredAccess {
  const absent = new Set(
    desired.groups.flatMap(({ key, presence }) =>
      presence === 'if-exists' && !groups.has(key) ? [key] : [],
    ),
  )
  const exists = (key: GroupKey): boolean => !absent.has(key)
  return {
    ...desired,
    groups: desired.groups
      .filter(({ key }) => exists(key))
      .map((group) => ({
        ...group,
        memberGroups: group.memberGroups.filter(exists),
        formerGroups: group.formerGroups.filter(exists),
      })),
    assignments: desired.assignments.filter(
      ({ principal }) => !('group' in principal) || exists(principal.group),
    ),
  }
}

function groupDifference({ groups }: DesiredAccess, actual: ActualAccess): Difference {
  const missing = groups.filter(({ key }) => !actual.groups.has(key))
  return {
    changes: groups.map(({ key, displayName, description }) => ({
      change: actual.groups.has(key) ? 'keep' : 'create',
      kind: 'group',
      name: displayName,
      reason: description,
    })),
    operations: missing.map((group) => ({ kind: 'create-group', group })),
    warnings: [],
  }
}

/** The object id of a principal, or undefined while it does not exist. */
export function principalIdOf(
  principal: Principal,
  { groups, identities }: Pick<ActualAccess, 'groups' | 'identities'>,
): string | undefined {
  return 'group' in principal ? groups.get(principal.group)?.objectId : identities.get(principal.identity)
}

function assignmentDifference(desired: DesiredAccess, actual: ActualAccess): Difference {
  const existing = new Set(actual.assignments.map(tupleOf))
  const changes: Change[] = []
  const operations: AccessOperation[] = []
  for (const assignment of desired.assignments) {
    const principalId = principalIdOf(assignment.principal, actual)
    const exists = principalId !== undefined && existing.has(tupleOf({ ...assignment, principalId }))
    changes.push(assignmentChange(exists ? 'keep' : 'create', assignment))
    if (!exists) operations.push({ kind: 'assign', assignment })
  }
  for (const { assignment, role, principalName } of unwanted(desired, actual)) {
    changes.push({
      ...assignmentChange('delete', { role, principalName, scope: assignment.scope }),
      reason: 'The manifests no longer assign this role.',
    })
    operations.push({ kind: 'unassign', assignment, role, principalName })
  }
  return { changes, operations, warnings: [] }
}

const assignmentChange = (
  change: ChangeKind,
  {
    role,
    principalName,
    scope,
  }: Pick<DesiredAssignment, 'principalName' | 'scope'> & { readonly role: string },
): Change => ({ change, kind: 'role assignment', name: `${role} for ${principalName}`, scope })

interface UnwantedAssignment {
  readonly assignment: ActualAssignment
  readonly role: string
  readonly principalName: string
}

/**
 * Identities whose roles are ours alone. Services assign roles to their own system-assigned identities when they are
 * created (Machine Learning does), and would stop working without them.
 */
const userAssignedIdentities: readonly ResourceKey[] = keysOf(catalogue.resources).filter(
  (key) => catalogue.resources[key].identity === 'user',
)

/** Assignments inside the managed scopes that are ours, with roles of the catalogue, that are no longer desired. */
function unwanted(desired: DesiredAccess, actual: ActualAccess): readonly UnwantedAssignment[] {
  const ours = ourPrincipals(desired, actual)
  const wanted = new Set(
    desired.assignments.flatMap((assignment) => {
      const principalId = principalIdOf(assignment.principal, actual)
      return principalId === undefined ? [] : [tupleOf({ ...assignment, principalId })]
    }),
  )
  return actual.assignments.flatMap((assignment) => {
    const principalName =
      ours.get(assignment.principalId.toLowerCase()) ?? formerPrincipal(assignment, desired)
    const role = roleNameOf(assignment)
    if (principalName === undefined || role === undefined || wanted.has(tupleOf(assignment))) return []
    if (!desired.managedScopes.some((scope) => isWithin(assignment.scope, scope))) return []
    return [{ assignment, role, principalName }]
  })
}

/**
 * The principal that an assignment was created for, by its description: the identity may have been deleted with its
 * resource since then. A registry is shared with other projects, so the name alone does not say that it is ours.
 */
function formerPrincipal(
  assignment: ActualAssignment,
  { extent, principalNames }: DesiredAccess,
): string | undefined {
  const role = roleNameOf(assignment)
  if (role === undefined || !hasOwnName(assignment)) return undefined
  // Those of Cosmos DB have no description; its account is the project's alone.
  if (assignment.plane === 'cosmos') return extent === 'project' ? 'a deleted identity' : undefined
  return principalNames.find((name) => assignment.description === assignmentDescription(role, name))
}

const roleNameOf = ({ plane, roleDefinitionId }: ActualAssignment): string | undefined => {
  const id = lastSegment(roleDefinitionId).toLowerCase()
  return Object.entries(roles).find(([, role]) => role.plane === plane && role.id === id)?.[0]
}

/** Names by object id. Groups shared by all projects are not this project's to tidy up. */
function ourPrincipals(desired: DesiredAccess, actual: ActualAccess): ReadonlyMap<string, string> {
  const isPersona = (key: GroupKey): boolean => key.startsWith('persona:')
  const names = new Map<string, string>()
  for (const { key, displayName } of desired.groups) {
    const objectId = actual.groups.get(key)?.objectId
    if (objectId !== undefined && isPersona(key)) names.set(objectId.toLowerCase(), displayName)
  }
  for (const { principal, principalName } of desired.assignments) {
    if (!('identity' in principal) || !userAssignedIdentities.includes(principal.identity)) continue
    const objectId = actual.identities.get(principal.identity)
    if (objectId !== undefined) names.set(objectId.toLowerCase(), principalName)
  }
  return names
}

function missingIdentities(
  { assignments, groups }: DesiredAccess,
  { identities }: ActualAccess,
): readonly ResourceKey[] {
  const principals = assignments.flatMap(({ principal }) =>
    'identity' in principal ? [principal.identity] : [],
  )
  const members = groups.flatMap(({ memberIdentities }) => memberIdentities)
  return [...new Set([...principals, ...members])].filter((key) => !identities.has(key))
}
