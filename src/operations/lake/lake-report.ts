import { formatEntries } from '../../lake/acl.ts'
import type { DesiredPath } from '../../lake/desired.ts'
import type { LakeDifference } from '../../lake/difference.ts'
import { type EffectiveAccess, effectiveAccessReport } from '../../lake/report.ts'
import { table } from '../../plan/markdown.ts'
import { type Outcome, projectPlan } from '../../plan/model.ts'
import { planReport, type Report } from '../../plan/report.ts'
import type { ProjectInEnvironment } from '../project.ts'
import type { Counts } from './folder-steps.ts'
import type { ProjectLake } from './project-lake.ts'
import type { ActualLake } from './read-folders.ts'

/** What was read, and what follows from it. */
interface Findings {
  readonly action: string
  readonly target: ProjectInEnvironment
  readonly lake: ProjectLake
  readonly difference: LakeDifference
}

/** The folders as they are in the end, and what became of the plan. */
interface Result {
  readonly folders: ActualLake
  readonly outcome: Outcome
  readonly counts?: Counts
}

/** Reports the folders, their ACLs, and what everybody can do in them. */
export function reportLake(
  { action, target, lake, difference }: Findings,
  { folders, outcome, counts = { directories: 0, files: 0 } }: Result,
): Report {
  const { number, environment } = target.project
  const access = effectiveAccessReport(lake.desired, folders, lake.principals)
  return planReport({
    title: `Project ${number} in ${environment}: data lake`,
    plan: projectPlan(action, target.project, difference),
    outcome,
    details: accessTable(access),
    outputs: {
      acl: aclOutput(lake.desired),
      'effective-access': JSON.stringify(access),
      counts: JSON.stringify(counts),
    },
  })
}

const aclOutput = (desired: readonly DesiredPath[]): string =>
  JSON.stringify(
    desired.map(({ path, recursive, access, defaults }) => ({
      path,
      recursive,
      access: formatEntries(access),
      default: formatEntries(defaults),
    })),
  )

function accessTable(access: readonly EffectiveAccess[]): string {
  const roles = [...new Set(access.map(({ who }) => who))]
  const paths = [...new Set(access.map(({ path }) => path))]
  const rightsOf = (path: string, who: string): string =>
    access.find((entry) => entry.path === path && entry.who === who)?.rights ?? '---'
  const rows = paths.map((path) => [path, ...roles.map((who) => rightsOf(path, who))])
  return `<details><summary>Effective access to each folder</summary>\n\n${table(['Folder', ...roles], rows)}\n\n</details>`
}
