import type { ArmErrorBody, Caller } from '../../contracts.ts'
import type { DeploymentsDependencies } from '../dependencies.ts'
import { toErrorBody } from '../errors.ts'
import type { Scope } from '../expressions/scope.ts'
import { describeId } from '../ids.ts'
import type { DeploymentRecord, DeploymentStep, DeploymentsState } from '../state.ts'
import type { Compiled } from '../template/compile.ts'
import { isNested, readNested } from '../template/nested.ts'
import { bodyOf, type ResourceNode } from '../template/nodes.ts'
import { evaluateOutputs } from '../template/outputs.ts'
import { compileRequest, type DeployRequest } from '../template/plan.ts'
import { removeUnnamed } from './complete-mode.ts'
import { newRecord } from './record.ts'
import { type ReferenceSources, whileRunning } from './reference.ts'

const deploymentType = 'Microsoft.Resources/deployments'

/** How a run is watched and stopped. */
interface RunHooks {
  /** Called for every resource that has been deployed. */
  readonly deployed?: (id: string) => void
  /** Called for every resource that could not be deployed. */
  readonly failed?: (id: string, error: ArmErrorBody) => void
  /** Asked before each resource. */
  readonly canceled?: () => boolean
}

interface Run extends RunHooks {
  readonly state: DeploymentsState
  readonly deps: DeploymentsDependencies
  readonly caller: Caller
  readonly record: DeploymentRecord
  readonly compiled: Compiled
  readonly sources: ReferenceSources
  /** A deployment's resources are those of the deployments around it as well. */
  readonly addResource: (id: string) => void
}

/**
 * Deploys: independent resources at the same time, dependent ones after each other. What has begun is finished when
 * something else fails; what waits for a failed resource is not begun. The record tells how it went.
 */
export async function runDeployment(
  record: DeploymentRecord,
  compiled: Compiled,
  caller: Caller,
  context: { readonly state: DeploymentsState; readonly deps: DeploymentsDependencies } & RunHooks,
): Promise<void> {
  const { state, deps } = context
  const sources = { state, deps, caller, indexes: [compiled.index] }
  await execute({
    ...context,
    record,
    compiled,
    caller,
    sources,
    addResource: (id) => remember(record, id),
  })
}

function remember(record: DeploymentRecord, id: string): void {
  if (!record.outputResources.includes(id)) record.outputResources.push(id)
}

async function execute(run: Run): Promise<void> {
  const { record, compiled, deps } = run
  record.provisioningState = 'Running'
  const failures = await deployAll(run)
  const now = (): string => deps.clock.now().toISOString()
  if (run.canceled?.() === true) {
    settle(record, 'Canceled', now(), {
      code: 'DeploymentCanceled',
      message: `The deployment '${record.name}' was canceled.`,
    })
  } else if (failures.length > 0) settle(record, 'Failed', now(), deploymentFailed(record.id, failures))
  else {
    try {
      record.outputs = evaluateOutputs(compiled.template, whileRunning(compiled.scope, run.sources))
      if (record.mode === 'Complete') await removeUnnamed(compiled, run.caller, deps)
      settle(record, 'Succeeded', now())
    } catch (error) {
      settle(record, 'Failed', now(), deploymentFailed(record.id, [toErrorBody(error)]))
    }
  }
}

/** Ends a deployment. */
export function settle(
  record: DeploymentRecord,
  state: DeploymentRecord['provisioningState'],
  timestamp: string,
  error?: ArmErrorBody,
): void {
  record.provisioningState = state
  record.timestamp = timestamp
  if (error !== undefined) record.error = error
}

/** The error of a deployment some of whose resources failed. */
const deploymentFailed = (target: string, details: readonly ArmErrorBody[]): ArmErrorBody => ({
  code: 'DeploymentFailed',
  target,
  message:
    'At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.',
  details,
})

async function deployAll(run: Run): Promise<readonly ArmErrorBody[]> {
  const { nodes, edges } = run.compiled
  const outcomes = new Map<ResourceNode, Promise<boolean>>()
  const failures: ArmErrorBody[] = []
  const outcomeOf = (node: ResourceNode): Promise<boolean> => {
    const outcome = outcomes.get(node) ?? attempt(node)
    outcomes.set(node, outcome)
    return outcome
  }
  const attempt = async (node: ResourceNode): Promise<boolean> => {
    if (!node.enabled) return true
    const waits = [...(edges.get(node) ?? [])].map(outcomeOf)
    if ((await Promise.all(waits)).includes(false)) return false
    if (node.existing) return true
    if (run.canceled?.() === true) return false
    const error = await deployOne(node, run)
    if (error !== undefined) failures.push(error)
    return error === undefined
  }
  await Promise.all(nodes.map(outcomeOf))
  return failures
}

/** Deploys one resource, and returns the error when that fails. */
async function deployOne(node: ResourceNode, run: Run): Promise<ArmErrorBody | undefined> {
  const step = begin(node, run)
  try {
    const scope = whileRunning(node.scope, run.sources)
    const error = isNested(node)
      ? await deployNested(node, scope, run)
      : await deployResource(node, scope, run)
    finish(step, run, error)
    return error
  } catch (thrown) {
    const error = { ...toErrorBody(thrown), target: node.id }
    run.failed?.(node.id, error)
    finish(step, run, error)
    return error
  }
}

async function deployResource(node: ResourceNode, scope: Scope, run: Run): Promise<undefined> {
  const body = bodyOf(node, scope)
  const resource = await run.deps.engine.put(node.id, node.apiVersion, body, run.caller)
  run.addResource(resource.id)
  run.deployed?.(resource.id)
}

async function deployNested(node: ResourceNode, scope: Scope, run: Run): Promise<ArmErrorBody | undefined> {
  run.deps.managementLocks.check(node.id, deploymentType, 'write')
  const nested = readNested(node, scope)
  const request: DeployRequest = { ...nested, mode: 'Incremental', caller: run.caller, nested: true }
  const outer = nested.outer === undefined ? undefined : { ...run.compiled.scope, loops: node.scope.loops }
  const compiled = compileRequest(request, run.deps, outer)
  const record = newRecord(request, compiled, run.record.correlationId, run.deps)
  run.state.deployments[record.id.toLowerCase()] = record
  const indexes = nested.outer === undefined ? [compiled.index] : [compiled.index, ...run.sources.indexes]
  await execute({
    ...run,
    record,
    compiled,
    sources: { ...run.sources, indexes },
    addResource: (id) => {
      remember(record, id)
      run.addResource(id)
    },
  })
  if (record.error === undefined) return undefined
  return {
    code: 'ResourceDeploymentFailure',
    target: node.id,
    message:
      "The resource write operation failed to complete successfully, because it reached terminal provisioning state 'Failed'.",
    details: [record.error],
  }
}

function begin(node: ResourceNode, { record, deps }: Run): DeploymentStep {
  const now = deps.clock.now().toISOString()
  const { type, name } = describeId(node.id)
  const step: DeploymentStep = {
    operationId: deps.identifiers.uuid().replaceAll('-', '').slice(0, 16).toUpperCase(),
    provisioningOperation: 'Create',
    provisioningState: 'Running',
    started: now,
    timestamp: now,
    target: { id: node.id, resourceType: type, resourceName: name },
  }
  record.steps.push(step)
  return step
}

function finish(step: DeploymentStep, run: Run, error: ArmErrorBody | undefined): void {
  step.timestamp = run.deps.clock.now().toISOString()
  step.provisioningState = error === undefined ? 'Succeeded' : 'Failed'
  step.statusCode = error === undefined ? 'Created' : 'Conflict'
  if (error !== undefined) step.error = error
}
