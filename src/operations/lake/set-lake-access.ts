import { diffLake } from '../../lake/difference.ts'
import { applySteps } from '../apply-steps.ts'
import { connect } from '../connect.ts'
import { newestOnly, whenApplied } from '../newest/newest-only.ts'
import type { NewestTarget } from '../newest/standing.ts'
import { askedFor } from '../orphan.ts'
import { refuseLackingRights } from '../rights-guard.ts'
import { folderSteps } from './folder-steps.ts'
import { reportLake } from './lake-report.ts'
import { lakeRights } from './lake-rights.ts'
import { openProjectLake } from './project-lake.ts'
import { readFolders } from './read-folders.ts'
import { refuseDeviations } from './refuse-deviations.ts'

/** What {@link setLakeAccess} is asked to do. */
export interface SetLakeAccessOptions extends NewestTarget {
  /** `plan` changes nothing, `verify` neither, but fails when something differs. */
  readonly mode: 'plan' | 'apply' | 'verify'
}

/** Creates the folders of a project in the data lake, and sets their access control lists (ACLs). */
export const setLakeAccess = newestOnly<SetLakeAccessOptions>(whenApplied, async (options, context) => {
  const target = await askedFor(options, context)
  const session = await connect(target.project.factory, options, context)
  const lake = await openProjectLake(session, target)
  context.info('Reading the folders of the project')
  const before = await readFolders(lake.desired, lake.container)
  const difference = diffLake(lake.desired, before, lake.principals)
  const findings = { action: context.action, target, lake, difference }

  if (options.mode !== 'apply') {
    const planned = reportLake(findings, { folders: before, outcome: 'planned' })
    if (options.mode === 'verify') refuseDeviations(lake, before, planned)
    return planned
  }
  const counts = { directories: 0, files: 0 }
  const steps = folderSteps(difference.steps, { ...lake, session, counts, known: new Map(before) })
  if (steps.length > 0) await refuseLackingRights(session, lakeRights(target.ids.lake))
  await applySteps(steps, context.info, () =>
    reportLake(findings, { folders: before, outcome: 'failed', counts }),
  )
  const after = steps.length === 0 ? before : await readFolders(lake.desired, lake.container)
  const applied = reportLake(findings, { folders: after, outcome: 'applied', counts })
  refuseDeviations(lake, after, applied)
  return applied
})
