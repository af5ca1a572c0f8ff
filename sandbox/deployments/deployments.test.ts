/** Deployments judged by Microsoft's own client, over HTTPS. */

import type { DeploymentParameter } from '@azure/arm-resourcesdeployments'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { systemClock } from '../server/runtime.ts'
import { memoryEngine } from './testing/memory-engine.ts'
import {
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
/** What writes wait for, when a test inspects a deployment under way. */
let gate: Promise<void> | undefined
const quickly = { updateIntervalInMs: 5 }

beforeEach(async () => {
  azure = await startStubAzure({ engine: memoryEngine(() => gate ?? systemClock.sleep(5)) })
  await azure.engine.put(
    groupId('rg'),
    '',
    { location: 'swedencentral' },
    { tenantId: '', objectId: '', kind: 'User', audience: '' },
  )
})
afterEach(() => azure.close())

const deploy = (
  template: unknown,
  parameters: Record<string, DeploymentParameter> = {},
  mode: 'Incremental' | 'Complete' = 'Incremental',
  name = 'main',
) =>
  azure.deployments.deployments.createOrUpdate(
    'rg',
    name,
    { properties: { mode, template, parameters } },
    quickly,
  )

const deployToSubscription = (template: unknown, name = 'main', location = 'swedencentral') =>
  azure.deployments.deployments.createOrUpdateAtSubscriptionScope(
    name,
    { location, properties: { mode: 'Incremental', template } },
    quickly,
  )

const names = (): readonly string[] => azure.engine.journal.slice(1).map((id) => id.split('/').at(-1) ?? '')

describe('a deployment to a resource group', () => {
  test('evaluates parameters, variables and functions, and returns outputs', async () => {
    const template = groupTemplate(
      [
        thing("[format('{0}-{1}', parameters('prefix'), variables('suffix'))]", {
          location: '[resourceGroup().location]',
          tags: { "[concat('k', 'ey')]": 'value' },
          properties: { literal: '[[not an expression]', secret: "[parameters('password')]" },
        }),
      ],
      {
        parameters: {
          prefix: { type: 'string', minLength: 2, allowedValues: ['abc', 'def'] },
          password: { type: 'securestring' },
          when: { type: 'string', defaultValue: "[utcNow('yyyy')]" },
        },
        variables: { suffix: "[toLower('END')]" },
        outputs: {
          id: { type: 'string', value: "[resourceId('Microsoft.Test/things', 'abc-end')]" },
          read: { type: 'string', value: "[reference('abc-end').provisioningState]" },
          hidden: { type: 'securestring', value: "[parameters('password')]" },
          skipped: { type: 'string', condition: false, value: "[reference('nothing')]" },
        },
      },
    )
    const result = await deploy(template, { prefix: { value: 'abc' }, password: { value: 'pa$$' } })
    expect(result.properties).toMatchObject({
      provisioningState: 'Succeeded',
      mode: 'Incremental',
      parameters: { prefix: { type: 'String', value: 'abc' }, password: { type: 'SecureString' } },
      outputs: {
        id: { type: 'String', value: groupId('rg', 'Microsoft.Test/things/abc-end') },
        read: { type: 'String', value: 'Succeeded' },
        hidden: { type: 'SecureString' },
      },
      outputResources: [{ id: groupId('rg', 'Microsoft.Test/things/abc-end') }],
    })
    expect(JSON.stringify(result)).not.toContain('pa$$')
    expect(Object.keys(result.properties?.outputs ?? {})).not.toContain('skipped')
    expect(azure.engine.get(groupId('rg', 'Microsoft.Test/things/abc-end'))).toMatchObject({
      location: 'swedencentral',
      tags: { key: 'value' },
      properties: { literal: '[not an expression]', secret: 'pa$$' },
    })
  })

  test('answers 201 with Accepted, and ends where the client polls', async () => {
    const { status, body, headers } = await azure.ask(
      'PUT',
      `${groupId('rg')}/providers/Microsoft.Resources/deployments/main`,
      { properties: { mode: 'Incremental', template: groupTemplate([thing('a')]) } },
    )
    expect(status).toBe(201)
    expect(body).toMatchObject({ name: 'main', properties: { provisioningState: 'Accepted' } })
    expect(headers.get('azure-asyncoperation')).toContain('/status/')
  })

  test('deploys what is independent at the same time, and the rest in order', async () => {
    await deploy(
      groupTemplate([
        thing('last', { dependsOn: ["[resourceId('Microsoft.Test/things', 'second')]"] }),
        thing('second', { dependsOn: ['first', 'alone'] }),
        thing('first'),
        thing('alone'),
        thing('alone2'),
        thing('reader', { properties: { seen: "[reference('last').provisioningState]" } }),
      ]),
    )
    expect(names().slice(-3)).toEqual(['second', 'last', 'reader'])
    expect(azure.engine.busiest()).toBe(3)
  })

  test('unrolls loops, serial ones in batches, and leaves out what has a false condition', async () => {
    await deploy(
      groupTemplate([
        thing("[concat('s', copyIndex())]", {
          copy: { name: 'serial', count: 3, mode: 'serial', batchSize: 1 },
        }),
        thing('after', { dependsOn: ['serial'] }),
        thing('never', { condition: "[equals('a', 'b')]" }),
        thing('still', { dependsOn: ['never'] }),
      ]),
    )
    expect(names().filter((name) => name !== 'still')).toEqual(['s0', 's1', 's2', 'after'])
    expect(names()).toContain('still')
  })

  test('knows children, extensions and symbolic names', async () => {
    const template = groupTemplate(
      {
        parent: thing('p', {
          resources: { child: { type: 'parts', apiVersion: '2024-01-01', name: 'c', dependsOn: ['parent'] } },
        }),
        old: { existing: true, ...thing('old') },
        role: {
          type: 'Microsoft.Authorization/roleAssignments',
          apiVersion: '2022-04-01',
          name: "[guid('x')]",
          scope: "[format('Microsoft.Test/things/{0}', 'p')]",
          dependsOn: ['parent'],
          properties: { seen: "[reference('old').color]" },
        },
      },
      { languageVersion: '2.0' },
    )
    await azure.engine.put(
      groupId('rg', 'Microsoft.Test/things/old'),
      '',
      { properties: { color: 'red' } },
      { tenantId: '', objectId: '', kind: 'User', audience: '' },
    )
    await deploy(template)
    expect(azure.engine.get(groupId('rg', 'Microsoft.Test/things/p/parts/c'))).toBeDefined()
    const [role] = azure.engine
      .within(groupId('rg', 'Microsoft.Test/things/p'))
      .filter(({ type }) => type.endsWith('roleAssignments'))
    expect(role?.properties).toMatchObject({ seen: 'red' })
    expect(azure.engine.journal.filter((id) => id.endsWith('/old'))).toHaveLength(1)
  })

  test('mode Complete deletes what the template does not name', async () => {
    await deploy(groupTemplate([thing('a'), thing('b')]))
    await deploy(groupTemplate([thing('b')]), {}, 'Complete')
    expect(azure.engine.get(groupId('rg', 'Microsoft.Test/things/a'))).toBeUndefined()
    expect(azure.engine.get(groupId('rg', 'Microsoft.Test/things/b'))).toBeDefined()
  })

  test('mode Complete leaves locks and role assignments of the resource group', async () => {
    const lock = groupId('rg', 'Microsoft.Authorization/locks/keep')
    const nobody = { tenantId: '', objectId: '', kind: 'User', audience: '' } as const
    await azure.engine.put(lock, '', {}, nobody)
    await deploy(groupTemplate([]), {}, 'Complete')
    expect(azure.engine.get(lock)).toBeDefined()
  })
})

describe('a deployment to a subscription', () => {
  const project = subscriptionTemplate([
    {
      type: 'Microsoft.Resources/resourceGroups',
      apiVersion: '2024-03-01',
      name: 'new',
      location: 'swedencentral',
    },
    nested(
      'one',
      'new',
      groupTemplate([thing('a', { location: '[resourceGroup().location]', properties: { color: 'red' } })], {
        outputs: { color: { type: 'string', value: "[reference('a').color]" } },
      }),
      { dependsOn: ['new'] },
    ),
    nested(
      'two',
      'new',
      groupTemplate([thing('b', { properties: { color: "[parameters('color')]" } })], {
        parameters: { color: { type: 'string' } },
      }),
      {
        properties: {
          mode: 'Incremental',
          expressionEvaluationOptions: { scope: 'inner' },
          parameters: { color: { value: "[reference('one').outputs.color.value]" } },
          template: groupTemplate([thing('b', { properties: { color: "[parameters('color')]" } })], {
            parameters: { color: { type: 'string' } },
          }),
        },
      },
    ),
  ])

  test('makes resource groups, and hands outputs of one nested deployment to another', async () => {
    const result = await deployToSubscription(project)
    expect(azure.engine.get(groupId('new', 'Microsoft.Test/things/a'))?.location).toBe('swedencentral')
    expect(azure.engine.get(groupId('new', 'Microsoft.Test/things/b'))?.properties).toMatchObject({
      color: 'red',
    })
    expect(result.properties?.outputResources?.map(({ id }) => id)).toEqual([
      groupId('new'),
      groupId('new', 'Microsoft.Test/things/a'),
      groupId('new', 'Microsoft.Test/things/b'),
    ])
    const inner = await azure.deployments.deployments.get('new', 'one')
    expect(inner.properties?.correlationId).toBe(result.properties?.correlationId)
  })

  test('evaluates a nested template in the outer scope by default', async () => {
    await deployToSubscription(
      subscriptionTemplate(
        [
          {
            ...nested('n', 'rg', null),
            properties: { mode: 'Incremental', template: groupTemplate([thing("[variables('v')]")]) },
          },
        ],
        { variables: { v: 'from-outside' } },
      ),
    )
    expect(names()).toEqual(['from-outside'])
  })

  test('waits for what a nested template evaluated outside reads', async () => {
    const outer = {
      mode: 'Incremental',
      template: groupTemplate([thing('b', { properties: { x: "[reference('made').location]" } })]),
    }
    await deployToSubscription(
      subscriptionTemplate(
        {
          n: { ...nested('n', 'new', null), properties: outer },
          made: {
            type: 'Microsoft.Resources/resourceGroups',
            apiVersion: '2024-03-01',
            name: 'new',
            location: 'swedencentral',
            properties: { location: 'here' },
          },
        },
        { languageVersion: '2.0' },
      ),
    )
    expect(azure.engine.get(groupId('new', 'Microsoft.Test/things/b'))?.properties).toMatchObject({
      x: 'here',
    })
  })

  test('keeps its location, and needs one', async () => {
    await deployToSubscription(subscriptionTemplate([]))
    expect(await refusal(deployToSubscription(subscriptionTemplate([]), 'main', 'westeurope'))).toContain(
      'InvalidDeploymentLocation',
    )
    const { body } = await azure.ask(
      'PUT',
      `/subscriptions/${subscriptionId}/providers/Microsoft.Resources/deployments/x`,
      {
        properties: { mode: 'Incremental', template: subscriptionTemplate([]) },
      },
    )
    expect(body).toMatchObject({ error: { code: 'InvalidDeployment' } })
  })
})

describe('a deployment that fails', () => {
  test('keeps what was deployed, says which resource failed and why, and goes on when it is repeated', async () => {
    const template = groupTemplate([
      thing('good'),
      thing('bad', { dependsOn: ['good'] }),
      thing('later', { dependsOn: ['bad'] }),
    ])
    const heal = azure.engine.refuse('put', '/bad', 'QuotaExceeded')
    expect(await refusal(deploy(template))).toContain('At least one resource deployment operation failed')
    const failed = await azure.deployments.deployments.get('rg', 'main')
    expect(failed.properties?.provisioningState).toBe('Failed')
    expect(failed.properties?.error).toMatchObject({
      code: 'DeploymentFailed',
      details: [{ code: 'QuotaExceeded', target: groupId('rg', 'Microsoft.Test/things/bad') }],
    })
    expect(names()).toEqual(['good'])
    heal()
    expect((await deploy(template)).properties?.provisioningState).toBe('Succeeded')
    expect(names()).toEqual(['good', 'good', 'bad', 'later'])
  })

  test('in a nested deployment is reported level by level', async () => {
    azure.engine.refuse('put', '/bad')
    await refusal(
      deployToSubscription(subscriptionTemplate([nested('inner', 'rg', groupTemplate([thing('bad')]))])),
    )
    const failed = await azure.deployments.deployments.getAtSubscriptionScope('main')
    expect(failed.properties?.error).toMatchObject({
      code: 'DeploymentFailed',
      details: [
        {
          code: 'ResourceDeploymentFailure',
          details: [{ code: 'DeploymentFailed', details: [{ code: 'Conflict' }] }],
        },
      ],
    })
  })

  test('lists its steps', async () => {
    azure.engine.refuse('put', '/bad')
    await refusal(deploy(groupTemplate([thing('good'), thing('bad')])))
    const steps: string[] = []
    for await (const { properties } of azure.deployments.deploymentOperations.list('rg', 'main'))
      steps.push(
        `${properties?.targetResource?.resourceName} ${properties?.provisioningState} ${properties?.statusMessage?.error?.code}`,
      )
    expect(steps).toEqual(['good Succeeded undefined', 'bad Failed Conflict'])
  })

  test('is refused as a whole when a provider does not take a resource', async () => {
    azure.engine.refuse('preview', '/bad', 'SkuNotAvailable')
    const { status, body } = await azure.ask(
      'PUT',
      `${groupId('rg')}/providers/Microsoft.Resources/deployments/main`,
      {
        properties: { mode: 'Incremental', template: groupTemplate([thing('good'), thing('bad')]) },
      },
    )
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: { code: 'InvalidTemplateDeployment', details: [{ code: 'SkuNotAvailable' }] },
    })
    expect(names()).toEqual([])
  })

  test('is refused as a whole when it goes to a resource group that is not there', async () => {
    const template = subscriptionTemplate([nested('n', 'nowhere', groupTemplate([thing('a')]))])
    const { status, body } = await azure.ask(
      'POST',
      `/subscriptions/${subscriptionId}/providers/Microsoft.Resources/deployments/main/validate`,
      { location: 'swedencentral', properties: { mode: 'Incremental', template } },
    )
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: { details: [{ code: 'ResourceGroupNotFound', target: groupId('nowhere') }] },
    })
  })

  test('is refused when the caller may not write a resource', async () => {
    azure.denied.add('Microsoft.Test/things/write')
    expect(await refusal(deploy(groupTemplate([thing('a')])))).toContain(
      "does not have permission to perform action 'Microsoft.Test/things/write'",
    )
    azure.denied.add('Microsoft.Resources/deployments/write')
    expect(await refusal(deploy(groupTemplate([])))).toContain('AuthorizationFailed')
  })
})

describe('a template that is refused', () => {
  const many = (count: number): object =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, index]))
  const outputs = Object.fromEntries(
    Array.from({ length: 65 }, (_, index) => [`o${index}`, { type: 'int', value: 1 }]),
  )
  test.each<[string, unknown, string]>([
    ['without a schema', { contentVersion: '1', resources: [] }, 'schema'],
    ['of another scope', subscriptionTemplate([]), 'is not supported at resource group scope'],
    ['without resources', { ...groupTemplate([]), resources: undefined }, "'resources' is required"],
    [
      'with an unknown function',
      groupTemplate([thing("[nonsense('a')]")]),
      "The template function 'nonsense' is not valid",
    ],
    [
      'with an unknown function in a property',
      groupTemplate([thing('a', { properties: { x: '[nonsense()]' } })]),
      "function 'nonsense' is not valid",
    ],
    [
      'with an unknown dependency',
      groupTemplate([thing('a', { dependsOn: ['b'] })]),
      "The resource 'b' is not defined in the template",
    ],
    [
      'with a circle',
      groupTemplate([thing('a', { dependsOn: ['b'] }), thing('b', { dependsOn: ['a'] })]),
      'Circular dependency detected on resource',
    ],
    [
      'with a circle through reference()',
      groupTemplate([
        thing('a', { properties: { x: "[reference('b').y]" } }),
        thing('b', { dependsOn: ['a'] }),
      ]),
      'Circular dependency detected',
    ],
    [
      'with one resource twice',
      groupTemplate([thing('a'), thing('a')]),
      'is defined multiple times in a template',
    ],
    ['with a name of the wrong length', groupTemplate([thing('a/b')]), 'has incorrect segment lengths'],
    [
      'with reference() in a name',
      groupTemplate([thing("[reference('a').x]")]),
      "function 'reference' is not expected at this location",
    ],
    [
      'with a parameter missing',
      groupTemplate([], { parameters: { p: { type: 'string' } } }),
      "The value for the template parameter 'p'",
    ],
    [
      'with a parameter of the wrong type',
      groupTemplate([], { parameters: { p: { type: 'int', defaultValue: 'x' } } }),
      "Expected 'Integer'. Actual 'String'",
    ],
    [
      'with too many variables',
      groupTemplate([], { variables: many(257) }),
      "Limit: '256' and actual: '257'",
    ],
    ['with too many outputs', groupTemplate([], { outputs }), "Limit: '64' and actual: '65'"],
    [
      'with too many resources',
      groupTemplate([thing("[concat('t', copyIndex())]", { copy: { name: 'c', count: 800 } }), thing('one')]),
      "Limit: '800' and actual: '801'",
    ],
    [
      'with too long a loop',
      groupTemplate([thing("[concat('t', copyIndex())]", { copy: { name: 'c', count: 801 } })]),
      "exceeds the limit of '800'",
    ],
  ])('%s', async (_, template, message) => {
    const { status, body } = await azure.ask(
      'POST',
      `${groupId('rg')}/providers/Microsoft.Resources/deployments/main/validate`,
      { properties: { mode: 'Incremental', template } },
    )
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: { code: 'InvalidTemplate', message: expect.stringContaining(message) },
    })
    expect(names()).toEqual([])
  })

  test('for parameters that it does not have, or does not allow', async () => {
    const template = groupTemplate([], { parameters: { p: { type: 'string', allowedValues: ['a', 'b'] } } })
    expect(await refusal(deploy(template, { q: { value: 1 } }))).toContain(
      "do not correspond to any parameters defined in the template: 'q'",
    )
    expect(await refusal(deploy(template, { p: { value: 'c' } }))).toContain(
      "is not part of the allowed value(s): 'a,b'",
    )
  })

  test('for a name of more than 64 characters', async () => {
    expect(await refusal(deploy(groupTemplate([]), {}, 'Incremental', 'n'.repeat(65)))).toContain(
      'DeploymentNameLengthLimitExceeded',
    )
    await deploy(groupTemplate([]), {}, 'Incremental', 'n'.repeat(64))
  })
})

describe('the rest of the calls', () => {
  test('a deployment is found, listed, exported and deleted', async () => {
    const { deployments } = azure.deployments
    const template = groupTemplate([])
    await deploy(template)
    const listed: (string | undefined)[] = []
    for await (const { name } of deployments.listByResourceGroup('rg')) listed.push(name)
    expect(listed).toEqual(['main'])
    expect((await deployments.exportTemplate('rg', 'main')).template).toEqual(template)
    expect((await deployments.checkExistence('rg', 'main')).body).toBe(true)
    await deployments.delete('rg', 'main', quickly)
    expect(await refusal(deployments.get('rg', 'main'))).toContain('DeploymentNotFound')
  })

  test('a deployment under way is not replaced, and can be canceled', async () => {
    const path = `${groupId('rg')}/providers/Microsoft.Resources/deployments/main`
    const body = {
      properties: {
        mode: 'Incremental',
        template: groupTemplate([thing('a'), thing('b', { dependsOn: ['a'] })]),
      },
    }
    const { promise, resolve: open } = Promise.withResolvers<void>()
    gate = promise
    await azure.ask('PUT', path, body)
    expect((await azure.ask('PUT', path, body)).body).toMatchObject({ error: { code: 'DeploymentActive' } })
    expect((await azure.ask('POST', `${path}/cancel`)).status).toBe(204)
    open()
    gate = undefined
    await systemClock.sleep(20)
    expect((await azure.ask('GET', path)).body).toMatchObject({
      properties: { provisioningState: 'Canceled' },
    })
    expect(names()).toEqual(['a'])
  })

  test('what a stopped sandbox left running is failed, and can be repeated', async () => {
    await deploy(groupTemplate([thing('a')]))
    const left = structuredClone(azure.state)
    for (const record of Object.values(left.deployments)) record.provisioningState = 'Running'
    const again = await startStubAzure({ state: JSON.parse(JSON.stringify(left)), engine: azure.engine })
    const { properties } = await again.deployments.deployments.get('rg', 'main')
    expect(properties?.provisioningState).toBe('Failed')
    await again.deployments.deployments.createOrUpdate(
      'rg',
      'main',
      { properties: { mode: 'Incremental', template: groupTemplate([thing('a')]) } },
      quickly,
    )
    await again.close()
  })

  test('a request without a token, or to a group that is not there, is refused', async () => {
    const anonymous = await fetch(
      `${azure.url}${groupId('rg')}/providers/Microsoft.Resources/deployments?api-version=2025-04-01`,
    )
    expect(anonymous.status).toBe(401)
    expect(await refusal(azure.deployments.deployments.get('gone', 'main'))).toContain(
      'ResourceGroupNotFound',
    )
  })
})
