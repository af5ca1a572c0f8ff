import { roleNamed } from '../catalog/facts/roles.ts'
import { setupRoles } from '../catalog/facts/setup-roles.ts'
import { catalogue } from '../catalog/index.ts'
import { isWithin, lastSegment, sameText } from '../resource-id.ts'
import { sameCondition } from '../role-condition.ts'
import type { AuditFinding, AuditSubject } from './audit-finding.ts'
import { isActivation } from './eligible.ts'
import { unaskedInherited } from './inherited-assignments.ts'
import type { ActualAccess, ActualAssignment, DesiredAccess, DesiredAssignment } from './model.ts'
import { principalIdOf } from './principal-id.ts'
import { hasOwnName, tupleOf } from './role-assignment.ts'

/** Whose a principal is: one of our groups, or an identity of the project. */
type OurKind = 'group' | 'user-assigned' | 'system-assigned'

/** What of ours has an object id; undefined for what is not ours. */
export function ourKind(
  id: string,
  { actual }: Pick<AuditSubject, 'desired' | 'actual'>,
): OurKind | undefined {
  if ([...actual.groups.values()].some(({ objectId }) => sameText(objectId, id))) return 'group'
  const [key] = [...actual.identities].find(([, principal]) => sameText(principal, id)) ?? []
  if (key === undefined) return undefined
  return catalogue.resources[key].identity === 'user' ? 'user-assigned' : 'system-assigned'
}

/** All that should not be, in the roles that are assigned, inherited, or may be activated. */
export function roleFindings(subject: AuditSubject): readonly AuditFinding[] {
  const { desired, actual } = subject
  const kept = desired.kept ?? []
  const active = byTuple(
    [...desired.assignments.filter((one) => one.eligible === undefined), ...kept],
    actual,
  )
  // Who is about to be eligible keeps what they have until a delivery has made them so.
  const eligible = byTuple(
    [...desired.assignments, ...kept].filter(({ eligible: is }) => is !== undefined),
    actual,
  )
  return [
    ...actual.assignments.flatMap((one) => findingsOf(one, active, subject)),
    ...eligibleIn(actual).flatMap((one) => findingsOf(one, eligible, subject)),
    ...(actual.eligible.kind === 'forbidden' ? [unseenEligible(subject)] : []),
    ...inheritedFindings(subject),
  ]
}

type Wanted = ReadonlyMap<string, DesiredAssignment>

const byTuple = (assignments: readonly DesiredAssignment[], actual: ActualAccess): Wanted =>
  new Map(
    assignments.flatMap((one) => {
      const principalId = principalIdOf(one.principal, actual)
      return principalId === undefined ? [] : [[tupleOf({ ...one, principalId }), one] as const]
    }),
  )

function findingsOf(one: ActualAssignment, wanted: Wanted, subject: AuditSubject): readonly AuditFinding[] {
  const meant = wanted.get(tupleOf(one))
  if (meant !== undefined) return otherCondition(one, meant, subject)
  const ours = ourKind(one.principalId, subject)
  const found = ours === undefined ? strangersRole(one, subject) : ownRole(one, ours, subject)
  return found === undefined ? [] : [found]
}

/** An assignment without its condition lets do more, and one with another something else. */
function otherCondition(
  one: ActualAssignment,
  { condition, principalName, role }: DesiredAssignment,
  { title }: AuditSubject,
): readonly AuditFinding[] {
  if (sameCondition(one.condition, condition?.expression)) return []
  const isLimited = !sameCondition(one.condition, '')
  const meant = condition === undefined ? 'all that the role lets do' : `${condition.limit} only`
  return [
    {
      kind: 'other-condition',
      of: title,
      who: principalName,
      whoId: one.principalId,
      where: one.scope,
      what: `${principalName} has ${role} on '${lastSegment(one.scope)}' ${isLimited ? 'under another condition' : 'without a condition'}, and it is meant for ${meant}.`,
      fix: 'Deliver the roles again, which puts it right in place.',
    },
  ]
}

/** What somebody has, or may have whenever they ask for it. */
export const rolesIn = (actual: ActualAccess): readonly ActualAssignment[] => [
  ...actual.assignments,
  ...eligibleIn(actual),
]

const eligibleIn = ({ eligible }: ActualAccess): readonly ActualAssignment[] =>
  eligible.kind === 'known' ? eligible.eligible.map((one) => ({ ...one, plane: 'azure' as const })) : []

const unseenEligible = ({ title, desired: { managedScopes } }: AuditSubject): AuditFinding => ({
  kind: 'not-audited',
  of: title,
  who: '',
  where: managedScopes[0] ?? '',
  what: `Who may activate roles in ${title} could not be looked at.`,
  fix: "Let the identity that audits read it: Microsoft.Authorization/roleEligibilitySchedules/read is in Reader, which 'npm run setup' assigns on the subscription.",
})

/** What our groups have by assignments on the subscription or a management group, which no delivery takes away. */
const inheritedFindings = ({ title, desired, actual }: AuditSubject): readonly AuditFinding[] =>
  unaskedInherited(desired, actual).map(({ group, groupId, scope, role, from }) => ({
    kind: 'beyond-manifest',
    of: title,
    who: group,
    whoId: groupId,
    where: scope,
    what: `${group} has ${role} ${from}, and no document asks for it.`,
    fix: 'Whoever assigned it there can remove it: no delivery touches it.',
  }))

const isIn = (scopes: readonly string[], { scope }: ActualAssignment): boolean =>
  scopes.some((outer) => isWithin(scope, outer))

const howToRemove = 'Remove the role assignment, or name the person in the manifest if they need it.'

/** A role that one of ours has and should not. Services give their own identities what they need: that stays. */
function ownRole(
  assignment: ActualAssignment,
  ours: OurKind,
  subject: AuditSubject,
): AuditFinding | undefined {
  if (!isIn(subject.desired.managedScopes, assignment)) return undefined
  if (ours === 'system-assigned' && !hasOwnName(assignment)) return undefined
  return beyond(assignment, subject)
}

/** A role of somebody who is not ours. */
function strangersRole(assignment: ActualAssignment, subject: AuditSubject): AuditFinding | undefined {
  const { scope, principalId } = assignment
  const role = roleTitle(assignment, subject.desired)
  const found = subject.known.get(principalId.toLowerCase())
  const about = { of: subject.title, whoId: principalId, where: scope }
  if (found === undefined)
    return {
      kind: 'orphaned-assignment',
      ...about,
      who: principalId,
      what: `${role} on '${lastSegment(scope)}' is assigned to ${principalId}, whom the directory does not have.`,
      fix: 'Remove the role assignment.',
    }
  if (found.kind === 'user' && isActivation(assignment, subject.actual)) return undefined
  if (found.kind === 'user')
    return {
      kind: 'direct-assignment',
      ...about,
      who: found.display,
      what: `${found.display} has ${role} on '${lastSegment(scope)}' themselves, and not by a group.`,
      fix: howToRemove,
    }
  if (!isIn(subject.ownScopes, assignment) || subject.mayHave?.(found) === true) return undefined
  return beyond(assignment, subject)
}

function beyond(assignment: ActualAssignment, { title, desired, actual, known }: AuditSubject): AuditFinding {
  const { scope, principalId } = assignment
  const group = [...actual.groups.values()].find(({ objectId }) => sameText(objectId, principalId))
  const [identity] = [...actual.identities].find(([, id]) => sameText(id, principalId)) ?? []
  const who = group?.displayName ?? identity ?? known.get(principalId.toLowerCase())?.display ?? principalId
  return {
    kind: 'beyond-manifest',
    of: title,
    who,
    whoId: principalId,
    where: scope,
    what: `${who} has ${roleTitle(assignment, desired)} on '${lastSegment(scope)}', and no document asks for it.`,
    fix: 'Remove the role assignment. A delivery removes those that AI Factory Actions have assigned.',
  }
}

/** The name of a role; its id where nobody here knows it. */
function roleTitle({ roleDefinitionId }: ActualAssignment, { customRoles }: DesiredAccess): string {
  const id = lastSegment(roleDefinitionId).toLowerCase()
  const [named] = Object.entries(setupRoles).find(([, role]) => role === id) ?? []
  return customRoles.get(id) ?? roleNamed(id) ?? named ?? `the role ${id}`
}
