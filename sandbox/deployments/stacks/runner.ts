import type { ArmErrorBody, Caller, OperationOutcome } from '../../contracts.ts'
import { canBeDeleted } from '../deletable.ts'
import type { DeploymentsDependencies } from '../dependencies.ts'
import { toErrorBody } from '../errors.ts'
import { toJson } from '../expressions/json.ts'
import { isResourceGroupId, sameId } from '../ids.ts'
import { removeResources } from '../removal.ts'
import { preflight } from '../runs/preflight.ts'
import { newRecord } from '../runs/record.ts'
import { runDeployment } from '../runs/runner.ts'
import { type ActionOnUnmanage, type DeploymentsState, durationBetween, type StackRecord } from '../state.ts'
import type { DeployRequest, Plan } from '../template/plan.ts'
import { bodyAfter, bodyBefore } from '../whatif/snapshot.ts'
import { denialsOf } from './deny-settings.ts'
import { stackBody } from './representation.ts'

/** What a run of a stack works with. */
interface StackRun {
  readonly state: DeploymentsState
  readonly deps: DeploymentsDependencies
  readonly caller: Caller
  readonly stack: StackRecord
}

/**
 * Deploys a stack's template, then deletes or detaches what the stack managed before and the template no longer has.
 * What was deployed is in the stack at once, so that a run that dies half way loses nothing; nothing is deleted unless
 * the whole template was deployed.
 */
export async function deployStack(
  run: StackRun,
  request: DeployRequest,
  plan: Plan,
): Promise<OperationOutcome> {
  const { stack, state, deps } = run
  const before = stack.resources
  const deployed = new Set<string>()
  try {
    stack.provisioningState = 'validating'
    preflight(plan, request, deps)
    stack.provisioningState = 'deploying'
    const record = newRecord(request, plan.compiled, stack.correlationId, deps)
    deps.managementLocks.check(record.id, 'Microsoft.Resources/deployments', 'write')
    state.deployments[record.id.toLowerCase()] = record
    stack.deploymentId = record.id
    await runDeployment(record, plan.compiled, request.caller, {
      state,
      deps,
      deployed: (id) => {
        deployed.add(id.toLowerCase())
        manage(stack, id)
        remember(run, id, plan)
      },
      failed: (id, error) => stack.failed.push({ id, error }),
    })
    if (record.outputs !== undefined) stack.outputs = record.outputs
    if (record.error !== undefined) return fail(run, deploymentFailed(stack, record.error))
  } catch (error) {
    return fail(run, deploymentFailed(stack, toErrorBody(error)))
  }
  stack.provisioningState = 'updatingDenyAssignments'
  const managed = stack.resources.map(({ id }) => id).filter((id) => deployed.has(id.toLowerCase()))
  deps.denyAssignments.replace(stack.id, denialsOf(stack.settings['denySettings'], managed))
  const leaving = before.map(({ id }) => id).filter((id) => !deployed.has(id.toLowerCase()))
  const failed = await unmanage(run, leaving, stack.actionOnUnmanage)
  if (failed.length > 0) return fail(run, deletionFailed(stack))
  return succeed(run)
}

/**
 * Deletes a stack, and with it what it manages as far as `actions` say so. A stack whose resources cannot all be deleted
 * stays, failed, with those that are left. What it forbade is allowed from then on.
 */
export async function deleteStack(run: StackRun, actions: ActionOnUnmanage): Promise<OperationOutcome> {
  const { stack, state, deps } = run
  deps.denyAssignments.replace(stack.id, [])
  const failed = await unmanage(
    run,
    stack.resources.map(({ id }) => id),
    actions,
  )
  if (failed.length > 0)
    return fail(run, {
      code: 'DeploymentStackDeleteFailed',
      message: `One or more stages of deploymentStack deletion failed. Correlation id: '${stack.correlationId}'.`,
      details: [deletionDetail],
    })
  delete state.stacks[stack.id.toLowerCase()]
  return { status: 'Succeeded' }
}

function manage(stack: StackRecord, id: string): void {
  const others = stack.resources.filter((resource) => !sameId(resource.id, id))
  stack.resources = [...others, { id, status: 'managed' }]
}

/** Keeps what the template says of a resource and what is there now: the next what-if reports only what is new. */
function remember({ stack, deps }: StackRun, id: string, plan: Plan): void {
  const planned = plan.resources.find(({ node }) => sameId(node.id, id))
  const stored = deps.engine.get(id)
  if (planned === undefined || stored === undefined) return
  const baseline = {
    declared: bodyAfter(planned),
    live: bodyBefore(toJson(stored), planned.node.apiVersion),
  }
  stack.baselines = { ...stack.baselines, [id.toLowerCase()]: baseline }
}

async function unmanage(
  { stack, caller, deps }: StackRun,
  ids: readonly string[],
  actions: ActionOnUnmanage,
): Promise<readonly string[]> {
  stack.provisioningState = 'deletingResources'
  const actionFor = (id: string): string =>
    isResourceGroupId(id) ? actions.resourceGroups : actions.resources
  const toDelete = ids.filter((id) => actionFor(id) === 'delete')
  const removal = await removeResources(toDelete, caller, deps)
  const keeps = (id: string): boolean =>
    actions.resourcesWithoutDeleteSupport === 'detach' && !canBeDeleted(id)
  const { deleted } = removal
  const failed = removal.failed.filter(({ id }) => !keeps(id))
  const kept = removal.failed.map(({ id }) => id).filter(keeps)
  const detached = [...ids.filter((id) => actionFor(id) === 'detach'), ...kept]
  const gone = new Set([...detached, ...deleted].map((id) => id.toLowerCase()))
  const left = new Set(failed.map(({ id }) => id.toLowerCase()))
  stack.resources = stack.resources
    .filter(({ id }) => !gone.has(id.toLowerCase()))
    .map((resource) =>
      left.has(resource.id.toLowerCase()) ? { ...resource, status: 'deleteFailed' } : resource,
    )
  for (const id of gone) delete stack.baselines?.[id]
  stack.detached = detached
  stack.deleted = [...deleted]
  stack.failed = [...stack.failed, ...failed]
  return failed.map(({ id }) => id)
}

function succeed({ stack, deps }: StackRun): OperationOutcome {
  stack.provisioningState = 'succeeded'
  delete stack.outOfSync
  stack.duration = durationBetween(stack.started, deps.clock.now().toISOString())
  return { status: 'Succeeded', result: stackBody(stack) }
}

function fail({ stack, deps }: StackRun, error: ArmErrorBody): OperationOutcome {
  stack.provisioningState = 'failed'
  stack.duration = durationBetween(stack.started, deps.clock.now().toISOString())
  stack.error = error
  return { status: 'Failed', error }
}

const deploymentFailed = (stack: StackRecord, detail: ArmErrorBody): ArmErrorBody => ({
  code: 'DeploymentStackDeploymentFailed',
  message: `One or more resources could not be deployed. Correlation id: '${stack.correlationId}'.`,
  details: [detail],
})

const deletionDetail: ArmErrorBody = {
  code: 'DeploymentStackDeleteResourcesFailed',
  message:
    'An error occurred while deleting resources. These resources are still present in the stack but can be deleted manually. Please see the FailedResources property for specific error information. Deletion failures that are known limitations are documented here: https://aka.ms/DeploymentStacksKnownLimitations',
}

const deletionFailed = (stack: StackRecord): ArmErrorBody => ({
  code: 'DeploymentStackDeleteResourcesFailed',
  message: `One or more resources could not be deleted. Correlation id: '${stack.correlationId}'.`,
  details: [deletionDetail],
})
