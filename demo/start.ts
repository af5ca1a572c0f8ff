// The main job, once, from an issue to a private project in every environment it names:
//   npm start                 delivers the example request
//   npm start -- ISSUE.md     delivers yours
// What it writes is below out/, or the folder that AI_FACTORY_OUT names.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { startSandbox } from '../sandbox/start.ts'
import { renderReport } from '../src/report/page.ts'
import { bold, faint, green, red, say, seconds, showLine } from './console.ts'
import { chain, deliverStep, type Runner, request, type StepRecord } from './deliver.ts'
import { deliveryOf, environmentsOf } from './delivery-report.ts'
import { exampleRequest, issueNumber, prepareWorkspace, type Workspace } from './workspace.ts'

const root = path.join(import.meta.dirname, '..')

/** Where the user is: npm runs scripts in the folder of package.json, and says in INIT_CWD where it was called. */
const whereCalled =
  (process.env['npm_lifecycle_event'] === 'start' ? process.env['INIT_CWD'] : undefined) ?? process.cwd()
const shown = (file: string): string => path.relative(whereCalled, file)

function readIssue(file: string): string {
  try {
    return readFileSync(path.resolve(whereCalled, file), 'utf8')
  } catch {
    say(`The file '${file}' cannot be read. Name the text of a new-project issue: npm start -- ISSUE.md`)
    process.exit(1)
  }
}

function logStep({ environment, action, does, result, calls }: StepRecord): void {
  const outcome =
    result.exitCode !== 0 ? red('failed') : result.outputs['changed'] === 'true' ? green('done') : 'no change'
  const figures = faint(`${seconds(result.milliseconds)}, ${calls} calls`)
  say(`  ${environment.padEnd(8)} ${action.padEnd(18)} ${does.padEnd(36)} ${outcome}  ${figures}`)
}

/** Runs every step, stopping at the first that fails. */
async function deliver(runner: Runner, issue: string, number: number): Promise<readonly StepRecord[]> {
  const records: StepRecord[] = []
  const add = (record: StepRecord): boolean => {
    records.push(record)
    logStep(record)
    return record.result.exitCode === 0
  }

  const requested = await request(runner, issue, number)
  if (!add(requested)) return records
  const project = requested.result.outputs['project'] ?? ''
  for (const environment of environmentsOf(requested)) {
    let subnets = ''
    for (const step of chain) {
      const record = await deliverStep(runner, step, project, environment, subnets)
      if (!add(record)) return records
      subnets = record.result.outputs['subnets'] ?? subnets
    }
  }
  return records
}

function conclude(records: readonly StepRecord[], milliseconds: number, reportFile: string): number {
  const failed = records.find(({ result }) => result.exitCode !== 0)
  const changed = records.some(({ result }) => result.outputs['changed'] === 'true')
  const calls = records.reduce((sum, record) => sum + record.calls, 0)
  say()
  if (failed !== undefined) {
    say(
      red(
        failed === records[0]
          ? 'project-request failed, and nothing was created. Fix the request and run it again.'
          : `${failed.action} failed in ${failed.environment}. What was done before is kept; run it again to continue.`,
      ),
    )
    say(`Report: ${shown(reportFile)}`)
    return 1
  }
  const project = records[0]?.result.outputs['project'] ?? ''
  const environments = [...new Set(records.slice(1).map(({ environment }) => environment))].join(', ')
  say(
    changed
      ? bold(`Project ${project} is delivered to ${environments}.`)
      : bold(`Project ${project} is in ${environments} as its manifest says. Nothing was changed.`),
  )
  say(`${seconds(milliseconds)}, ${calls} calls to Azure and GitHub.`)
  say(`Report: ${shown(reportFile)}`)
  return 0
}

function openWorkspace(folder: string): Workspace {
  try {
    return prepareWorkspace(folder)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    say(
      `The folder ${shown(folder)} cannot be written to: ${reason}. Delete or rename what is there, and try again.`,
    )
    process.exit(1)
  }
}

const [named, ...others] = process.argv.slice(2)
if (others.length > 0) {
  say(`One request at a time, found ${others.length + 1}: npm start -- ISSUE.md`)
  process.exit(1)
}
const issue = readIssue(named ?? exampleRequest)
const issueFile = path.resolve(whereCalled, named ?? exampleRequest)
const folder = path.resolve(process.env['AI_FACTORY_OUT'] ?? path.join(root, 'out'))
const workspace = openWorkspace(folder)
say(bold('AI Factory Actions: from an issue to a private project'))
say(faint(`Request: ${shown(issueFile)}. Everything is written below ${shown(folder)}/.`))
say()
const start = performance.now()
const sandbox = await startSandbox({ stateFile: workspace.stateFile })
try {
  const records = await deliver(
    { sandbox, workspace, onLine: showLine },
    issue,
    issueNumber(workspace, issueFile),
  )
  const command = `npm start${named === undefined ? '' : ` -- ${named}`}`
  writeFileSync(workspace.reportFile, renderReport(deliveryOf(records, workspace, command)))
  process.exitCode = conclude(records, performance.now() - start, workspace.reportFile)
} finally {
  await sandbox.close()
}
