import { escaped } from '../diagnostics/escape.ts'
import { UserError } from '../diagnostics/user-error.ts'
import { type Host, runner } from './host.ts'
import { type InputReader, inputReader } from './inputs.ts'

/** What an action hands back: its outputs by name, and a job summary in Markdown. */
export interface ActionResult {
  readonly outputs: Readonly<Record<string, string>>
  readonly summary?: string
  /** One sentence that says how it ended. */
  readonly notice?: string
  readonly warnings?: readonly string[]
}

/** A failure that still has something to hand over, e.g. the plan that could not be carried out. */
export class FailureWithResult extends Error {
  override readonly name = 'FailureWithResult'
  readonly result: ActionResult

  constructor(cause: unknown, result: ActionResult) {
    super('The action failed with a result.', { cause })
    this.result = result
  }
}

const issues = 'the issues of the repository this action comes from'
const longestDescription = 4_000
const deepestCause = 5

function asText(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown
  try {
    return JSON.stringify(thrown) ?? String(thrown)
  } catch {
    // It refers to itself, or to something that JSON does not know.
    return Object.prototype.toString.call(thrown)
  }
}

function describeDefect(thrown: unknown, depth = 0): string {
  if (!(thrown instanceof Error)) return asText(thrown).slice(0, longestDescription)
  const isLast = thrown.cause === undefined || depth >= deepestCause
  const cause = isLast ? '' : ` Cause: ${describeDefect(thrown.cause, depth + 1)}`
  return `${thrown.name}: ${thrown.message}${cause}`.slice(0, longestDescription)
}

function reportFailure(host: Host, error: unknown): void {
  if (error instanceof UserError) {
    host.fail(escaped(error.message), error.parts.where)
    if (error.parts.cause !== undefined) host.debug(describeDefect(error.parts.cause))
    return
  }
  if (error instanceof Error && error.stack !== undefined) host.debug(error.stack)
  host.fail(
    escaped(
      `This is a defect of the action, not of your input: ${describeDefect(error)} Please report it in ${issues}, with the log of a run with debug logging on.`,
    ),
  )
}

/** The work is done by then, and its outputs are handed over. */
async function writeSummary(host: Host, summary: string): Promise<void> {
  try {
    await host.writeSummary(summary)
  } catch (cause) {
    throw new UserError({
      what: `The work was done, but its job summary cannot be written: ${describeDefect(cause)}.`,
      why: 'The file that the runner names in GITHUB_STEP_SUMMARY is missing or may not be written, or its disk is full.',
      fix: "Check the runner, or leave the summary out with the input 'summary: false'.",
      cause,
    })
  }
}

async function publish(host: Host, result: ActionResult): Promise<void> {
  for (const [name, value] of Object.entries(result.outputs)) host.setOutput(name, value)
  for (const warning of result.warnings ?? []) host.warning(escaped(warning))
  if (result.summary !== undefined) await writeSummary(host, result.summary)
  if (result.notice !== undefined) host.notice(escaped(result.notice))
}

/**
 * Runs an action: reads its inputs, does its work, hands over outputs and summary. Whatever is thrown, an Error or
 * not, ends in exactly one `::error::` and exit code 1.
 * @returns whether it succeeded
 */
export async function runAction<Inputs>(
  readInputs: (read: InputReader) => Inputs,
  main: (inputs: Inputs, host: Host) => Promise<ActionResult>,
  host: Host = runner,
): Promise<boolean> {
  try {
    await publish(host, await main(readInputs(inputReader(host)), host))
    return true
  } catch (thrown) {
    if (thrown instanceof FailureWithResult) await publishRest(host, thrown.result)
    reportFailure(host, thrown instanceof FailureWithResult ? thrown.cause : thrown)
    return false
  }
}

/** Hands over what a failed run has. That this fails too must not hide why the run failed. */
async function publishRest(host: Host, result: ActionResult): Promise<void> {
  try {
    await publish(host, result)
  } catch (error) {
    host.warning(escaped(`The results of the failed run could not be handed over: ${describeDefect(error)}`))
  }
}

const endedEarly = new UserError({
  what: 'The process ended before the action did.',
  why: 'An answer that the action waited for never came, and nothing else kept the process alive. What was done until then is in the log.',
  fix: `Run the job again; what is done stays done. If it comes back, report it in ${issues}.`,
})

/**
 * The last line of an action's `main.ts`. A step has failed until its run has succeeded: Node ends a process with exit
 * code 0 as soon as nothing is left to wait for, also in the middle of the work. Connections kept alive would hold the
 * step open after its work is done, so the process ends itself when it has not ended by then.
 */
export function endStep(run: Promise<boolean>, graceMilliseconds = 500, host: Host = runner): void {
  process.exitCode = 1
  let isOver = false
  const guard = (): void => {
    if (isOver) return
    isOver = true
    process.exitCode = 1
    host.fail(endedEarly.message)
  }
  // The first when nothing is left to wait for, the second when something else ends the process.
  process.once('beforeExit', guard)
  process.once('exit', guard)
  void run.then((succeeded) => {
    isOver = true
    process.exitCode = succeeded ? 0 : 1
    setTimeout(() => process.exit(), graceMilliseconds).unref()
  })
}
