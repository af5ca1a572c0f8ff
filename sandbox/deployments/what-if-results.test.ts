/** What-if results of deployment stacks, over HTTPS: no client of Microsoft's that is installed here has them. */

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { secondsOf } from '../periods.ts'
import { isArray, isObject, type Json, type JsonObject, toJson } from './expressions/json.ts'
import {
  caller,
  errorIn,
  groupId,
  groupTemplate,
  nested,
  type StubAzure,
  startStubAzure,
  subscriptionId,
  subscriptionTemplate,
  thing,
} from './testing/stub-azure.ts'

let azure: StubAzure
const quickly = { updateIntervalInMs: 5 }
const provider = `/subscriptions/${subscriptionId}/providers/Microsoft.Resources`
const stackId = `${provider}/deploymentStacks/prj001-dev`
const resultPath = (name = 'preview'): string =>
  `${provider}/deploymentStacksWhatIfResults/${name}?api-version=2025-07-01`
const whatIfPath = `${provider}/deploymentStacksWhatIfResults/preview/whatIf?api-version=2025-07-01`
const thingId = (name: string): string => groupId('rg', `Microsoft.Test/things/${name}`)

beforeEach(async () => {
  azure = await startStubAzure()
  await azure.engine.put(groupId('rg'), '', { location: 'swedencentral' }, caller)
})
afterEach(() => azure.close())

const common = {
  actionOnUnmanage: { resources: 'delete', resourceGroups: 'delete' },
  denySettings: { mode: 'none' },
} as const
const templateOf = (things: readonly unknown[]): Record<string, unknown> =>
  subscriptionTemplate([nested('things', 'rg', groupTemplate(things))])

const deploy = (things: readonly unknown[]) =>
  azure.stacks.deploymentStacks.beginCreateOrUpdateAtSubscriptionAndWait(
    'prj001-dev',
    { location: 'swedencentral', properties: { template: templateOf(things), ...common } },
    quickly,
  )

const body = (things: readonly unknown[], rest: object = {}): object => ({
  location: 'swedencentral',
  properties: {
    template: templateOf(things),
    deploymentStackResourceId: stackId,
    retentionInterval: 'PT3H',
    ...common,
    ...rest,
  },
})

/** Follows an operation to its end, and returns what it shows there. */
async function follow(address: string): Promise<Json> {
  for (;;) {
    const response = await fetch(address, { headers: { authorization: 'Bearer token' } })
    const answer = response.status === 202 ? { status: 'Running' } : toJson(await response.json())
    if (!isObject(answer) || answer['status'] !== 'Running') return answer
  }
}

const put = async (things: readonly unknown[], rest: object = {}, name = 'preview') => {
  const answer = await azure.ask('PUT', resultPath(name), body(things, rest))
  const polling = answer.headers.get('azure-asyncoperation')
  if (polling !== null) await follow(polling)
  return answer
}

/** Members of a value, one in the other; nothing is an empty object. */
const inside = (value: Json, ...path: readonly string[]): JsonObject => {
  const found = path.reduce<Json>((all, key) => (isObject(all) ? (all[key] ?? null) : null), value)
  return isObject(found) ? found : {}
}
interface Result {
  readonly properties: JsonObject
  readonly changes: JsonObject
  readonly resourceChanges: readonly JsonObject[]
}
const detailed = async (): Promise<Result> => {
  const answer = await azure.ask('POST', whatIfPath)
  expect(answer.status).toBe(202)
  const shown = await follow(answer.headers.get('location') ?? '')
  const changes = inside(shown, 'properties', 'changes')
  const { resourceChanges } = changes
  const list = isArray(resourceChanges) ? resourceChanges.filter(isObject) : []
  return { properties: inside(shown, 'properties'), changes, resourceChanges: list }
}
const summary = ({ resourceChanges }: Result): readonly string[] =>
  resourceChanges.map(
    ({ id, changeType, changeCertainty }) =>
      `${String(changeType)} ${String(id).split('/').at(-1)} ${String(changeCertainty)}`,
  )

describe('a what-if result', () => {
  test('of a stack that does not exist yet creates everything, and nothing is done', async () => {
    const { status, body: accepted } = await put([thing('a', { properties: { color: 'red' } })])
    expect(status).toBe(201)
    expect(accepted).toMatchObject({
      id: `${provider}/deploymentStacksWhatIfResults/preview`,
      type: 'Microsoft.Resources/deploymentStacksWhatIfResults',
      location: 'swedencentral',
      properties: {
        provisioningState: 'initializing',
        deploymentStackResourceId: stackId,
        retentionInterval: 'PT3H',
      },
    })
    const result = await detailed()
    expect(result.properties).toMatchObject({
      provisioningState: 'succeeded',
      changes: {
        resourceChanges: [
          {
            id: thingId('a'),
            type: 'Microsoft.Test/things',
            changeType: 'create',
            changeCertainty: 'definite',
            managementStatusChange: { before: 'unmanaged', after: 'managed' },
            resourceConfigurationChanges: { after: { name: 'a', properties: { color: 'red' } } },
          },
        ],
        denySettingsChange: {
          after: { mode: 'none', excludedPrincipals: [], excludedActions: [], applyToChildScopes: false },
          delta: [
            { path: 'Mode', changeType: 'create', after: 'none' },
            { path: 'ApplyToChildScopes', changeType: 'create', after: false },
          ],
        },
      },
    })
    expect(result.properties['deploymentStackLastModified']).toBeUndefined()
    expect(azure.engine.get(thingId('a'))).toBeUndefined()
  })

  test('shows what an update creates, modifies, keeps, deletes or detaches', async () => {
    await deploy([
      thing('same', { properties: { color: 'red' } }),
      thing('other', { properties: { color: 'red' } }),
      thing('gone'),
    ])
    const things = [
      thing('same', { properties: { color: 'red' } }),
      thing('other', { properties: { color: 'blue' } }),
      thing('new'),
    ]
    await put(things)
    const result = await detailed()
    expect(summary(result)).toEqual([
      'noChange same definite',
      'modify other definite',
      'create new definite',
      'delete gone definite',
    ])
    expect(result.resourceChanges[1]).toMatchObject({
      managementStatusChange: { before: 'managed', after: 'managed' },
      resourceConfigurationChanges: {
        delta: [{ path: 'properties.color', changeType: 'modify', before: 'red', after: 'blue' }],
      },
    })
    expect(result.properties['deploymentStackLastModified']).toBe(
      azure.state.stacks[stackId.toLowerCase()]?.modified.at,
    )
    await put(things, { actionOnUnmanage: { resources: 'detach' } })
    expect(summary(await detailed())).toContain('detach gone definite')
  })

  test('says what it says of each property only when it is asked', async () => {
    await put([thing('a')])
    const { body: shown } = await azure.ask('GET', resultPath())
    expect(shown).toMatchObject({ properties: { changes: { resourceChanges: [{ id: thingId('a') }] } } })
    expect(JSON.stringify(shown)).not.toContain('resourceConfigurationChanges')
    expect(JSON.stringify(await detailed())).toContain('resourceConfigurationChanges')
  })

  test('is quiet about what neither the template nor anybody else changed since the last deployment', async () => {
    const things = [
      thing('made'),
      thing('b', { properties: { seen: "[reference('made').provisioningState]", color: 'red' } }),
    ]
    await deploy(things)
    await put(things)
    expect(summary(await detailed())).toEqual(['noChange made definite', 'noChange b definite'])
    await azure.engine.put(thingId('b'), '', { properties: { seen: 'Succeeded', color: 'blue' } }, caller)
    await put(things)
    const result = await detailed()
    expect(summary(result)).toEqual(['noChange made definite', 'modify b definite'])
    expect(result.resourceChanges[1]?.['resourceConfigurationChanges']).toMatchObject({
      delta: [{ path: 'properties.color' }],
    })
  })

  test('is only possible where the running deployment decides', async () => {
    await azure.engine.put(thingId('b'), '', { properties: { seen: 'x' } }, caller)
    await put([thing('made'), thing('b', { properties: { seen: "[reference('made').provisioningState]" } })])
    expect(summary(await detailed())).toEqual(['create made definite', 'modify b potential'])
  })

  test('shows changes of deny settings and of the scope of the deployment', async () => {
    await deploy([thing('a')])
    await put([thing('a')], { denySettings: { mode: 'denyDelete', excludedActions: ['x/y/delete'] } })
    expect((await detailed()).changes).toMatchObject({
      resourceChanges: [{ denyStatusChange: { before: 'none', after: 'denyDelete' } }],
      denySettingsChange: {
        before: { mode: 'none' },
        after: { mode: 'denyDelete' },
        delta: [
          { path: 'Mode', changeType: 'modify', before: 'none', after: 'denyDelete' },
          { path: 'ExcludedActions', changeType: 'modify', before: [], after: ['x/y/delete'] },
        ],
      },
    })
    const inGroup = {
      deploymentScope: groupId('rg'),
      template: groupTemplate([thing('a')]),
    }
    await put([], inGroup)
    expect((await detailed()).changes).toMatchObject({
      deploymentScopeChange: { before: `/subscriptions/${subscriptionId}`, after: groupId('rg') },
    })
  })

  test('fails with what a provider refuses, and keeps the reason', async () => {
    azure.engine.refuse('preview', '/bad', 'SkuNotAvailable')
    await put([thing('bad')])
    const { body: shown } = await azure.ask('GET', resultPath())
    expect(shown).toMatchObject({
      properties: { provisioningState: 'failed', error: { details: [{ code: 'SkuNotAvailable' }] } },
    })
  })

  test('is listed, replaced, deleted, and forgotten when its time is over', async () => {
    const list = async (): Promise<unknown> =>
      (await azure.ask('GET', `${provider}/deploymentStacksWhatIfResults?api-version=2025-07-01`)).body
    await put([thing('a')])
    expect((await put([thing('b')])).status).toBe(200)
    await put([], {}, 'other')
    expect(await list()).toMatchObject({ value: [{ name: 'preview' }, { name: 'other' }] })
    expect((await azure.ask('DELETE', resultPath())).status).toBe(200)
    expect((await azure.ask('DELETE', resultPath())).status).toBe(204)
    expect(errorIn((await azure.ask('GET', resultPath())).body)).toContain(
      'DeploymentStacksWhatIfResultNotFound',
    )
    const [key] = Object.keys(azure.state.whatIfResults)
    const record = azure.state.whatIfResults[key ?? '']
    if (record === undefined) throw new Error('There is no result.')
    azure.state.whatIfResults[key ?? ''] = { ...record, expires: new Date(0).toISOString() }
    expect(await list()).toEqual({ value: [] })
  })

  test('is one of at most 800 at a scope', async () => {
    await put([])
    const record = Object.values(azure.state.whatIfResults)[0]
    if (record === undefined) throw new Error('There is no result.')
    for (let index = 1; index < 800; index += 1) azure.state.whatIfResults[`other-${index}`] = record
    expect(errorIn((await put([], {}, 'more')).body)).toContain('would exceed the quota')
    expect((await put([])).status).toBe(200)
  })

  test.each<[string, object]>([
    ['without a stack', { deploymentStackResourceId: undefined }],
    ['of something that is no stack', { deploymentStackResourceId: thingId('a') }],
    [
      'of a stack at another scope',
      { deploymentStackResourceId: groupId('rg', 'Microsoft.Resources/deploymentStacks/s') },
    ],
    ['without a time to keep it', { retentionInterval: undefined }],
    ['kept for no time', { retentionInterval: '3 hours' }],
    ['without deny settings', { denySettings: undefined }],
  ])('is refused %s', async (_, rest) => {
    const { status, body: refused } = await azure.ask('PUT', resultPath(), body([], rest))
    expect(status).toBe(400)
    expect(errorIn(refused)).toContain('InvalidRequestContent')
  })

  test('is refused with a template that is not valid', async () => {
    expect(errorIn((await put([thing('[nonsense()]')])).body)).toContain('InvalidTemplate')
  })

  test('needs rights of its own', async () => {
    await put([thing('a')])
    azure.denied.add('deploymentStacksWhatIfResults/write')
    expect(errorIn((await put([])).body)).toContain(
      "'Microsoft.Resources/deploymentStacksWhatIfResults/write'",
    )
    azure.denied.add('deploymentStacksWhatIfResults/whatIf/action')
    expect(errorIn((await azure.ask('POST', whatIfPath)).body)).toContain('AuthorizationFailed')
    azure.denied.add('deploymentStacksWhatIfResults/delete')
    expect(errorIn((await azure.ask('DELETE', resultPath())).body)).toContain('AuthorizationFailed')
    expect((await azure.ask('GET', resultPath())).status).toBe(200)
  })
})

test('a time to keep is read as ISO 8601 writes it', () => {
  const parts = fc.tuple(fc.nat(9), fc.nat(9), fc.nat(99), fc.nat(99))
  fc.assert(
    fc.property(parts, ([days, hours, minutes, seconds]) => {
      expect(secondsOf(`P${days}DT${hours}H${minutes}M${seconds}S`)).toBe(
        days * 86_400 + hours * 3_600 + minutes * 60 + seconds,
      )
    }),
  )
  for (const wrong of ['', 'P', 'PT', 'P1', '1D', 'P1DT', 'P-1D']) expect(secondsOf(wrong)).toBeUndefined()
})
