/** Deployment stacks judged by Microsoft's own client, over HTTPS. */

import type { DeploymentStack } from '@azure/arm-resourcesdeploymentstacks'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { memoryEngine } from './testing/memory-engine.ts'
import {
  caller,
  groupId,
  groupTemplate,
  nested,
  refusal,
  type StubAzure,
  startStubAzure,
  subscriptionId,
  subscriptionTemplate,
  thing,
} from './testing/stub-azure.ts'

let azure: StubAzure
/** What writes wait for, when a test inspects a stack under way. */
let gate: Promise<void> | undefined
const quickly = { updateIntervalInMs: 5 }
const thingId = (name: string): string => groupId('rg', `Microsoft.Test/things/${name}`)
const stackPath = `/subscriptions/${subscriptionId}/providers/Microsoft.Resources/deploymentStacks/prj001-dev`

beforeEach(async () => {
  gate = undefined
  azure = await startStubAzure({
    engine: memoryEngine(async (id) => (id.endsWith('/slow') ? gate : undefined)),
  })
})
afterEach(() => azure.close())

const group = {
  type: 'Microsoft.Resources/resourceGroups',
  apiVersion: '2024-03-01',
  name: 'rg',
  location: 'swedencentral',
}

/** The stack of a project with these things in its resource group. */
const project = (things: readonly unknown[], properties: object = {}): DeploymentStack => ({
  location: 'swedencentral',
  properties: {
    template: subscriptionTemplate(
      [group, nested('things', 'rg', groupTemplate(things), { dependsOn: ['rg'] })],
      {
        outputs: { made: { type: 'int', value: things.length } },
      },
    ),
    actionOnUnmanage: { resources: 'delete', resourceGroups: 'delete' },
    denySettings: { mode: 'none' },
    ...properties,
  },
})

const deploy = (stack: DeploymentStack) =>
  azure.stacks.deploymentStacks.beginCreateOrUpdateAtSubscriptionAndWait('prj001-dev', stack, quickly)
const read = () => azure.stacks.deploymentStacks.getAtSubscription('prj001-dev')

describe('a stack', () => {
  test('manages what its template deploys, through nested deployments', async () => {
    const { properties, systemData } = await deploy(
      project([thing('a'), thing('b')], { description: 'Project 001' }),
    )
    expect(properties).toMatchObject({
      provisioningState: 'succeeded',
      description: 'Project 001',
      actionOnUnmanage: { resources: 'delete', resourceGroups: 'delete', managementGroups: 'detach' },
      denySettings: { mode: 'none' },
      outputs: { made: { type: 'Int', value: 2 } },
      resources: [
        { id: groupId('rg'), status: 'managed', denyStatus: 'none' },
        { id: thingId('a'), status: 'managed' },
        { id: thingId('b'), status: 'managed' },
      ],
      deletedResources: [],
      failedResources: [],
    })
    expect(systemData?.createdBy).toBe(caller.objectId)
    expect(properties?.deploymentId).toMatch(/\/deployments\/prj001-dev-\d{8}[\da-f]{5}$/)
  })

  test('deletes what left its template, and touches nothing else', async () => {
    await deploy(project([thing('a'), thing('b')]))
    await azure.engine.put(thingId('foreign'), '', {}, caller)
    const { properties } = await deploy(project([thing('b')]))
    expect(properties?.deletedResources).toEqual([{ id: thingId('a') }])
    expect(properties?.resources?.map(({ id }) => id)).toEqual([groupId('rg'), thingId('b')])
    expect([...azure.engine.resources.keys()].filter((id) => id.includes('/things/'))).toEqual(
      [thingId('b'), thingId('foreign')].map((id) => id.toLowerCase()),
    )
  })

  test('detaches what left its template, when actionOnUnmanage is detach', async () => {
    await deploy(project([thing('a')]))
    const { properties } = await deploy(project([], { actionOnUnmanage: { resources: 'detach' } }))
    expect(properties?.detachedResources).toEqual([{ id: thingId('a') }])
    expect(azure.engine.get(thingId('a'))).toBeDefined()
  })

  test('deletes in an order that disturbs nothing: endpoints before subnets, children before parents, groups last', async () => {
    const network = 'Microsoft.Network/virtualNetworks'
    const of = (type: string, name: string): Record<string, unknown> => ({
      type,
      apiVersion: '2024-05-01',
      name,
    })
    await deploy(
      project([
        of(network, 'v'),
        of(`${network}/subnets`, 'v/s'),
        of('Microsoft.Network/privateEndpoints', 'pe'),
        of('Microsoft.Network/privateEndpoints/privateDnsZoneGroups', 'pe/default'),
        thing('a'),
        of('Microsoft.Test/things/parts', 'a/p'),
        { ...of('Microsoft.Authorization/roleAssignments', 'r'), scope: '[resourceGroup().id]' },
      ]),
    )
    azure.engine.journal.length = 0
    await azure.stacks.deploymentStacks.beginDeleteAtSubscriptionAndWait('prj001-dev', {
      ...quickly,
      unmanageActionResources: 'delete',
      unmanageActionResourceGroups: 'delete',
    })
    expect(azure.engine.journal.map((id) => id.split('/').at(-1))).toEqual([
      'r',
      'default',
      'pe',
      'p',
      'a',
      's',
      'v',
      'rg',
    ])
    expect(await refusal(read())).toContain('DeploymentStackNotFound')
  })

  test('that is deleted without a word keeps all its resources', async () => {
    await deploy(project([thing('a')]))
    await azure.stacks.deploymentStacks.beginDeleteAtSubscriptionAndWait('prj001-dev', quickly)
    expect(azure.engine.get(thingId('a'))).toBeDefined()
  })
})

describe('a stack that fails', () => {
  test('names the resource, deletes nothing, and is repeated', async () => {
    await deploy(project([thing('old')]))
    const heal = azure.engine.refuse('put', '/bad', 'QuotaExceeded')
    const wanted = project([thing('good'), thing('bad')])
    expect(await refusal(deploy(wanted))).toContain('DeploymentStackDeploymentFailed')
    const failed = await read()
    expect(failed.properties).toMatchObject({
      provisioningState: 'failed',
      error: { code: 'DeploymentStackDeploymentFailed', details: [{ code: 'DeploymentFailed' }] },
      failedResources: [{ id: thingId('bad'), error: { code: 'QuotaExceeded' } }],
    })
    expect(failed.properties?.resources?.map(({ id }) => id)).toEqual([
      thingId('old'),
      groupId('rg'),
      thingId('good'),
    ])
    heal()
    const { properties } = await deploy(wanted)
    expect(properties).toMatchObject({
      provisioningState: 'succeeded',
      failedResources: [],
      deletedResources: [{ id: thingId('old') }],
    })
    expect(properties?.error).toBeUndefined()
  })

  test('to delete keeps the resource, and tries again the next time', async () => {
    await deploy(project([thing('a'), thing('b')]))
    const heal = azure.engine.refuse('remove', '/a', 'InUse')
    expect(await refusal(deploy(project([thing('b')])))).toContain('DeploymentStackDeleteResourcesFailed')
    expect((await read()).properties).toMatchObject({
      provisioningState: 'failed',
      failedResources: [{ id: thingId('a'), error: { code: 'InUse' } }],
      resources: expect.arrayContaining([
        expect.objectContaining({ id: thingId('a'), status: 'deleteFailed' }),
      ]),
    })
    heal()
    expect((await deploy(project([thing('b')]))).properties?.deletedResources).toEqual([{ id: thingId('a') }])
  })

  test('to be deleted stays, and is deleted the next time', async () => {
    await deploy(project([thing('a')]))
    const heal = azure.engine.refuse('remove', 'resourceGroups/rg')
    const everything = {
      ...quickly,
      unmanageActionResources: 'delete',
      unmanageActionResourceGroups: 'delete',
    }
    const remove = () =>
      azure.stacks.deploymentStacks.beginDeleteAtSubscriptionAndWait('prj001-dev', everything)
    expect(await refusal(remove())).toContain('DeploymentStackDeleteFailed')
    expect((await read()).properties?.provisioningState).toBe('failed')
    heal()
    await remove()
    expect([...azure.engine.resources.keys()]).toEqual([])
  })

  test('at preflight deploys nothing', async () => {
    await deploy(project([]))
    azure.engine.refuse('preview', '/bad', 'SkuNotAvailable')
    await refusal(deploy(project([thing('bad')])))
    expect((await read()).properties?.error?.details?.[0]).toMatchObject({
      code: 'InvalidTemplateDeployment',
      details: [{ code: 'SkuNotAvailable' }],
    })
  })
})

describe('a stack under way', () => {
  test('is not written or deleted a second time', async () => {
    const { promise, resolve: open } = Promise.withResolvers<void>()
    gate = promise
    const running = deploy(project([thing('slow')]))
    while ((await azure.ask('GET', stackPath)).status !== 200);
    const second = await azure.ask('PUT', stackPath, project([]))
    expect(second).toMatchObject({
      status: 409,
      body: { error: { code: 'DeploymentStackInNonTerminalState' } },
    })
    expect((await azure.ask('DELETE', stackPath)).body).toMatchObject({
      error: { code: 'DeploymentStackInNonTerminalState' },
    })
    expect((await azure.ask('GET', stackPath)).body).toMatchObject({
      properties: { provisioningState: 'deploying' },
    })
    open()
    expect((await running).properties?.provisioningState).toBe('succeeded')
  })

  test('when the sandbox stops remembers what was deployed, and is finished by repeating it', async () => {
    const { promise, resolve: open } = Promise.withResolvers<void>()
    const wanted = project([thing('a'), thing('slow', { dependsOn: ['a'] })])
    await deploy(project([thing('old')]))
    gate = promise
    await azure.ask('PUT', stackPath, wanted)
    while (!azure.engine.journal.includes(thingId('a'))) await azure.ask('GET', stackPath)
    const left = structuredClone(azure.state)
    gate = undefined
    const again = await startStubAzure({ state: JSON.parse(JSON.stringify(left)), engine: azure.engine })
    const before = await again.stacks.deploymentStacks.getAtSubscription('prj001-dev')
    expect(before.properties?.provisioningState).toBe('failed')
    expect(before.properties?.resources?.map(({ id }) => id)).toEqual([
      thingId('old'),
      groupId('rg'),
      thingId('a'),
    ])
    const after = await again.stacks.deploymentStacks.beginCreateOrUpdateAtSubscriptionAndWait(
      'prj001-dev',
      wanted,
      quickly,
    )
    expect(after.properties).toMatchObject({
      provisioningState: 'succeeded',
      deletedResources: [{ id: thingId('old') }],
    })
    await again.close()
    open()
  })
})

describe('the rest of the calls', () => {
  test('a stack is listed and exported', async () => {
    const stack = project([thing('a')])
    await deploy(stack)
    const names: (string | undefined)[] = []
    for await (const { name } of azure.stacks.deploymentStacks.listAtSubscription()) names.push(name)
    expect(names).toEqual(['prj001-dev'])
    const { template } = await azure.stacks.deploymentStacks.exportTemplateAtSubscription('prj001-dev')
    expect(template).toEqual(stack.properties?.template)
  })

  test('validating lists the resources and changes nothing', async () => {
    const { properties } = await azure.stacks.deploymentStacks.beginValidateStackAtSubscriptionAndWait(
      'prj001-dev',
      project([thing('a')]),
      quickly,
    )
    expect(properties?.validatedResources).toEqual([{ id: groupId('rg') }, { id: thingId('a') }])
    expect(azure.engine.journal).toEqual([])
  })

  test('a stack of a resource group', async () => {
    await azure.engine.put(groupId('rg'), '', {}, caller)
    const { properties } = await azure.stacks.deploymentStacks.beginCreateOrUpdateAtResourceGroupAndWait(
      'rg',
      'own',
      {
        properties: {
          template: groupTemplate([thing('a')]),
          actionOnUnmanage: { resources: 'delete' },
          denySettings: { mode: 'none' },
        },
      },
      quickly,
    )
    expect(properties?.resources?.map(({ id }) => id)).toEqual([thingId('a')])
  })

  test.each<[string, object, string]>([
    ['without actionOnUnmanage', { actionOnUnmanage: undefined }, "'actionOnUnmanage' is required"],
    ['without denySettings', { denySettings: undefined }, "'denySettings' is required"],
    [
      'with an unknown action',
      { actionOnUnmanage: { resources: 'destroy' } },
      "must be 'delete' or 'detach'",
    ],
    [
      'with groups to delete and resources to keep',
      { actionOnUnmanage: { resources: 'detach', resourceGroups: 'delete' } },
      "Cannot set Resources to 'Detach' and Resource Groups to 'Delete'",
    ],
    ['without a template', { template: undefined }, "needs a 'template'"],
    ['with a template that is none', { template: { resources: [] } }, 'InvalidTemplate'],
  ])('%s it is refused', async (_, properties, message) => {
    const { status, body } = await azure.ask('PUT', stackPath, project([], properties))
    expect(status).toBe(400)
    expect(JSON.stringify(body)).toContain(message)
    expect(azure.state.stacks).toEqual({})
  })

  test('deploys to its own scope or to a group of its subscription', async () => {
    const ofGroup = (deploymentScope: string) =>
      azure.stacks.deploymentStacks.beginCreateOrUpdateAtResourceGroupAndWait(
        'rg',
        'small',
        {
          properties: {
            template: groupTemplate([]),
            actionOnUnmanage: { resources: 'detach', resourceGroups: 'detach' },
            denySettings: { mode: 'none' },
            deploymentScope,
          },
        },
        quickly,
      )
    for (const name of ['rg', 'rg10']) await azure.engine.put(groupId(name), '', { location: 'x' }, caller)
    expect(await refusal(ofGroup(groupId('rg10')))).toContain('InvalidRequestContent')
    await ofGroup(groupId('RG'))
    expect(await refusal(deploy(project([], { deploymentScope: `${groupId('rg')}/providers/x` })))).toContain(
      'InvalidRequestContent',
    )
  })

  test('its location is required and never changes, and permission is asked for', async () => {
    const { location: _, ...nowhere } = project([])
    expect((await azure.ask('PUT', stackPath, nowhere)).body).toMatchObject({
      error: { code: 'InvalidDeployment' },
    })
    await deploy(project([]))
    expect((await azure.ask('PUT', stackPath, { ...project([]), location: 'westeurope' })).status).toBe(409)
    azure.denied.add('Microsoft.Resources/deploymentStacks/write')
    expect((await azure.ask('PUT', stackPath, project([]))).body).toMatchObject({
      error: { code: 'AuthorizationFailed' },
    })
  })
})
