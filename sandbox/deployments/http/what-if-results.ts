import { ArmError, type OperationOutcome } from '../../contracts.ts'
import { secondsOf } from '../../periods.ts'
import type { DeploymentsDependencies } from '../dependencies.ts'
import { toErrorBody } from '../errors.ts'
import { below } from '../ids.ts'
import { preflight } from '../runs/preflight.ts'
import { whatIfBody } from '../stacks/representation.ts'
import { stampOf } from '../stacks/settings.ts'
import { changesOf } from '../stacks/what-if-changes.ts'
import { readWhatIf, type WhatIfRequest } from '../stacks/what-if-request.ts'
import type { DeploymentsState, WhatIfRecord } from '../state.ts'
import { shownParameters } from '../template/parameters.ts'
import { type DeployRequest, type Plan, planRequest } from '../template/plan.ts'
import { admission } from './admission.ts'
import { type Call, dispatch } from './dispatch.ts'
import { answer, empty, readBody, type Target } from './request.ts'
import { deployRequest } from './stacks.ts'

const type = 'Microsoft.Resources/deploymentStacksWhatIfResults'
/** Most results of one scope. */
const limit = 800

const idOf = (target: Target, name: string): string => below(target.scopeId, `providers/${type}/${name}`)

/** Where requests about what-if results are answered. */
interface Desk {
  readonly state: DeploymentsState
  readonly deps: DeploymentsDependencies
  readonly allow: ReturnType<typeof admission>
}

function found({ state }: Desk, target: Target, name: string): WhatIfRecord {
  const record = state.whatIfResults[idOf(target, name).toLowerCase()]
  if (record !== undefined) return record
  throw new ArmError(404, {
    code: 'DeploymentStacksWhatIfResultNotFound',
    message: `The deployment stack what-if result '${name}' could not be found.`,
  })
}

async function create(desk: Desk, call: Call, name: string): Promise<Response> {
  const { state, deps, allow } = desk
  const asked = readWhatIf(call.target, name, await readBody(call.request))
  allow(call, name, 'write')
  const id = idOf(call.target, name)
  const before = state.whatIfResults[id.toLowerCase()]
  if (before === undefined) refuseTooMany(call.target, state)
  const request = deployRequest(asked, { ...call.caller, stack: asked.stackId }, deps)
  const plan = planRequest(request, deps)
  const record = newResult(desk, before, id, asked, call, plan)
  state.whatIfResults[id.toLowerCase()] = record
  const accepted = whatIfBody(record, false)
  const { headers } = deps.operations.begin(call.target.subscriptionId, call.caller, () =>
    compare(desk, record, asked, request, plan),
  )
  const { Location: _, ...polling } = headers
  return answer(before === undefined ? 201 : 200, accepted, polling)
}

function newResult(
  { state, deps }: Desk,
  before: WhatIfRecord | undefined,
  id: string,
  asked: WhatIfRequest,
  { caller, target }: Call,
  plan: Plan,
): WhatIfRecord {
  const now = deps.clock.now()
  const stamp = stampOf(caller, now)
  const modified = state.stacks[asked.stackId.toLowerCase()]?.modified.at
  return {
    id,
    name: asked.name,
    scopeId: target.scopeId,
    ...(asked.location === undefined ? {} : { location: asked.location }),
    ...(asked.tags === undefined ? {} : { tags: asked.tags }),
    settings: {
      ...asked.settings,
      deploymentStackResourceId: asked.stackId,
      retentionInterval: asked.retentionInterval,
      ...(modified === undefined ? {} : { deploymentStackLastModified: modified }),
      parameters: shownParameters(plan.compiled.parameters),
    },
    correlationId: deps.identifiers.uuid(),
    created: before?.created ?? stamp,
    modified: stamp,
    expires: new Date(now.getTime() + (secondsOf(asked.retentionInterval) ?? 0) * 1_000).toISOString(),
    provisioningState: 'initializing',
  }
}

async function compare(
  { state, deps }: Desk,
  record: WhatIfRecord,
  asked: WhatIfRequest,
  request: DeployRequest,
  plan: Plan,
): Promise<OperationOutcome> {
  try {
    record.provisioningState = 'running'
    preflight(plan, request, deps)
    record.changes = changesOf({ asked, plan, stack: state.stacks[asked.stackId.toLowerCase()], deps })
    record.diagnostics = plan.diagnostics.map(({ level, ...rest }) => ({
      level: level.toLowerCase(),
      ...rest,
    }))
    record.provisioningState = 'succeeded'
    return { status: 'Succeeded', result: whatIfBody(record, false) }
  } catch (error) {
    record.provisioningState = 'failed'
    record.error = toErrorBody(error)
    return { status: 'Failed', error: record.error }
  }
}

/** Only this shows what becomes of each property. */
function detail(desk: Desk, call: Call, name: string): Response {
  const { deps, allow } = desk
  allow(call, name, 'whatIf/action')
  const record = found(desk, call.target, name)
  const { headers } = deps.operations.begin(call.target.subscriptionId, call.caller, async () => ({
    status: 'Succeeded',
    result: whatIfBody(record, true),
  }))
  const { 'Azure-AsyncOperation': _, ...polling } = headers
  return empty(202, polling)
}

function read(desk: Desk, call: Call, name: string): Response {
  desk.allow(call, name, 'read')
  return answer(200, whatIfBody(found(desk, call.target, name), false))
}

function remove({ state, allow }: Desk, call: Call, name: string): Response {
  allow(call, name, 'delete')
  const key = idOf(call.target, name).toLowerCase()
  if (state.whatIfResults[key] === undefined) return empty(204)
  delete state.whatIfResults[key]
  return empty(200)
}

function list({ state, allow }: Desk, call: Call): Response {
  allow(call, undefined, 'read')
  const value = resultsAt(call.target, state).map((record) => whatIfBody(record, false))
  return answer(200, { value })
}

const handlers = {
  list,
  named: {
    'PUT ': create,
    'GET ': read,
    'DELETE ': remove,
    'POST whatif': detail,
  },
}

/**
 * Answers requests about the what-if results of deployment stacks: they are resources, kept for a while.
 * https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks-what-if
 */
export function whatIfResultCalls(
  state: DeploymentsState,
  deps: DeploymentsDependencies,
): (call: Call) => Promise<Response> {
  const desk = { state, deps, allow: admission(type, idOf, deps) }
  return async (call) => {
    forgetExpired(state, deps.clock.now())
    return dispatch(desk, handlers, call)
  }
}

function forgetExpired({ whatIfResults }: DeploymentsState, now: Date): void {
  for (const [key, { expires }] of Object.entries(whatIfResults))
    if (Date.parse(expires) <= now.getTime()) delete whatIfResults[key]
}

const resultsAt = ({ scopeId }: Target, { whatIfResults }: DeploymentsState): readonly WhatIfRecord[] =>
  Object.values(whatIfResults).filter((record) => record.scopeId.toLowerCase() === scopeId.toLowerCase())

function refuseTooMany(target: Target, state: DeploymentsState): void {
  const count = resultsAt(target, state).length
  if (count < limit) return
  throw new ArmError(409, {
    code: 'DeploymentStacksWhatIfResultQuotaExceeded',
    message: `Creating the deployment stack what-if result would exceed the quota of '${limit}' results at the scope '${target.scopeId}'. The current count is '${count}'. Please delete some results before creating a new one.`,
  })
}
