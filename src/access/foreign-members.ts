import { enumeration } from '../diagnostics/enumeration.ts'
import { printable } from '../diagnostics/escape.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import type { ActualAccess, DesiredAccess, DesiredGroup, GroupKey, GroupMember } from './model.ts'
import { isUnused } from './refuse-groups.ts'

/** Do the documents alone decide who is in a group? */
export const membershipIn = ({ members }: Pick<ResolvedFactory, 'members'>): DesiredGroup['membership'] =>
  members.foreign === 'remove' ? 'exact' : 'named'

/**
 * Those who are in a group, whom the documents do not name, and of whom it matters who put them in: where members of
 * others stay. A group that has none of its roles yet loses them whoever they are.
 */
export function unnamedMembers(
  desired: DesiredAccess,
  actual: ActualAccess,
): ReadonlyMap<GroupKey, readonly GroupMember[]> {
  return new Map(
    desired.groups.flatMap((group): readonly (readonly [GroupKey, readonly GroupMember[]])[] => {
      if (group.membership !== 'named' || isUnused(group.key, desired, actual)) return []
      const named = new Set(
        group.members.flatMap((member) => actual.members.get(member)?.objectId.toLowerCase() ?? []),
      )
      const others = (actual.groups.get(group.key)?.members ?? []).filter(
        ({ objectId }) => !named.has(objectId.toLowerCase()),
      )
      return others.length === 0 ? [] : [[group.key, others]]
    }),
  )
}

/** Did an earlier version of the documents name this member of a group? Not, as far as nobody knows. */
export const wasNamed = (key: GroupKey, { objectId }: GroupMember, { former }: ActualAccess): boolean =>
  former?.kind === 'known' && former.objectIds.get(key)?.has(objectId.toLowerCase()) === true

const mostNamed = 10

/** What a reader should know of members of a group who stay although the documents do not name them; nothing without any. */
export function foreignWarnings(
  { key, displayName }: Pick<DesiredGroup, 'key' | 'displayName'>,
  foreign: readonly GroupMember[],
  { former }: Pick<ActualAccess, 'former'>,
): readonly string[] {
  if (foreign.length === 0) return []
  const names = enumeration(
    foreign.map(({ display }) => printable(display)),
    mostNamed,
  )
  const [are, stay] = foreign.length === 1 ? ['is', 'stays'] : ['are', 'stay']
  if (former?.kind === 'unreadable') {
    return [
      `${names} ${are} in ${displayName} and not in the documents, and ${stay}: whether an earlier version named them is not known, because ${former.why}. Give the run a 'github-token' that may read the repository (contents: read), ${howToRemove(key, foreign)}, or let the documents alone decide: 'members: { foreign: remove }' in factory.yml.`,
    ]
  }
  const otherwise = former?.unresolved?.get(key) ?? []
  if (otherwise.length > 0) {
    const earlier = enumeration(
      otherwise.map((name) => printable(name)),
      mostNamed,
    )
    return [
      `${names} ${are} in ${displayName}, and ${stay}: no version of the documents names them as they are called now, but earlier ones name ${earlier}, whom Entra ID does not find any more. Is that them? Then ${howToRemove(key, foreign)}.`,
    ]
  }
  const read = former?.versions === undefined ? '' : ` (the last ${former.versions} were read)`
  return [
    `${names} ${are} in ${displayName}, and ${stay}: others added them, and no version of the documents names them${read}. 'members: { foreign: remove }' in factory.yml lets the documents alone decide.`,
  ]
}

/** Inputs ask for one change to a project's persona; the core team is what its document says. */
function howToRemove(key: GroupKey, foreign: readonly GroupMember[]): string {
  const [kind, persona] = key.split(':')
  if (kind !== 'persona')
    return 'have the document name them by object id, and take that out again with a later commit'
  const ids = foreign.slice(0, mostNamed).map(({ objectId }) => objectId)
  return `remove them with the inputs 'persona: ${persona}' and 'remove: ${ids.join(',')}'`
}
