import { combinedError, type Fault } from '../diagnostics/fault.ts'
import type { Location } from '../diagnostics/user-error.ts'
import type { ActualAccess, DesiredAccess, DesiredGroup, GroupKey, ResolvedMember } from './model.ts'

/** What has to be known of the directory. */
type Known = Pick<ActualAccess, 'groups' | 'members'>

/** A member that a manifest or an input names, in one group. */
interface NamedMember {
  readonly group: DesiredGroup
  readonly member: string
  readonly where: Location | undefined
}

/**
 * Refuses a desire that names members whom a group cannot have, before anything is done.
 * @throws UserError with all of them
 */
export function refuseMembers(desired: DesiredAccess, actual: ActualAccess): void {
  const faults = memberFaults(desired, actual)
  if (faults.length > 0) throw combinedError('The members of the groups have', faults)
}

/** Every member that a group cannot have, with its place. Those whom the directory does not know come first. */
export function memberFaults(desired: DesiredAccess, actual: Known): readonly Fault[] {
  const { members } = actual
  const named = desired.groups.flatMap(namedMembers)
  const removed = desired.groups.flatMap((group) =>
    group.remove.map((member): NamedMember => ({ group, member, where: undefined })),
  )
  return [
    ...[...named, ...removed].filter(({ member }) => !members.has(member)).map(unknownFault),
    ...named.flatMap((one) => {
      const resolved = members.get(one.member)
      if (resolved === undefined) return []
      return kindFault(one, resolved) ?? circleFault(one, resolved, desired, actual) ?? []
    }),
  ]
}

const namedMembers = (group: DesiredGroup): readonly NamedMember[] =>
  group.members.map((member, index) => ({ group, member, where: group.memberPlaces[index] }))

const unknownFault = ({ member, where }: NamedMember): Fault => ({
  what: `Entra ID has no user or group '${member}'.`,
  ...(where && { where }),
  why: 'Each must be a user principal name, the e-mail address of a guest, or an object id of this tenant.',
  fix: 'Correct the spelling, invite the guest first, or remove the entry.',
})

function kindFault({ member, where }: NamedMember, { kind, display }: ResolvedMember): Fault | undefined {
  if (kind === 'user' || kind === 'group') return undefined
  return {
    what: `'${member}' (${display}) is neither a person nor a group.`,
    ...(where && { where }),
    why:
      kind === 'servicePrincipal'
        ? 'It is an application or a managed identity, and a team is made of people.'
        : 'A team is made of people.',
    fix: "Remove the entry. What applications may do is decided by the project's own identities.",
  }
}

/** Groups of this project can be named by their object ids, but none may contain itself by any way. */
function circleFault(
  { group, member, where }: NamedMember,
  { objectId }: ResolvedMember,
  desired: DesiredAccess,
  actual: Known,
): Fault | undefined {
  const named = groupOf(objectId, desired, actual)
  if (named === undefined || !reaches(named, group.key, desired, actual, new Set())) return undefined
  return {
    what: `'${member}' is the group ${named.displayName}, which would be a member of itself.`,
    ...(where && { where }),
    fix: 'Name the people instead, or another group.',
  }
}

const groupOf = (objectId: string, { groups }: DesiredAccess, actual: Known): DesiredGroup | undefined =>
  groups.find(({ key }) => actual.groups.get(key)?.objectId.toLowerCase() === objectId.toLowerCase())

/** Is a group this one, or does it contain it? */
function reaches(
  from: DesiredGroup,
  to: GroupKey,
  desired: DesiredAccess,
  actual: Known,
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
