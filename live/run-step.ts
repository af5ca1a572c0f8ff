import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import readline from 'node:readline'
import { pathToFileURL } from 'node:url'
import { type LogLine, parseLine } from '../sandbox/runner/commands.ts'
import { runStep } from '../sandbox/runner/step.ts'
import { readRecord } from '../src/operations/report/read-records.ts'
import { type RunRecord, recordName } from '../src/plan/run-record.ts'
import type { Recording } from './compare.ts'
import { equalText } from './equal.ts'
import type { Exchange } from './exchange.ts'
import type { LiveStep } from './steps.ts'

const root = path.join(import.meta.dirname, '..')
const preload = pathToFileURL(path.join(import.meta.dirname, 'preload.ts')).href

/** One Azure, and all it takes to run steps on it. */
export interface Side {
  readonly name: 'Azure' | 'the sandbox'
  /** Input `azure-cloud`. */
  readonly cloud: string
  /** Its address, when a sandbox plays it. */
  readonly sandbox: string | undefined
  /** factory.yml that set-up compares: the given one. */
  readonly factoryFile: string
  /** The documents of the live run. */
  readonly repository: string
  /** What the steps write. */
  readonly results: string
  readonly environmentKey: string
  readonly variables: Readonly<Record<string, string>>
  readonly onLine: (line: LogLine) => void
}

/** A step that has run. */
export interface RanStep {
  readonly step: LiveStep
  readonly succeeded: boolean
  readonly milliseconds: number
  readonly recording: Recording
  readonly record: RunRecord | undefined
}

/** Keys of our own records and codes, which hold nothing of whose they are. */
const planLines = ({ plan }: RunRecord): readonly string[] =>
  (plan?.changes ?? []).map(({ change, kind, name }) => equalText(`${change} ${kind} ${name}`)).toSorted()

function findingLines({ outputs }: RunRecord): readonly string[] {
  const findings: unknown = JSON.parse(outputs['findings'] || '[]')
  const list: readonly unknown[] = Array.isArray(findings) ? findings : []
  return list
    .map((finding) => Object(finding))
    .filter(({ severity }) => severity !== 'good')
    .map(({ severity, subject }) => equalText(`${severity} ${subject}`))
    .toSorted()
}

const outcomeLines = (exitCode: number, record: RunRecord | undefined): readonly string[] => [
  `exit code ${exitCode}`,
  ...(record === undefined
    ? []
    : [
        `outcome ${record.outcome}`,
        ...(record.changed === undefined ? [] : [`changed ${record.changed}`]),
        ...planLines(record),
        ...findingLines(record),
      ]),
]

function readExchanges(file: string): readonly Exchange[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  // A process that was killed may have left half a line.
  return lines.flatMap((line): readonly Exchange[] => {
    try {
      return line === '' ? [] : [JSON.parse(line)]
    } catch {
      return []
    }
  })
}

/** Runs a program of this repository that is no action. */
async function runProgram(
  parameters: readonly string[],
  { cwd, env, onLine, signal }: Program,
): Promise<number> {
  const child = spawn(process.execPath, ['--no-warnings', ...parameters], {
    ...{ cwd, env, detached: true },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const end = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', end)
  const show = async (stream: NodeJS.ReadableStream): Promise<void> => {
    for await (const text of readline.createInterface({ input: stream })) onLine(parseLine(text))
  }
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 137))
  })
  const [code] = await Promise.all([ended, show(child.stdout), show(child.stderr)])
  signal.removeEventListener('abort', end)
  return code
}

interface Program {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly onLine: Side['onLine']
  readonly signal: AbortSignal
}

/** Runs a step on one side, and writes down what it asks and what it is answered. `cancel` ends it as GitHub ends a job. */
export async function runLiveStep(side: Side, step: LiveStep, cancel: AbortSignal): Promise<RanStep> {
  mkdirSync(side.results, { recursive: true })
  const exchangesFile = path.join(side.results, 'exchanges.jsonl')
  writeFileSync(exchangesFile, '')
  const subject = {
    ...{ action: step.action, mode: step.with['mode'] ?? '', environment: side.environmentKey },
    ...(step.with['project'] !== undefined && { project: step.with['project'] }),
  }
  const recordFile = path.join(side.results, 'ai-factory', recordName(subject))
  rmSync(recordFile, { force: true })
  const variables = {
    ...side.variables,
    // Outside of a job the actions sign in as whoever has signed in to the Azure CLI.
    ...{ GITHUB_ACTIONS: '', RUNNER_TEMP: side.results },
    ...{ NODE_OPTIONS: `--import ${preload}`, NODE_NO_WARNINGS: '1', AI_FACTORY_EXCHANGES: exchangesFile },
  }
  const start = performance.now()
  const exitCode = await (step.action === 'set-up'
    ? runProgram(
        [path.join(root, 'scripts/setup.ts'), side.factoryFile, '--check', '--azure-cloud', side.cloud],
        { cwd: side.repository, env: variables, onLine: side.onLine, signal: cancel },
      )
    : runAction(side, step, variables, cancel))
  const record = readRecord(recordFile)
  return {
    ...{ step, record, succeeded: exitCode === 0 },
    milliseconds: Math.round(performance.now() - start),
    recording: {
      exchanges: readExchanges(exchangesFile),
      outcome: outcomeLines(exitCode, record),
      ...(side.sandbox !== undefined && { sandbox: side.sandbox }),
    },
  }
}

async function runAction(
  side: Side,
  step: LiveStep,
  variables: Readonly<Record<string, string>>,
  cancel: AbortSignal,
): Promise<number> {
  const { exitCode } = await runStep({
    action: path.join(root, 'actions', step.action),
    workspace: side.repository,
    with: { environment: side.environmentKey, 'azure-cloud': side.cloud, ...step.with },
    environment: variables,
    onLine: side.onLine,
    detached: true,
    cancel,
  })
  return exitCode
}
