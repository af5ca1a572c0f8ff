import { printable } from '../diagnostics/escape.ts'
import { combinedError, type Fault } from '../diagnostics/fault.ts'
import { sameText } from '../resource-id.ts'
import type { ActualAccess, DesiredAccess, DesiredGroup, GroupKey, GroupOwnership } from './model.ts'

/**
 * Refuses groups of the right names that are not this environment's own, before anything is done: roles for them would be
 * roles for whomever their owners choose.
 * @throws UserError with all of them
 */
export function refuseGroups(desired: DesiredAccess, actual: ActualAccess): void {
  const faults = desired.groups.flatMap(({ key, displayName }) => {
    const found = actual.groups.get(key)
    if (found === undefined) return []
    return groupFault(displayName, found.ownership) ?? strangersFault(key, desired, actual) ?? []
  })
  if (faults.length > 0) throw combinedError('The groups have', faults)
}

/**
 * Has a group none of the roles that it should have? Then nobody knows who put its members in: another environment may
 * have created it, and given it away.
 */
export function isUnused(
  key: GroupKey,
  { assignments }: DesiredAccess,
  { groups, assignments: actual, inherited, eligible }: ActualAccess,
): boolean {
  const objectId = groups.get(key)?.objectId
  if (objectId === undefined) return false
  return (
    assignments.some(({ principal }) => 'group' in principal && principal.group === key) &&
    ![...actual, ...(eligible.kind === 'known' ? eligible.eligible : [])].some(({ principalId }) =>
      sameText(principalId, objectId),
    ) &&
    !inherited.some(({ heldBy }) => heldBy.some((id) => sameText(id, objectId)))
  )
}

/** One change to a persona leaves everybody else in the group, so they have to be known. */
function strangersFault(key: GroupKey, desired: DesiredAccess, actual: ActualAccess): Fault | undefined {
  const group = actual.groups.get(key)
  if (desired.extent !== 'persona' || group === undefined || group.members.length === 0) return undefined
  if (!isUnused(key, desired, actual)) return undefined
  return {
    what: `The group '${printable(group.displayName)}' has members and none of its roles yet.`,
    why: 'One change leaves the others in a group, and nothing shows who put them in.',
    fix: "Run add-member by the manifest first, without 'persona': it takes out whoever the manifest does not name.",
  }
}

const takeOver =
  "Is it a group of this factory, a person who sets the factory up takes it over: 'npm run setup -- path/to/factory.yml'. Is it not, have it renamed or deleted."

/** What is wrong with whose a group is; undefined when it may be used. */
export function groupFault(name: string, ownership: GroupOwnership): Fault | undefined {
  if (ownership.kind === 'nobody') {
    return {
      what: `The group '${name}' in Entra ID has no owner.`,
      why: 'The identities of an environment change only the groups that they own. Earlier versions created groups without an owner, with a right to all groups of the tenant.',
      fix: takeOver,
    }
  }
  if (ownership.kind === 'others') {
    return {
      what: `The group '${name}' in Entra ID belongs to somebody else: ${printable(ownership.owners.join(', '))}.`,
      why: 'Names of groups are not unique, and whoever owns a group can put anybody into it. So only groups are used that the identities of this environment own, and nobody besides.',
      fix: takeOver,
    }
  }
  return undefined
}

/** Is a group that nobody asks for this environment's own, as far as whoever is signed in may see? */
export const mayBeOurs = ({ ownership }: { readonly ownership: Pick<GroupOwnership, 'kind'> }): boolean =>
  ownership.kind === 'ours' || ownership.kind === 'unknown'

/** A group that nobody needs any more, and that is somebody else's, has nothing to do with us. */
export const isOfOthers = ({ presence }: Pick<DesiredGroup, 'presence'>, { kind }: GroupOwnership): boolean =>
  presence === 'if-exists' && kind === 'others'
