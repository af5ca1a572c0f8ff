import { type Acl, type AclEntry, formatAcl, idOf, keyOf, rightsOf } from './acl.ts'
import type { DesiredPath, KnownPrincipal, LakePrincipals } from './desired.ts'
import type { EntryChange } from './merge.ts'

/**
 * What has to be done to one folder, in this order.
 *
 * A change that goes down into a folder with much in it can be interrupted. So that the next run knows, the folder
 * carries a mark while it is under way: an entry that grants nothing, {@link unfinishedMark}. It is set before
 * the first change below, which does not touch it, and is removed when all is done.
 */
export type LakeStep =
  | { readonly step: 'create'; readonly path: string }
  /**
   * Replaces the lists of the folder alone. What is there has to be the {@link sameAcl} as `expected`, or somebody
   * else's change would be lost; a folder that was just created has nothing to lose.
   */
  | { readonly step: 'set'; readonly path: string; readonly acl: Acl; readonly expected?: Acl }
  /** Removes these entries from the folder and everything in it, whatever their permissions. */
  | { readonly step: 'remove-recursively'; readonly path: string; readonly entries: Acl }
  /** Adds and changes these entries on the folder and everything in it. */
  | { readonly step: 'modify-recursively'; readonly path: string; readonly entries: Acl }
  /** Reads the folder's lists again and sets them {@link withoutMark}. */
  | { readonly step: 'unmark'; readonly path: string; readonly mark: AclEntry }

/**
 * The sign that a change below a folder was started and not finished. It names the project's identity as if it were a
 * group, without permissions: Azure stores it, and it never applies to anybody.
 */
export const unfinishedMark = ({ projectIdentity }: LakePrincipals): AclEntry => ({
  type: 'group',
  id: projectIdentity.toLowerCase(),
  rights: '---',
})

/** Do two folders have the same lists, in whatever order? */
export const sameAcl = (a: Acl, b: Acl): boolean => formatAcl(a) === formatAcl(b)

/** Lists as they are when the change is done. */
export const withoutMark = ({ access, defaults }: Acl, mark: AclEntry): Acl => ({
  access: access.filter((entry) => keyOf(entry) !== keyOf(mark)),
  defaults,
})

/** Does the folder carry the mark of a change that was not finished? */
export const isUnfinished = ({ access }: Acl, mark: AclEntry): boolean =>
  rightsOf(access, keyOf(mark)) !== undefined

/** A new folder is empty, so nothing below it needs changing: what comes later inherits. */
export const createSteps = (path: string, acl: Acl): readonly LakeStep[] => [
  { step: 'create', path },
  { step: 'set', path, acl },
]

/** The steps that bring an existing folder, and where its rights are inherited everything in it, from `actual` to `final`. */
export function changeSteps(
  desired: DesiredPath,
  actual: Acl,
  final: Acl,
  changes: readonly EntryChange[],
  known: readonly KnownPrincipal[],
  mark: AclEntry,
): readonly LakeStep[] {
  const { path, recursive } = desired
  if (changes.length === 0) return []
  if (!recursive) return [{ step: 'set', path, acl: final, expected: actual }]
  const unfinished = isUnfinished(actual, mark)
  // Which entries an interrupted run had reached is not known, so all are dealt with again.
  const modified = unfinished ? desired : entriesOf(changes, ({ after }) => after)
  const removed = unfinished
    ? { access: unwanted(desired.access, known, mark), defaults: unwanted(desired.defaults, known, mark) }
    : entriesOf(changes, ({ before, after }) => (after === undefined ? before : undefined))
  const begin: LakeStep = { step: 'set', path, acl: marked(actual, mark), expected: actual }
  const remove: LakeStep = { step: 'remove-recursively', path, entries: removed }
  const modify: LakeStep = { step: 'modify-recursively', path, entries: withMasks(modified, removed) }
  return [
    ...(unfinished ? [] : [begin]),
    ...(removed.access.length + removed.defaults.length === 0 ? [] : [remove]),
    modify,
    { step: 'unmark', path, mark },
  ]
}

/** A list that names somebody has a mask: what the owning group has, when there was none. */
function marked({ access, defaults }: Acl, mark: AclEntry): Acl {
  const hasMask = rightsOf(access, 'mask:') !== undefined
  const added: AclEntry = { type: 'mask', rights: rightsOf(access, 'group:') ?? '---' }
  return { access: [...access, ...(hasMask ? [] : [added]), mark], defaults }
}

/**
 * With the mask among the entries, Azure takes it as it is. Without, every change makes Azure calculate one of its own.
 */
function withMasks(modified: Acl, removed: Acl): Acl {
  const complete = (entries: readonly AclEntry[], taken: readonly AclEntry[]): readonly AclEntry[] =>
    entries.length + taken.length === 0 || rightsOf(entries, 'mask:') !== undefined
      ? entries
      : [...entries, { type: 'mask', rights: 'rwx' }]
  return {
    access: complete(modified.access, removed.access),
    defaults: complete(modified.defaults, removed.defaults),
  }
}

function entriesOf(
  changes: readonly EntryChange[],
  pick: (change: EntryChange) => AclEntry | undefined,
): Acl {
  const of = (wanted: EntryChange['list']): readonly AclEntry[] =>
    changes.flatMap((change) => {
      const entry = change.list === wanted ? pick(change) : undefined
      return entry === undefined ? [] : [entry]
    })
  return { access: of('access'), defaults: of('default') }
}

/** Every entry that somebody we know could have had and should not have. */
function unwanted(
  wanted: readonly AclEntry[],
  known: readonly KnownPrincipal[],
  mark: AclEntry,
): readonly AclEntry[] {
  const keep = new Set([...wanted, mark].map(keyOf))
  return known
    .flatMap(({ id }): readonly AclEntry[] => [
      { type: 'user', id, rights: '---' },
      { type: 'group', id, rights: '---' },
    ])
    .filter((entry) => idOf(entry) !== undefined && !keep.has(keyOf(entry)))
}
