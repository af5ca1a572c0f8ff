/** The rules of the services of an AI project. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import {
  callerOf,
  groupId,
  idOf,
  makeArm,
  newestVersion,
  otherSubscription,
  owner,
  type TestArm,
} from './testing/served-arm.ts'

let arm: TestArm
beforeEach(async () => {
  arm = await makeArm()
})

const here = { location: 'swedencentral' }
const me = callerOf(owner, '')
const vnet = idOf('Microsoft.Network/virtualNetworks', 'vnet')

describe('storage accounts', () => {
  const account = { ...here, sku: { name: 'Standard_LRS' }, kind: 'StorageV2' }
  const id = (name: string) => idOf('Microsoft.Storage/storageAccounts', name)

  test.each(['ab', 'Upper', 'with-dash', 'a'.repeat(25)])('cannot be named %s', async (name) => {
    expect(await arm.refusal(id(name), account)).toBe('AccountNameInvalid')
  })

  test('have names that are unique in all of Azure', async () => {
    const elsewhere = groupId.replace(/[^/]+\/resourceGroups/, `${otherSubscription}/resourceGroups`)
    await arm.put(elsewhere, here)
    await arm.put(`${elsewhere}/providers/Microsoft.Storage/storageAccounts/taken`, account)
    expect(await arm.refusal(id('taken'), account)).toBe('StorageAccountAlreadyTaken')
  })

  test('of a hierarchical namespace are accounts of the lake, and their containers its containers', async () => {
    await arm.put(id('lake'), { ...account, properties: { isHnsEnabled: true } })
    await arm.put(`${id('lake')}/blobServices/default/containers/lake3`, {})
    await arm.engine.remove(id('lake'), me)
    expect(arm.lakeCalls).toEqual(['account lake', 'container lake/lake3', 'removed lake'])
    expect(arm.engine.get(`${id('lake')}/blobServices/default/containers/lake3`)).toBeUndefined()
  })

  test('answer where the sandbox serves them', async () => {
    const made = await arm.put(id('plain'), account)
    expect(made.properties?.['primaryEndpoints']).toMatchObject({ dfs: 'https://localhost/storage/plain/' })
  })
})

describe('key vaults', () => {
  const id = idOf('Microsoft.KeyVault/vaults', 'kv-one')
  const vault = {
    ...here,
    properties: { sku: { name: 'standard', family: 'A' }, tenantId: '11111111-1111-1111-1111-111111111111' },
  }

  test('keep their name when they are deleted, until they are recovered', async () => {
    await arm.put(id, vault)
    await arm.engine.remove(id, me)
    expect(await arm.refusal(id, vault)).toBe('ConflictError')
    const recover = { ...vault, properties: { ...vault.properties, createMode: 'recover' } }
    expect(await arm.refusal(id, recover)).toBe('accepted')
    expect(await arm.refusal(id, vault)).toBe('accepted')
  })

  test('stay protected once they are', async () => {
    const guarded = (enablePurgeProtection: boolean) => ({
      ...vault,
      properties: { ...vault.properties, enablePurgeProtection },
    })
    await arm.put(id, guarded(true))
    expect(await arm.refusal(id, guarded(false))).toBe('BadRequest')
  })

  test.each(['ab', '1abc', 'a--b', 'abc-', 'a'.repeat(25)])('cannot be named %s', async (name) => {
    expect(await arm.refusal(idOf('Microsoft.KeyVault/vaults', name), vault)).toBe('VaultNameNotValid')
  })
})

describe('AI Foundry accounts', () => {
  const id = (name: string) => idOf('Microsoft.CognitiveServices/accounts', name)
  const account = (name: string, more: object = {}) => ({
    ...here,
    kind: 'AIServices',
    sku: { name: 'S0' },
    identity: { type: 'SystemAssigned' },
    properties: { customSubDomainName: name, allowProjectManagement: true, ...more },
  })
  const withSubnet = async (serviceName: string) => {
    await arm.put(vnet, { ...here, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } })
    await arm.put(`${vnet}/subnets/agents`, {
      properties: {
        addressPrefix: '10.0.0.0/24',
        delegations: [{ name: 'd', properties: { serviceName } }],
      },
    })
    return { networkInjections: [{ scenario: 'agent', subnetArmId: `${vnet}/subnets/agents` }] }
  }

  test('have a subdomain that nobody else has', async () => {
    await arm.put(id('one'), account('sub'))
    expect(await arm.refusal(id('two'), account('sub'))).toBe('CustomDomainInUse')
  })

  test('keep the identity they were given', async () => {
    const first = await arm.put(id('one'), account('sub'))
    const again = await arm.put(id('one'), { ...account('sub'), tags: { changed: 'yes' } })
    expect(again['identity']).toEqual(first['identity'])
    expect(again['identity']).toMatchObject({ principalId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  })

  test('run agents in a subnet delegated in exactly the right spelling', async () => {
    expect(await arm.refusal(id('one'), account('sub', await withSubnet('Microsoft.app/environments')))).toBe(
      'SubnetNotDelegated',
    )
    expect(await arm.refusal(id('one'), account('sub', await withSubnet('Microsoft.App/environments')))).toBe(
      'accepted',
    )
  })

  test('have their agent subnet for themselves, and hold it', async () => {
    const injection = await withSubnet('Microsoft.App/environments')
    await arm.put(id('one'), account('sub', injection))
    expect(await arm.refusal(id('two'), account('other', injection))).toBe('SubnetAlreadyInUse')
    await expect(arm.engine.remove(`${vnet}/subnets/agents`, me)).rejects.toMatchObject({
      body: { code: 'InUseSubnetCannotBeDeleted' },
    })
    expect(
      await arm.refusal(`${vnet}/subnets/agents`, { properties: { addressPrefix: '10.0.0.0/24' } }),
    ).toBe('SubnetMissingRequiredDelegation')
  })

  test('are deleted softly: the name is restored or purged before it is used again', async () => {
    await arm.put(id('one'), account('sub'))
    await arm.engine.remove(id('one'), me)
    expect(await arm.refusal(id('one'), account('sub'))).toBe('FlagMustBeSetForRestore')
    expect(await arm.refusal(id('one'), account('sub', { restore: true }))).toBe('accepted')
  })

  test('have projects only when they allow them', async () => {
    await arm.put(id('one'), account('sub', { allowProjectManagement: false }))
    expect(await arm.refusal(`${id('one')}/projects/p1`, { ...here, properties: {} })).toBe('BadRequest')
  })
})

describe('Cosmos DB', () => {
  const account = idOf('Microsoft.DocumentDB/databaseAccounts', 'cosmos')
  const contributor = `${account}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002`
  const assignment = (number: number) =>
    `${account}/sqlRoleAssignments/00000000-0000-0000-0000-00000000001${number}`
  const body = { properties: { roleDefinitionId: contributor, principalId: owner, scope: account } }

  test('has built-in roles, and gives each tuple once', async () => {
    await arm.put(account, {
      ...here,
      properties: { databaseAccountOfferType: 'Standard', locations: [{ locationName: 'swedencentral' }] },
    })
    expect(await arm.refusal(assignment(1), body)).toBe('accepted')
    expect(await arm.refusal(assignment(1), body)).toBe('accepted')
    expect(await arm.refusal(assignment(2), body)).toBe('Conflict')
  })
})

describe('machine learning workspaces', () => {
  test('need the resources they stand on', async () => {
    const workspace = idOf('Microsoft.MachineLearningServices/workspaces', 'aml')
    const identity = { type: 'SystemAssigned' }
    const keyVault = idOf('Microsoft.KeyVault/vaults', 'kv-none')
    const storageAccount = idOf('Microsoft.Storage/storageAccounts', 'none')
    expect(await arm.refusal(workspace, { ...here, identity, properties: { keyVault } })).toBe(
      'ValidationError',
    )
    expect(
      await arm.refusal(workspace, { ...here, identity, properties: { keyVault, storageAccount } }),
    ).toBe('ValidationError')
  })
})

describe('managed identities', () => {
  const id = idOf('Microsoft.ManagedIdentity/userAssignedIdentities', 'mi-one')

  test('keep their principal, and show it on what uses them', async () => {
    const first = await arm.put(id, here)
    expect((await arm.put(id, { ...here, tags: { a: 'b' } })).properties).toEqual(first.properties)
    const search = await arm.put(idOf('Microsoft.Search/searchServices', 'search'), {
      ...here,
      sku: { name: 'basic' },
      identity: { type: 'UserAssigned', userAssignedIdentities: { [id]: {} } },
    })
    const { principalId, clientId } = first.properties ?? {}
    expect(search['identity']).toMatchObject({ userAssignedIdentities: { [id]: { principalId, clientId } } })
  })
})

describe('a preview', () => {
  test('changes nothing and makes nobody', async () => {
    const id = idOf('Microsoft.Search/searchServices', 'search')
    const body = { ...here, sku: { name: 'basic' }, identity: { type: 'SystemAssigned' } }
    const before = JSON.stringify(arm.state)
    expect(arm.engine.startPreview()(id, newestVersion(id), body, me)).toMatchObject({
      name: 'search',
      sku: { name: 'basic' },
    })
    expect(JSON.stringify(arm.state)).toBe(before)
  })

  test('of what is there already shows no difference', async () => {
    const key = idOf('Microsoft.KeyVault/vaults', 'kv-one')
    const zone = idOf('Microsoft.Network/privateDnsZones', 'privatelink.vaultcore.azure.net')
    const endpoint = idOf('Microsoft.Network/privateEndpoints', 'pe')
    const bodies = new Map<string, object>([
      [idOf('Microsoft.Network/networkSecurityGroups', 'nsg'), { ...here, properties: {} }],
      [vnet, { ...here, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } }],
      [`${vnet}/subnets/pe`, { properties: { addressPrefix: '10.0.0.0/24' } }],
      [
        key,
        {
          ...here,
          properties: {
            sku: { name: 'standard', family: 'A' },
            tenantId: '11111111-1111-1111-1111-111111111111',
          },
        },
      ],
      [zone, { location: 'global', properties: {} }],
      [
        endpoint,
        {
          ...here,
          properties: {
            subnet: { id: `${vnet}/subnets/pe` },
            privateLinkServiceConnections: [
              { name: 'pe', properties: { privateLinkServiceId: key, groupIds: ['vault'] } },
            ],
          },
        },
      ],
      [
        `${endpoint}/privateDnsZoneGroups/default`,
        {
          properties: { privateDnsZoneConfigs: [{ name: 'vault', properties: { privateDnsZoneId: zone } }] },
        },
      ],
      [
        idOf('Microsoft.Storage/storageAccounts', 'plain'),
        { ...here, sku: { name: 'Standard_LRS' }, kind: 'StorageV2' },
      ],
      [idOf('Microsoft.ManagedIdentity/userAssignedIdentities', 'mi-one'), here],
      [
        `${groupId}/providers/Microsoft.Authorization/roleAssignments/dddddddd-0000-0000-0000-000000000001`,
        {
          properties: {
            roleDefinitionId:
              '/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7',
            principalId: owner,
            principalType: 'User',
          },
        },
      ],
    ])
    for (const [id, body] of bodies) await arm.put(id, { ...body })
    for (const [id, body] of bodies)
      expect([id, arm.engine.startPreview()(id, newestVersion(id), { ...body }, me)]).toEqual([
        id,
        arm.engine.get(id),
      ])
  })
})
