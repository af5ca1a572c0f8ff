/** What a template may say, and what becomes of it: judged over HTTPS by Microsoft's own client. */

import type { DeploymentStack } from '@azure/arm-resourcesdeploymentstacks'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  caller,
  groupId,
  groupTemplate,
  nested,
  type StubAzure,
  startStubAzure,
  subscriptionTemplate,
  thing,
  validateTemplate,
} from './testing/stub-azure.ts'

let azure: StubAzure
const quickly = { updateIntervalInMs: 5 }
const thingId = (name: string): string => groupId('rg', `Microsoft.Test/things/${name}`)

beforeEach(async () => {
  azure = await startStubAzure()
  await azure.engine.put(groupId('rg'), '', { location: 'swedencentral' }, caller)
  azure.engine.journal.length = 0
})
afterEach(() => azure.close())

const deploy = (template: unknown, mode: 'Incremental' | 'Complete' = 'Incremental') =>
  azure.deployments.deployments.createOrUpdate('rg', 'main', { properties: { mode, template } }, quickly)

describe('one resource declared twice', () => {
  const on = thing('a', { properties: { color: 'red' } })
  const off = thing('a', { condition: false, properties: { color: 'blue' } })
  const read = { ...thing('a'), existing: true }

  test.each<[string, unknown]>([
    ['the enabled one last', [off, on]],
    ['the enabled one first', [on, off]],
    ['the other one existing', { before: read, made: on }],
    ['the other one existing, and last', { made: on, after: read }],
  ])('is deployed as the one that is enabled: %s', async (_, resources) => {
    const language = Array.isArray(resources) ? {} : { languageVersion: '2.0' }
    const { properties } = await deploy(groupTemplate(resources, language))
    expect(azure.engine.get(thingId('a'))?.properties).toMatchObject({ color: 'red' })
    expect(properties?.outputResources).toEqual([{ id: thingId('a') }])
  })

  test('keeps what waits for it waiting, and waits for nothing that the disabled one names', async () => {
    await deploy(
      groupTemplate([
        thing('c', { dependsOn: ['a'] }),
        thing('b', { dependsOn: ['c'] }),
        on,
        { ...off, dependsOn: [] },
      ]),
    )
    expect(azure.engine.journal.map((id) => id.split('/').at(-1))).toEqual(['a', 'c', 'b'])
  })

  test('never takes the live resource out of a stack', async () => {
    const stack = (things: readonly unknown[]): DeploymentStack => ({
      location: 'swedencentral',
      properties: {
        template: subscriptionTemplate([nested('n', 'rg', groupTemplate(things))]),
        actionOnUnmanage: { resources: 'delete', resourceGroups: 'delete' },
        denySettings: { mode: 'none' },
      },
    })
    const put = (things: readonly unknown[]) =>
      azure.stacks.deploymentStacks.beginCreateOrUpdateAtSubscriptionAndWait('s', stack(things), quickly)
    await put([on])
    const { properties } = await put([on, off])
    expect(properties?.resources).toMatchObject([{ id: thingId('a'), status: 'managed' }])
    expect(azure.engine.get(thingId('a'))).toBeDefined()
  })

  test('is kept by mode Complete when one of the two is deployed; what is only read is deleted', async () => {
    await deploy(groupTemplate([on, thing('b')]))
    await deploy(groupTemplate([on, off, { ...thing('b'), condition: false }]), 'Complete')
    expect(azure.engine.get(thingId('a'))).toBeDefined()
    expect(azure.engine.get(thingId('b'))).toBeUndefined()
    await deploy(groupTemplate({ a: read }, { languageVersion: '2.0' }), 'Complete')
    expect(azure.engine.get(thingId('a'))).toBeUndefined()
  })

  test('is previewed once', async () => {
    const { changes } = await azure.deployments.deployments.whatIf(
      'rg',
      'main',
      { properties: { mode: 'Incremental', template: groupTemplate([on, off]) } },
      quickly,
    )
    expect(changes).toMatchObject([{ resourceId: thingId('a'), changeType: 'Create' }])
  })

  test('is refused when both are enabled, in another spelling too', async () => {
    const { status, body } = await validateTemplate(azure, groupTemplate([on, { ...on, name: 'A' }]))
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: {
        code: 'InvalidTemplate',
        message: expect.stringMatching(
          /^Deployment template validation failed: 'The resource 'Microsoft\.Test\/things\/A' at line '\d+' and column '\d+' is defined multiple times in a template\./,
        ),
      },
    })
  })

  test('has whatever conditions: exactly the enabled one is deployed', async () => {
    const places = fc
      .array(fc.boolean(), { minLength: 1, maxLength: 6 })
      .chain((others) =>
        fc.record({ others: fc.constant(others.map(() => false)), at: fc.nat(others.length) }),
      )
    await fc.assert(
      fc.asyncProperty(places, async ({ others, at }) => {
        const declared = [...others]
        declared.splice(at, 0, true)
        await deploy(
          groupTemplate(
            declared.map((condition, index) => thing('x', { condition, properties: { at: index } })),
          ),
        )
        expect(azure.engine.get(thingId('x'))?.properties).toMatchObject({ at })
      }),
      { numRuns: 10 },
    )
  })
})
