import { openDirectory } from '../../azure/directory.ts'
import { openResources } from '../../azure/resources.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { formatEntries } from '../../lake/acl.ts'
import { type DesiredPath, desiredLake } from '../../lake/desired.ts'
import { diffLake, type LakeDifference } from '../../lake/difference.ts'
import { deviations, type EffectiveAccess, effectiveAccessReport } from '../../lake/report.ts'
import { table } from '../../plan/markdown.ts'
import { hasChanges, type Plan } from '../../plan/model.ts'
import { countSentence, planSummary } from '../../plan/summary.ts'
import type { Host } from '../../runtime/host.ts'
import { writePlan } from '../../runtime/result-files.ts'
import { type ActionResult, FailureWithResult } from '../../runtime/run-action.ts'
import { connectAs } from '../connect.ts'
import { type ProjectTarget, readProject } from '../project.ts'
import { carryOut, readFolders } from './folder-steps.ts'
import { openLake } from './open-lake.ts'
import { readPrincipals } from './read-principals.ts'

const action = 'datalake-acl'

/** What {@link setLakeAccess} is asked to do. */
export interface SetLakeAccessOptions extends ProjectTarget {
  /** `plan` changes nothing, `verify` neither, but fails when something differs. */
  readonly mode: 'plan' | 'apply' | 'verify'
  readonly summary: boolean
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

function accessTable(report: readonly EffectiveAccess[]): string {
  const roles = [...new Set(report.map(({ who }) => who))]
  const paths = [...new Set(report.map(({ path }) => path))]
  const rightsOf = (path: string, who: string): string =>
    report.find((entry) => entry.path === path && entry.who === who)?.rights ?? '---'
  const rows = paths.map((path) => [path, ...roles.map((who) => rightsOf(path, who))])
  return `<details><summary>Who can do what in each folder</summary>\n\n${table(['Folder', ...roles], rows)}\n\n</details>`
}

const inWords = ({ path, who, rights, wanted, blockedAt }: EffectiveAccess): string => {
  const where = blockedAt === undefined ? '' : ` (stopped at '${blockedAt === '' ? '/' : blockedAt}')`
  return `${who} has ${rights} instead of ${wanted} in '${path}'${where}`
}

const changedByHand = {
  why: 'Somebody changed an access control list by hand, or an earlier run did not end.',
  fix: 'Run this action with mode apply.',
}
const changedAgain = {
  why: 'Something else changes the same folders while this run does, or somebody owns one of them and can do more than its list says.',
  fix: 'Run the job again. If it comes back, look at who else changes these folders, and who owns them.',
}

/** After a change, and when asked to verify, the lake has to give exactly what the manifest says. */
function refuseDeviations(
  report: readonly EffectiveAccess[],
  left: LakeDifference,
  done: boolean,
  result: ActionResult,
): void {
  const folders = left.changes
    .filter(({ change }) => change !== 'keep')
    .map(({ name }) => `'${name}' differs`)
  const wrong = [...deviations(report).map(inWords), ...folders]
  if (wrong.length === 0) return
  const error = new UserError({
    what: `The rights in the data lake are not what the manifest says: ${wrong.slice(0, 5).join('; ')}${wrong.length > 5 ? `; and ${wrong.length - 5} more` : ''}.`,
    ...(done ? changedAgain : changedByHand),
  })
  throw new FailureWithResult(error, result)
}

/** Creates the folders of a project in the data lake, and sets their access control lists. */
export async function setLakeAccess(inputs: SetLakeAccessOptions, host: Host): Promise<ActionResult> {
  const where = readProject(inputs)
  const { project } = where
  const session = await connectAs(action, project.factory, inputs.azureCloud, host)
  const [directory, resources] = await Promise.all([openDirectory(session), openResources(session)])
  const principals = await readPrincipals(where, directory, resources)
  const desired = desiredLake(project, principals)
  const container = await openLake(session, resources, where)
  host.info('Reading the folders of the project')
  const before = await readFolders(desired, container)
  const { changes, steps, warnings } = diffLake(desired, before, principals)
  const done = inputs.mode === 'apply'
  const execution = { container, desired, principals, session }
  const counts = done ? await carryOut(steps, execution) : { directories: 0, files: 0 }
  const after = done && steps.length > 0 ? await readFolders(desired, container) : before
  const report = effectiveAccessReport(desired, after, principals)
  const { number, environment } = project
  const plan: Plan = { version: 1, action, project: number, environment, changes, warnings }
  const title = `Project ${number} in ${environment}: data lake`
  const result: ActionResult = {
    outputs: {
      changed: String(hasChanges(plan)),
      'plan-file': writePlan(host.environment, plan),
      acl: aclOutput(desired),
      'effective-access': JSON.stringify(report),
      counts: JSON.stringify(counts),
    },
    ...(inputs.summary ? { summary: planSummary(title, plan, done, accessTable(report)) } : {}),
    warnings,
    notice: `${title}: ${countSentence(plan, done)}.`,
  }
  if (inputs.mode !== 'plan') refuseDeviations(report, diffLake(desired, after, principals), done, result)
  return result
}
