import { UserError } from '../diagnostics/user-error.ts'
import type { Change } from '../plan/model.ts'
import { type Acl, type AclEntry, keyOf, mostNamedEntries, namedEntries } from './acl.ts'
import { type DesiredPath, type KnownPrincipal, knownPrincipals, type LakePrincipals } from './desired.ts'
import { gainsAndLosses, strangers, toProperty } from './explanation.ts'
import { addTo, type EntryChange, settle } from './merge.ts'
import { changeSteps, createSteps, isUnfinished, type LakeStep, unfinishedMark } from './steps.ts'

/** The difference between the folders as they should be and as they are. */
export interface LakeDifference {
  readonly changes: readonly Change[]
  readonly steps: readonly LakeStep[]
  /** Entries of others in the project's own folders: kept, but worth knowing. */
  readonly warnings: readonly string[]
}

/** The folders that exist, by path, with their lists. */
export type ActualLake = ReadonlyMap<string, Acl>

/**
 * Compares, and lists the steps that close the difference. Once they are applied, there is none.
 * @throws UserError before anything is done, when a list would become longer than Azure allows
 */
export function diffLake(
  desired: readonly DesiredPath[],
  actual: ActualLake,
  principals: LakePrincipals,
): LakeDifference {
  const known = knownPrincipals(principals)
  const mark = unfinishedMark(principals)
  const differences = desired.map((path) => diffPath(path, actual.get(path.path), known, mark))
  return {
    changes: differences.map(({ change }) => change),
    steps: differences.flatMap(({ steps }) => steps),
    warnings: differences.flatMap(({ warnings }) => warnings),
  }
}

/**
 * The lists of a folder that all projects share, with our entries added to what they are at this moment; undefined when
 * nothing is missing. Another project may have added its own since they were planned.
 */
export function withOurEntries(
  desired: DesiredPath,
  actual: Acl,
  principals: LakePrincipals,
): Acl | undefined {
  const { steps } = diffLake([desired], new Map([[desired.path, actual]]), principals)
  return steps.flatMap((step) => (step.step === 'set' ? [step.acl] : []))[0]
}

interface PathDifference {
  readonly change: Change
  readonly steps: readonly LakeStep[]
  readonly warnings: readonly string[]
}

function diffPath(
  desired: DesiredPath,
  existing: Acl | undefined,
  known: readonly KnownPrincipal[],
  mark: AclEntry,
): PathDifference {
  const { path, recursive, ownership, purpose } = desired
  const actual = existing ?? newFolder(ownership)
  const ids = new Set(known.map(({ id }) => id))
  const combine = (list: EntryChange['list'], now: readonly AclEntry[], wanted: readonly AclEntry[]) =>
    ownership === 'shared' ? addTo(list, now, wanted) : settle(list, now, wanted, ids)
  const access = combine('access', actual.access, desired.access)
  const defaults = combine('default', actual.defaults, desired.defaults)
  const final: Acl = { access: access.entries, defaults: defaults.entries }
  const changes = [...access.changes, ...defaults.changes]
  const interrupted = isUnfinished(actual, mark)
  assertFits(path, final.access, recursive ? 1 : 0)
  assertFits(path, final.defaults, 0)
  if (recursive && changes.length > 0) assertFits(path, actual.access, interrupted ? 0 : 1)

  const shown = changes.filter(({ before }) => before === undefined || keyOf(before) !== keyOf(mark))
  const again = interrupted ? ['An earlier run was interrupted here, and this one finishes it.'] : []
  return {
    change: {
      change: existing === undefined ? 'create' : changes.length > 0 ? 'modify' : 'keep',
      kind: 'folder',
      name: path === '' ? '/' : path,
      ...(shown.length === 0 ? {} : { properties: shown.map(toProperty) }),
      reason: [`${purpose}.`, ...again, ...gainsAndLosses(shown, known)].join(' '),
    },
    steps:
      existing === undefined
        ? createSteps(path, final)
        : changeSteps(desired, actual, final, changes, known, mark),
    warnings: ownership === 'shared' ? [] : strangers(path, actual, ids),
  }
}

/** The lists that ours are added to in a folder that does not exist yet. */
const newFolder = (ownership: DesiredPath['ownership']): Acl =>
  ownership === 'project'
    ? { access: [], defaults: [] }
    : {
        access: [
          { type: 'user', rights: 'rwx' },
          { type: 'group', rights: 'r-x' },
          { type: 'other', rights: '---' },
        ],
        defaults: [],
      }

function assertFits(path: string, entries: readonly AclEntry[], extra: number): void {
  const count = namedEntries(entries).length + extra
  if (count <= mostNamedEntries) return
  throw new UserError({
    what: `Folder '${path === '' ? '/' : path}' of the data lake would need ${count} named entries in one access control list.`,
    why: `Azure allows ${mostNamedEntries} besides owner, owning group, others and mask. Nothing was changed.`,
    fix: 'Remove entries of single people and old groups from this folder, and add the people to groups.',
    more: 'https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control-model',
  })
}
