/** Deployments and stacks over HTTPS, on an engine of the tests, with Microsoft's clients that speak to them. */
import { DeploymentsClient } from '@azure/arm-resourcesdeployments'
import { DeploymentStacksClient } from '@azure/arm-resourcesdeploymentstacks'
import type { Area, Caller, OperationOutcome, Operations } from '../../contracts.ts'
import { serveArea } from '../../lake/testing/serve-area.ts'
import { randomIdentifiers, systemClock } from '../../server/runtime.ts'
import { createDeployments, type DeploymentsState, emptyDeploymentsState } from '../index.ts'
import { type MemoryEngine, memoryEngine } from './memory-engine.ts'

export const subscriptionId = '22222222-2222-2222-2222-222222222222'
export const caller: Caller = {
  tenantId: '11111111-1111-1111-1111-111111111111',
  objectId: '33333333-3333-3333-3333-333333333333',
  kind: 'ServicePrincipal',
  audience: 'https://management.azure.com',
}

/** A sandbox of deployments only. */
export interface StubAzure {
  readonly url: string
  readonly state: DeploymentsState
  readonly engine: MemoryEngine
  readonly deployments: DeploymentsClient
  readonly stacks: DeploymentStacksClient
  /** Actions that are denied, by what they contain. */
  readonly denied: Set<string>
  /** `METHOD path` of every request, without host, query and subscription. */
  readonly transcript: () => readonly string[]
  /** The body of an answer, whatever its status. */
  readonly ask: (
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ status: number; body: unknown; headers: Headers }>
  readonly close: () => Promise<void>
}

interface StubOptions {
  readonly state?: DeploymentsState
  readonly engine?: MemoryEngine
}

/** Starts one. */
export async function startStubAzure(options: StubOptions = {}): Promise<StubAzure> {
  const state = options.state ?? emptyDeploymentsState()
  const engine = options.engine ?? memoryEngine()
  const denied = new Set<string>()
  let base = ''
  const desk = stubOperations(() => base)
  const deployments = createDeployments(state, {
    engine,
    operations: desk.operations,
    authorization: {
      allows: (_caller, scope, action) => ![...denied].some((text) => `${action} ${scope}`.includes(text)),
      allowsData: () => false,
    },
    denyAssignments: { replace: () => undefined },
    managementLocks: { check: () => undefined },
    actions: {
      call: (id, action) => (action === 'listKeys' ? { keys: [{ value: `key of ${id}` }] } : undefined),
    },
    subscriptionName: () => 'Example',
    clock: systemClock,
    identifiers: randomIdentifiers,
    base: () => base,
  })
  const area: Area = async (request, exchange) =>
    (await desk.area(request, exchange)) ?? deployments(request, exchange)
  const served = await serveArea(area, (token) => (token === 'token' ? caller : undefined))
  base = served.base
  const credential = {
    getToken: async () => ({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }),
  }
  const common = { retryOptions: { maxRetries: 0 } }
  return {
    url: base,
    state,
    engine,
    denied,
    deployments: new DeploymentsClient(credential, subscriptionId, { ...common, endpoint: base }),
    stacks: new DeploymentStacksClient(credential, subscriptionId, { ...common, endpoint: base }),
    transcript: () =>
      served
        .requests()
        .map(
          ({ method, path }) =>
            `${method} ${path.replace(/\?.*/, '').replace(`/subscriptions/${subscriptionId}`, '')}`,
        ),
    ask: async (method, path, body) => {
      const response = await fetch(`${base}${path}${path.includes('?') ? '&' : '?'}api-version=2025-04-01`, {
        method,
        headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return {
        status: response.status,
        body: text === '' ? undefined : JSON.parse(text),
        headers: response.headers,
      }
    },
    close: served.close,
  }
}

/** Operations as Azure answers them: a status at one address, the result at the other. */
function stubOperations(base: () => string): { readonly operations: Operations; readonly area: Area } {
  const outcomes = new Map<string, Promise<OperationOutcome>>()
  const root = (id: string): string =>
    `/subscriptions/${subscriptionId}/providers/Microsoft.Resources/locations/x/${id}`
  return {
    operations: {
      begin: (_, __, work) => {
        const operationId = randomIdentifiers.uuid()
        outcomes.set(operationId, work())
        const address = (kind: string): string =>
          `${base()}${root(`${kind}/${operationId}`)}?api-version=2024-03-01`
        return {
          operationId,
          headers: {
            'Azure-AsyncOperation': address('status'),
            Location: address('result'),
            'Retry-After': '0',
          },
        }
      },
    },
    area: async (_, { url }) => {
      const match = /\/locations\/x\/(status|result)\/([^/]+)$/.exec(url.pathname)
      const outcome = await Promise.race([outcomes.get(match?.[2] ?? ''), pause()])
      if (match === null) return undefined
      const pending = outcome === undefined
      if (match[1] === 'status') return Response.json(pending ? { status: 'Running' } : outcome)
      if (pending) return new Response(null, { status: 202, headers: { location: url.href } })
      if (outcome.status !== 'Succeeded') return Response.json({ error: outcome.error }, { status: 409 })
      return outcome.result === undefined
        ? new Response(null, { status: 204 })
        : Response.json(outcome.result)
    },
  }
}

const pause = async (): Promise<undefined> => {
  await systemClock.sleep(20)
}

/** The id of a resource group, or of what is in it. */
export const groupId = (name: string, path = ''): string =>
  `/subscriptions/${subscriptionId}/resourceGroups/${name}${path === '' ? '' : `/providers/${path}`}`

const schemas = 'https://schema.management.azure.com/schemas'

/** A template for a resource group. */
export const groupTemplate = (resources: unknown, rest: object = {}): Record<string, unknown> => ({
  $schema: `${schemas}/2019-04-01/deploymentTemplate.json#`,
  contentVersion: '1.0.0.0',
  resources,
  ...rest,
})

/** A template for a subscription. */
export const subscriptionTemplate = (resources: unknown, rest: object = {}): Record<string, unknown> => ({
  ...groupTemplate(resources, rest),
  $schema: `${schemas}/2018-05-01/subscriptionDeploymentTemplate.json#`,
})

/** A resource of an invented type. */
export const thing = (name: string, rest: object = {}): Record<string, unknown> => ({
  type: 'Microsoft.Test/things',
  apiVersion: '2024-01-01',
  name,
  ...rest,
})

/** A nested deployment with inner evaluation. */
export const nested = (
  name: string,
  group: string,
  template: unknown,
  rest: object = {},
): Record<string, unknown> => ({
  type: 'Microsoft.Resources/deployments',
  apiVersion: '2025-04-01',
  name,
  resourceGroup: group,
  properties: { mode: 'Incremental', expressionEvaluationOptions: { scope: 'inner' }, template },
  ...rest,
})

/** How Azure answers to the validation of a template in resource group `rg`. */
export const validateTemplate = (azure: StubAzure, template: unknown, parameters: object = {}) =>
  azure.ask('POST', `${groupId('rg')}/providers/Microsoft.Resources/deployments/main/validate`, {
    properties: { mode: 'Incremental', template, parameters },
  })

/** The error of an answer, as `code: message`. */
export const errorIn = (body: unknown): string => {
  const error: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'error') : undefined
  if (typeof error !== 'object' || error === null) return 'no error'
  return `${String(Reflect.get(error, 'code'))}: ${String(Reflect.get(error, 'message'))}`
}

/** What a promise is refused with, as text. */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
  } catch (error) {
    const code = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined
    return `${typeof code === 'string' ? `${code}: ` : ''}${error instanceof Error ? error.message : String(error)}`
  }
  throw new Error('The call succeeded.')
}
