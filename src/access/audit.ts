import { roleNamed } from '../catalog/facts/roles.ts'
import { setupRoles } from '../catalog/facts/setup-roles.ts'
import { catalogue } from '../catalog/index.ts'
import { enumeration } from '../diagnostics/enumeration.ts'
import { isWithin, lastSegment, sameText } from '../resource-id.ts'
import { isActivation } from './eligible.ts'
import type {
  ActualAccess,
  ActualAssignment,
  ActualGroup,
  DesiredAccess,
  DesiredGroup,
  ResolvedMember,
} from './model.ts'
import { principalIdOf } from './principal-id.ts'
import { hasOwnName, tupleOf } from './role-assignment.ts'

/** What an audit looks for, each with what it means. */
export const auditKinds = {
  'direct-assignment': 'a person has a role themselves, and not by a group',
  'orphaned-assignment': 'a role of somebody whom the directory does not have any more',
  'disabled-account': 'somebody in a group who cannot sign in',
  'foreign-member': 'somebody in a group whom no manifest names',
  'beyond-manifest': 'a role that no manifest asks for',
  'unowned-group': 'a group that nobody owns, so that nobody here can change it',
  'foreign-owner': 'a group that somebody else owns, who decides who is in it',
  'not-audited': 'a manifest that cannot be read, so that nobody knows',
} as const
/** One of them. */
export type AuditKind = keyof typeof auditKinds

/** One thing that should not be. */
export interface AuditFinding {
  readonly kind: AuditKind
  /** Of which project or group it was found, e.g. `project 001`. */
  readonly of: string
  /** Whom it is about, as people know them; the object id where nobody knows. */
  readonly who: string
  /** Object id. */
  readonly whoId?: string
  /** A group, or the id of a resource. */
  readonly where: string
  /** One sentence. */
  readonly what: string
  readonly fix: string
}

/** What an audit is about: the people and roles of a project, or of the core team. */
export interface AuditSubject {
  /** E.g. `project 001`. */
  readonly title: string
  readonly desired: DesiredAccess
  readonly actual: ActualAccess
  /** Within these scopes nobody else should have a role; elsewhere only people and those who are gone are looked at. */
  readonly ownScopes: readonly string[]
  /** What the directory has of those who are in the groups or have roles, by object id in lower case. */
  readonly known: ReadonlyMap<string, ResolvedMember>
}

/** Whom the directory has to be asked about: all who are in the groups, and all who have a role and are not ours. */
export const askedAbout = ({
  desired,
  actual,
}: Pick<AuditSubject, 'desired' | 'actual'>): readonly string[] => [
  ...new Set([
    ...desired.groups.flatMap(({ key }) =>
      (actual.groups.get(key)?.members ?? []).map(({ objectId }) => objectId),
    ),
    ...rolesIn(actual)
      .map(({ principalId }) => principalId)
      .filter((id) => ourKind(id, { desired, actual }) === undefined),
  ]),
]

/** All that should not be, in the groups and in the roles. */
export const audited = (subject: AuditSubject): readonly AuditFinding[] => [
  ...subject.desired.groups.flatMap((group) => groupFindings(group, subject)),
  ...roleFindings(subject),
]

function groupFindings(desired: DesiredGroup, subject: AuditSubject): readonly AuditFinding[] {
  const group = subject.actual.groups.get(desired.key)
  if (group === undefined) return []
  return [...ownerFindings(group, subject), ...memberFindings(desired, group, subject)]
}

function ownerFindings(
  { displayName, objectId, ownership }: ActualGroup,
  { title }: AuditSubject,
): readonly AuditFinding[] {
  const about = { of: title, who: displayName, whoId: objectId, where: displayName }
  const fix = "A person who sets the factory up takes it over: 'npm run setup -- aifactory/factory.yml'."
  if (ownership.kind === 'nobody')
    return [{ kind: 'unowned-group', ...about, what: `The group ${displayName} has no owner.`, fix }]
  if (ownership.kind !== 'others') return []
  const owners = enumeration(ownership.owners, 5)
  return [
    {
      kind: 'foreign-owner',
      ...about,
      what: `The group ${displayName} belongs to ${owners} as well, or alone.`,
      fix,
    },
  ]
}

function memberFindings(
  desired: DesiredGroup,
  group: ActualGroup,
  subject: AuditSubject,
): readonly AuditFinding[] {
  const { displayName } = group
  const wanted = wantedIn(desired, subject)
  return group.members.flatMap(({ objectId, display }): readonly AuditFinding[] => {
    const about = { of: subject.title, who: display, whoId: objectId, where: displayName }
    const isForeign = desired.membership !== 'at-least' && !wanted.has(objectId.toLowerCase())
    const isDisabled = subject.known.get(objectId.toLowerCase())?.state === 'disabled'
    return [
      ...(isForeign
        ? [
            {
              kind: 'foreign-member' as const,
              ...about,
              what: `${display} is in ${displayName}, and no document names them there.`,
              fix: 'Name them in the manifest, or take them out of the group.',
            },
          ]
        : []),
      ...(isDisabled
        ? [
            {
              kind: 'disabled-account' as const,
              ...about,
              what: `The account ${display} in ${displayName} is disabled.`,
              fix: 'Take them out with the mode offboard of add-member, and remove them from the manifests.',
            },
          ]
        : []),
    ]
  })
}

/** Object ids, in lower case, of all who should be in a group. */
function wantedIn(
  { members, memberGroups, memberIdentities }: DesiredGroup,
  { actual }: AuditSubject,
): ReadonlySet<string> {
  const ids = [
    ...members.map((one) => actual.members.get(one)?.objectId),
    ...memberGroups.map((key) => actual.groups.get(key)?.objectId),
    ...memberIdentities.map((key) => actual.identities.get(key)),
  ]
  return new Set(ids.flatMap((id) => id?.toLowerCase() ?? []))
}

/** Whose a principal is: one of our groups, or an identity of the project. */
type OurKind = 'group' | 'user-assigned' | 'system-assigned'

function ourKind(id: string, { actual }: Pick<AuditSubject, 'desired' | 'actual'>): OurKind | undefined {
  if ([...actual.groups.values()].some(({ objectId }) => sameText(objectId, id))) return 'group'
  const [key] = [...actual.identities].find(([, principal]) => sameText(principal, id)) ?? []
  if (key === undefined) return undefined
  return catalogue.resources[key].identity === 'user' ? 'user-assigned' : 'system-assigned'
}

function roleFindings(subject: AuditSubject): readonly AuditFinding[] {
  const { desired, actual } = subject
  const wanted = new Set(
    desired.assignments.flatMap((one) => {
      const principalId = principalIdOf(one.principal, actual)
      return principalId === undefined ? [] : [tupleOf({ ...one, principalId })]
    }),
  )
  return rolesIn(actual)
    .filter((one) => !wanted.has(tupleOf(one)))
    .flatMap((one) => {
      const ours = ourKind(one.principalId, subject)
      return (ours === undefined ? strangersRole(one, subject) : ownRole(one, ours, subject)) ?? []
    })
}

/** What somebody has, or may have whenever they ask for it. */
const rolesIn = ({ assignments, eligible }: ActualAccess): readonly ActualAssignment[] => [
  ...assignments,
  ...(eligible.kind === 'known' ? eligible.eligible.map((one) => ({ ...one, plane: 'azure' as const })) : []),
]

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
  return isIn(subject.ownScopes, assignment) ? beyond(assignment, subject) : undefined
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
