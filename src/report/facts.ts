import type { Plan } from '../plan/model.ts'
import type { RunFailure } from '../plan/run-record.ts'
import { type ChainStep, commonSteps, deliverySteps, requestStep, setupStep } from './chain.ts'
import type { DeliveredRun, Delivery, DescribedEnvironment, Origin } from './delivery.ts'
import {
  type Assignment,
  aclSchema,
  assignmentsSchema,
  effectiveAccessSchema,
  type FolderAccess,
  type FolderAcl,
  type Group,
  groupsSchema,
  type OutputReader,
  type Overview,
  overviewSchema,
  readOutputs,
  resourcesSchema,
  type Subnets,
  subnetsSchema,
} from './outputs.ts'

/** How a step ended. `passed`: it only looks, and found nothing in the way. `refused`: the default branch has newer documents. `waiting`: it was not reached. */
export type StepState = 'passed' | 'changed' | 'unchanged' | 'refused' | 'failed' | 'waiting'

/** One step of the chain, as it is shown. */
export interface StepFacts extends ChainStep {
  readonly state: StepState
  /** ISO 8601; absent when it was not reached. */
  readonly started: string | undefined
  readonly milliseconds: number
  readonly calls: number | undefined
  readonly plan: Plan | undefined
  /** May what its plan says have been done? Of a step that failed, nobody knows how much of it. */
  readonly applied: 'all' | 'perhaps' | 'nothing'
  readonly notices: readonly string[]
  readonly warnings: readonly string[]
  readonly failure: RunFailure | undefined
}

/** One environment of the project, as far as it was delivered. */
export interface EnvironmentFacts {
  readonly key: string
  readonly title: string
  /** Of the project; none when it is not delivered here. */
  readonly steps: readonly StepFacts[]
  /** Of the common area; none when it was there before. */
  readonly common: readonly StepFacts[]
  readonly overview: Overview | undefined
  readonly described: DescribedEnvironment | undefined
  /** SVG: for a wide screen, and for a narrow one. */
  readonly drawing: { readonly wide: string | undefined; readonly narrow: string | undefined }
  readonly subnets: Subnets | undefined
  readonly resourceGroup: string | undefined
  readonly resources: readonly string[] | undefined
  readonly groups: readonly Group[] | undefined
  readonly assignments: readonly Assignment[] | undefined
  readonly acl: readonly FolderAcl[] | undefined
  readonly effectiveAccess: readonly FolderAccess[] | undefined
}

/** A delivery, from the request to the last environment. */
export interface DeliveryFacts {
  readonly project: string | undefined
  readonly name: string | undefined
  /** As the documents of the first environment describe it. */
  readonly described: DescribedEnvironment | undefined
  /** Absent when the factory was set up before. */
  readonly setup: StepFacts | undefined
  readonly request: StepFacts | undefined
  readonly environments: readonly EnvironmentFacts[]
  readonly started: string | undefined
  readonly milliseconds: number
  readonly calls: number | undefined
  readonly origin: Origin
}

/** More would be no factory but a fault. */
const mostEnvironments = 12

const titleOf = (key: string): string => key.slice(0, 1).toUpperCase() + key.slice(1)

function stateOf({ failure, outcome, changed }: DeliveredRun): StepState {
  if (failure !== undefined) return 'failed'
  if (outcome === 'refused') return 'refused'
  if (outcome === 'planned') return 'passed'
  return changed === true ? 'changed' : 'unchanged'
}

function appliedOf({ failure, changed }: DeliveredRun): StepFacts['applied'] {
  if (failure === undefined) return 'all'
  return changed === false ? 'nothing' : 'perhaps'
}

const notReached = {
  state: 'waiting',
  started: undefined,
  milliseconds: 0,
  calls: undefined,
  plan: undefined,
  applied: 'nothing',
  notices: [],
  warnings: [],
  failure: undefined,
} as const

/** A step with its outputs opened. */
interface OpenedStep extends ChainStep {
  readonly run: DeliveredRun | undefined
  readonly outputs: OutputReader
}

const open = (step: ChainStep, run: DeliveredRun | undefined): OpenedStep => ({
  ...step,
  run,
  outputs: readOutputs(run),
})

/** What a step did. Called when all its outputs have been read, so that what could not be read is reported. */
function factsOf({ action, mode, does, run, outputs }: OpenedStep): StepFacts {
  if (run === undefined) return { action, mode, does, ...notReached }
  const { started, milliseconds, calls, plan, notice, failure, warnings } = run
  return {
    ...{ action, mode, does, state: stateOf(run), applied: appliedOf(run) },
    ...{ started, milliseconds, calls, plan, failure },
    notices: notice === undefined || failure !== undefined ? [] : [notice],
    warnings: [...new Set([...warnings, ...outputs.problems])],
  }
}

/** The name in the heading of the answer to a request: a code span after the number. */
const nameIn = (comment: string): string | undefined =>
  /^### Project \d{3}: (`+) ?([^`\n]+?) ?\1$/m.exec(comment)?.[2]

/** People's roles are assigned by one step, those of identities by another. */
const both = <T>(one: readonly T[] | undefined, other: readonly T[] | undefined): readonly T[] | undefined =>
  one === undefined && other === undefined ? undefined : [...(one ?? []), ...(other ?? [])]

const openAll = (steps: readonly ChainStep[], runs: readonly DeliveredRun[]): readonly OpenedStep[] =>
  steps.map((step) =>
    open(
      step,
      runs.find(({ action, mode }) => action === step.action && mode === step.mode),
    ),
  )

/** The common area of an environment, when it was delivered too. */
function commonOf(runs: readonly DeliveredRun[]): Pick<EnvironmentFacts, 'common' | 'overview'> {
  if (runs.length === 0) return { common: [], overview: undefined }
  const steps = openAll(commonSteps, runs)
  const overview = steps[0]?.outputs.json('overview', overviewSchema)
  return { common: steps.map(factsOf), overview }
}

function environmentOf(key: string, { runs, described, environments }: Delivery): EnvironmentFacts {
  const here = runs.filter(({ environment }) => environment === key)
  const own = here.filter(({ project }) => project !== undefined)
  const isDelivered = own.length > 0 || environments.includes(key)
  const steps = openAll(isDelivered ? deliverySteps : [], own)
  const openedStep = (wanted: string, inMode: string): OpenedStep =>
    steps.find(({ action, mode }) => action === wanted && mode === inMode) ?? open(requestStep, undefined)
  const network = openedStep('ip-calc', 'reserve')
  const resources = openedStep('provision-project', 'apply')
  const access = openedStep('add-member', 'apply').outputs
  const lake = openedStep('datalake-acl', 'apply').outputs
  const read = {
    described: described.get(key),
    drawing: { wide: network.run?.files['map-file'], narrow: network.run?.files['map-narrow-file'] },
    subnets: network.outputs.json('subnets', subnetsSchema),
    resourceGroup: resources.run?.outputs['resource-group'],
    resources: resources.outputs.json('resources', resourcesSchema),
    groups: access.json('groups', groupsSchema),
    assignments: both(
      access.json('assignments', assignmentsSchema),
      resources.outputs.json('assignments', assignmentsSchema),
    ),
    acl: lake.json('acl', aclSchema),
    effectiveAccess: lake.json('effective-access', effectiveAccessSchema),
  }
  const common = commonOf(here.filter(({ project }) => project === undefined))
  return { key, title: titleOf(key), ...common, ...read, steps: steps.map(factsOf) }
}

/** The sum, when all of them are known. */
const sumOfKnown = (counts: readonly (number | undefined)[]): number | undefined =>
  counts.reduce((sum, count) => (sum === undefined || count === undefined ? undefined : sum + count), 0)

/** Reads what the steps of a delivery have left behind. */
export function readDelivery(delivery: Delivery): DeliveryFacts {
  const { runs, described, origin } = delivery
  const run = runs.find(({ action }) => action === requestStep.action)
  const setup = runs.find(({ action }) => action === setupStep.action)
  const delivered = runs.filter((one) => one !== run && one !== setup)
  const keys = [...delivery.environments, ...delivered.flatMap(({ environment }) => environment ?? [])]
  const environments = [...new Set(keys)].slice(0, mostEnvironments)
  const first = environments.flatMap((key) => described.get(key) ?? [])[0]
  return {
    project:
      first?.project.number ?? run?.outputs['project'] ?? delivered.find(({ project }) => project)?.project,
    name: first?.project.name ?? nameIn(run?.outputs['comment'] ?? ''),
    described: first,
    setup: setup && factsOf(open(setupStep, setup)),
    request: run && factsOf(open(requestStep, run)),
    environments: environments.map((key) => environmentOf(key, delivery)),
    started: runs.map(({ started }) => started).toSorted()[0],
    milliseconds: runs.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    calls: sumOfKnown(runs.map(({ calls }) => calls)),
    origin,
  }
}
