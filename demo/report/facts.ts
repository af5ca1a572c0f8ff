import type { ChangeKind } from '../../src/plan/model.ts'
import { type ChainStep, chain, type StepRecord } from '../deliver.ts'
import {
  type Assignment,
  aclSchema,
  assignmentsSchema,
  effectiveAccessSchema,
  environmentsSchema,
  type FolderAccess,
  type FolderAcl,
  type Group,
  groupsSchema,
  type OutputReader,
  type PlannedChange,
  planSchema,
  readOutputs,
  resourcesSchema,
  type Subnets,
  subnetsSchema,
  templateSchema,
} from './outputs.ts'

/** How a step ended. `waiting`: it was not reached. */
export type StepState = 'changed' | 'unchanged' | 'failed' | 'waiting'

/** One step of the chain, as it is shown. */
export interface StepFacts {
  readonly action: string
  readonly does: string
  readonly state: StepState
  readonly milliseconds: number
  readonly calls: number
  /** How many things there are of each kind of change, where the step wrote a plan. */
  readonly counts: Readonly<Record<ChangeKind, number>> | undefined
  readonly notices: readonly string[]
  readonly warnings: readonly string[]
  readonly errors: readonly string[]
}

/** Something to know about the project. */
interface Trait {
  readonly label: string
  readonly value: string
}

/** One environment of the project, as far as it was delivered. */
export interface EnvironmentFacts {
  readonly key: string
  readonly title: string
  readonly steps: readonly StepFacts[]
  readonly drawing: string | undefined
  readonly subnets: Subnets | undefined
  readonly resourceGroup: string | undefined
  readonly resources: readonly string[] | undefined
  /** Where the resource group is, and whose, as label and value. */
  readonly traits: readonly Trait[]
  /** What happened to the resources, by lower-case resource id. */
  readonly changes: ReadonlyMap<string, PlannedChange>
  readonly groups: readonly Group[] | undefined
  readonly assignments: readonly Assignment[] | undefined
  readonly acl: readonly FolderAcl[] | undefined
  readonly effectiveAccess: readonly FolderAccess[] | undefined
}

/** A delivery, from the request to the last environment. */
export interface DeliveryFacts {
  readonly project: string | undefined
  /** What the project is called, where the answer to the request says so. */
  readonly name: string | undefined
  readonly traits: readonly Trait[]
  readonly request: StepFacts | undefined
  readonly environments: readonly EnvironmentFacts[]
  readonly milliseconds: number
  readonly calls: number
}

const requestAction = 'project-request'
/** More would be no factory but a fault. */
const mostEnvironments = 12

const titleOf = (key: string): string => key.slice(0, 1).toUpperCase() + key.slice(1)

const textsOf = (record: StepRecord, kind: 'notice' | 'warning' | 'error'): readonly string[] => [
  ...new Set(record.result.lines.flatMap((line) => (line.kind === kind ? [line.text] : []))),
]

const stateOf = ({ result }: StepRecord): StepState => {
  if (result.exitCode !== 0) return 'failed'
  return result.outputs['changed'] === 'true' ? 'changed' : 'unchanged'
}

function errorsOf(record: StepRecord): readonly string[] {
  const errors = textsOf(record, 'error')
  const { exitCode } = record.result
  return exitCode !== 0 && errors.length === 0 ? [`It ended with exit code ${exitCode}.`] : errors
}

function countsOf(changes: readonly PlannedChange[]): Readonly<Record<ChangeKind, number>> {
  const counts: Record<ChangeKind, number> = { delete: 0, detach: 0, create: 0, modify: 0, keep: 0 }
  for (const { change } of changes) counts[change] += 1
  return counts
}

/** A step with its outputs opened. */
interface OpenedStep {
  readonly action: string
  readonly mode: string
  readonly does: string
  readonly record: StepRecord | undefined
  readonly outputs: OutputReader
  readonly changes: readonly PlannedChange[] | undefined
}

function open({ action, mode, does }: ChainStep, record: StepRecord | undefined): OpenedStep {
  const outputs = readOutputs(record)
  return { action, mode, does, record, outputs, changes: outputs.jsonFile('plan-file', planSchema)?.changes }
}

/** What a step did. Called when all its outputs have been read, so that what could not be read is reported. */
function factsOf({ action, does, record, outputs, changes }: OpenedStep): StepFacts {
  if (record === undefined) {
    const nothing = { counts: undefined, notices: [], warnings: [], errors: [] }
    return { action, does, state: 'waiting', milliseconds: 0, calls: 0, ...nothing }
  }
  return {
    action,
    does,
    state: stateOf(record),
    milliseconds: record.result.milliseconds,
    calls: record.calls,
    counts: changes && countsOf(changes),
    notices: textsOf(record, 'notice'),
    warnings: [...textsOf(record, 'warning'), ...outputs.problems],
    errors: errorsOf(record),
  }
}

/** The tags of a resource group that are shown, with their labels. */
const shownTags = { owner: 'Owner', costCenter: 'Cost centre', factory: 'Factory' } as const

function traitsOf(outputs: OutputReader): readonly Trait[] {
  const template = outputs.jsonFile('template-file', templateSchema)
  const group = template?.resources.find(({ type }) => type === 'Microsoft.Resources/resourceGroups')
  const location = group?.location === undefined ? [] : [{ label: 'Region', value: group.location }]
  const tags = Object.entries(shownTags).flatMap(([tag, label]) => {
    const value = group?.tags?.[tag]
    return value === undefined ? [] : [{ label, value }]
  })
  return [...tags, ...location]
}

/** The name in the heading of the answer to a request: a code span after the number. */
const nameIn = (comment: string): string | undefined =>
  /^### Project \d{3}: (`+) ?([^`\n]+?) ?\1$/m.exec(comment)?.[2]

function environmentOf(key: string, records: readonly StepRecord[]): EnvironmentFacts {
  const own = records.filter(({ environment }) => environment === key)
  const steps = chain.map((step) =>
    open(
      step,
      own.find(({ action, mode }) => action === step.action && mode === step.mode),
    ),
  )
  const outputsOf = (wanted: string, inMode: string): OutputReader =>
    steps.find(({ action, mode }) => action === wanted && mode === inMode)?.outputs ?? readOutputs(undefined)
  const [network, resources] = [outputsOf('ip-calc', 'reserve'), outputsOf('provision-project', 'apply')]
  const [access, lake] = [outputsOf('add-member', 'apply'), outputsOf('datalake-acl', 'apply')]
  const deployed = steps.find(({ outputs }) => outputs === resources)?.changes ?? []
  const read = {
    drawing: network.file('map-file'),
    subnets: network.json('subnets', subnetsSchema),
    resourceGroup: own.find(({ action, mode }) => action === 'provision-project' && mode === 'apply')?.result
      .outputs['resource-group'],
    resources: resources.json('resources', resourcesSchema),
    traits: traitsOf(resources),
    changes: new Map(deployed.map((change) => [(change.scope ?? '').toLowerCase(), change])),
    groups: access.json('groups', groupsSchema),
    assignments: access.json('assignments', assignmentsSchema),
    acl: lake.json('acl', aclSchema),
    effectiveAccess: lake.json('effective-access', effectiveAccessSchema),
  }
  return { key, title: titleOf(key), ...read, steps: steps.map(factsOf) }
}

/** The environments that were asked for, else those in which something ran. */
function environmentsOf(asked: OutputReader, records: readonly StepRecord[]): readonly string[] {
  const delivered = records.filter(({ action }) => action !== requestAction)
  const keys = [
    ...(asked.json('environments', environmentsSchema) ?? []),
    ...delivered.map(({ environment }) => environment),
  ]
  return [...new Set(keys)].slice(0, mostEnvironments)
}

/** Reads what the steps of a delivery have left behind. Nothing that they wrote is trusted to be well-formed. */
export function readDelivery(records: readonly StepRecord[]): DeliveryFacts {
  const record = records.find(({ action }) => action === requestAction)
  const request = open({ action: requestAction, mode: 'apply', does: record?.does ?? '' }, record)
  const environments = environmentsOf(request.outputs, records).map((key) => environmentOf(key, records))
  return {
    project: record?.result.outputs['project'],
    name: nameIn(record?.result.outputs['comment'] ?? ''),
    traits: environments.find(({ traits }) => traits.length > 0)?.traits ?? [],
    request: record && factsOf(request),
    environments,
    milliseconds: records.reduce((sum, { result }) => sum + result.milliseconds, 0),
    calls: records.reduce((sum, { calls }) => sum + calls, 0),
  }
}
