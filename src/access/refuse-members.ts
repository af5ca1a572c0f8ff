import { type Location, UserError } from '../diagnostics/user-error.ts'
import type { ActualAccess, DesiredAccess, DesiredGroup, GroupKey, ResolvedMember } from './model.ts'

/** A member that a manifest or an input names, in one group. */
interface NamedMember {
  readonly group: DesiredGroup
  readonly member: string
  readonly where: Location | undefined
}

/**
 * Refuses a desire that names members whom a group cannot have, before anything is done.
 * @throws UserError
 */
export function refuseMembers(desired: DesiredAccess, actual: ActualAccess): void {
  unknownMembers(desired, actual)
  for (const named of desired.groups.flatMap(namedMembers)) {
    const resolved = actual.members.get(named.member)
    if (resolved === undefined) continue
    refuseKind(named, resolved)
    refuseCircle(named, resolved, desired, actual)
  }
}

const namedMembers = (group: DesiredGroup): readonly NamedMember[] =>
  group.members.map((member, index) => ({ group, member, where: group.memberPlaces[index] }))

/** Members that Entra ID does not have, all of them at once. */
function unknownMembers({ groups }: DesiredAccess, { members }: ActualAccess): void {
  const unknown = groups
    .flatMap((group) => [
      ...namedMembers(group),
      ...group.remove.map((member): NamedMember => ({ group, member, where: undefined })),
    ])
    .filter(({ member }) => !members.has(member))
  const [first] = unknown
  if (first === undefined) return
  const names = [...new Set(unknown.map(({ member }) => `'${member}'`))]
  throw new UserError({
    what: `Entra ID has no user or group ${names.join(', ')}.`,
    ...(first.where === undefined ? {} : { where: first.where }),
    why: 'Each must be a user principal name, the e-mail address of a guest, or an object id of this tenant.',
    fix: 'Correct the spelling, invite the guest first, or remove the entry.',
  })
}

function refuseKind({ member, where }: NamedMember, { kind, display }: ResolvedMember): void {
  if (kind === 'user' || kind === 'group') return
  throw new UserError({
    what: `'${member}' (${display}) is neither a person nor a group.`,
    ...(where === undefined ? {} : { where }),
    why:
      kind === 'servicePrincipal'
        ? 'It is an application or a managed identity, and a team is made of people.'
        : 'A team is made of people.',
    fix: "Remove the entry. What applications may do is decided by the project's own identities.",
  })
}

/** Groups of this project can be named by their object ids, but none may contain itself by any way. */
function refuseCircle(
  { group, member, where }: NamedMember,
  { objectId }: ResolvedMember,
  desired: DesiredAccess,
  actual: ActualAccess,
): void {
  const named = groupOf(objectId, desired, actual)
  if (named === undefined || !reaches(named, group.key, desired, actual, new Set())) return
  throw new UserError({
    what: `'${member}' is the group ${named.displayName}, which would be a member of itself.`,
    ...(where === undefined ? {} : { where }),
    fix: 'Name the people instead, or another group.',
  })
}

const groupOf = (
  objectId: string,
  { groups }: DesiredAccess,
  actual: ActualAccess,
): DesiredGroup | undefined =>
  groups.find(({ key }) => actual.groups.get(key)?.objectId.toLowerCase() === objectId.toLowerCase())

/** Is a group this one, or does it contain it? */
function reaches(
  from: DesiredGroup,
  to: GroupKey,
  desired: DesiredAccess,
  actual: ActualAccess,
  visited: Set<GroupKey>,
): boolean {
  if (from.key === to) return true
  if (visited.has(from.key)) return false
  visited.add(from.key)
  const inside = [
    ...desired.groups.filter(({ key }) => from.memberGroups.includes(key)),
    ...from.members.flatMap((member) => {
      const id = actual.members.get(member)?.objectId
      return id === undefined ? [] : (groupOf(id, desired, actual) ?? [])
    }),
  ]
  return inside.some((group) => reaches(group, to, desired, actual, visited))
}
