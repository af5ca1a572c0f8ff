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

/** How many folders and files got another access control list. */
export interface Counts {
  directories: number
  files: number
}

/** What the steps change, and what they need for it. */
export interface LakeChange {
  readonly container: LakeContainer
  readonly desired: readonly DesiredPath[]
  readonly principals: LakePrincipals
  readonly session: Pick<Session, 'progress' | 'sleep' | 'random'>
  /** What the steps have changed; each adds to it. */
  readonly counts: Counts
}

/** The steps of a difference, in their order, as they are applied and called. */
export const folderSteps = (steps: readonly LakeStep[], change: LakeChange): readonly Step[] =>
  steps.map((step) => ({
    name: nameOf(step),
    apply: async () => {
      const { directories, files } = await apply(step, change)
      change.counts.directories += directories
      change.counts.files += files
    },
  }))

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
  const { container, desired } = change
  const shared = desired.find(({ path, ownership }) => path === step.path && ownership === 'shared')
  switch (step.step) {
    case 'create':
      await container.ensureFolder(step.path)
      return { directories: 0, files: 0 }
    case 'set':
      return shared === undefined
        ? setFolder(container, step.path, (actual) => replacement(step, actual))
        : setSharedFolder(shared, change)
    case 'unmark':
      return setFolder(container, step.path, (actual) => withoutMark(actual, step.mark))
    case 'modify-recursively':
      return container.modifyRecursively(step.path, entriesOf(step.entries))
    case 'remove-recursively':
      return container.removeRecursively(step.path, entriesOf(step.entries))
  }
}

const entriesOf = (acl: Acl) => toControlItems(acl).map((item) => ({ ...item }))

/** Replaces the lists of one folder, decided on what they are at this moment; undefined leaves them as they are. */
async function setFolder(
  container: LakeContainer,
  path: string,
  decide: (actual: Acl) => Acl | undefined,
): Promise<Counts> {
  const found = await container.readAccess(path)
  if (found === undefined) {
    throw new UserError({
      what: `The data lake created folder '${path}', and it is not there.`,
      why: 'Somebody has removed it meanwhile, or a service that is not Azure has answered.',
      fix: 'Run the job again; what is done stays done.',
    })
  }
  const acl = decide(fromControlItems(found.entries))
  if (acl === undefined) return { directories: 0, files: 0 }
  await container.setAccess(path, entriesOf(acl), found.etag)
  return { directories: 1, files: 0 }
}

/**
 * Adds our entries to a folder that all projects share. Another project may do the same at this moment, so it is decided
 * on what is there now, and again when that has changed before it is written.
 */
const setSharedFolder = (
  folder: DesiredPath,
  { container, principals, session }: LakeChange,
): Promise<Counts> =>
  retryWhile(
    () => setFolder(container, folder.path, (actual) => withOurEntries(folder, actual, principals)),
    (error) => (isChangedMeanwhile(error) ? 'somebody else changed it in the meantime' : undefined),
    `Setting the ACL of ${shownPath(folder.path)} in the data lake`,
    session,
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
