/** What providers offer and count, and what they do not have. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ask } from '../testing/asking.ts'
import { groupId, idOf, type ServedArm, serveArm, stranger, subscription } from '../testing/served-arm.ts'

let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm()
  await arm.put(account, {
    ...here,
    kind: 'AIServices',
    sku: { name: 'S0' },
    properties: { customSubDomainName: 'ai-reads' },
  })
})
afterAll(() => arm.close())

const here = { location: 'swedencentral' }
const account = idOf('Microsoft.CognitiveServices/accounts', 'ai-reads')
const at = (scope: string, path: string) => `${scope}/providers/${path}`
const inSubscription = (path: string) => at(`/subscriptions/${subscription}`, path)
const itemsOf = async (path: string) => {
  const { status, body } = await ask(arm, 'GET', path)
  expect(status).toBe(200)
  return body['value'] as Record<string, unknown>[]
}

describe('a list', () => {
  test.each([
    [
      'Microsoft.Network/locations/swedencentral/availableDelegations',
      { serviceName: 'Microsoft.App/environments' },
    ],
    [
      'Microsoft.Network/locations/swedencentral/availablePrivateEndpointTypes',
      { resourceName: 'Microsoft.KeyVault/vaults' },
    ],
    [
      'Microsoft.Network/locations/swedencentral/virtualNetworkAvailableEndpointServices',
      { name: 'Microsoft.Storage' },
    ],
    ['Microsoft.Network/locations/swedencentral/serviceTagDetails', { name: 'Storage.SwedenCentral' }],
    [
      'Microsoft.Compute/locations/swedencentral/usages',
      { name: { value: 'cores', localizedValue: 'Total Regional vCPUs' } },
    ],
    ['Microsoft.Compute/locations/swedencentral/vmSizes', { name: 'Standard_DS3_v2' }],
    [
      'Microsoft.Storage/locations/swedencentral/usages',
      { name: { value: 'StorageAccounts', localizedValue: 'Storage Accounts' } },
    ],
    ['Microsoft.Storage/skus', { name: 'Standard_ZRS' }],
    [
      'Microsoft.MachineLearningServices/locations/swedencentral/usages',
      { type: 'Microsoft.MachineLearningServices/usages' },
    ],
    ['Microsoft.MachineLearningServices/locations/swedencentral/vmSizes', { name: 'Standard_NC4as_T4_v3' }],
    [
      'Microsoft.Search/locations/swedencentral/usages',
      { name: { value: 'basic', localizedValue: 'basic' } },
    ],
    ['Microsoft.CognitiveServices/skus', { kind: 'AIServices', name: 'S0' }],
    [
      'Microsoft.App/locations/swedencentral/usages',
      { name: { value: 'ManagedEnvironmentCount', localizedValue: 'Managed Environment Count' } },
    ],
  ])('of %s holds %j', async (path, item) => {
    expect(await itemsOf(inSubscription(path))).toContainEqual(expect.objectContaining(item))
  })

  test('can be asked of a resource group where the provider has it there, and comes page by page', async () => {
    const path = 'Microsoft.Network/locations/swedencentral/availableDelegations'
    expect(await itemsOf(at(groupId, path))).toEqual(await itemsOf(inSubscription(path)))
    const { body } = await ask(arm, 'GET', `${inSubscription(path)}?$top=2`)
    expect(body).toMatchObject({ value: [{}, {}], nextLink: expect.stringContaining('skiptoken') })
    expect((await ask(arm, 'GET', at(`${groupId}none`, path))).code).toBe('ResourceGroupNotFound')
  })

  test('needs the right to read it, and a region that there is', async () => {
    const path = inSubscription('Microsoft.Compute/locations/swedencentral/usages')
    expect((await ask(arm, 'GET', path, undefined, { as: stranger })).code).toBe('AuthorizationFailed')
    expect((await ask(arm, 'GET', path.replace('swedencentral', 'atlantis'))).code).toBe(
      'NoRegisteredProviderFound',
    )
  })

  test('of service tags is one document', async () => {
    const { body } = await ask(
      arm,
      'GET',
      inSubscription('Microsoft.Network/locations/swedencentral/serviceTags'),
    )
    expect(body).toMatchObject({ name: 'Public', cloud: 'Public' })
    expect(body['values']).toContainEqual(expect.objectContaining({ name: 'AzureCloud.SwedenCentral' }))
  })
})

describe('models', () => {
  const model = { format: 'OpenAI', name: 'gpt-4o', version: '2024-11-20' }
  const inRegion = (what: string) =>
    inSubscription(`Microsoft.CognitiveServices/locations/swedencentral/${what}`)

  test('are listed in a region and by an account, with their SKUs', async () => {
    const listed = expect.objectContaining({
      ...model,
      skus: expect.arrayContaining([expect.objectContaining({ name: 'GlobalStandard' })]),
    })
    expect(await itemsOf(inRegion('models'))).toContainEqual(expect.objectContaining({ model: listed }))
    expect(await itemsOf(`${account}/models`)).toContainEqual(listed)
  })

  test('that are deployed count against the quota of the region', async () => {
    await arm.put(`${account}/deployments/chat`, {
      sku: { name: 'DataZoneStandard', capacity: 30 },
      properties: { model },
    })
    const usages = await itemsOf(inRegion('usages'))
    expect(usages).toContainEqual(
      expect.objectContaining({
        name: expect.objectContaining({ value: 'OpenAI.DataZoneStandard.gpt-4o' }),
        currentValue: 30,
        limit: 1_000,
      }),
    )
    const capacities = await itemsOf(
      `${inRegion('modelCapacities')}?modelFormat=OpenAI&modelName=gpt-4o&modelVersion=2024-11-20`,
    )
    expect(capacities).toContainEqual(
      expect.objectContaining({
        properties: expect.objectContaining({ skuName: 'DataZoneStandard', availableCapacity: 970 }),
      }),
    )
  })
})

test('a resource lists the groups that private endpoints can lead to', async () => {
  expect(await itemsOf(`${account}/privateLinkResources`)).toMatchObject([
    {
      name: 'account',
      properties: {
        groupId: 'account',
        requiredZoneNames: expect.arrayContaining(['privatelink.openai.azure.com']),
      },
    },
  ])
})

describe('what a provider does not have', () => {
  test.each([
    ['GET', inSubscription('Microsoft.KeyVault/safes'), 'InvalidResourceType'],
    ['GET', inSubscription('Microsoft.KeyVault/locations/swedencentral/safes'), 'InvalidResourceType'],
    ['GET', at(groupId, 'Microsoft.Network/subnets'), 'InvalidResourceType'],
    ['GET', at(groupId, 'Microsoft.Network/locations/swedencentral/serviceTags'), 'InvalidResourceType'],
    ['GET', `${idOf('Microsoft.Network/virtualNetworks', 'none')}/subnets`, 'ParentResourceNotFound'],
    ['GET', `${account}/networkInterfaces`, 'InvalidResourceType'],
    ['POST', `${account}/makeCoffee`, 'InvalidResourceType'],
    ['POST', `${account}/listAdminKeys`, 'InvalidResourceType'],
    ['POST', inSubscription('Microsoft.Network/checkNameAvailability'), 'InvalidResourceType'],
  ])('%s %s is 404 %s', async (method, path, code) => {
    expect(await ask(arm, method, path, method === 'POST' ? {} : undefined)).toMatchObject({
      status: 404,
      code,
    })
  })
})

test('keys are listed by every name that templates call them', async () => {
  const listed = async (id: string, action: string, body?: unknown) =>
    (await ask(arm, 'POST', `${id}/${action}`, body)).body
  const shared = { primarySharedKey: expect.any(String), secondarySharedKey: expect.any(String) }
  const workspace = idOf('Microsoft.OperationalInsights/workspaces', 'log-listed')
  await arm.put(workspace, { ...here, properties: {} })
  expect(await listed(workspace, 'sharedKeys')).toEqual(shared)
  expect(await listed(workspace, 'listKeys')).toEqual(shared)
  const storage = idOf('Microsoft.Storage/storageAccounts', 'stlisted')
  await arm.put(storage, { ...here, kind: 'StorageV2', sku: { name: 'Standard_LRS' }, properties: {} })
  expect(await listed(storage, 'listAccountSas', {})).toEqual({ accountSasToken: expect.any(String) })
  expect(await listed(storage, 'listServiceSas', {})).toEqual({ serviceSasToken: expect.any(String) })
})

test('keys are listed by the actions that a type has, unless it allows no keys', async () => {
  expect((await ask(arm, 'POST', `${account}/listKeys`)).body).toEqual({
    key1: expect.any(String),
    key2: expect.any(String),
  })
  const keyless = idOf('Microsoft.CognitiveServices/accounts', 'ai-keyless')
  await arm.put(keyless, {
    ...here,
    kind: 'AIServices',
    sku: { name: 'S0' },
    properties: { customSubDomainName: 'ai-keyless', disableLocalAuth: true },
  })
  expect((await ask(arm, 'POST', `${keyless}/listKeys`)).code).toBe('BadRequest')
  const registry = idOf('Microsoft.ContainerRegistry/registries', 'acrkeyless')
  await arm.put(registry, { ...here, sku: { name: 'Premium' }, properties: {} })
  expect((await ask(arm, 'POST', `${registry}/listCredentials`)).code).toBe(
    'UnAuthorizedForCredentialOperations',
  )
})
