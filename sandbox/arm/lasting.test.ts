/** What is decided once for a resource, and how its ids and names of enumerations are compared. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import { idOf, makeArm, type TestArm, tenantId } from './testing/served-arm.ts'

let arm: TestArm
beforeEach(async () => {
  arm = await makeArm()
})

const here = { location: 'swedencentral' }
const network = idOf('Microsoft.Network/virtualNetworks', 'vnet')
const subnet = `${network}/subnets/agents`
const makeNetwork = () =>
  arm.put(network, {
    ...here,
    properties: {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [
        {
          name: 'agents',
          properties: {
            addressPrefix: '10.0.0.0/24',
            delegations: [{ name: 'd', properties: { serviceName: 'Microsoft.App/environments' } }],
          },
        },
      ],
    },
  })

interface Case {
  readonly type: string
  readonly name: string
  readonly body: { readonly properties: Readonly<Record<string, unknown>> } & Readonly<
    Record<string, unknown>
  >
  /** What it is told at first, and is not told again. */
  readonly decided: Readonly<Record<string, unknown>>
}
const cases: readonly Case[] = [
  {
    type: 'Microsoft.KeyVault/vaults',
    name: 'kv-lasting',
    body: {
      ...here,
      properties: { sku: { name: 'standard', family: 'A' }, tenantId, accessPolicies: [] },
    },
    decided: { enablePurgeProtection: true, softDeleteRetentionInDays: 7 },
  },
  {
    type: 'Microsoft.AppConfiguration/configurationStores',
    name: 'appcs-lasting',
    body: { ...here, sku: { name: 'standard' }, properties: {} },
    decided: { enablePurgeProtection: true, softDeleteRetentionInDays: 3 },
  },
  {
    type: 'Microsoft.Storage/storageAccounts',
    name: 'stlasting',
    body: { ...here, kind: 'StorageV2', sku: { name: 'Standard_LRS' }, properties: {} },
    decided: { isHnsEnabled: true },
  },
  {
    type: 'Microsoft.DocumentDB/databaseAccounts',
    name: 'cosmos-lasting',
    body: {
      ...here,
      properties: {
        databaseAccountOfferType: 'Standard',
        locations: [{ locationName: 'swedencentral' }],
      },
    },
    decided: {
      enableAnalyticalStorage: true,
      backupPolicy: { type: 'Continuous' },
      capabilities: [{ name: 'EnableServerless' }],
    },
  },
  {
    type: 'Microsoft.CognitiveServices/accounts',
    name: 'ai-lasting',
    body: { ...here, kind: 'AIServices', sku: { name: 'S0' }, properties: {} },
    decided: {
      customSubDomainName: 'ai-lasting',
      networkInjections: [{ scenario: 'agent', subnetArmId: subnet, useMicrosoftManagedNetwork: false }],
    },
  },
  {
    type: 'Microsoft.Search/searchServices',
    name: 'search-lasting',
    body: { ...here, sku: { name: 'standard3' }, properties: {} },
    decided: { hostingMode: 'highDensity' },
  },
]

describe('a PUT that leaves out what cannot be undone', () => {
  test.each(cases)('leaves it as it was: $type', async ({ type, name, body, decided }) => {
    await makeNetwork()
    const id = idOf(type, name)
    await arm.put(id, { ...body, properties: { ...body.properties, ...decided } })
    const nothing = Object.fromEntries(Object.keys(decided).map((key) => [key, null]))
    for (const properties of [body.properties, { ...body.properties, ...nothing }]) {
      await arm.put(id, { ...body, properties })
      expect(arm.engine.get(id)?.properties).toMatchObject(decided)
    }
  })
})

test('agents keep their subnet, also when a PUT says that there are no injections', async () => {
  await makeNetwork()
  const account = idOf('Microsoft.CognitiveServices/accounts', 'ai-lasting')
  const body = (networkInjections: readonly unknown[]) => ({
    ...here,
    kind: 'AIServices',
    sku: { name: 'S0' },
    properties: { customSubDomainName: 'ai-lasting', networkInjections },
  })
  await arm.put(
    account,
    body([{ scenario: 'agent', subnetArmId: subnet, useMicrosoftManagedNetwork: false }]),
  )
  expect(await arm.refusal(account, body([]))).toBe('InvalidResourceProperties')
})

test('purge protection of an App Configuration store is on for ever', async () => {
  const store = idOf('Microsoft.AppConfiguration/configurationStores', 'appcs-protected')
  const body = (enablePurgeProtection: boolean) => ({
    ...here,
    sku: { name: 'standard' },
    properties: { enablePurgeProtection },
  })
  await arm.put(store, body(false))
  await arm.put(store, body(true))
  expect(await arm.refusal(store, body(false))).toBe('PropertyChangeNotAllowed')
})

describe('what cannot change is the same in any case', () => {
  const otherCase = (id: string) =>
    id.replace('/resourceGroups/', '/resourcegroups/').replace('/agents', '/AGENTS')

  test('the network of a zone’s link', async () => {
    await makeNetwork()
    const zone = idOf('Microsoft.Network/privateDnsZones', 'zone.example')
    await arm.put(zone, { location: 'global' })
    const link = (id: string) =>
      arm.refusal(`${zone}/virtualNetworkLinks/l`, {
        location: 'global',
        properties: { virtualNetwork: { id }, registrationEnabled: false },
      })
    expect(await link(network)).toBe('accepted')
    expect(await link(otherCase(network))).toBe('accepted')
    await arm.put(`${network}2`, {
      ...here,
      properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } },
    })
    expect(await link(`${network}2`)).toBe('PropertyChangeNotAllowed')
  })

  test('what a workspace stands on, and its kind', async () => {
    const storageAccount = idOf('Microsoft.Storage/storageAccounts', 'stworkspace')
    const keyVault = idOf('Microsoft.KeyVault/vaults', 'kv-workspace')
    await arm.put(storageAccount, {
      ...here,
      kind: 'StorageV2',
      sku: { name: 'Standard_LRS' },
      properties: {},
    })
    await arm.put(keyVault, {
      ...here,
      properties: { sku: { name: 'standard', family: 'A' }, tenantId, accessPolicies: [] },
    })
    const workspace = idOf('Microsoft.MachineLearningServices/workspaces', 'mlw-lasting')
    const write = (kind: object, spell: (id: string) => string) =>
      arm.refusal(workspace, {
        ...here,
        ...kind,
        identity: { type: 'SystemAssigned' },
        properties: { storageAccount: spell(storageAccount), keyVault: spell(keyVault) },
      })
    expect(await write({ kind: 'Hub' }, (id) => id)).toBe('accepted')
    expect(await write({ kind: 'hub' }, otherCase)).toBe('accepted')
    expect(await write({ kind: 'Default' }, otherCase)).toBe('PropertyChangeNotAllowed')
    expect(await write({}, otherCase)).toBe('accepted')
    expect(String(arm.engine.get(workspace)?.['kind']).toLowerCase()).toBe('hub')
  })

  test('the tier of a search service, and the closed network of a registry that needs Premium', async () => {
    const search = idOf('Microsoft.Search/searchServices', 'search-free')
    await arm.put(search, { ...here, sku: { name: 'free' }, properties: {} })
    expect(await arm.refusal(search, { ...here, sku: { name: 'Free' }, properties: {} })).toBe('accepted')
    const registry = idOf('Microsoft.ContainerRegistry/registries', 'registrybasic')
    const closed = { ...here, sku: { name: 'Basic' }, properties: { publicNetworkAccess: 'disabled' } }
    expect(await arm.refusal(registry, closed)).toBe('PublicNetworkAccessDisabledNotSupported')
  })

  test('the delegation of a subnet that agents run in', async () => {
    await makeNetwork()
    await arm.put(idOf('Microsoft.CognitiveServices/accounts', 'ai-lasting'), {
      ...here,
      kind: 'AIServices',
      sku: { name: 'S0' },
      properties: {
        customSubDomainName: 'ai-lasting',
        networkInjections: [{ scenario: 'agent', subnetArmId: subnet, useMicrosoftManagedNetwork: false }],
      },
    })
    const delegatedTo = (serviceName: string) => ({
      properties: { addressPrefix: '10.0.0.0/24', delegations: [{ name: 'd', properties: { serviceName } }] },
    })
    expect(await arm.refusal(subnet, delegatedTo('microsoft.app/environments'))).toBe('accepted')
    expect(await arm.refusal(subnet, delegatedTo('Microsoft.Web/serverFarms'))).toBe(
      'SubnetMissingRequiredDelegation',
    )
  })
})
