// The main job, once, from an issue to a private project in every environment it names:
//   npm start                 delivers the example request
//   npm start -- ISSUE.md     delivers yours
// What it writes is below out/, or the folder that AI_FACTORY_OUT names.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { startSandbox } from '../sandbox/start.ts'
import { renderReport } from '../src/report/page.ts'
import { bold, faint, green, red, say, seconds, showLine } from './console.ts'
import { isBegun, manifestOf, takeCorrected } from './corrected-request.ts'
import { chain, deliverStep, type Runner, request, type StepRecord } from './deliver.ts'
import { deliveryOf, environmentsOf } from './delivery-report.ts'
import { exampleRequest, issueNumber, prepareWorkspace, type Workspace } from './workspace.ts'

const root = path.join(import.meta.dirname, '..')

/** Where the user is: npm runs scripts in the folder of package.json, and says in INIT_CWD where it was called. */
const whereCalled =
  (process.env['npm_lifecycle_event'] === 'start' ? process.env['INIT_CWD'] : undefined) ?? process.cwd()
const shown = (file: string): string => path.relative(whereCalled, file)

/** Why the file system refused, and what to do about it, by Node's code of the error. */
const refusals: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file.',
  EISDIR: 'It is a folder.',
  EACCES: 'You may not read or write it: change its permissions.',
  EPERM: 'You may not read or write it: change its permissions.',
  EROFS: 'The disk is read-only: name another folder in AI_FACTORY_OUT.',
  ENOSPC: 'The disk is full: free some space.',
  EEXIST: 'A file of this name is there: delete or rename it, or name another folder in AI_FACTORY_OUT.',
  ENOTDIR:
    'A file stands where a folder has to be: delete or rename it, or name another folder in AI_FACTORY_OUT.',
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return refusals[code] ?? (error instanceof Error ? error.message : String(error))
}

function readIssue(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    say(`The request '${file}' cannot be read. ${reasonOf(error)}`)
    say('Name a file with the text of a new-project issue: npm start -- ISSUE.md')
    say(`An example to copy: ${exampleRequest}`)
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

/** What a run was asked, for what is said at its end. */
interface Asked {
  readonly workspace: Workspace
  readonly issueFile: string
  readonly number: number
  /** The command that asks the same again. */
  readonly command: string
}

/** What to correct, by its whole path, and how to go on. */
function howToGoOn(records: readonly StepRecord[], { workspace, issueFile, number, command }: Asked): void {
  const manifest = manifestOf(workspace, number)
  const failed = records.at(-1)
  if (failed === undefined || manifest === undefined) {
    say(red('project-request failed, and nothing was created.'))
    say(`Correct the request ${issueFile}`)
  } else if (isBegun(workspace, manifest.number)) {
    say(red(`${failed.action} failed in ${failed.environment}. What was done before is kept.`))
    say(`Do what the error says. The manifest is ${manifest.file}`)
  } else {
    say(red(`${failed.action} failed in ${failed.environment}, before anything was created.`))
    say(`Correct the request ${issueFile}`)
    say(`or the manifest that was made of it: ${manifest.file}`)
  }
  say(`Then run it again: ${command}`)
}

function conclude(records: readonly StepRecord[], milliseconds: number, asked: Asked): number {
  const { reportFile } = asked.workspace
  const failed = records.find(({ result }) => result.exitCode !== 0)
  const changed = records.some(({ result }) => result.outputs['changed'] === 'true')
  const calls = records.reduce((sum, record) => sum + record.calls, 0)
  say()
  if (failed !== undefined) {
    howToGoOn(records, asked)
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
    say(`The folder '${folder}' cannot be written to. ${reasonOf(error)}`)
    process.exit(1)
  }
}

const [named, ...others] = process.argv.slice(2)
if (others.length > 0) {
  say(`One request at a time, found ${others.length + 1}: npm start -- ISSUE.md`)
  process.exit(1)
}
const issueFile = path.resolve(whereCalled, named ?? exampleRequest)
const issue = readIssue(issueFile)
const folder = path.resolve(process.env['AI_FACTORY_OUT'] ?? path.join(root, 'out'))
const workspace = openWorkspace(folder)
say(bold('AI Factory Actions: from an issue to a private project'))
say(faint(`Request: ${shown(issueFile)}. Everything is written below ${shown(folder)}/.`))
say()
const start = performance.now()
const sandbox = await startSandbox({ stateFile: workspace.stateFile })
try {
  const number = issueNumber(workspace, issueFile)
  takeCorrected(workspace, number, issue)
  const records = await deliver({ sandbox, workspace, onLine: showLine }, issue, number)
  const command = `npm start${named === undefined ? '' : ` -- ${/\s/.test(named) ? `"${named}"` : named}`}`
  writeFileSync(workspace.reportFile, renderReport(deliveryOf(records, workspace, command)))
  process.exitCode = conclude(records, performance.now() - start, { workspace, issueFile, number, command })
} finally {
  await sandbox.close()
}
