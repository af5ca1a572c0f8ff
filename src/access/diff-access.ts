import type { ResourceKey } from '../catalog/index.ts'
import type { Change } from '../plan/model.ts'
import { isWithin, sameText } from '../resource-id.ts'
import { sameCondition } from '../role-condition.ts'
import { membershipDifference } from './diff-members.ts'
import { eligibleDifference, isEligible, refuseEligible, stillActive } from './eligible.ts'
import { withFormerGroups } from './former-groups.ts'
import { inheritedAs, inheritedBeyond, inheritedFor } from './inherited-assignments.ts'
import { invitationDifference } from './invitations.ts'
import type {
  AccessDifference,
  AccessOperation,
  ActualAccess,
  ActualAssignment,
  DesiredAccess,
  DesiredAssignment,
  DesiredGroup,
  Difference,
  GroupKey,
} from './model.ts'
import { principalIdOf } from './principal-id.ts'
import { refuseGroups } from './refuse-groups.ts'
import { refuseMembers } from './refuse-members.ts'
import { assignmentChange, tupleOf } from './role-assignment.ts'
import { type UnwantedAssignment, unwantedAssignments } from './unwanted-assignments.ts'

/**
 * Compares who should have access with who has. Assignments are found by (scope, principal, role), whatever their name.
 * What others assigned, or assigned to others, is left alone.
 * @throws UserError when a group is somebody else's, somebody cannot be a member, or the last person of a group is to be removed by name
 */
export function diffAccess(wanted: DesiredAccess, actual: ActualAccess): AccessDifference {
  const desired = asThere(wanted, actual)
  refuseGroups(desired, actual)
  refuseMembers(desired, actual)
  refuseEligible(desired, actual)
  const groups = groupDifference(desired, actual)
  const members = desired.groups.map((group) => membershipDifference(group, desired, actual))
  const assignments = assignmentDifference(desired, actual)
  const eligible = eligibleDifference(desired, actual)
  const parts = [invitationDifference(desired, actual), groups, ...members, assignments, eligible]
  const operations = leaversFirst(
    parts.flatMap((part) => part.operations),
    desired,
    actual,
  )
  return {
    changes: parts.flatMap(({ changes }) => changes),
    warnings: [
      ...parts.flatMap(({ warnings }) => warnings),
      ...stillActive(
        operations.filter((one) => one.kind === 'remove-member'),
        desired,
        actual,
      ),
    ],
    // Whoever moves is removed last: a run that is interrupted has removed nobody whom it should have added elsewhere. A
    // group that nobody used before gets its roles only when nobody else is in it.
    operations: [
      ...operations.filter((one) => isRemoval(one, 'all')),
      ...operations.filter(({ kind }) => kind !== 'remove-member' && !isGrant(kind)),
      ...operations.filter((one) => isRemoval(one, 'roles')),
      ...operations.filter(({ kind }) => isGrant(kind)),
      ...operations.filter((one) => isRemoval(one, undefined)),
    ],
    missingIdentities: missingIdentities(desired, actual),
  }
}

const isGrant = (kind: AccessOperation['kind']): boolean => kind === 'assign' || kind === 'make-eligible'

const isRemoval = (operation: AccessOperation, before: 'roles' | 'all' | undefined): boolean =>
  operation.kind === 'remove-member' && operation.before === before

/** Whoever leaves for good leaves before all else, unless the group would be without anybody until others are in it. */
function leaversFirst(
  operations: readonly AccessOperation[],
  { groups }: DesiredAccess,
  actual: ActualAccess,
): readonly AccessOperation[] {
  const arriving = new Set(operations.flatMap((one) => (one.kind === 'add-members' ? one.objectIds : [])))
  const removed = operations.filter((one) => one.kind === 'remove-member')
  const staysFilled = (key: GroupKey): boolean => {
    const members = actual.groups.get(key)?.members.length ?? 0
    const neverEmpty = groups.some((group) => group.key === key && group.neverEmpty)
    return !neverEmpty || members > removed.filter(({ group }) => group === key).length
  }
  return operations.map((one) =>
    isRemoval(one, undefined) &&
    one.kind === 'remove-member' &&
    // Its people may come through another group that is not in it yet.
    one.group !== 'lakeTraversal' &&
    !arriving.has(one.objectId) &&
    staysFilled(one.group)
      ? { ...one, before: 'all' }
      : one,
  )
}

/**
 * What is desired of the groups that there are: with those of former personas, and without those that nobody needs and that
 * do not exist, about which nothing is to be done.
 */
export function asThere(wanted: DesiredAccess, actual: Pick<ActualAccess, 'groups'>): DesiredAccess {
  const desired = withFormerGroups(wanted, actual)
  const absent = new Set(
    desired.groups.flatMap(({ key, presence }) =>
      presence === 'if-exists' && !actual.groups.has(key) ? [key] : [],
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
  const unknown = groups.filter(({ key }) => actual.groups.get(key)?.ownership.kind === 'unknown')
  return {
    changes: groups.map((group) => groupChange(group, actual)),
    operations: groups.flatMap((group): readonly AccessOperation[] => {
      if (!actual.groups.has(group.key)) return [{ kind: 'create-group', group }]
      if (!lacksOwners(group, actual)) return []
      return [{ kind: 'complete-owners', group: group.key, groupName: group.displayName }]
    }),
    warnings:
      unknown.length === 0
        ? []
        : [
            `Whether the identity that delivers owns ${unknown.map(({ displayName }) => displayName).join(', ')} cannot be seen by the one that is signed in. A delivery finds out, and changes only groups that are its own.`,
          ],
  }
}

const lacksOwners = ({ key }: DesiredGroup, { groups }: ActualAccess): boolean => {
  const ownership = groups.get(key)?.ownership
  return ownership?.kind === 'ours' && ownership.missing.length > 0
}

function groupChange(group: DesiredGroup, actual: ActualAccess): Change {
  const { key, displayName, description } = group
  const named = { kind: 'group', name: displayName } as const
  if (!actual.groups.has(key)) return { change: 'create', ...named, reason: description }
  if (!lacksOwners(group, actual)) return { change: 'keep', ...named, reason: description }
  return { change: 'modify', ...named, reason: 'The identity for people becomes its second owner.' }
}

function assignmentDifference(desired: DesiredAccess, actual: ActualAccess): Difference {
  const existing = new Map(actual.assignments.map((assignment) => [tupleOf(assignment), assignment]))
  const wanted = desired.assignments
    .filter((one) => !isEligible(one))
    .map((assignment) => {
      const principalId = principalIdOf(assignment.principal, actual)
      if (principalId === undefined) return creationOf(assignment)
      const found = existing.get(tupleOf({ ...assignment, principalId }))
      if (found !== undefined) return differenceOf(assignment, found)
      const inherited = inheritedFor(assignment, principalId, actual)
      return inherited === undefined ? creationOf(assignment) : inheritedAs(assignment, inherited)
    })
  const kept = (desired.kept ?? []).flatMap((assignment) => {
    const principalId = principalIdOf(assignment.principal, actual)
    const isThere = principalId !== undefined && existing.has(tupleOf({ ...assignment, principalId }))
    return isThere ? [keptDifference(assignment)] : []
  })
  const unwanted = unwantedAssignments(desired, actual).map((one) => removalOf(one, desired))
  const parts = [...wanted, ...kept, ...unwanted]
  return {
    changes: parts.flatMap(({ changes }) => changes),
    operations: parts.flatMap(({ operations }) => operations),
    warnings: [...new Set(parts.flatMap(({ warnings }) => warnings)), ...inheritedBeyond(desired, actual)],
  }
}

const creationOf = (assignment: DesiredAssignment): Difference => ({
  changes: [assignmentChange('create', assignment)],
  operations: [{ kind: 'assign', assignment }],
  warnings: [],
})

const keptDifference = (assignment: DesiredAssignment): Difference => ({
  changes: [
    {
      ...assignmentChange('keep', assignment),
      reason: "The factory's own role does not let do all of it yet: it stays until set-up has updated that.",
    },
  ],
  operations: [],
  warnings: [],
})

/**
 * Between an assignment and what is there of it. One with a condition is not the same as one without: what others narrowed
 * is put right as well as what they widened.
 */
function differenceOf(assignment: DesiredAssignment, existing: ActualAssignment): Difference {
  const before = existing.condition ?? ''
  const after = assignment.condition?.expression ?? ''
  if (sameCondition(after, before))
    return { changes: [assignmentChange('keep', assignment)], operations: [], warnings: [] }
  const reason = assignment.condition
    ? `It is to hold for ${assignment.condition.limit} only.`
    : 'Others have put a condition on it, and the manifests mean all that the role lets do.'
  const change: Change = {
    ...assignmentChange('modify', assignment),
    properties: [{ path: 'condition', before, after }],
    reason,
  }
  return { changes: [change], operations: [{ kind: 'set-condition', assignment, existing }], warnings: [] }
}

function removalOf(
  { assignment, role, principalName }: UnwantedAssignment,
  desired: DesiredAccess,
): Difference {
  const { scope } = assignment
  const change: Change = {
    ...assignmentChange('delete', { role, principalName, scope }),
    reason: reasonToRemove(role, principalName, scope, desired),
  }
  return {
    changes: [change],
    operations: [{ kind: 'unassign', assignment, role, principalName }],
    warnings: [],
  }
}

/** By whether the manifests assign the role, or one that stands in for it, to somebody of this name. */
function reasonToRemove(
  role: string,
  principalName: string,
  scope: string,
  { assignments, customRoles }: DesiredAccess,
): string {
  const ofPrincipal = assignments.filter((one) => one.principalName === principalName)
  const wanted = ofPrincipal.find((one) => one.role === role && sameText(one.scope, scope))
  if (wanted !== undefined)
    return isEligible(wanted)
      ? 'The group is eligible for it instead: whoever is in it activates it when it is needed.'
      : 'It was for an earlier principal of this name, which is gone.'
  const own = ofPrincipal.find((one) => customRoles.has(one.roleDefinitionId))
  return own === undefined || !isWithin(scope, own.scope)
    ? 'The manifests no longer assign this role.'
    : `The role '${own.role}' is assigned instead.`
}

/**
 * The identities that access is about. Every project has its own identity: to people's roles it says that the project is
 * provisioned.
 */
export function identitiesOf({ assignments, groups, extent }: DesiredAccess): readonly ResourceKey[] {
  const principals = assignments.flatMap(({ principal }) =>
    'identity' in principal ? [principal.identity] : [],
  )
  const members = groups.flatMap(({ memberIdentities }) => memberIdentities)
  return [
    ...new Set([...principals, ...members, ...(extent === 'people' ? (['projectIdentity'] as const) : [])]),
  ]
}

const missingIdentities = (desired: DesiredAccess, { identities }: ActualAccess): readonly ResourceKey[] =>
  identitiesOf(desired).filter((key) => !identities.has(key))
