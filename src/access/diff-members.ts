import { printable } from '../diagnostics/escape.ts'
import { UserError } from '../diagnostics/user-error.ts'
import type { Change } from '../plan/model.ts'
import { foreignWarnings, wasNamed } from './foreign-members.ts'
import { isFormer } from './former-groups.ts'
import { invitedIn } from './invitations.ts'
import type {
  AccessOperation,
  ActualAccess,
  DesiredAccess,
  DesiredGroup,
  Difference,
  GroupKey,
  GroupMember,
  ResolvedMember,
} from './model.ts'
import { isUnused } from './refuse-groups.ts'

const formerReason = 'factory.yml has no persona of this group any more, or calls its group otherwise.'

/** What is to happen to one member of a group. */
interface MemberDecision {
  readonly display: string
  readonly change: 'create' | 'keep' | 'delete'
  /** Absent for a group of ours that does not exist yet, and for a guest to invite. */
  readonly objectId?: string
  readonly group?: GroupKey
  /** The address of somebody who is invited first. */
  readonly guest?: string
  readonly reason?: string
}

/** The members of one group: who is added, who stays, who is removed. */
export function membershipDifference(
  group: DesiredGroup,
  desired: DesiredAccess,
  actual: ActualAccess,
): Difference {
  const present = actual.groups.get(group.key)?.members ?? []
  const arriving = [
    ...wantedPeople(group, actual, present),
    ...invitedIn(group, desired, actual).map(
      (guest): MemberDecision => ({ display: guest, guest, change: 'create' }),
    ),
    ...wantedGroups(group, desired, actual, present),
    ...wantedIdentities(group, actual, present),
  ]
  const staying = new Set(arriving.flatMap(({ objectId }) => objectId?.toLowerCase() ?? []))
  const others = present.filter(({ objectId }) => !staying.has(objectId.toLowerCase()))
  const leaving = leavingMembers(group, desired, actual, others)
  const foreign = group.membership === 'named' ? others.filter((one) => !leaving.includes(one)) : []
  const kept = arriving.length > 0 || leaving.length < present.length ? undefined : lastOf(group, leaving)
  const decisions = [
    ...arriving,
    ...leaving.map(
      (member): MemberDecision =>
        member === kept
          ? { ...member, change: 'keep', reason: 'Somebody must be in this group.' }
          : {
              ...member,
              change: 'delete',
              reason: isFormer(group.key) ? formerReason : 'No longer in the team.',
            },
    ),
    ...foreign.map(
      (member): MemberDecision => ({ ...member, change: 'keep', reason: 'Not in the documents: stays.' }),
    ),
  ]
  return {
    changes: decisions.map((decision) => memberChange(decision, group)),
    operations: memberOperations(decisions, group, isUnused(group.key, desired, actual)),
    warnings: [
      ...oddities(group, actual),
      ...foreignWarnings(group, foreign, actual),
      ...(kept === undefined ? emptiedWarning(group, leaving, present) : []),
      ...(kept === undefined
        ? []
        : [
            `${kept.display} stays in ${group.displayName}, because somebody must be in it. Name a successor first, or allow it with the input 'allow: no-lead'.`,
          ]),
    ],
  }
}

/** A whole team that leaves at once may have been deleted from a document by mistake. */
function emptiedWarning(
  { key, displayName, members, memberGroups, remove }: DesiredGroup,
  leaving: readonly GroupMember[],
  present: readonly GroupMember[],
): readonly string[] {
  const isAsked = remove.length > 0 || isFormer(key)
  const staysFilled = members.length + memberGroups.length > 0
  if (isAsked || staysFilled || leaving.length < 2 || leaving.length < present.length) return []
  return [
    `All ${leaving.length} members leave ${displayName}, because the documents name nobody for it any more. Put the team back if that is a mistake.`,
  ]
}

function wantedPeople(
  group: DesiredGroup,
  actual: ActualAccess,
  present: readonly GroupMember[],
): readonly MemberDecision[] {
  const people = new Map<string, ResolvedMember>()
  for (const member of group.members) {
    const resolved = actual.members.get(member)
    if (resolved !== undefined) people.set(resolved.objectId.toLowerCase(), resolved)
  }
  return [...people.values()].map(({ display, objectId, state }) => ({
    display,
    objectId,
    change: includes(present, objectId) ? 'keep' : 'create',
    ...(state === 'invited' && { reason: 'They have been invited, and have not accepted yet.' }),
    ...(state === 'disabled' && { reason: 'The account is disabled.' }),
  }))
}

/** What is odd about those whom the manifest names, and no reason to stop. */
function oddities(
  { members, memberPlaces, displayName }: DesiredGroup,
  actual: ActualAccess,
): readonly string[] {
  const places = Map.groupBy(
    members.flatMap((member, index) => {
      const resolved = actual.members.get(member)
      return resolved === undefined ? [] : [{ resolved, member, where: memberPlaces[index] }]
    }),
    ({ resolved }) => resolved.objectId.toLowerCase(),
  )
  return [...places.values()].flatMap((named): readonly string[] => {
    const [first, ...others] = named
    if (first === undefined) return []
    const { display, state } = first.resolved
    return [
      ...(state === 'disabled'
        ? [`${printable(display)} is in ${displayName}, and the account is disabled in Entra ID.`]
        : []),
      ...(others.length > 0
        ? [
            `${printable(display)} is named ${named.length} times for ${displayName}: ${named.map(({ member, where }) => (where === undefined ? member : `${member} (${where.file}:${where.line})`)).join(', ')}. Once is enough.`,
          ]
        : []),
    ]
  })
}

const includes = (members: readonly GroupMember[], objectId: string): boolean =>
  members.some((member) => member.objectId.toLowerCase() === objectId.toLowerCase())

function wantedGroups(
  group: DesiredGroup,
  desired: DesiredAccess,
  actual: ActualAccess,
  present: readonly GroupMember[],
): readonly MemberDecision[] {
  return group.memberGroups.map((key) => {
    const display = desired.groups.find((candidate) => candidate.key === key)?.displayName ?? key
    const objectId = actual.groups.get(key)?.objectId
    if (objectId === undefined) return { display, group: key, change: 'create' }
    return { display, group: key, objectId, change: includes(present, objectId) ? 'keep' : 'create' }
  })
}

/** An identity that does not exist yet is shown; `missingIdentities` stops the run before it is asked for. */
const wantedIdentities = (
  { memberIdentities }: DesiredGroup,
  { identities }: ActualAccess,
  present: readonly GroupMember[],
): readonly MemberDecision[] =>
  memberIdentities.map((key) => {
    const display = `the project's identity (${key})`
    const objectId = identities.get(key)
    if (objectId === undefined) return { display, change: 'create' }
    return { display, objectId, change: includes(present, objectId) ? 'keep' : 'create' }
  })

/** Of those who are in the group and whom nobody wants there, those who have to go. */
function leavingMembers(
  group: DesiredGroup,
  desired: DesiredAccess,
  actual: ActualAccess,
  others: readonly GroupMember[],
): readonly GroupMember[] {
  if (group.membership === 'exact') return others
  if (group.membership === 'named') {
    if (isUnused(group.key, desired, actual)) return others
    return others.filter((member) => wasNamed(group.key, member, actual))
  }
  const named = [
    ...group.remove.flatMap((member) => actual.members.get(member)?.objectId.toLowerCase() ?? []),
    ...group.formerGroups.flatMap((key) => actual.groups.get(key)?.objectId.toLowerCase() ?? []),
  ]
  return others.filter(({ objectId }) => named.includes(objectId.toLowerCase()))
}

/** The one who must stay, when all would leave. @throws UserError when they were to be removed by name */
function lastOf(group: DesiredGroup, leaving: readonly GroupMember[]): GroupMember | undefined {
  if (!group.neverEmpty) return undefined
  const [last] = [...leaving].sort((a, b) => (a.objectId < b.objectId ? -1 : 1))
  if (last === undefined || group.remove.length === 0) return last
  throw new UserError({
    what: `Nobody would be left in ${group.displayName}.`,
    why: 'A project must have somebody who answers for it.',
    fix: "Add a successor with the input 'add' in the same run. To go on without one, set the input 'allow: no-lead'.",
  })
}

const memberChange = ({ change, display, reason }: MemberDecision, group: DesiredGroup): Change => ({
  change,
  kind: 'member',
  name: display,
  scope: group.displayName,
  ...(reason === undefined ? {} : { reason }),
})

function memberOperations(
  decisions: readonly MemberDecision[],
  { key: group, displayName: groupName }: DesiredGroup,
  unused: boolean,
): readonly AccessOperation[] {
  const added = decisions.filter(({ change }) => change === 'create')
  const guests = added.flatMap((member) => member.guest ?? [])
  const addition: AccessOperation = {
    kind: 'add-members',
    group,
    groupName,
    objectIds: added.flatMap((member) => (member.group === undefined ? (member.objectId ?? []) : [])),
    groups: added.flatMap((member) => member.group ?? []),
    ...(guests.length > 0 && { guests }),
  }
  const removals = decisions.flatMap(({ change, objectId, display }): readonly AccessOperation[] =>
    change === 'delete' && objectId !== undefined
      ? [
          {
            ...{ kind: 'remove-member', group, groupName, objectId, display },
            ...(unused && { before: 'roles' }),
          },
        ]
      : [],
  )
  return addition.objectIds.length + addition.groups.length + guests.length === 0
    ? removals
    : [addition, ...removals]
}
