/** What the services of a project refuse of their own, and where their addresses lead. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import { idOf, makeArm, owner, type TestArm, tenantId } from './testing/served-arm.ts'

let arm: TestArm
beforeEach(async () => {
  arm = await makeArm()
})

const here = { location: 'swedencentral' }
const storage = idOf('Microsoft.Storage/storageAccounts', 'plain')
const account = { ...here, sku: { name: 'Standard_LRS' }, kind: 'StorageV2' }

describe('a storage account', () => {
  test.each([
    ['BlockBlobStorage', 'Standard_LRS'],
    ['StorageV2', 'Premium_ZRS'],
    ['FileStorage', 'Standard_LRS'],
  ])('of kind %s has no SKU %s', async (kind, name) => {
    expect(await arm.refusal(storage, { ...here, kind, sku: { name } })).toBe(
      'InvalidValuesForRequestParameters',
    )
  })

  test('keeps its kind and its namespace, also when it was never told', async () => {
    await arm.put(storage, account)
    expect(await arm.refusal(storage, { ...account, properties: { isHnsEnabled: true } })).toBe(
      'AccountPropertyCannotBeUpdated',
    )
    expect(await arm.refusal(storage, { ...account, properties: { isHnsEnabled: false } })).toBe('accepted')
    expect(await arm.refusal(storage, { ...account, kind: 'BlobStorage' })).toBe(
      'AccountPropertyCannotBeUpdated',
    )
  })
})

describe('a vault', () => {
  const vault = idOf('Microsoft.KeyVault/vaults', 'kv-rules')
  const body = (more: object) => ({
    ...here,
    properties: { sku: { name: 'standard', family: 'A' }, tenantId, enableRbacAuthorization: true, ...more },
  })

  test('says who may, by policies or by roles', async () => {
    expect(await arm.refusal(vault, body({ enableRbacAuthorization: false }))).toBe('BadRequest')
    expect(await arm.refusal(vault, body({ enableRbacAuthorization: false, accessPolicies: [] }))).toBe(
      'accepted',
    )
  })

  test('keeps soft deletion, its days and purge protection', async () => {
    expect(await arm.refusal(vault, body({ enableSoftDelete: false }))).toBe('BadRequest')
    expect(await arm.refusal(vault, body({ enablePurgeProtection: false }))).toBe('BadRequest')
    expect(await arm.refusal(vault, body({ softDeleteRetentionInDays: 6 }))).toBe('BadRequest')
    await arm.put(vault, body({ softDeleteRetentionInDays: 7 }))
    expect(await arm.refusal(vault, body({ softDeleteRetentionInDays: 8 }))).toBe('BadRequest')
    expect(await arm.refusal(vault, body({ softDeleteRetentionInDays: 7 }))).toBe('accepted')
  })
})

describe('a search service', () => {
  const search = idOf('Microsoft.Search/searchServices', 'search-rules')
  const body = (name: string, properties: object = {}) => ({ ...here, sku: { name }, properties })

  test.each([
    ['basic', { replicaCount: 4 }],
    ['basic', { partitionCount: 4 }],
    ['standard', { partitionCount: 5 }],
    ['standard', { replicaCount: 12, partitionCount: 4 }],
    ['free', { publicNetworkAccess: 'Disabled' }],
    ['basic', { disableLocalAuth: true, authOptions: { apiKeyOnly: {} } }],
  ])('of SKU %s is refused with %j', async (sku, properties) => {
    expect(await arm.refusal(search, body(sku, properties))).toBe('InvalidRequest')
  })

  test('is moved between some tiers', async () => {
    await arm.put(search, body('basic'))
    expect(await arm.refusal(search, body('standard'))).toBe('accepted')
    expect(await arm.refusal(search, body('storage_optimized_l1'))).toBe('InvalidRequest')
  })
})

describe('Cosmos DB for NoSQL', () => {
  const cosmos = idOf('Microsoft.DocumentDB/databaseAccounts', 'cosmos-rules')
  const body = (more: object = {}) => ({
    ...here,
    properties: {
      databaseAccountOfferType: 'Standard',
      locations: [{ locationName: 'swedencentral', failoverPriority: 0 }],
      ...more,
    },
  })
  const database = `${cosmos}/sqlDatabases/db`
  const ofDatabase = (options: object = {}) => ({ properties: { resource: { id: 'db' }, options } })
  const ofContainer = (path: string) => ({
    properties: { resource: { id: 'items', partitionKey: { paths: [path], kind: 'Hash' } } },
  })

  test('shows its places and its consistency, and refuses places that contradict each other', async () => {
    const twice = [0, 0].map((failoverPriority) => ({ locationName: 'swedencentral', failoverPriority }))
    expect(await arm.refusal(cosmos, body({ locations: twice }))).toBe('BadRequest')
    expect((await arm.put(cosmos, body())).properties).toMatchObject({
      consistencyPolicy: { defaultConsistencyLevel: 'Session' },
      writeLocations: [{ locationName: 'swedencentral', failoverPriority: 0 }],
    })
  })

  test('has containers whose partition key stays, and throughput in steps', async () => {
    await arm.put(cosmos, body())
    expect(await arm.refusal(database, ofDatabase({ throughput: 350 }))).toBe('BadRequest')
    expect(await arm.refusal(database, ofDatabase({ throughput: 400 }))).toBe('accepted')
    expect(await arm.refusal(database, ofDatabase({ throughput: 500 }))).toBe('accepted')
    expect(await arm.refusal(database, ofDatabase({ autoscaleSettings: { maxThroughput: 1000 } }))).toBe(
      'BadRequest',
    )
    await arm.put(`${database}/containers/items`, ofContainer('/id'))
    expect(await arm.refusal(`${database}/containers/items`, ofContainer('/other'))).toBe('BadRequest')
    expect(await arm.refusal(`${database}/containers/other`, ofContainer('/id'))).toBe('BadRequest')
  })

  test('has no throughput when it is serverless, and stays so', async () => {
    const serverless = body({ capabilities: [{ name: 'EnableServerless' }] })
    await arm.put(cosmos, serverless)
    expect(await arm.refusal(database, ofDatabase({ throughput: 400 }))).toBe('BadRequest')
    expect(await arm.refusal(cosmos, body({ capabilities: [] }))).toBe('BadRequest')
  })

  test('has roles of its own, which stay while somebody has them', async () => {
    await arm.put(cosmos, body())
    const role = `${cosmos}/sqlRoleDefinitions/00000000-0000-0000-0000-0000000000aa`
    const definition = (action: string) => ({
      properties: {
        roleName: 'Readers',
        assignableScopes: [cosmos],
        permissions: [{ dataActions: [action] }],
      },
    })
    expect(await arm.refusal(role, definition('Microsoft.Storage/read'))).toBe('BadRequest')
    await arm.put(role, definition('Microsoft.DocumentDB/databaseAccounts/readMetadata'))
    const assignment = `${cosmos}/sqlRoleAssignments/00000000-0000-0000-0000-0000000000bb`
    // The account of a name that only begins with this one's is another account.
    const elsewhere = {
      ...definition('Microsoft.DocumentDB/databaseAccounts/readMetadata').properties,
      assignableScopes: [`${cosmos}2`],
    }
    expect(await arm.refusal(role, { properties: elsewhere })).toBe('BadRequest')
    expect(
      await arm.refusal(assignment, {
        properties: { roleDefinitionId: role, principalId: owner, scope: `${cosmos}2/dbs/one` },
      }),
    ).toBe('BadRequest')
    await arm.put(assignment, { properties: { roleDefinitionId: role, principalId: owner, scope: cosmos } })
    const me = { tenantId, objectId: owner, kind: 'User', audience: '' } as const
    await expect(arm.engine.remove(role, me)).rejects.toMatchObject({ status: 409 })
  })
})

describe('a workspace of machine learning', () => {
  const workspace = idOf('Microsoft.MachineLearningServices/workspaces', 'aml-rules')
  const keyVault = idOf('Microsoft.KeyVault/vaults', 'kv-aml')
  const body = (more: object = {}, kind = 'Default') => ({
    ...here,
    kind,
    identity: { type: 'SystemAssigned' },
    properties: { storageAccount: storage, keyVault, ...more },
  })
  const network = (isolationMode: string) => ({ managedNetwork: { isolationMode } })
  beforeEach(async () => {
    await arm.put(storage, account)
    await arm.put(keyVault, {
      ...here,
      properties: { sku: { name: 'standard', family: 'A' }, tenantId, enableRbacAuthorization: true },
    })
  })

  test('stands on no lake and on no premium storage', async () => {
    const lake = idOf('Microsoft.Storage/storageAccounts', 'lake')
    await arm.put(lake, { ...account, properties: { isHnsEnabled: true } })
    expect(await arm.refusal(workspace, body({ storageAccount: lake }))).toBe('ValidationError')
    expect(await arm.refusal(workspace, body())).toBe('accepted')
  })

  test('closes its managed network for good', async () => {
    await arm.put(workspace, body(network('AllowInternetOutbound')))
    await arm.put(workspace, body(network('AllowOnlyApprovedOutbound')))
    expect(await arm.refusal(workspace, body(network('AllowInternetOutbound')))).toBe('ValidationError')
    expect(await arm.refusal(workspace, body(network('Disabled')))).toBe('ValidationError')
  })

  test('that is a project belongs to a hub', async () => {
    const project = (hubResourceId: string) => ({
      ...here,
      kind: 'Project',
      identity: { type: 'SystemAssigned' },
      properties: { hubResourceId },
    })
    const hub = idOf('Microsoft.MachineLearningServices/workspaces', 'hub')
    await arm.put(workspace, body())
    await arm.put(hub, body({}, 'Hub'))
    const id = idOf('Microsoft.MachineLearningServices/workspaces', 'project')
    expect(await arm.refusal(id, project(workspace))).toBe('ValidationError')
    expect(await arm.refusal(id, project(hub))).toBe('accepted')
  })
})

test('an account of Cognitive Services is of a kind that there is', async () => {
  const id = idOf('Microsoft.CognitiveServices/accounts', 'ai-wizard')
  expect(await arm.refusal(id, { ...here, kind: 'AIWizard', sku: { name: 'S0' }, properties: {} })).toBe(
    'InvalidApiSetId',
  )
})

test('addresses lead to the sandbox, and host names nowhere', async () => {
  const bodies: readonly (readonly [string, object])[] = [
    [
      idOf('Microsoft.KeyVault/vaults', 'kv-at'),
      { properties: { sku: { name: 'standard', family: 'A' }, tenantId, enableRbacAuthorization: true } },
    ],
    [
      idOf('Microsoft.CognitiveServices/accounts', 'ai-at'),
      {
        kind: 'AIServices',
        sku: { name: 'S0' },
        properties: { customSubDomainName: 'ai-at', allowProjectManagement: true },
      },
    ],
    [
      `${idOf('Microsoft.CognitiveServices/accounts', 'ai-at')}/projects/project`,
      { identity: { type: 'SystemAssigned' }, properties: {} },
    ],
    [
      idOf('Microsoft.DocumentDB/databaseAccounts', 'cosmos-at'),
      {
        properties: {
          databaseAccountOfferType: 'Standard',
          locations: [{ locationName: 'swedencentral', failoverPriority: 0 }],
        },
      },
    ],
    [
      idOf('Microsoft.ContainerRegistry/registries', 'acraddress'),
      { sku: { name: 'Premium' }, properties: {} },
    ],
    [
      idOf('Microsoft.Insights/components', 'ain-at'),
      { kind: 'web', properties: { Application_Type: 'web' } },
    ],
    [storage, { sku: { name: 'Standard_LRS' }, kind: 'StorageV2' }],
  ]
  for (const [id, body] of bodies) {
    const created = await arm.put(id, { ...here, ...body })
    const hosts = [...JSON.stringify(created.properties).matchAll(/https?:\/\/([^/:"]+)/g)].map(
      ([, host]) => host,
    )
    expect([id, hosts.filter((host) => host !== 'localhost')]).toEqual([id, []])
    expect(JSON.stringify(created.properties)).not.toMatch(/azurecr\.io|\.azure\.(com|net)/)
  }
})
