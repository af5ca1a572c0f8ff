import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import readline from 'node:readline'
import { parse } from 'yaml'
import { z } from 'zod'
import { type LogLine, parseLine, parseOutputs } from './commands.ts'

/** One step of a job: `uses:` an action, `with:` inputs. */
export interface Step {
  /** Folder of the action, the one that holds its action.yml. */
  readonly action: string
  readonly with: Readonly<Record<string, string>>
  /** The job's environment variables. Nothing of this process's environment goes along but PATH. */
  readonly environment: Readonly<Record<string, string>>
  /** The checked-out repository the step runs in. */
  readonly workspace: string
  /** `github.token` of the job, which an action.yml may name as the default of an input. */
  readonly token?: string
  /** Sees every line as it is written. */
  readonly onLine?: (line: LogLine) => void
  /** Kills the process, without a word. */
  readonly signal?: AbortSignal
  /** Ends the step as GitHub ends that of a cancelled job: asks the process to end, again, and kills it then. */
  readonly cancel?: AbortSignal
  /** Keeps what is typed in this terminal (Ctrl+C) from the step: whoever runs it decides what becomes of it. */
  readonly detached?: boolean
}

/** How a step ended. */
export interface StepResult {
  readonly exitCode: number
  readonly outputs: Readonly<Record<string, string>>
  /** The job summary, Markdown. */
  readonly summary: string
  readonly lines: readonly LogLine[]
  readonly milliseconds: number
}

const actionSchema = z.object({
  inputs: z.record(z.string(), z.object({ default: z.string().optional() })).default({}),
  runs: z.object({ using: z.literal('node24'), main: z.string() }),
})

/** The one expression that the actions here have in a default. https://docs.github.com/actions/reference/workflows-and-actions/contexts#github-context */
const githubToken = /^\$\{\{ *github\.token *\}\}$/

/** The variable of an input. https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax#inputs */
export const inputVariable = (name: string): string => `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`

type Action = z.infer<typeof actionSchema>

const readAction = (folder: string): Action =>
  actionSchema.parse(parse(readFileSync(path.join(folder, 'action.yml'), 'utf8')))

/**
 * The inputs of a step as its action finds them: INPUT_* variables, with the defaults of action.yml.
 * @throws Error when an input is given that the action does not have
 */
export function inputVariables(
  { action, with: given, token = '' }: Pick<Step, 'action' | 'with' | 'token'>,
  { inputs: declared }: Pick<Action, 'inputs'> = readAction(action),
): Readonly<Record<string, string>> {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(declared, name))
  if (unknown.length > 0) throw new Error(`The action has no input '${unknown.join("', '")}'.`)
  const values = Object.entries(declared).map(([name, { default: standard = '' }]) => [
    inputVariable(name),
    given[name] ?? (githubToken.test(standard) ? token : standard),
  ])
  return Object.fromEntries(values)
}

const emptyFile = (folder: string, name: string): string => {
  const file = path.join(folder, name)
  writeFileSync(file, '')
  return file
}

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-cancellation */
const asks = [
  { signal: 'SIGINT', after: 0 },
  { signal: 'SIGTERM', after: 7_500 },
  { signal: 'SIGKILL', after: 10_000 },
] as const

/** Ends a process as GitHub does, once it is told to. @returns what calls that off */
function cancelWhen(cancel: AbortSignal | undefined, child: ChildProcess): () => void {
  const timers: NodeJS.Timeout[] = []
  const end = (): void => {
    for (const { signal, after } of asks) timers.push(setTimeout(() => child.kill(signal), after))
  }
  if (cancel?.aborted) end()
  else cancel?.addEventListener('abort', end)
  return () => {
    cancel?.removeEventListener('abort', end)
    for (const timer of timers) clearTimeout(timer)
  }
}

/**
 * Runs one action as GitHub's runner does: its bundle in a process of its own, inputs as INPUT_*, outputs and summary
 * through files, log lines with workflow commands.
 */
export async function runStep(step: Step): Promise<StepResult> {
  const action = readAction(step.action)
  const files = mkdtempSync(path.join(os.tmpdir(), 'step-'))
  const [output, summary] = [emptyFile(files, 'output'), emptyFile(files, 'summary')]
  const start = performance.now()
  const child = spawn(process.execPath, [path.join(step.action, action.runs.main)], {
    cwd: step.workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: step.detached ?? false,
    ...(step.signal === undefined ? {} : { signal: step.signal, killSignal: 'SIGKILL' as const }),
    env: {
      PATH: process.env['PATH'],
      ...(process.platform === 'win32' ? { SYSTEMROOT: process.env['SYSTEMROOT'] } : {}),
      GITHUB_ACTIONS: 'true',
      RUNNER_TEMP: files,
      ...step.environment,
      ...inputVariables(step, action),
      GITHUB_WORKSPACE: step.workspace,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
    },
  })
  const uncancel = cancelWhen(step.cancel, child)
  const lines: LogLine[] = []
  const collect = async (stream: NodeJS.ReadableStream): Promise<void> => {
    for await (const text of readline.createInterface({ input: stream })) {
      const line = parseLine(text)
      lines.push(line)
      step.onLine?.(line)
    }
  }
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', (error) => (error.name === 'AbortError' ? resolve(137) : reject(error)))
    child.on('close', (code) => resolve(code ?? 137))
  })
  await Promise.all([collect(child.stdout), collect(child.stderr), ended])
  uncancel()
  const result: StepResult = {
    exitCode: await ended,
    outputs: parseOutputs(readFileSync(output, 'utf8')),
    summary: readFileSync(summary, 'utf8'),
    lines,
    milliseconds: Math.round(performance.now() - start),
  }
  if (step.environment['RUNNER_TEMP'] !== undefined) rmSync(files, { recursive: true, force: true })
  return result
}
