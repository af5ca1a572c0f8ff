import { printable } from '../diagnostics/escape.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import type { AccessOperation, ActualAccess, DesiredAccess, DesiredGroup, Difference } from './model.ts'

/** Of an address what comes after the @, in lower case. */
const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase()

/** Who knows which domains are the tenant's own: its members have their names in them, and guests have not. */
type Directory = Pick<ActualAccess, 'members' | 'unresolved'>

/** The domains of people who are known not to be guests. */
function ownDomains({ members, unresolved }: Directory): ReadonlySet<string> {
  const people = [...members.values()].filter(({ kind }) => kind === 'user')
  const candidates = [...(unresolved?.values() ?? [])].flatMap((one) => one.candidates)
  return new Set(
    [...people, ...candidates].flatMap(({ display }) =>
      display.includes('@') && !display.includes('#EXT#') ? [domainOf(display)] : [],
    ),
  )
}

/**
 * Is somebody to be invited, whom the directory does not have? Not somebody whose address is in a domain of the tenant: such
 * a name is misspelt. Nor somebody of whom the directory knows more.
 */
export function isInvited(
  member: string,
  { invitesInto }: Pick<DesiredAccess, 'invitesInto'>,
  directory: Directory,
): boolean {
  if (invitesInto === undefined || !member.includes('@') || member.includes('#')) return false
  if (directory.members.has(member) || directory.unresolved?.get(member)?.reason !== 'unknown') return false
  return !ownDomains(directory).has(domainOf(member))
}

/** Those of a group who are to be invited first, each once. */
export const invitedIn = (
  { members }: Pick<DesiredGroup, 'members'>,
  desired: DesiredAccess,
  actual: ActualAccess,
): readonly string[] => [
  ...new Map(
    members
      .filter((member) => isInvited(member, desired, actual))
      .map((member) => [member.toLowerCase(), member] as const),
  ).values(),
]

/** Are guests invited, and where? */
export const guestsOf = ({
  members,
  tenantId,
}: Pick<ResolvedFactory, 'members' | 'tenantId'>): Pick<DesiredAccess, 'invitesInto'> =>
  members.invite ? { invitesInto: tenantId } : {}

/** The invitations, one for each address, whatever number of groups it is named for. */
export function invitationDifference(desired: DesiredAccess, actual: ActualAccess): Difference {
  const { invitesInto: tenantId = '' } = desired
  const addresses = invitedIn({ members: desired.groups.flatMap(({ members }) => members) }, desired, actual)
  return {
    changes: addresses.map((address) => ({
      change: 'create',
      kind: 'guest',
      name: address,
      reason: 'Entra ID does not have them yet: they are invited, by e-mail.',
    })),
    operations: addresses.map((address): AccessOperation => ({ kind: 'invite', address, tenantId })),
    warnings: addresses.flatMap((address) => similarWarning(address, actual)),
  }
}

/** Somebody of the same organisation has nearly the same name. */
function similarWarning(address: string, { unresolved }: ActualAccess): readonly string[] {
  const similar = (unresolved?.get(address)?.candidates ?? []).filter(({ display }) =>
    display.toLowerCase().includes(domainOf(address)),
  )
  if (similar.length === 0) return []
  const names = similar.map(({ display }) => printable(display)).join(', ')
  return [`${printable(address)} is to be invited. Is not ${names} meant, who is in Entra ID already?`]
}
