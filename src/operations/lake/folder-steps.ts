import { isChangedMeanwhile, type LakeContainer } from '../../azure/data-lake.ts'
import { retryWhile } from '../../azure/retry.ts'
import type { Session } from '../../azure/session.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { Acl } from '../../lake/acl.ts'
import { fromControlItems, toControlItems } from '../../lake/control-items.ts'
import type { DesiredPath, LakePrincipals } from '../../lake/desired.ts'
import { withOurEntries } from '../../lake/difference.ts'
import { type LakeStep, sameAcl, withoutMark } from '../../lake/steps.ts'
import type { Step } from '../apply-steps.ts'
import type { ActualFolder } from './read-folders.ts'

/** How many folders and files got another access control list. */
export interface Counts {
  directories: number
  files: number
}

/** The lists of a folder, and when they were like that. */
type KnownFolder = Acl & Pick<ActualFolder, 'etag'>

/** What the steps change, and what they need for it. */
export interface LakeChange {
  readonly container: LakeContainer
  readonly desired: readonly DesiredPath[]
  readonly principals: LakePrincipals
  readonly session: Pick<Session, 'progress' | 'sleep' | 'random'>
  /** What the steps have changed; each adds to it. */
  readonly counts: Counts
  /** The folders as they were read. What a step has changed is taken out, and read again when it is needed. */
  readonly known: Map<string, KnownFolder>
}

/** What one folder needs first, second, and so on, level by level: what is in one level goes together. */
export function folderSteps(steps: readonly LakeStep[], change: LakeChange): readonly Step[] {
  const turnOf = (step: LakeStep): number => steps.filter(({ path }) => path === step.path).indexOf(step)
  return steps
    .map((step) => ({ step, level: levelOf(step.path), turn: turnOf(step) }))
    .toSorted((a, b) => a.level - b.level || a.turn - b.turn)
    .map(({ step, level, turn }) => ({
      name: nameOf(step),
      stage: `${level}.${turn}`,
      apply: async () => {
        const { directories, files } = await apply(step, change)
        change.counts.directories += directories
        change.counts.files += files
      },
    }))
}

const levelOf = (path: string): number => (path === '' ? 0 : path.split('/').length)

const shownPath = (path: string): string => `'${path === '' ? '/' : path}'`

function nameOf({ step, path }: LakeStep): string {
  switch (step) {
    case 'create':
      return `Create folder ${shownPath(path)}`
    case 'set':
      return `Set ACL of folder ${shownPath(path)}`
    case 'unmark':
      return `Complete ACL of folder ${shownPath(path)}`
    case 'modify-recursively':
      return `Update ACL entries of folder ${shownPath(path)} and its contents`
    case 'remove-recursively':
      return `Remove ACL entries from folder ${shownPath(path)} and its contents`
  }
}

async function apply(step: LakeStep, change: LakeChange): Promise<Counts> {
  const { container, desired, known } = change
  const shared = desired.find(({ path, ownership }) => path === step.path && ownership === 'shared')
  switch (step.step) {
    case 'create':
      await createFolder(step.path, shared !== undefined, change)
      return { directories: 0, files: 0 }
    case 'set':
      return shared === undefined ? setOwnFolder(step, change) : setSharedFolder(shared, change)
    case 'unmark':
      return setFolder(change, step.path, (actual) => withoutMark(actual, step.mark))
    case 'modify-recursively':
      known.delete(step.path)
      return container.modifyRecursively(step.path, entriesOf(step.entries))
    case 'remove-recursively':
      known.delete(step.path)
      return container.removeRecursively(step.path, entriesOf(step.entries))
  }
}

const entriesOf = (acl: Acl) => toControlItems(acl).map((item) => ({ ...item }))

/** A folder of the project's own that was created just now has nothing that its lists would be decided on. */
async function createFolder(
  path: string,
  isShared: boolean,
  { container, known }: LakeChange,
): Promise<void> {
  const etag = await container.ensureFolder(path)
  if (etag !== undefined && !isShared) known.set(path, { access: [], defaults: [], etag })
}

type Decide = (actual: Acl) => Acl | undefined

/** Replaces the lists of one folder, decided on what was read of it, or is there now; undefined leaves them as they are. */
async function setFolder({ container, known }: LakeChange, path: string, decide: Decide): Promise<Counts> {
  const read = known.get(path)
  known.delete(path)
  if (read !== undefined) return setList(container, path, decide(read), read.etag)
  const found = await container.readAccess(path)
  if (found === undefined) {
    throw new UserError({
      what: `The data lake created folder '${path}', and it is not there.`,
      why: 'Somebody has removed it meanwhile, or a service that is not Azure has answered.',
      fix: 'Run the job again; what is done stays done.',
    })
  }
  return setList(container, path, decide(fromControlItems(found.entries)), found.etag)
}

/** Sets the lists of a folder of the project's own; when it is no longer what was read, what is there now decides. */
async function setOwnFolder(step: Extract<LakeStep, { step: 'set' }>, change: LakeChange): Promise<Counts> {
  const set = () => setFolder(change, step.path, (actual) => replacement(step, actual))
  if (!change.known.has(step.path)) return set()
  try {
    return await set()
  } catch (error) {
    if (!isChangedMeanwhile(error)) throw error
    return set()
  }
}

async function setList(
  container: LakeContainer,
  path: string,
  acl: Acl | undefined,
  etag: string,
): Promise<Counts> {
  if (acl === undefined) return { directories: 0, files: 0 }
  await container.setAccess(path, entriesOf(acl), etag)
  return { directories: 1, files: 0 }
}

/**
 * Adds our entries to a folder that all projects share. Another project may do the same at this moment, so it is decided
 * on what is there now, and again when that has changed before it is written.
 */
const setSharedFolder = (folder: DesiredPath, change: LakeChange): Promise<Counts> =>
  retryWhile(
    () => setFolder(change, folder.path, (actual) => withOurEntries(folder, actual, change.principals)),
    (error) => (isChangedMeanwhile(error) ? 'somebody else changed it in the meantime' : undefined),
    `Setting the ACL of ${shownPath(folder.path)} in the data lake`,
    change.session,
    6,
  )

/** The lists to set, unless somebody changed what they were decided on. */
function replacement({ path, acl, expected }: Extract<LakeStep, { step: 'set' }>, actual: Acl): Acl {
  if (expected === undefined || sameAcl(expected, actual)) return acl
  throw new UserError({
    what: `The ACL of ${shownPath(path)} in the data lake was changed by somebody else in the meantime.`,
    fix: 'Run the job again: it plans again.',
  })
}
