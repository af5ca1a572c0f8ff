import { ArmError, type Caller } from '../../contracts.ts'
import type { DeploymentsDependencies } from '../dependencies.ts'
import { equal, type JsonObject } from '../expressions/json.ts'
import { below } from '../ids.ts'
import { preflight } from '../runs/preflight.ts'
import { present } from '../runs/representation.ts'
import { denyMode } from '../stacks/deny-settings.ts'
import { stackBody } from '../stacks/representation.ts'
import { deleteStack, deployStack } from '../stacks/runner.ts'
import {
  readActions,
  readStack,
  refuseContradiction,
  type StackRequest,
  stampOf,
} from '../stacks/settings.ts'
import type { DeploymentsState, StackRecord } from '../state.ts'
import { shownParameters } from '../template/parameters.ts'
import { type DeployRequest, type Plan, planRequest } from '../template/plan.ts'
import { admission } from './admission.ts'
import { type Call, dispatch } from './dispatch.ts'
import { answer, empty, readBody, type Target } from './request.ts'

const idOf = (target: Target, name: string): string =>
  below(target.scopeId, `providers/Microsoft.Resources/deploymentStacks/${name}`)

/** Where requests about stacks are answered. */
interface Desk {
  readonly state: DeploymentsState
  readonly deps: DeploymentsDependencies
  readonly allow: ReturnType<typeof admission>
  /** Ids of those that something is under way with. */
  readonly active: Set<string>
}

function found({ state }: Desk, target: Target, name: string): StackRecord {
  const stack = state.stacks[idOf(target, name).toLowerCase()]
  if (stack !== undefined) return stack
  throw new ArmError(404, {
    code: 'DeploymentStackNotFound',
    message: `The deployment stack '${name}' could not be found.`,
  })
}

function refuseBusy({ state, active }: Desk, id: string, what: string): void {
  if (!active.has(id.toLowerCase())) return
  const current = state.stacks[id.toLowerCase()]?.provisioningState ?? 'deploying'
  throw new ArmError(409, {
    code: 'DeploymentStackInNonTerminalState',
    message: `The deployment stack '${id}' could not be ${what} as it is already in a non-terminal state '${current}'.`,
  })
}

async function create(desk: Desk, call: Call, name: string): Promise<Response> {
  const { state, deps, allow } = desk
  const asked = readStack(call.target, name, await readBody(call.request))
  allow(call, name, 'write')
  const id = idOf(call.target, name)
  refuseBusy(desk, id, 'deployed')
  const before = state.stacks[id.toLowerCase()]
  if (denies(before) || denyMode(asked.settings['denySettings']) !== 'none')
    allow(call, name, 'manageDenySetting/action')
  refuseMoved(before, asked.location)
  const request = deployRequest(asked, { ...call.caller, stack: id }, deps)
  const plan = planRequest(request, deps)
  refuseOutOfSync(before, asked, plan)
  const stack = renew(before, id, asked, call, plan, deps)
  state.stacks[id.toLowerCase()] = stack
  const accepted = stackBody(stack)
  const headers = begin(desk, call, stack, () =>
    deployStack({ state, deps, caller: call.caller, stack }, request, plan),
  )
  const { Location: _, ...polling } = headers
  return answer(before === undefined ? 201 : 200, accepted, polling)
}

function begin(
  { deps, active }: Desk,
  call: Call,
  stack: StackRecord,
  work: () => ReturnType<typeof deployStack>,
): Readonly<Record<string, string>> {
  const key = stack.id.toLowerCase()
  active.add(key)
  return deps.operations.begin(call.target.subscriptionId, call.caller, async () => {
    try {
      return await work()
    } finally {
      active.delete(key)
    }
  }).headers
}

function remove(desk: Desk, call: Call, name: string): Response {
  const { state, deps, allow } = desk
  allow(call, name, 'delete')
  const id = idOf(call.target, name)
  refuseBusy(desk, id, 'deleted')
  const stack = state.stacks[id.toLowerCase()]
  if (stack === undefined) return empty(204)
  if (denies(stack)) allow(call, name, 'manageDenySetting/action')
  const actions = readActions((key) => queryValue(call.query, `unmanageAction.${key}`), false)
  refuseContradiction(actions)
  const bypass = queryValue(call.query, 'bypassStackOutOfSyncError')?.toLowerCase() === 'true'
  const deletes = [actions.resources, actions.resourceGroups].includes('delete')
  if (stack.outOfSync === true && deletes && !bypass) throw outOfSync(stack)
  stack.provisioningState = 'deleting'
  stack.correlationId = deps.identifiers.uuid()
  stack.failed = []
  delete stack.error
  const headers = begin(desk, call, stack, () =>
    deleteStack({ state, deps, caller: call.caller, stack }, actions),
  )
  return empty(202, headers)
}

async function validate({ deps, allow }: Desk, call: Call, name: string): Promise<Response> {
  const asked = readStack(call.target, name, await readBody(call.request))
  allow(call, name, 'validate/action')
  const request = deployRequest(asked, { ...call.caller, stack: idOf(call.target, name) }, deps)
  const plan = planRequest(request, deps)
  preflight(plan, request, deps)
  return answer(200, {
    id: idOf(call.target, name),
    name,
    type: 'Microsoft.Resources/deploymentStacks',
    properties: {
      ...asked.settings,
      deploymentScope: asked.deploymentScope,
      correlationId: deps.identifiers.uuid(),
      parameters: shownParameters(plan.compiled.parameters),
      validatedResources: plan.resources.map(({ node }) => ({ id: node.id })),
    },
  })
}

function read(desk: Desk, call: Call, name: string): Response {
  desk.allow(call, name, 'read')
  return answer(200, stackBody(found(desk, call.target, name)))
}

function exportTemplate(desk: Desk, call: Call, name: string): Response {
  desk.allow(call, name, 'exportTemplate/action')
  return answer(200, { template: found(desk, call.target, name).template })
}

function list({ state, allow }: Desk, call: Call): Response {
  allow(call, undefined, 'read')
  const scope = call.target.scopeId.toLowerCase()
  const stacks = Object.values(state.stacks).filter((stack) => stack.scopeId.toLowerCase() === scope)
  return answer(200, { value: stacks.map(stackBody) })
}

const handlers = {
  list,
  named: {
    'PUT ': create,
    'GET ': read,
    'DELETE ': remove,
    'POST validate': validate,
    'POST exporttemplate': exportTemplate,
  },
}

/**
 * Answers requests about deployment stacks at a subscription or resource group.
 * https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks
 */
export function stackCalls(
  state: DeploymentsState,
  deps: DeploymentsDependencies,
): (call: Call) => Promise<Response> {
  const allow = admission('Microsoft.Resources/deploymentStacks', idOf, deps)
  const desk = { state, deps, allow, active: new Set<string>() }
  return (call) => dispatch(desk, handlers, call)
}

/** The deployment that a stack makes has a name of its own: the stack's, the day, and some letters. */
export function deployRequest(
  asked: StackRequest,
  caller: Caller,
  deps: DeploymentsDependencies,
): DeployRequest {
  const day = deps.clock.now().toISOString().replace(/\D/g, '').slice(2, 10)
  return {
    scopeId: asked.deploymentScope,
    name: `${asked.name.slice(0, 48)}-${day}${deps.identifiers.uuid().slice(0, 5)}`,
    location: asked.location,
    template: asked.template,
    parameters: asked.parameters,
    mode: 'Incremental',
    ...(asked.level === undefined ? {} : { level: asked.level }),
    caller,
  }
}

function renew(
  before: StackRecord | undefined,
  id: string,
  asked: StackRequest,
  { caller, target }: Call,
  plan: Plan,
  deps: DeploymentsDependencies,
): StackRecord {
  const now = deps.clock.now()
  const stamp = stampOf(caller, now)
  return {
    id,
    name: asked.name,
    scopeId: target.scopeId,
    ...(asked.location === undefined ? {} : { location: asked.location }),
    ...(asked.tags === undefined ? {} : { tags: asked.tags }),
    settings: present({ ...asked.settings, deploymentScope: asked.deploymentScope }),
    actionOnUnmanage: asked.actionOnUnmanage,
    template: asked.template,
    parameters: stackParameters(plan),
    provisioningState: 'creating',
    correlationId: deps.identifiers.uuid(),
    created: before?.created ?? stamp,
    modified: stamp,
    started: now.toISOString(),
    ...(before?.deploymentId === undefined ? {} : { deploymentId: before.deploymentId }),
    resources: before?.resources ?? [],
    baselines: before?.baselines ?? {},
    ...(before?.outOfSync === undefined ? {} : { outOfSync: before.outOfSync }),
    detached: [],
    deleted: [],
    failed: [],
  }
}

/** Has a stack deny assignments, which only who may manage them may change? */
const denies = (stack: StackRecord | undefined): boolean =>
  denyMode(stack?.settings['denySettings']) !== 'none'

/** A run that was cut off may be repeated as it was; anything else could delete what it must not. */
function refuseOutOfSync(before: StackRecord | undefined, asked: StackRequest, plan: Plan): void {
  if (before?.outOfSync !== true || asked.bypassOutOfSync) return
  const same = equal(before.template, asked.template) && equal(before.parameters, stackParameters(plan))
  if (!same) throw outOfSync(before)
}

const outOfSync = ({ name }: StackRecord): ArmError =>
  new ArmError(409, {
    code: 'DeploymentStackOutOfSync',
    message: `The deployment stack '${name}' may not have an accurate list of managed resources. To prevent resources from being accidentally deleted, please check that the managed resource list does not have any additional values. If there is any uncertainty, it is recommended to redeploy the stack with the same template and parameters as the current iteration. To bypass this warning, please specify the 'BypassStackOutOfSyncError' flag.`,
  })

const stackParameters = (plan: Plan): JsonObject => shownParameters(plan.compiled.parameters)

/** Query parameters are named in any case: the clients write `unmanageAction.Resources`. */
function queryValue(query: URLSearchParams, name: string): string | undefined {
  return [...query].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}

function refuseMoved(before: StackRecord | undefined, location: string | undefined): void {
  if (before?.location === undefined || location === undefined) return
  if (before.location.toLowerCase() === location.toLowerCase()) return
  throw new ArmError(409, {
    code: 'InvalidResourceLocation',
    message: `The resource '${before.name}' already exists in location '${before.location}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
  })
}
