/** What-if judged by Microsoft's own client, over HTTPS. */

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  caller,
  groupId,
  groupTemplate,
  nested,
  type StubAzure,
  startStubAzure,
  subscriptionTemplate,
  thing,
} from './testing/stub-azure.ts'

let azure: StubAzure
const quickly = { updateIntervalInMs: 5 }
const thingId = (name: string): string => groupId('rg', `Microsoft.Test/things/${name}`)

beforeEach(async () => {
  azure = await startStubAzure()
  await azure.engine.put(groupId('rg'), '', { location: 'swedencentral' }, caller)
})
afterEach(() => azure.close())

const exists = (name: string, body: object) => azure.engine.put(thingId(name), '', { ...body }, caller)

const ask = (
  resources: unknown,
  options: { mode?: 'Incremental' | 'Complete'; resultFormat?: 'ResourceIdOnly' } = {},
) =>
  azure.deployments.deployments.whatIf(
    'rg',
    'main',
    {
      properties: {
        mode: options.mode ?? 'Incremental',
        template: groupTemplate(resources),
        ...(options.resultFormat ? { whatIfSettings: { resultFormat: options.resultFormat } } : {}),
      },
    },
    quickly,
  )

const summary = (
  changes: readonly { resourceId?: string; changeType: string }[] | undefined,
): readonly string[] =>
  (changes ?? []).map(({ resourceId, changeType }) => `${changeType} ${resourceId?.split('/').at(-1)}`)

describe('what-if', () => {
  test('reports what is created, changed, unchanged and ignored, and changes nothing', async () => {
    await exists('same', { location: 'swedencentral', properties: { color: 'red' } })
    await exists('other', { location: 'swedencentral', properties: { color: 'red' } })
    await exists('foreign', {})
    const before = azure.engine.journal.length
    const { status, changes } = await ask([
      thing('new'),
      thing('same', { location: 'Sweden Central', properties: { color: 'red' } }),
      thing('other', { location: 'swedencentral', properties: { color: 'blue' } }),
    ])
    expect(status).toBe('Succeeded')
    expect(summary(changes)).toEqual(['Create new', 'NoChange same', 'Modify other', 'Ignore foreign'])
    expect(azure.engine.journal).toHaveLength(before)
  })

  test('shows every property that differs', async () => {
    await exists('a', {
      tags: { old: 'x', kept: 'y' },
      properties: {
        size: 1,
        gone: true,
        list: ['a', 'b'],
        parts: [{ name: 'p', value: 1 }],
        deep: { set: 1, default: 'd' },
      },
    })
    const { changes } = await ask([
      thing('a', {
        tags: { kept: 'y', fresh: 'z' },
        properties: {
          size: 2,
          list: ['b', 'c'],
          parts: [{ name: 'p', value: 2 }],
          deep: { set: 1 },
          provisioningState: 'Wanted',
        },
      }),
    ])
    const [change] = changes ?? []
    expect(change?.before).toMatchObject({ properties: { size: 1 }, resourceGroup: 'rg' })
    expect(change?.after).toMatchObject({
      id: thingId('a'),
      apiVersion: '2024-01-01',
      properties: { size: 2 },
    })
    const lines = (change?.delta ?? []).map(({ path, propertyChangeType }) => `${propertyChangeType} ${path}`)
    expect(lines.sort()).toEqual([
      'Array properties.list',
      'Array properties.parts',
      'Create tags.fresh',
      'Delete properties.deep.default',
      'Delete properties.gone',
      'Delete tags.old',
      'Modify properties.size',
      'NoEffect properties.provisioningState',
    ])
    const parts = change?.delta?.find(({ path }) => path === 'properties.parts')
    expect(parts?.children).toMatchObject([
      {
        path: '0',
        propertyChangeType: 'Modify',
        children: [{ path: 'value', propertyChangeType: 'Modify', before: 1, after: 2 }],
      },
    ])
  })

  test('cannot resolve reference(), so that such a property always differs', async () => {
    const template = [thing('a'), thing('b', { properties: { seen: "[reference('a').provisioningState]" } })]
    await azure.deployments.deployments.createOrUpdate(
      'rg',
      'main',
      { properties: { mode: 'Incremental', template: groupTemplate(template) } },
      quickly,
    )
    const { changes } = await ask(template)
    expect(summary(changes)).toEqual(['NoChange a', 'Modify b'])
    expect(changes?.[1]?.delta).toMatchObject([
      {
        path: 'properties.seen',
        propertyChangeType: 'Modify',
        before: 'Succeeded',
        after: "[reference('a').provisioningState]",
      },
    ])
  })

  test('leaves out what only the provider sets', async () => {
    await exists('a', {
      etag: 'W/"1"',
      properties: { resourceGuid: 'x', primaryEndpoints: { blob: 'y' } },
      identity: {
        type: 'SystemAssigned',
        principalId: 'p',
        tenantId: '11111111-1111-1111-1111-111111111111',
      },
    })
    const { changes } = await ask([thing('a', { identity: { type: 'SystemAssigned' } })])
    expect(summary(changes)).toEqual(['NoChange a'])
  })

  test('can report ids only, and what Complete would delete', async () => {
    await exists('foreign', {})
    const { changes } = await ask([thing('a')], { mode: 'Complete', resultFormat: 'ResourceIdOnly' })
    expect(summary(changes)).toEqual(['Deploy a', 'Delete foreign'])
    expect(changes?.[0]).not.toHaveProperty('after.properties')
  })

  test('covers nested deployments, and resource groups that do not exist yet', async () => {
    const { changes, diagnostics } = await azure.deployments.deployments.whatIfAtSubscriptionScope(
      'main',
      {
        location: 'swedencentral',
        properties: {
          mode: 'Incremental',
          template: subscriptionTemplate([
            {
              type: 'Microsoft.Resources/resourceGroups',
              apiVersion: '2024-03-01',
              name: 'new',
              location: 'norwayeast',
            },
            nested('one', 'new', groupTemplate([thing('a', { location: '[resourceGroup().location]' })]), {
              dependsOn: ['new'],
            }),
            nested('two', 'new', null, {
              properties: {
                mode: 'Incremental',
                expressionEvaluationOptions: { scope: 'inner' },
                parameters: { name: { value: "[reference('one').outputs.x.value]" } },
                template: groupTemplate([thing("[parameters('name')]"), thing('known')], {
                  parameters: { name: { type: 'string' } },
                }),
              },
            }),
          ]),
        },
      },
      quickly,
    )
    expect(summary(changes)).toEqual([
      'Create new',
      'Create a',
      'Create known',
      "Unsupported [parameters('name')]",
    ])
    expect(changes?.[1]?.after).toMatchObject({ location: 'norwayeast' })
    expect(changes?.[3]?.unsupportedReason).toContain(
      'cannot be calculated until the deployment is under way',
    )
    expect(diagnostics).toMatchObject([{ code: 'NestedDeploymentShortCircuited', level: 'Warning' }])
  })

  test('fails with what a provider refuses', async () => {
    azure.engine.refuse('preview', '/bad', 'SkuNotAvailable')
    const { status, error } = await ask([thing('bad')])
    expect(status).toBe('Failed')
    expect(error).toMatchObject({ code: 'InvalidTemplateDeployment', details: [{ code: 'SkuNotAvailable' }] })
  })

  test('is answered with 202 and an address that is polled', async () => {
    await ask([])
    expect(azure.transcript()[0]).toMatch(/^POST .*\/whatIf$/)
    expect(azure.transcript()[1]).toContain('/result/')
  })
})
