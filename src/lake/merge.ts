import { type AclEntry, idOf, inOrder, keyOf, namedEntries, rightsOf, union } from './acl.ts'

/** One entry that is not as it should be. Without `after` it has to go. */
export interface EntryChange {
  readonly list: 'access' | 'default'
  readonly before?: AclEntry
  readonly after?: AclEntry
}

/** One list as it will be, and which entries make the difference. */
export interface MergedList {
  readonly entries: readonly AclEntry[]
  readonly changes: readonly EntryChange[]
}

type List = EntryChange['list']

/**
 * A list of a shared folder with our entries added: an entry that is there keeps what it has and gets what it lacks,
 * and the mask is widened where it would take our rights away.
 */
export function addTo(list: List, actual: readonly AclEntry[], wanted: readonly AclEntry[]): MergedList {
  const widened = wanted.map((entry) => {
    const now = rightsOf(actual, keyOf(entry))
    return now === undefined ? entry : { ...entry, rights: union(now, entry.rights) }
  })
  return merged(list, actual, withMask(actual, widened), [])
}

/** The mask that lets through what was let through before, and our entries. */
function withMask(actual: readonly AclEntry[], ours: readonly AclEntry[]): readonly AclEntry[] {
  const named = namedEntries(ours)
  if (named.length === 0) return ours
  const before = rightsOf(actual, 'mask:') ?? rightsOf(actual, 'group:') ?? '---'
  const rights = named.reduce((mask, entry) => union(mask, entry.rights), before)
  return [...ours, { type: 'mask', rights }]
}

/**
 * A list of the project's own folder: our entries as they should be, none for those we know besides, and whatever
 * others have put there left alone.
 * @param known Object ids whose entries are ours to decide, as users and as groups
 */
export function settle(
  list: List,
  actual: readonly AclEntry[],
  wanted: readonly AclEntry[],
  known: ReadonlySet<string>,
): MergedList {
  const keep = new Set(wanted.map(keyOf))
  const unwanted = actual.filter((entry) => known.has(idOf(entry) ?? '') && !keep.has(keyOf(entry)))
  return merged(list, actual, wanted, unwanted)
}

function merged(
  list: List,
  actual: readonly AclEntry[],
  wanted: readonly AclEntry[],
  unwanted: readonly AclEntry[],
): MergedList {
  const replaced = new Set([...wanted, ...unwanted].map(keyOf))
  const entries = inOrder([...actual.filter((entry) => !replaced.has(keyOf(entry))), ...wanted])
  const changes = wanted.flatMap((after): readonly EntryChange[] => {
    const before = actual.find((entry) => keyOf(entry) === keyOf(after))
    if (before?.rights === after.rights) return []
    return [before === undefined ? { list, after } : { list, before, after }]
  })
  return { entries, changes: [...changes, ...unwanted.map((before): EntryChange => ({ list, before }))] }
}
