import { type ChainStep, commonSteps, deliverySteps, requestStep, setupStep } from '../src/report/chain.ts'
import { environments } from '../src/vocabulary.ts'
import type { Beginning } from './beginning.ts'
import { commonStep, projectStep, type Runner, request, type StepRecord } from './deliver.ts'
import { environmentsOf } from './delivery-report.ts'
import { setUp } from './set-up.ts'

/** What is delivered. */
export interface Issue {
  readonly text: string
  readonly number: number
}

/** A part of the way from empty subscriptions to a project: the same steps in one place after another. */
interface Leg {
  readonly steps: readonly ChainStep[]
  /** The environments in which they run; of what is done once, a word for it. */
  readonly places: (before: readonly StepRecord[]) => readonly string[]
  readonly run: (
    runner: Runner,
    at: {
      readonly step: ChainStep
      readonly place: string
      readonly issue: Issue
      readonly before: readonly StepRecord[]
    },
  ) => Promise<StepRecord>
}

const requestedIn = (records: readonly StepRecord[]): StepRecord | undefined =>
  records.find(({ action }) => action === requestStep.action)

/** The subnets that were allocated in this environment before. */
const subnetsIn = (records: readonly StepRecord[], place: string): string =>
  records.findLast(
    ({ environment, result }) => environment === place && result.outputs['subnets'] !== undefined,
  )?.result.outputs['subnets'] ?? ''

const beforeProjects: readonly Leg[] = [
  { steps: [setupStep], places: () => ['factory'], run: (runner) => setUp(runner) },
  {
    steps: commonSteps,
    places: () => environments,
    run: (runner, { step, place }) => commonStep(runner, step, place),
  },
]

const projectLegs: readonly Leg[] = [
  {
    steps: [requestStep],
    places: () => ['request'],
    run: (runner, { issue }) => request(runner, issue.text, issue.number),
  },
  {
    steps: deliverySteps,
    places: (before) => environmentsOf(requestedIn(before)),
    run: (runner, { step, place, before }) =>
      projectStep(runner, step, {
        project: requestedIn(before)?.result.outputs['project'] ?? '',
        environment: place,
        subnets: subnetsIn(before, place),
      }),
  },
]

const legsFrom: Readonly<Record<Beginning, readonly Leg[]>> = {
  subscriptions: [...beforeProjects, ...projectLegs],
  project: projectLegs,
}

/** Goes the whole way, and stops at the first step that fails. */
export async function travel(
  runner: Runner,
  beginning: Beginning,
  issue: Issue,
  log: (record: StepRecord) => void,
): Promise<readonly StepRecord[]> {
  const records: StepRecord[] = []
  for (const { steps, places, run } of legsFrom[beginning])
    for (const place of places(records))
      for (const step of steps) {
        const record = await run(runner, { step, place, issue, before: records })
        records.push(record)
        log(record)
        if (record.result.exitCode !== 0) return records
      }
  return records
}
