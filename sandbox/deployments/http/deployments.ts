import { ArmError, type OperationOutcome } from '../../contracts.ts'
import type { DeploymentsDependencies } from '../dependencies.ts'
import { toErrorBody } from '../errors.ts'
import { isObject, toJson } from '../expressions/json.ts'
import { preflight } from '../runs/preflight.ts'
import { newRecord } from '../runs/record.ts'
import { deploymentBody, deploymentProperties, errorJson, present, stepBody } from '../runs/representation.ts'
import { runDeployment } from '../runs/runner.ts'
import type { DeploymentRecord, DeploymentsState } from '../state.ts'
import { deploymentIdOf, planRequest } from '../template/plan.ts'
import { type ResultFormat, whatIf } from '../whatif/what-if.ts'
import { admission } from './admission.ts'
import { readDeployment } from './deployment-request.ts'
import { type Call, dispatch } from './dispatch.ts'
import { answer, empty, readBody, type Target } from './request.ts'

/** Where requests about deployments are answered. */
interface Desk {
  readonly state: DeploymentsState
  readonly deps: DeploymentsDependencies
  readonly allow: ReturnType<typeof admission>
  /** Ids of those that run, and of those that are to end. */
  readonly active: Set<string>
  readonly canceled: Set<string>
}

const keyOf = (target: Target, name: string): string => deploymentIdOf(target.scopeId, name).toLowerCase()

function found({ state }: Desk, target: Target, name: string): DeploymentRecord {
  const record = state.deployments[keyOf(target, name)]
  if (record !== undefined) return record
  throw new ArmError(404, {
    code: 'DeploymentNotFound',
    message: `Deployment '${name}' could not be found.`,
  })
}

async function create(
  { state, deps, allow, active, canceled }: Desk,
  call: Call,
  name: string,
): Promise<Response> {
  const { target, caller } = call
  const body = await readBody(call.request)
  const asked = readDeployment(target, name, body, caller)
  allow(call, name, 'write')
  const key = keyOf(target, name)
  const before = state.deployments[key]
  refuseMoved(before, asked.location)
  if (active.has(key)) throw deploymentActive(name, before)
  const plan = planRequest(asked, deps)
  preflight(plan, asked, deps)
  const record = newRecord(asked, plan.compiled, deps.identifiers.uuid(), deps)
  state.deployments[key] = record
  active.add(key)
  canceled.delete(key)
  const accepted = deploymentBody(record)
  const { headers } = deps.operations.begin(target.subscriptionId, caller, async () => {
    try {
      await runDeployment(record, plan.compiled, caller, { state, deps, canceled: () => canceled.has(key) })
    } finally {
      active.delete(key)
    }
    return outcomeOf(record)
  })
  const { Location: _, ...polling } = headers
  return answer(before === undefined ? 201 : 200, accepted, polling)
}

async function validate({ deps, allow }: Desk, call: Call, name: string): Promise<Response> {
  const asked = readDeployment(call.target, name, await readBody(call.request), call.caller)
  allow(call, name, 'validate/action')
  const plan = planRequest(asked, deps)
  preflight(plan, asked, deps)
  const record = newRecord(asked, plan.compiled, deps.identifiers.uuid(), deps)
  const { outputResources: _, ...properties } = deploymentProperties({
    ...record,
    provisioningState: 'Succeeded',
  })
  const validatedResources = plan.resources.map(({ node }) => ({ id: node.id }))
  const diagnostics = plan.diagnostics.length === 0 ? undefined : toJson(plan.diagnostics)
  return answer(200, {
    id: record.id,
    name,
    type: 'Microsoft.Resources/deployments',
    properties: { ...properties, ...present({ validatedResources, diagnostics }) },
  })
}

async function predict({ deps, allow }: Desk, call: Call, name: string): Promise<Response> {
  const body = await readBody(call.request)
  const asked = readDeployment(call.target, name, body, call.caller)
  allow(call, name, 'whatIf/action')
  const plan = planRequest(asked, deps)
  const format = resultFormat(body['properties'])
  const { headers } = deps.operations.begin(call.target.subscriptionId, call.caller, async () => {
    try {
      preflight(plan, asked, deps)
      return { status: 'Succeeded', result: whatIf(plan, asked, format, deps) }
    } catch (error) {
      return { status: 'Succeeded', result: { status: 'Failed', error: errorJson(toErrorBody(error)) } }
    }
  })
  const { 'Azure-AsyncOperation': _, ...polling } = headers
  return empty(202, polling)
}

function remove({ state, deps, allow, active }: Desk, call: Call, name: string): Response {
  allow(call, name, 'delete')
  const key = keyOf(call.target, name)
  if (active.has(key)) throw deploymentActive(name, state.deployments[key])
  if (state.deployments[key] === undefined) return empty(204)
  const { headers } = deps.operations.begin(call.target.subscriptionId, call.caller, async () => {
    delete state.deployments[key]
    return { status: 'Succeeded' }
  })
  const { 'Azure-AsyncOperation': _, ...polling } = headers
  return empty(202, polling)
}

function cancel(desk: Desk, call: Call, name: string): Response {
  const { allow, active, canceled } = desk
  allow(call, name, 'cancel/action')
  found(desk, call.target, name)
  const key = keyOf(call.target, name)
  if (!active.has(key))
    throw new ArmError(409, {
      code: 'DeploymentCannotBeCancelled',
      message: `The deployment '${name}' cannot be cancelled because it is not active.`,
    })
  canceled.add(key)
  return empty(204)
}

function list({ state, allow }: Desk, call: Call): Response {
  allow(call, undefined, 'read')
  const scope = call.target.scopeId.toLowerCase()
  const records = Object.values(state.deployments).filter((record) => record.scopeId.toLowerCase() === scope)
  return answer(200, { value: records.map(deploymentBody) })
}

function steps(desk: Desk, call: Call, name: string): Response {
  desk.allow(call, name, 'operations/read')
  const record = found(desk, call.target, name)
  const { detail } = call.target
  if (detail === undefined) return answer(200, { value: record.steps.map((step) => stepBody(record, step)) })
  const step = record.steps.find(({ operationId }) => operationId === detail)
  if (step !== undefined) return answer(200, stepBody(record, step))
  throw new ArmError(404, {
    code: 'DeploymentOperationNotFound',
    message: `The deployment operation '${detail}' could not be found.`,
  })
}

function read(desk: Desk, call: Call, name: string): Response {
  desk.allow(call, name, 'read')
  return answer(200, deploymentBody(found(desk, call.target, name)))
}

function exists({ state, allow }: Desk, call: Call, name: string): Response {
  allow(call, name, 'read')
  return empty(state.deployments[keyOf(call.target, name)] === undefined ? 404 : 204)
}

function exportTemplate(desk: Desk, call: Call, name: string): Response {
  desk.allow(call, name, 'exportTemplate/action')
  return answer(200, { template: found(desk, call.target, name).template })
}

const handlers = {
  list,
  named: {
    'PUT ': create,
    'GET ': read,
    'HEAD ': exists,
    'DELETE ': remove,
    'POST validate': validate,
    'POST whatif': predict,
    'POST cancel': cancel,
    'POST exporttemplate': exportTemplate,
    'GET operations': steps,
  },
}

/** Answers requests about deployments at a subscription or resource group. */
export function deploymentCalls(
  state: DeploymentsState,
  deps: DeploymentsDependencies,
): (call: Call) => Promise<Response> {
  const allow = admission(
    'Microsoft.Resources/deployments',
    (target, name) => deploymentIdOf(target.scopeId, name),
    deps,
  )
  const desk = { state, deps, allow, active: new Set<string>(), canceled: new Set<string>() }
  return (call) => dispatch(desk, handlers, call)
}

function outcomeOf(record: DeploymentRecord): OperationOutcome {
  if (record.provisioningState === 'Succeeded') return { status: 'Succeeded', result: deploymentBody(record) }
  const error = record.error ?? { code: 'DeploymentFailed', message: 'The deployment failed.' }
  return { status: record.provisioningState === 'Canceled' ? 'Canceled' : 'Failed', error }
}

function refuseMoved(before: DeploymentRecord | undefined, location: string | undefined): void {
  if (before?.location === undefined || location === undefined) return
  if (before.location.toLowerCase() === location.toLowerCase()) return
  throw new ArmError(409, {
    code: 'InvalidDeploymentLocation',
    message: `Invalid deployment location '${location}'. The deployment '${before.name}' already exists in location '${before.location}'.`,
  })
}

const deploymentActive = (name: string, before: DeploymentRecord | undefined): ArmError =>
  new ArmError(409, {
    code: 'DeploymentActive',
    message: `Unable to edit or replace deployment '${name}': previous deployment from '${before?.started ?? ''}' is still active. Please see https://aka.ms/arm-deploy for usage details.`,
  })

function resultFormat(properties: unknown): ResultFormat {
  const settings = isObject(properties) ? properties['whatIfSettings'] : undefined
  const format = settings !== undefined && isObject(settings) ? settings['resultFormat'] : undefined
  return String(format).toLowerCase() === 'resourceidonly' ? 'ResourceIdOnly' : 'FullResourcePayloads'
}
