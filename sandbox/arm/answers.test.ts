/** Which status a change is answered with, and where the client asks how far it is. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ask, settle } from './testing/asking.ts'
import {
  groupId,
  idOf,
  owner,
  type ServedArm,
  serveArm,
  subscription,
  tenantId,
} from './testing/served-arm.ts'

let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm()
})
afterAll(() => arm.close())

const here = { location: 'swedencentral' }
const cosmos = {
  ...here,
  properties: {
    databaseAccountOfferType: 'Standard',
    locations: [{ locationName: 'swedencentral', failoverPriority: 0 }],
  },
}
const bodies: Readonly<Record<string, readonly [id: string, body: object]>> = {
  'a virtual network': [
    idOf('Microsoft.Network/virtualNetworks', 'vnet'),
    { ...here, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } },
  ],
  'a private zone': [idOf('Microsoft.Network/privateDnsZones', 'contoso.example'), { location: 'global' }],
  'a storage account': [
    idOf('Microsoft.Storage/storageAccounts', 'answers'),
    { ...here, sku: { name: 'Standard_LRS' }, kind: 'StorageV2' },
  ],
  'a key vault': [
    idOf('Microsoft.KeyVault/vaults', 'kv-answers'),
    { ...here, properties: { sku: { name: 'standard', family: 'A' }, tenantId } },
  ],
  'a Foundry account': [
    idOf('Microsoft.CognitiveServices/accounts', 'ai-answers'),
    { ...here, kind: 'AIServices', sku: { name: 'S0' }, properties: { customSubDomainName: 'ai-answers' } },
  ],
  'a Cosmos DB account': [idOf('Microsoft.DocumentDB/databaseAccounts', 'cosmos-answers'), cosmos],
  'a search service': [
    idOf('Microsoft.Search/searchServices', 'search-answers'),
    { ...here, sku: { name: 'basic' } },
  ],
  'a container registry': [
    idOf('Microsoft.ContainerRegistry/registries', 'acranswers'),
    { ...here, sku: { name: 'Premium' }, properties: {} },
  ],
  'a managed identity': [idOf('Microsoft.ManagedIdentity/userAssignedIdentities', 'mi-answers'), here],
  'a component of Application Insights': [
    idOf('Microsoft.Insights/components', 'ain-answers'),
    { ...here, kind: 'web', properties: { Application_Type: 'web' } },
  ],
}
const headersOf = (headers: Headers) => ({
  operation: headers.has('azure-asyncoperation'),
  location: headers.has('location'),
})
const none = { operation: false, location: false }
const operation = { operation: true, location: false }
const location = { operation: false, location: true }
const both = { operation: true, location: true }

describe('creating and deleting', () => {
  test.each([
    ['a virtual network', 201, operation, 202, both],
    ['a private zone', 201, location, 202, location],
    ['a storage account', 202, location, 200, none],
    ['a key vault', 200, none, 200, none],
    ['a Foundry account', 201, operation, 202, location],
    ['a Cosmos DB account', 200, both, 202, both],
    ['a search service', 201, none, 200, none],
    ['a container registry', 201, operation, 202, location],
    ['a managed identity', 201, none, 200, none],
    ['a component of Application Insights', 200, none, 200, none],
  ] as const)(
    '%s is answered with %d %j, and with %d %j',
    async (what, createdWith, createdAt, deletedWith, deletedAt) => {
      const [id, body] = bodies[what] ?? ['', {}]
      const created = await ask(arm, 'PUT', id, body)
      expect([created.status, headersOf(created.headers)]).toEqual([createdWith, createdAt])
      expect(created.body['id']).toBe(created.status === 202 ? undefined : id)
      if (createdAt !== none) expect(await settle(arm, created)).toBe('Succeeded')
      const again = await ask(arm, 'PUT', id, body)
      expect(again.status).toBe(200)
      const deleted = await ask(arm, 'DELETE', id)
      expect([deleted.status, headersOf(deleted.headers)]).toEqual([deletedWith, deletedAt])
      if (deletedAt !== none) await settle(arm, deleted)
      expect((await ask(arm, 'GET', id)).code).toBe('ResourceNotFound')
      expect((await ask(arm, 'DELETE', id)).status).toBe(204)
    },
  )
})

describe('whether a name can be used', () => {
  const check = (namespace: string, body: object, action = 'checkNameAvailability') =>
    ask(arm, 'POST', `/subscriptions/${subscription}/providers/${namespace}/${action}`, body)

  test.each([
    ['Microsoft.Storage', 'storageAccounts', 'named', 'With-Dash', 'AccountNameInvalid'],
    ['Microsoft.KeyVault', 'vaults', 'kv-named', 'a--b', 'AccountNameInvalid'],
    ['Microsoft.ContainerRegistry', 'registries', 'acrnamed', 'with-dash', 'Invalid'],
  ])('in %s is what a PUT would say', async (namespace, kind, name, malformed, invalid) => {
    const type = `${namespace}/${kind}`
    expect((await check(namespace, { name, type })).body).toEqual({ nameAvailable: true })
    const [, body = {}] = Object.values(bodies).find(([id]) => id.includes(`/${type}/`)) ?? []
    await arm.put(idOf(type, name), { ...body })
    expect((await check(namespace, { name, type })).body).toMatchObject({
      nameAvailable: false,
      reason: 'AlreadyExists',
    })
    expect((await check(namespace, { name: malformed, type })).body).toMatchObject({
      nameAvailable: false,
      reason: invalid,
    })
    expect((await check(namespace, { name })).status).toBe(400)
  })

  test('of a deleted vault is no, until it is purged', async () => {
    const type = 'Microsoft.KeyVault/vaults'
    const [, body = {}] = bodies['a key vault'] ?? []
    const id = idOf(type, 'kv-kept')
    await arm.put(id, { ...body })
    await ask(arm, 'DELETE', id)
    const available = async () =>
      (await check('Microsoft.KeyVault', { name: 'kv-kept', type })).body['nameAvailable']
    expect(await available()).toBe(false)
    const deleted = `/subscriptions/${subscription}/providers/Microsoft.KeyVault/locations/swedencentral/deletedVaults`
    await settle(arm, await ask(arm, 'POST', `${deleted}/kv-kept/purge`))
    expect(await available()).toBe(true)
  })

  test('as a subdomain of an account, of which the deleted ones keep theirs', async () => {
    const ask = () =>
      check(
        'Microsoft.CognitiveServices',
        { subdomainName: 'sub-answers', type: 'Microsoft.CognitiveServices/accounts' },
        'checkDomainAvailability',
      )
    expect((await ask()).body).toMatchObject({ isSubdomainAvailable: true, subdomainName: 'sub-answers' })
    const id = idOf('Microsoft.CognitiveServices/accounts', 'ai-sub')
    const [, body] = bodies['a Foundry account'] ?? ['', {}]
    await arm.put(id, { ...body, properties: { customSubDomainName: 'sub-answers' } })
    expect((await ask()).body).toMatchObject({ isSubdomainAvailable: false })
    await arm.engine.remove(id, { tenantId, objectId: owner, kind: 'User', audience: arm.url })
    expect((await ask()).body).toMatchObject({ isSubdomainAvailable: false })
  })

  test('for Cosmos DB is asked with HEAD: 200 when it is used, 404 when it is free', async () => {
    const path = '/providers/Microsoft.DocumentDB/databaseAccountNames/cosmos-named'
    expect((await ask(arm, 'HEAD', path)).status).toBe(404)
    await arm.put(`${groupId}/providers/Microsoft.DocumentDB/databaseAccounts/cosmos-named`, cosmos)
    expect((await ask(arm, 'HEAD', path)).status).toBe(200)
  })
})
