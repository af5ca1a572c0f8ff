import type { LakeContainer } from '../../azure/data-lake.ts'
import { isChangedMeanwhile } from '../../azure/data-lake.ts'
import { retryWhile } from '../../azure/retry.ts'
import type { Session } from '../../azure/session.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { Acl } from '../../lake/acl.ts'
import { fromControlItems, toControlItems } from '../../lake/control-items.ts'
import type { DesiredPath, LakePrincipals } from '../../lake/desired.ts'
import { decideAnew } from '../../lake/difference.ts'
import type { GuardedPath } from '../../lake/effective.ts'
import { type LakeStep, sameAcl, withoutMark } from '../../lake/steps.ts'

/** A folder as it is: its lists, and whose it is. */
export type ActualFolder = GuardedPath & Acl

/** How many folders and files got other rights. */
export interface Counts {
  readonly directories: number
  readonly files: number
}

/** Reads the folders that exist. */
export async function readFolders(
  desired: readonly DesiredPath[],
  container: LakeContainer,
): Promise<ReadonlyMap<string, ActualFolder>> {
  const folders = await Promise.all(
    desired.map(async ({ path }) => ({ path, found: await container.readAccess(path) })),
  )
  return new Map(
    folders.flatMap(({ path, found }) =>
      found === undefined
        ? []
        : [[path, { ...fromControlItems(found.entries), owner: found.owner, group: found.group }] as const],
    ),
  )
}

const entriesOf = (acl: Acl) => toControlItems(acl).map((item) => ({ ...item }))

/** What is changed, by whom it can be changed too, and how waiting is told. */
export interface Execution {
  readonly container: LakeContainer
  readonly desired: readonly DesiredPath[]
  readonly principals: LakePrincipals
  readonly session: Pick<Session, 'progress' | 'sleep' | 'random'>
}

/** Replaces the lists of one folder, on the ground of what they are at this moment; undefined leaves them as they are. */
async function setFolder(
  container: LakeContainer,
  path: string,
  decide: (actual: Acl) => Acl | undefined,
): Promise<Counts> {
  const found = await container.readAccess(path)
  if (found === undefined) throw new Error(`Folder '${path}' should exist by now.`)
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
  { container, principals, session }: Execution,
): Promise<Counts> =>
  retryWhile(
    () => setFolder(container, folder.path, (actual) => decideAnew(folder, actual, principals)),
    (error) => (isChangedMeanwhile(error) ? 'somebody else changed it in the meantime' : undefined),
    `The rights of '${folder.path === '' ? '/' : folder.path}' in the data lake`,
    session,
    6,
  )

/** The lists to set, unless somebody changed what they were decided on. */
function replacement({ path, acl, expected }: Extract<LakeStep, { step: 'set' }>, actual: Acl): Acl {
  if (expected === undefined || sameAcl(expected, actual)) return acl
  throw new UserError({
    what: `The rights of '${path === '' ? '/' : path}' in the data lake were changed by somebody else in the meantime.`,
    fix: 'Run the job again: it plans anew.',
  })
}

async function carryOutOne(step: LakeStep, execution: Execution): Promise<Counts> {
  const { container, desired } = execution
  const shared = desired.find(({ path, ownership }) => path === step.path && ownership === 'shared')
  switch (step.step) {
    case 'create':
      await container.ensureFolder(step.path)
      return { directories: 0, files: 0 }
    case 'set':
      return shared === undefined
        ? setFolder(container, step.path, (actual) => replacement(step, actual))
        : setSharedFolder(shared, execution)
    case 'unmark':
      return setFolder(container, step.path, (actual) => withoutMark(actual, step.mark))
    case 'modify-recursively':
      return container.modifyRecursively(step.path, entriesOf(step.entries))
    case 'remove-recursively':
      return container.removeRecursively(step.path, entriesOf(step.entries))
  }
}

/** Does the steps in their order. Each can be done again, so a run that dies is finished by the next. */
export async function carryOut(steps: readonly LakeStep[], execution: Execution): Promise<Counts> {
  const total = { directories: 0, files: 0 }
  for (const step of steps) {
    const { directories, files } = await carryOutOne(step, execution)
    total.directories += directories
    total.files += files
  }
  return total
}
