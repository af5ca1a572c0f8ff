import { printable } from '../diagnostics/escape.ts'
import { combinedError, type Fault } from '../diagnostics/fault.ts'
import type { Location } from '../diagnostics/user-error.ts'
import { sameText } from '../resource-id.ts'
import { isInvited } from './invitations.ts'
import type { ActualAccess, DesiredAccess, DesiredGroup, GroupKey, ResolvedMember } from './model.ts'
import { unresolvedFault } from './unresolved-fault.ts'

/** What has to be known of the directory. */
type Known = Pick<ActualAccess, 'groups' | 'members' | 'unresolved'>

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
  const faults = [...memberFaults(desired, actual), ...disabledFaults(desired, actual)]
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
    ...[...named.filter(({ member }) => !isInvited(member, desired, actual)), ...removed]
      .filter(({ member }) => !members.has(member))
      .map(({ member, where }) => unresolvedFault(member, where, actual.unresolved?.get(member))),
    ...named.flatMap((one) => {
      const resolved = members.get(one.member)
      if (resolved === undefined) return []
      return kindFault(one, resolved) ?? circleFault(one, resolved, desired, actual) ?? []
    }),
  ]
}

/**
 * Accounts that nobody can sign in with, and that are in no group of theirs yet: somebody has left, or will be back. Those
 * that are in it already stay, because a delivery has other things to do than to wait for the manifest.
 */
export function disabledFaults(desired: DesiredAccess, { groups, members }: Known): readonly Fault[] {
  return desired.groups.flatMap(namedMembers).flatMap(({ group, member, where }): readonly Fault[] => {
    const resolved = members.get(member)
    if (resolved?.state !== 'disabled') return []
    if (groups.get(group.key)?.members.some(({ objectId }) => sameText(objectId, resolved.objectId)))
      return []
    return [
      {
        what: `The account '${member}' is disabled in Entra ID.`,
        ...(where && { where }),
        why: 'Nobody can sign in with it. Once it is enabled again it would have all that the group may do.',
        fix: 'Remove the entry, or have the account enabled first.',
      },
    ]
  })
}

const namedMembers = (group: DesiredGroup): readonly NamedMember[] =>
  group.members.map((member, index) => ({ group, member, where: group.memberPlaces[index] }))

function kindFault(
  { member, where }: NamedMember,
  { kind, display, state }: ResolvedMember,
): Fault | undefined {
  if (state === 'noSecurityGroup') {
    return {
      what: `'${member}' (${printable(display)}) is no security group.`,
      ...(where && { where }),
      why: 'A security group can have people and security groups for members, but neither a Microsoft 365 group nor a distribution list.',
      fix: 'Name the people, or a security group that they are in.',
    }
  }
  if (kind === 'user' || kind === 'group') return undefined
  return {
    what: `'${member}' (${printable(display)}) is neither a person nor a group.`,
    ...(where && { where }),
    why: whatItIs[kind],
    fix: "Remove the entry. What applications may do is decided by the project's own identities.",
  }
}

const whatItIs = {
  servicePrincipal: 'It is an application or a managed identity, and a team is made of people.',
  device: 'It is a device, and a team is made of people.',
  other: 'A team is made of people.',
} as const

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
