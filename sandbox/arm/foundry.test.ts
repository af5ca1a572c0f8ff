/** What AI Foundry accounts refuse: models, quotas, capability hosts, and going before their projects. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import { ArmError } from '../contracts.ts'
import { ask, settle } from './testing/asking.ts'
import { callerOf, groupId, idOf, makeArm, owner, serveArm, type TestArm } from './testing/served-arm.ts'

let arm: TestArm
beforeEach(async () => {
  arm = await makeArm({
    models: [
      {
        format: 'Contoso',
        name: 'tiny',
        versions: ['1', '2'],
        skus: { GlobalStandard: 'everywhere' },
        quota: 10,
      },
    ],
  })
  await arm.put(account, accountBody)
})

const here = { location: 'swedencentral' }
const me = callerOf(owner, '')
const account = idOf('Microsoft.CognitiveServices/accounts', 'ai-one')
const accountBody = {
  ...here,
  kind: 'AIServices',
  sku: { name: 'S0' },
  identity: { type: 'SystemAssigned' },
  properties: { customSubDomainName: 'ai-one', allowProjectManagement: true },
}
const messageOf = async (call: () => Promise<unknown>) => {
  try {
    await call()
    return 'accepted'
  } catch (error) {
    return error instanceof ArmError ? error.body.message : String(error)
  }
}

describe('a deployment', () => {
  const deployment = (name: string) => `${account}/deployments/${name}`
  const of = (model: object, sku: object = { name: 'GlobalStandard', capacity: 1 }) => ({
    sku,
    properties: { model },
  })
  const gpt = { format: 'OpenAI', name: 'gpt-4o', version: '2024-11-20' }

  test.each([
    ['of a model that nobody offers', { ...gpt, name: 'gpt-9' }],
    ['of a version that there is not', { ...gpt, version: '2023-01-01' }],
    ['of another publisher', { ...gpt, format: 'Contoso' }],
  ])('%s is refused', async (_what, model) => {
    expect(await arm.refusal(deployment('chat'), of(model))).toBe('DeploymentModelNotSupported')
  })

  test('is refused in a SKU that the model has not, or not in this region', async () => {
    const refused = (model: object, name: string) =>
      messageOf(() => arm.put(deployment('chat'), of(model, { name, capacity: 1 })))
    expect(
      await refused({ format: 'OpenAI', name: 'gpt-5-chat', version: '2025-08-07' }, 'Standard'),
    ).toMatch(/'Standard' of account deployment is not supported by the model 'gpt-5-chat'/)
    expect(
      await refused({ format: 'OpenAI', name: 'gpt-5.4-mini', version: '2026-03-17' }, 'DataZoneStandard'),
    ).toMatch(
      /'DataZoneStandard' for model 'gpt-5.4-mini 2026-03-17' is not supported in this region 'swedencentral'/,
    )
  })

  test('takes the newest version when it names none', async () => {
    const deployed = await arm.put(deployment('chat'), of({ format: 'Contoso', name: 'tiny' }))
    expect(deployed.properties).toMatchObject({ model: { format: 'Contoso', name: 'tiny', version: '2' } })
  })

  test('is refused over the quota that the subscription has in the region', async () => {
    const tiny = (capacity: number) =>
      of({ format: 'Contoso', name: 'tiny', version: '1' }, { name: 'GlobalStandard', capacity })
    await arm.put(deployment('one'), tiny(6))
    expect(await messageOf(() => arm.put(deployment('two'), tiny(5)))).toContain(
      'require 5 new capacity in quota Tokens Per Minute (thousands) - tiny, which is bigger than the current available capacity 4',
    )
    expect(await arm.refusal(deployment('one'), tiny(10))).toBe('accepted')
    expect(await arm.refusal(deployment('one'), tiny(11))).toBe('InsufficientQuota')
  })

  test('is made at the same time as a project, but not while its account changes', async () => {
    const together = (one: string, other: Record<string, unknown>) =>
      Promise.all([arm.refusal(deployment('chat'), of(gpt)), arm.refusal(one, other)])
    const project = { ...here, identity: { type: 'SystemAssigned' }, properties: {} }
    expect(await together(`${account}/projects/p1`, project)).toEqual(['accepted', 'accepted'])
    expect(await together(account, accountBody)).toEqual(['accepted', 'RequestConflict'])
  })

  test('that has to wait is told of the account', async () => {
    const sentences = ['a', 'b'].map((name) => messageOf(() => arm.put(deployment(name), of(gpt))))
    expect((await Promise.all(sentences))[1]).toBe(
      `Another operation is being performed on the parent resource '${account}'. Please try again later.`,
    )
  })

  test('waits for the one before it', async () => {
    const both = await Promise.all(['a', 'b'].map((name) => arm.refusal(deployment(name), of(gpt))))
    expect(both.sort()).toEqual(['RequestConflict', 'accepted'])
    expect(await arm.refusal(deployment('b'), of(gpt))).toBe('accepted')
  })
})

test('a project has the id by which its containers are named, and the first one is the default', async () => {
  const made = async (name: string) =>
    (
      await arm.put(`${account}/projects/${name}`, {
        ...here,
        identity: { type: 'SystemAssigned' },
        properties: {},
      })
    ).properties
  const first = await made('first')
  const second = await made('second')
  expect(first).toMatchObject({ isDefault: true, internalId: expect.stringMatching(/^[\da-f]{32}$/) })
  expect(second).toMatchObject({ isDefault: false })
  expect(second?.['internalId']).not.toBe(first?.['internalId'])
  expect(await made('first')).toEqual(first)
})

describe('capability hosts', () => {
  const project = `${account}/projects/p1`
  const host = (of: string, name = 'agents') => `${of}/capabilityHosts/${name}`
  const connections = [
    ['threads', 'CosmosDb'],
    ['vectors', 'CognitiveSearch'],
    ['files', 'AzureStorageAccount'],
  ] as const
  const own = {
    threadStorageConnections: ['threads'],
    vectorStoreConnections: ['vectors'],
    storageConnections: ['files'],
  }
  beforeEach(async () => {
    await arm.put(project, { ...here, identity: { type: 'SystemAssigned' }, properties: {} })
    for (const [name, category] of connections)
      await arm.put(`${project}/connections/${name}`, {
        properties: { category, authType: 'AAD', target: 'https://contoso.example' },
      })
  })

  test('are created for the account first, then for its projects', async () => {
    expect(await arm.refusal(host(project), { properties: own })).toBe('BadRequest')
    await arm.put(host(account), { properties: { capabilityHostKind: 'Agents' } })
    expect(await arm.refusal(host(project), { properties: own })).toBe('accepted')
  })

  test('of a project say that they are for agents, as Microsoft’s samples do without the type’s leave', async () => {
    await arm.put(host(account), { properties: {} })
    const kind = (capabilityHostKind: string) =>
      arm.refusal(host(project), { properties: { ...own, capabilityHostKind } })
    expect(await kind('Models')).toBe('InvalidRequestContent')
    expect(await kind('Agents')).toBe('accepted')
  })

  test('are one for each, never changed: the same again is no change, another one a conflict', async () => {
    await arm.put(host(account), { properties: {} })
    await arm.put(host(project), { properties: own })
    expect(await arm.refusal(host(project), { properties: own })).toBe('accepted')
    expect(await arm.refusal(host(project), { properties: {} })).toBe('BadRequest')
    expect(await messageOf(() => arm.put(host(project, 'other'), { properties: own }))).toMatch(
      /^There is an existing Capability Host with name: agents, provisioning state: Succeeded for workspace: /,
    )
    await arm.engine.remove(host(project), me)
    expect(await arm.refusal(host(project, 'other'), { properties: {} })).toBe('accepted')
  })

  test('name all three stores or none, by connections that are there and lead to such a store', async () => {
    await arm.put(host(account), { properties: {} })
    const refused = (properties: object) =>
      arm.refusal(host(project), { properties: { ...own, ...properties } })
    expect(await refused({ vectorStoreConnections: [] })).toBe('BadRequest')
    expect(await refused({ vectorStoreConnections: ['nowhere'] })).toBe('BadRequest')
    expect(await refused({ vectorStoreConnections: ['files'] })).toBe('BadRequest')
    expect(await refused({ vectorStoreConnections: ['vectors', 'vectors'] })).toBe('BadRequest')
    expect(await refused({})).toBe('accepted')
  })

  describe('of a project whose threads are kept in Cosmos DB', () => {
    const cosmos = idOf('Microsoft.DocumentDB/databaseAccounts', 'threads')
    const database = (totalThroughputLimit: number) => ({
      ...here,
      properties: {
        databaseAccountOfferType: 'Standard',
        locations: [{ locationName: 'swedencentral' }],
        capacity: { totalThroughputLimit },
      },
    })
    const operator = '230815da-be43-4aae-9cb4-875f7bd000aa'
    beforeEach(async () => {
      await arm.put(host(account), { properties: {} })
      await arm.put(cosmos, database(3000))
      await arm.put(`${project}/connections/threads`, {
        properties: {
          category: 'CosmosDb',
          authType: 'AAD',
          target: 'https://contoso.example',
          metadata: { ResourceId: cosmos },
        },
      })
    })
    const operate = async () => {
      const principalId = (await arm.engine.get(project))?.['identity']
      await arm.put(`${cosmos}/providers/Microsoft.Authorization/roleAssignments/${guid}`, {
        properties: {
          principalId: (principalId as { principalId: string }).principalId,
          principalType: 'ServicePrincipal',
          roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${operator}`,
        },
      })
    }
    const guid = '99999999-9999-4999-8999-999999999999'
    const asked = () => messageOf(() => arm.put(host(project), { properties: own }))

    test('are refused until its identity may work there', async () => {
      expect(await asked()).toMatch(/identity of project 'p1' has no right to .*sqlDatabases\/write/)
      await operate()
      expect(await asked()).toBe('accepted')
    })

    test('are refused while the database is too small for threads', async () => {
      await operate()
      await arm.put(cosmos, database(2000))
      expect(await asked()).toMatch(/limited to 2000 RU\/s, and the threads of agents need 3000/)
    })
  })

  test('wait while another one is under way', async () => {
    const both = await Promise.all(
      ['agents', 'agents'].map((name) => messageOf(() => arm.put(host(account, name), { properties: {} }))),
    )
    expect(both.filter((message) => message.includes('currently in non creating'))).toHaveLength(1)
  })
})

describe('an account', () => {
  test('with projects cannot be deleted, its resource group can', async () => {
    await arm.put(`${account}/projects/p1`, { ...here, identity: { type: 'SystemAssigned' }, properties: {} })
    expect(await messageOf(() => arm.engine.remove(account, me))).toMatch(
      /^Cannot delete resource while nested resources exist.*'Microsoft.CognitiveServices\/accounts\/ai-one\/projects\/p1'/,
    )
    await arm.engine.remove(`${account}/projects/p1`, me)
    await arm.engine.remove(account, me)
    expect(arm.engine.get(account)).toBeUndefined()
  })

  test('gets the network of its agents when it is created, and never afterwards', async () => {
    const network = idOf('Microsoft.Network/virtualNetworks', 'vnet')
    await arm.put(network, { ...here, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } })
    const delegations = [{ name: 'agents', properties: { serviceName: 'Microsoft.App/environments' } }]
    await arm.put(`${network}/subnets/agents`, { properties: { addressPrefix: '10.0.0.0/24', delegations } })
    const networkInjections = [{ scenario: 'agent', subnetArmId: `${network}/subnets/agents` }]
    const injected = { ...accountBody, properties: { ...accountBody.properties, networkInjections } }
    expect(await arm.refusal(account, injected)).toBe('InvalidResourceProperties')
    const other = { ...injected, properties: { ...injected.properties, customSubDomainName: 'ai-two' } }
    const second = idOf('Microsoft.CognitiveServices/accounts', 'ai-two')
    expect(await arm.refusal(second, other)).toBe('accepted')
    expect(await arm.refusal(second, other)).toBe('accepted')
  })
})

test('a resource group goes with accounts and their projects', async () => {
  const served = await serveArm()
  await served.put(account, accountBody)
  for (const name of ['p1', 'q1'])
    await served.put(`${account}/projects/${name}`, {
      ...here,
      identity: { type: 'SystemAssigned' },
      properties: {},
    })
  expect(await settle(served, await ask(served, 'DELETE', groupId))).toBe('Succeeded')
  expect(served.engine.get(groupId)).toBeUndefined()
  await served.close()
})
