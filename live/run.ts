import { type RanStep, runLiveStep, type Side } from './run-step.ts'
import type { Begun, LiveStep } from './steps.ts'
import { cleanUpSteps, hasFailed, liveSteps } from './steps.ts'

/** What a run on one side came to. */
export interface LiveRun {
  readonly steps: readonly RanStep[]
  readonly cleanUp: readonly RanStep[]
  /** What could not be removed. */
  readonly left: readonly Begun[]
  readonly interrupted: boolean
}

/** How to run. */
export interface LiveOptions {
  /** Does this machine reach the private endpoints of the data lake? */
  readonly lake: boolean
  /** Ends the step that runs, and goes on with the clean-up. */
  readonly interrupt: AbortSignal
  /** Remembers what there is to remove, should the process be killed. */
  readonly remember: (begun: ReadonlySet<Begun>) => void
  readonly showStep: (side: Side, ran: RanStep) => void
  readonly showCleanUp: (side: Side) => void
}

/** Azure lets go of some things late, and what failed may succeed once the rest is gone. */
const cleanUpRounds = 3

const never = new AbortController().signal

const partOf = (step: LiveStep): Begun => (step.with['project'] === undefined ? 'common' : 'project')

/** Removes what was begun, whatever else happens. Nothing interrupts it. */
export async function cleanUp(
  side: Side,
  begun: ReadonlySet<Begun>,
  { remember, showStep, showCleanUp }: LiveOptions,
): Promise<Pick<LiveRun, 'cleanUp' | 'left'>> {
  const left = new Set(begun)
  const ran: RanStep[] = []
  if (left.size > 0) showCleanUp(side)
  for (let round = 1; round <= cleanUpRounds && left.size > 0; round += 1)
    for (const step of cleanUpSteps(left, side.environmentKey)) {
      const one = await runLiveStep(side, step, never)
      ran.push(one)
      showStep(side, one)
      if (one.succeeded) left.delete(partOf(step))
      remember(left)
    }
  return { cleanUp: ran, left: [...left] }
}

async function runSteps(
  side: Side,
  begun: Set<Begun>,
  { lake, interrupt, remember, showStep }: LiveOptions,
): Promise<readonly RanStep[]> {
  const steps: RanStep[] = []
  for (const step of liveSteps.filter(({ needsLake }) => needsLake === undefined || lake)) {
    if (interrupt.aborted) break
    if (step.begins !== undefined) remember(begun.add(step.begins))
    const ran = await runLiveStep(side, step, interrupt)
    steps.push(ran)
    showStep(side, ran)
    if (hasFailed(ran)) break
  }
  return steps
}

/** Runs all steps on one side until one fails or somebody interrupts, and removes what was made. */
export async function runLive(side: Side, options: LiveOptions): Promise<LiveRun> {
  const begun = new Set<Begun>()
  try {
    const steps = await runSteps(side, begun, options)
    return { steps, interrupted: options.interrupt.aborted, ...(await cleanUp(side, begun, options)) }
  } catch (error) {
    await cleanUp(side, begun, options)
    throw error
  }
}
