/** The form of resources: what a request may contain is what the type of its resource describes. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { idOf, newestVersion, owner, type ServedArm, serveArm, subscription } from '../testing/served-arm.ts'
import { descriptionOf } from './shape/descriptions.ts'
import { isPublished } from './types.ts'

let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm()
})
afterAll(() => arm.close())

const here = { location: 'swedencentral' }
const search = idOf('Microsoft.Search/searchServices', 'srch-shape')
const network = idOf('Microsoft.Network/virtualNetworks', 'vnet-shape')

interface Refusal {
  readonly code: string
  readonly message: string
  readonly target?: string
  readonly details?: readonly Refusal[]
}
const send = async (method: string, id: string, body: object, apiVersion = newestVersion(id)) => {
  const response = await fetch(`${arm.url}${id}?api-version=${apiVersion}`, {
    method,
    headers: { authorization: `Bearer ${owner}` },
    body: JSON.stringify(body),
  })
  const content = (await response.json()) as Record<string, unknown> & { error?: Refusal }
  return { status: response.status, body: content, error: content.error }
}
const service = (properties: object, rest: object = {}) => ({
  ...here,
  sku: { name: 'basic' },
  properties,
  ...rest,
})

describe('a request is refused', () => {
  test.each([
    ['a misspelt member', service({ replicaCuont: 1 }), 'properties.replicaCuont'],
    ['a member of another type', service({ isHnsEnabled: true }), 'properties.isHnsEnabled'],
    ['one member twice', service({ replicaCount: 1, ReplicaCount: 2 }), 'properties.ReplicaCount'],
    ['one member at the top twice', service({}, { Location: 'westeurope' }), 'Location'],
    ['an unknown member at the top', service({}, { skus: {} }), 'skus'],
    ['text that is no number', service({ replicaCount: 'one' }), 'properties.replicaCount'],
    ['a number for text', service({}, { sku: { name: 1 } }), 'sku.name'],
    [
      'an object for a list',
      service({ networkRuleSet: { ipRules: {} } }),
      'properties.networkRuleSet.ipRules',
    ],
    [
      'a value that is none of those',
      service({ publicNetworkAccess: 'Off' }),
      'properties.publicNetworkAccess',
    ],
    ['a number too large', service({ replicaCount: 13 }), 'properties.replicaCount'],
    ['what only the provider sets', service({ status: 'running' }), 'properties.status'],
    ['an identity of no kind', service({}, { identity: { type: 'Managed' } }), 'identity.type'],
  ])('with %s', async (_what, body, target) => {
    const { status, error } = await send('PUT', search, body)
    expect([status, error?.code, error?.target]).toEqual([400, 'InvalidRequestContent', target])
    expect(error?.message).toContain(`Path '${target}', line 1, position `)
  })

  test('without what its type requires', async () => {
    const vault = idOf('Microsoft.KeyVault/vaults', 'kv-shape')
    const { error } = await send('PUT', vault, {
      ...here,
      properties: { sku: { name: 'standard', family: 'A' } },
    })
    expect(error?.message).toContain("Required property 'tenantId' not found in JSON. Path 'properties'")
  })

  test('with a fraction for a whole number, and takes it where a number may be any', async () => {
    const { error } = await send('PUT', search, service({ replicaCount: 1.5 }))
    expect(error?.message).toContain("Error converting value 1.5 to type 'System.Int32'")
    const workspace = idOf('Microsoft.OperationalInsights/workspaces', 'log-shape')
    const capped = (dailyQuotaGb: unknown) => ({
      ...here,
      properties: { workspaceCapping: { dailyQuotaGb } },
    })
    expect((await send('PUT', workspace, capped('much'))).error?.message).toContain("type 'System.Double'")
    expect((await send('PUT', workspace, capped(0.5))).body).toMatchObject({
      properties: { workspaceCapping: { dailyQuotaGb: 0.5 } },
    })
  })

  test('with what its API version does not have yet', async () => {
    const body = service({ networkRuleSet: { bypass: 'AzureServices' } })
    expect((await send('PUT', search, body, '2023-11-01')).error?.message).toContain(
      "Could not find member 'bypass'",
    )
    expect((await send('PUT', search, body, '2025-05-01')).status).toBe(201)
  })

  test('never for what a preview before 2024 may have had: what those had is not known', async () => {
    const registry = (name: string) => idOf('Microsoft.ContainerRegistry/registries', name)
    const body = { ...here, sku: { name: 'Premium' }, properties: { anonymousPullEnabled: false } }
    expect((await send('PUT', registry('crbefore'), body, '2023-01-01-preview')).error).toBeUndefined()
    expect((await send('PUT', registry('crafter'), body, '2023-07-01')).error?.message).toContain(
      "Could not find member 'anonymousPullEnabled'",
    )
  })

  test('with a member of another kind of the same object', async () => {
    const backup = (backupPolicy: object) =>
      send('PUT', idOf('Microsoft.DocumentDB/databaseAccounts', 'cosmos-shape'), {
        ...here,
        properties: { databaseAccountOfferType: 'Standard', locations: [], backupPolicy },
      })
    expect((await backup({ type: 'Continuous', periodicModeProperties: {} })).error?.target).toBe(
      'properties.backupPolicy.periodicModeProperties',
    )
    expect((await backup({ type: 'Never' })).error?.target).toBe('properties.backupPolicy.type')
    expect((await backup({})).error?.message).toContain("Required property 'type' not found")
  })
})

describe('Microsoft.Network refuses', () => {
  const errorOf = async (properties: object) => (await send('PUT', network, { ...here, properties })).error
  const addressSpace = { addressPrefixes: ['10.0.0.0/16'] }

  test('what it cannot parse, with the reason as a detail', async () => {
    expect(await errorOf({ addressSpace, enableDdos: true })).toMatchObject({
      code: 'InvalidRequestFormat',
      message: 'Cannot parse the request.',
      details: [
        {
          code: 'InvalidJson',
          message: expect.stringMatching(
            /^Could not find member 'enableDdos' on object of type 'VirtualNetworkProperties'\. Path 'properties\.enableDdos', line 1, position \d+\.$/,
          ),
        },
      ],
    })
  })

  test('a reference without an id', async () => {
    const subnets = [{ name: 's', properties: { addressPrefix: '10.0.1.0/24', routeTable: {} } }]
    expect((await errorOf({ addressSpace, subnets }))?.details).toEqual([
      {
        code: 'MissingJsonReferenceId',
        message: 'Value for reference id is missing. Path properties.subnets[0].properties.routeTable.',
      },
    ])
  })

  test('a subnet within its network as it does one of its own', async () => {
    const subnets = [{ name: 's', properties: { addressPrefx: '10.0.1.0/24' } }]
    expect((await errorOf({ addressSpace, subnets }))?.details?.[0]?.message).toContain(
      "Path 'properties.subnets[0].properties.addressPrefx'",
    )
  })
})

test('a PATCH changes what it names, whatever the case of it', async () => {
  const registry = idOf('Microsoft.ContainerRegistry/registries', 'crpatched')
  await send('PUT', registry, { ...here, sku: { name: 'Premium' }, tags: { old: 'x' } })
  const { body } = await send('PATCH', registry, { Tags: { a: 'b' }, Properties: { AdminUserEnabled: true } })
  expect(body).toMatchObject({ tags: { a: 'b' }, properties: { adminUserEnabled: true } })
  expect(body['tags']).toEqual({ a: 'b' })
})

describe('a request passes', () => {
  const registry = idOf('Microsoft.ContainerRegistry/registries', 'crshape')

  test('whatever the case of its members and enumerations; they are stored as the type spells them', async () => {
    const written = await send('PUT', registry, {
      ...here,
      SKU: { Name: 'premium' },
      properties: { AdminUserEnabled: false, publicNetworkAccess: 'disabled' },
    })
    expect(written.body).toMatchObject({
      sku: { name: 'premium' },
      properties: { adminUserEnabled: false, publicNetworkAccess: 'disabled' },
    })
  })

  test('with a number as text, which becomes a number', async () => {
    const written = await send(
      'PUT',
      idOf('Microsoft.Search/searchServices', 'srch-text'),
      service({ replicaCount: '2' }),
    )
    expect(written.body).toMatchObject({ properties: { replicaCount: 2 } })
  })

  test('when it sends back what it read, and not when it changes what nobody can set', async () => {
    await send('PUT', registry, { ...here, sku: { name: 'Premium' } })
    const { body } = await send('PATCH', registry, { tags: { a: 'b' } })
    const properties = Object(body['properties'])
    expect(properties.loginServer).toBeDefined()
    expect((await send('PUT', registry, body)).status).toBe(200)
    const changed = { ...body, properties: { ...properties, loginServer: 'elsewhere.azurecr.io' } }
    expect((await send('PUT', registry, changed)).error?.target).toBe('properties.loginServer')
    expect((await send('PATCH', registry, { properties: { loginServer: 'x' } })).error?.target).toBe(
      'properties.loginServer',
    )
  })

  test('with what exports and older samples send of the provider’s own: a tier, the limits of a zone', async () => {
    const account = {
      ...here,
      kind: 'StorageV2',
      sku: { name: 'Standard_LRS', tier: 'Standard' },
      properties: {},
    }
    const stored = await arm.put(idOf('Microsoft.Storage/storageAccounts', 'sashape'), account)
    expect(stored['sku']).toMatchObject({ tier: 'Standard' })
    const zone = idOf('Microsoft.Network/privateDnsZones', 'shape.example')
    const limits = { maxNumberOfRecordSets: 1, maxNumberOfVirtualNetworkLinks: 1 }
    const made = await arm.put(zone, { location: 'global', properties: limits })
    expect(made.properties).toMatchObject({ maxNumberOfRecordSets: 25_000 })
  })

  test('of a budget, which has no location', async () => {
    const { status } = await send(
      'PUT',
      `/subscriptions/${subscription}/providers/Microsoft.Consumption/budgets/b`,
      {
        properties: {
          category: 'Cost',
          amount: 100.5,
          timeGrain: 'Monthly',
          timePeriod: { startDate: '2026-11-01T00:00:00Z' },
        },
      },
    )
    expect(status).toBe(201)
  })

  test('with a location for a type that has none, and it is not kept', async () => {
    await arm.put(network, { ...here, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } })
    const subnet = { ...here, properties: { addressPrefix: '10.0.9.0/24' } }
    const { status, body } = await send('PUT', `${network}/subnets/s`, subnet)
    expect([status, body['location']]).toEqual([201, undefined])
  })

  test('of a PATCH, judged by what it makes of the resource', async () => {
    expect((await send('PATCH', registry, { properties: { adminUserEnabled: 'no' } })).status).toBe(400)
    expect((await send('PATCH', registry, { properties: { adminUserEnabled: true } })).status).toBe(200)
  })
})

describe('descriptions', () => {
  const folder = path.join(import.meta.dirname, 'shapes')
  const types = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length).replaceAll(path.sep, '/'))

  test('are of types that there are, and can be read', () => {
    expect(types.filter((type) => !isPublished(type) || descriptionOf(type) === undefined)).toEqual([])
  })
})
