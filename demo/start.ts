// The main job, once, from three empty subscriptions to a private project in every environment that an issue names:
//   npm start                           delivers the example request
//   npm start -- ISSUE.md               delivers yours
//   npm start -- --from project […]     begins later, when the factory is set up and its common area is there
// What it writes is below out/, or the folder that AI_FACTORY_OUT names.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { startSandbox } from '../sandbox/start.ts'
import { renderReport } from '../src/report/page.ts'
import { type Beginning, seedOf } from './beginning.ts'
import { type CommandLine, readCommandLine } from './command-line.ts'
import { conclude, howToGoOn } from './conclusion.ts'
import { bold, faint, green, red, say, seconds, showLine } from './console.ts'
import { takeCorrected } from './corrected-request.ts'
import type { StepRecord } from './deliver.ts'
import { deliveryOf } from './delivery-report.ts'
import { travel } from './journey.ts'
import { exampleRequest, issueNumber, OtherBeginning, prepareWorkspace, type Workspace } from './workspace.ts'

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

function openWorkspace(folder: string, beginning: Beginning): Workspace {
  try {
    return prepareWorkspace(folder, beginning)
  } catch (error) {
    say(
      error instanceof OtherBeginning
        ? error.message
        : `The folder '${folder}' cannot be written to. ${reasonOf(error)}`,
    )
    process.exit(1)
  }
}

function commandLine(): CommandLine {
  try {
    return readCommandLine(process.argv.slice(2))
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    process.exit(1)
  }
}

const { beginning, named, command } = commandLine()
const issueFile = path.resolve(whereCalled, named ?? exampleRequest)
const text = readIssue(issueFile)
const folder = path.resolve(process.env['AI_FACTORY_OUT'] ?? path.join(root, 'out'))
const workspace = openWorkspace(folder, beginning)
say(
  bold(
    beginning === 'project'
      ? 'AI Factory Actions: from an issue to a private project'
      : 'AI Factory Actions: from empty subscriptions to a private project',
  ),
)
say(faint(`Request: ${shown(issueFile)}. Everything is written below ${shown(folder)}/.`))
say()
const start = performance.now()
const sandbox = await startSandbox({ stateFile: workspace.stateFile, seed: seedOf[beginning] })
try {
  const number = issueNumber(workspace, issueFile)
  takeCorrected(workspace, number, text)
  const runner = { sandbox, workspace, onLine: showLine }
  const records = await travel(runner, beginning, { text, number }, logStep)
  writeFileSync(workspace.reportFile, renderReport(deliveryOf(records, workspace, command)))
  const failed = records.find(({ result }) => result.exitCode !== 0)
  say()
  if (failed === undefined) conclude(records, performance.now() - start)
  else howToGoOn(failed, { workspace, issueFile, number, command })
  say(`Report: ${shown(workspace.reportFile)}`)
  process.exitCode = failed === undefined ? 0 : 1
} finally {
  await sandbox.close()
}
