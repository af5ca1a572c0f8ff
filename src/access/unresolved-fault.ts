import { printable } from '../diagnostics/escape.ts'
import type { Fault } from '../diagnostics/fault.ts'
import type { Location } from '../diagnostics/user-error.ts'
import type { GroupMember, UnresolvedMember } from './model.ts'

/** Somebody whom the directory does not have, or more than once, with those who may be meant. */
export function unresolvedFault(
  member: string,
  where: Location | undefined,
  unresolved: UnresolvedMember | undefined,
): Fault {
  const { reason, candidates } = unresolved ?? { reason: 'unknown', candidates: [] }
  return { ...(where && { where }), ...explanations[reason](member, candidates) }
}

const explanations: Readonly<
  Record<
    UnresolvedMember['reason'],
    (member: string, candidates: readonly GroupMember[]) => Pick<Fault, 'what' | 'why' | 'fix'>
  >
> = {
  several: (member, candidates) => ({
    what: `More than one account in Entra ID has the address '${member}': ${listed(candidates)}.`,
    why: 'A guest and a member may have the same e-mail address.',
    fix: 'Name the person by object id instead.',
  }),
  deleted: (member, candidates) => ({
    what: `The account '${member}' was deleted from Entra ID: ${listed(candidates)}.`,
    why: 'A deleted account can be restored for 30 days, with the groups that it was in.',
    fix: 'Remove the entry, or have the account restored first.',
  }),
  unknown: (member, candidates) => ({
    what: `Entra ID has no user or group '${member}'.`,
    why: 'Each must be a user principal name, an e-mail address of a person or guest, or an object id, of this tenant.',
    fix:
      candidates.length === 0
        ? 'Correct the spelling, invite the guest first, or remove the entry.'
        : `Is it ${listed(candidates)}? Correct the spelling, invite the guest first, or remove the entry.`,
  }),
}

const mostListed = 5

/** Candidates by the name that people know and the object id, which can be written instead. */
const listed = (candidates: readonly GroupMember[]): string => {
  const shown = candidates
    .slice(0, mostListed)
    .map(({ display, objectId }) => `${printable(display)} (${objectId})`)
  return [...shown, ...(candidates.length > mostListed ? ['…'] : [])].join(', ')
}
