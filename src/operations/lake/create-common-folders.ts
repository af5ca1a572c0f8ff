import type { LakeContainer } from '../../azure/data-lake.ts'
import { openResources } from '../../azure/resources.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { commonFolders, folderChanges } from '../../lake/common-folders.ts'
import { hasChanges, type Outcome, type Plan } from '../../plan/model.ts'
import { FailureWithReport, planReport, type Report } from '../../plan/report.ts'
import { applySteps, type Step } from '../apply-steps.ts'
import { readCommonArea } from '../common-area.ts'
import { connect } from '../connect.ts'
import type { Operation } from '../operation.ts'
import type { FactoryTarget } from '../project.ts'
import { refuseLackingRights } from '../rights-guard.ts'
import { commonFolderRights } from './lake-rights.ts'
import { openLake } from './open-lake.ts'

/** What {@link createCommonFolders} is asked to do. */
export interface CommonFoldersOptions extends FactoryTarget {
  /** `plan` changes nothing, `verify` neither, but fails when a folder is missing. */
  readonly mode: 'plan' | 'apply' | 'verify'
}

/** Creates the folders of the whole data lake that are missing. What is there stays as it is, with its access control lists. */
export const createCommonFolders: Operation<CommonFoldersOptions> = async (options, context) => {
  const { factory, ids } = readCommonArea(options)
  const session = await connect(factory, options, context)
  session.credential.prepare(session.cloud.storageScope)
  const container = await openLake(session, await openResources(session), { factory, ids })
  context.info('Reading the folders of the data lake')
  const present = await presentFolders(container)
  const { action } = context
  const { environment } = factory
  const plan: Plan = { version: 1, action, environment, changes: folderChanges(present), warnings: [] }

  if (options.mode !== 'apply') {
    if (options.mode === 'verify') refuseMissing(plan)
    return report(plan, 'planned')
  }
  const steps = creatingSteps(present, container)
  await refuseLackingRights(session, steps.length === 0 ? [] : commonFolderRights(ids.lake))
  await applySteps(steps, context.info, () => report(plan, 'failed'))
  return report(plan, 'applied')
}

async function presentFolders({ readAccess }: LakeContainer): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    commonFolders.map(async ({ path }) => ((await readAccess(path)) === undefined ? [] : [path])),
  )
  return new Set(found.flat())
}

/** Level by level: folders of one level do not need one another. */
const creatingSteps = (present: ReadonlySet<string>, { ensureFolder }: LakeContainer): readonly Step[] =>
  commonFolders
    .filter(({ path }) => !present.has(path))
    .map(({ path }) => ({ path, level: path.split('/').length }))
    .toSorted((a, b) => a.level - b.level)
    .map(({ path, level }) => ({
      name: `Create folder '${path}'`,
      stage: `${level}`,
      apply: async () => {
        await ensureFolder(path)
      },
    }))

function refuseMissing(plan: Plan): void {
  if (!hasChanges(plan)) return
  const missing = plan.changes.filter(({ change }) => change === 'create').map(({ name }) => `'${name}'`)
  const error = new UserError({
    what: `Folders of the data lake are missing: ${missing.join(', ')}.`,
    fix: 'Run datalake-acl with target common and mode apply.',
  })
  throw new FailureWithReport(error, report(plan, 'planned'))
}

const report = (plan: Plan, outcome: Outcome): Report =>
  planReport({ title: `Common area in ${plan.environment}: data lake`, plan, outcome, outputs: {} })
