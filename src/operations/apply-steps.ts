import type { Right } from '../azure/granted-rights.ts'
import { UserError } from '../diagnostics/user-error.ts'
import { FailureWithReport, type Report } from '../plan/report.ts'
import { eachOf } from './together.ts'

/** One write, and what it is called in the log. It can be repeated: what is already there stays. */
export interface Step<Result = void> {
  /** E.g. `Create group prj001_dev_team_lead`. */
  readonly name: string
  /** Makes the change. A result ends the run of all steps, e.g. because what comes after has to be planned again. */
  readonly apply: () => Promise<Result>
  /** Asked when its turn comes: is there still something to do? */
  readonly isNeeded?: () => boolean
  /** The rights that it takes, for the guard before the first step. */
  readonly needs?: readonly Right[]
  /** Steps of one stage that follow one another do not need each other, and go together. Alone when absent. */
  readonly stage?: string
  /** Those of a stage that have the same lane go one after the other, beside the rest. */
  readonly lane?: string
}

/**
 * How many steps of a stage go together. Resource Manager lets an identity write 200 times at once and 10 times a second
 * after that, Graph 20 times a second: what goes beyond is answered with 429, and waited for.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
 */
const mostTogether = 8

/** Where lines of progress go. */
type Log = (line: string) => void

/** How far a run of steps came. */
interface Applied {
  done: number
}

async function runCounting<Result>(
  steps: readonly Step<Result>[],
  info: Log,
  applied: Applied,
): Promise<Result | undefined> {
  const results: Result[] = []
  for (const stage of stagesOf(steps)) {
    const run = async ([index, { name, apply, isNeeded }]: Numbered<Result>): Promise<void> => {
      if (isNeeded?.() === false) return
      info(`${index + 1}/${steps.length} ${name}`)
      const result = await apply()
      if (result === undefined) applied.done += 1
      else results.push(result)
    }
    await eachOf(lanesOf(stage), mostTogether, async (lane) => {
      for (const step of lane) await run(step)
    })
    if (results.length > 0) return results[0]
  }
  return undefined
}

type Numbered<Result> = readonly [index: number, step: Step<Result>]

/** The steps in rows, each of which goes together. */
function stagesOf<Result>(steps: readonly Step<Result>[]): readonly (readonly Numbered<Result>[])[] {
  const stages: Numbered<Result>[][] = []
  for (const [index, step] of steps.entries()) {
    const last = stages.at(-1)
    const isSame = step.stage !== undefined && last?.[0]?.[1].stage === step.stage
    if (isSame) last?.push([index, step])
    else stages.push([[index, step]])
  }
  return stages
}

/** A step without a lane has one of its own. */
const lanesOf = <Result>(stage: readonly Numbered<Result>[]): readonly (readonly Numbered<Result>[])[] => [
  ...Map.groupBy(stage, ([index, { lane }]) => lane ?? index).values(),
]

/**
 * Runs steps one after the other, those of one stage together, each logged as it starts: `3/12 Create group …`. What fails is thrown as it is.
 * @returns the value that a step ended the run with, undefined when all were run
 */
export const runSteps = <Result>(steps: readonly Step<Result>[], info: Log): Promise<Result | undefined> =>
  runCounting(steps, info, { done: 0 })

/**
 * Applies all steps of a plan. When one fails, what was done until then is kept and said, and the run still publishes a
 * report: steps can be repeated, so running again finishes the rest.
 * @param failed makes the report of a run that failed
 */
export async function applySteps(steps: readonly Step[], info: Log, failed: () => Report): Promise<void> {
  const applied: Applied = { done: 0 }
  try {
    await runCounting(steps, info, applied)
  } catch (error) {
    throw new FailureWithReport(withProgress(error, applied.done, steps.length), failed())
  }
}

/** The error, with how many steps were applied before it; of one step alone there is nothing to say. */
function withProgress(error: unknown, done: number, count: number): unknown {
  if (!(error instanceof UserError) || done === 0) return error
  const { parts } = error
  const rest = 'Running again applies only what is missing.'
  return new UserError({
    ...parts,
    what: `${parts.what} ${done} of ${count} steps were applied before that.`,
    fix: parts.fix === undefined ? `Run the job again. ${rest}` : `${parts.fix} ${rest}`,
  })
}
