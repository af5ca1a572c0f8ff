/** What people have made inside the project's resources, or connected to them: named before it goes, or stops working. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { roles } from '../../src/catalog/facts/roles.ts'
import { FailureWithReport, type Report } from '../../src/plan/report.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { devGroupOf, devNetwork, devSubscription } from '../e2e/support/places.ts'
import { type InProcess, inProcess, labManifest, planOf } from './in-process.ts'

let sandbox: Sandbox
let here: InProcess
let hand: ByHand

const location = 'swedencentral'
const group = devGroupOf('003')
const others = `${devSubscription}/resourceGroups/rg-others/providers`
const account = `${group}/providers/Microsoft.CognitiveServices/accounts/aif2a1b2c003001dev`
const cosmos = `${group}/providers/Microsoft.DocumentDB/databaseAccounts/cosmos-prj003-sdc-dev-a1b2c-001`
const storage = `${group}/providers/Microsoft.Storage/storageAccounts/saprj003sdca1b2c1001dev`
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mi-prj003-sdc-dev-a1b2c-001`

beforeAll(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  here = inProcess(sandbox, '003')
  hand = await byHand(sandbox)
  here.write({ ...labManifest, services: { cosmosDb: true } })
  await here.network('reserve')
  await here.provision('apply')
  await hand.put(`${account}/projects/theirs`, '2025-06-01', {
    location,
    identity: { type: 'SystemAssigned' },
    properties: {},
  })
  await hand.put(`${account}/deployments/their-model`, '2025-06-01', {
    sku: { name: 'DataZoneStandard', capacity: 1 },
    properties: { model: { format: 'OpenAI', name: 'text-embedding-3-large', version: '1' } },
  })
  for (const name of ['their-filter', 'Microsoft.DefaultV2'])
    await hand.put(`${account}/raiPolicies/${name}`, '2025-06-01', {
      properties: { basePolicyName: 'Microsoft.DefaultV2', mode: 'Default' },
    })
  const database = `${cosmos}/sqlDatabases/theirdb`
  await hand.put(database, '2024-11-15', { properties: { resource: { id: 'theirdb' } } })
  await hand.put(`${database}/containers/their-items`, '2024-11-15', {
    properties: { resource: { id: 'their-items', partitionKey: { paths: ['/id'], kind: 'Hash' } } },
  })
  await hand.put(`${storage}/blobServices/default/containers/their-files`, '2025-06-01', { properties: {} })
  await hand.put(`${identity}/federatedIdentityCredentials/their-cluster`, '2024-11-30', {
    properties: {
      issuer: 'https://issuer.example/',
      subject: 'system:serviceaccount:a:b',
      audiences: ['api://AzureADTokenExchange'],
    },
  })
  const [person] = sandbox.state.directory.users
  for (const scope of [cosmos, storage])
    await hand.put(
      `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`,
      '2022-04-01',
      {
        properties: {
          roleDefinitionId: `${devSubscription}/providers/Microsoft.Authorization/roleDefinitions/${roles['Cosmos DB Operator'].id}`,
          principalId: person?.id,
          principalType: 'User',
        },
      },
    )
  await hand.put(`${devSubscription}/resourceGroups/rg-others`, '2024-11-01', { location })
  await hand.put(`${others}/Microsoft.Storage/storageAccounts/theirssa123`, '2025-06-01', {
    location,
    sku: { name: 'Standard_LRS' },
    kind: 'StorageV2',
    identity: { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } },
    properties: {},
  })
  await hand.put(`${devNetwork}/subnets/theirs`, '2025-05-01', {
    properties: { addressPrefix: '172.16.250.0/24' },
  })
  for (const [name, service, member] of [
    ['pe-to-cosmos', cosmos, 'Sql'],
    ['pe-to-storage', storage, 'blob'],
  ] as const)
    await hand.put(`${others}/Microsoft.Network/privateEndpoints/${name}`, '2025-05-01', {
      location,
      properties: {
        subnet: { id: `${devNetwork}/subnets/theirs` },
        privateLinkServiceConnections: [
          { name: 'c', properties: { privateLinkServiceId: service, groupIds: [member] } },
        ],
      },
    })
}, 60_000)
afterAll(async () => {
  here.factory.remove()
  await sandbox.close()
})

const withoutServices = { ...labManifest, services: { aiFoundry: false, cosmosDb: false } }
const isThere = (id: string): boolean =>
  Object.keys(sandbox.state.arm.resources).some((one) => one.toLowerCase() === id.toLowerCase())
/** What is in no manifest and goes. */
const foreignIn = (report: Report): readonly string[] =>
  planOf(report)
    .changes.filter(({ reason = '' }) => reason.includes('in no document of the factory'))
    .map(({ change, name }) => `${change} ${name}`)
    .toSorted()
const warningsOf = (report: Report): string => planOf(report).warnings.join('\n')
/** What a run is refused with. */
const refusalOf = async (run: Promise<Report>): Promise<string> => {
  const error: unknown = await run.catch((thrown: unknown) => thrown)
  if (error instanceof FailureWithReport) return String(error.cause)
  throw new Error('It was not refused.')
}

describe('to destroy the project', () => {
  test('the plan has everything inside its resources that is in no manifest, with what is lost', async () => {
    const report = await here.planDestroy()
    expect(foreignIn(report)).toEqual([
      'delete their-cluster',
      'delete their-files',
      'delete their-filter',
      'delete their-items',
      'delete their-model',
      'delete theirdb',
      'delete theirs',
    ])
    const row = planOf(report).changes.find(({ name }) => name === 'their-items')
    expect(row).toMatchObject({
      scope: `${cosmos}/sqlDatabases/theirdb/containers/their-items`,
      holds: 'items',
      reason: expect.stringContaining(
        "It is in 'cosmos-prj003-sdc-dev-a1b2c-001', and in no document of the factory.",
      ),
    })
  })

  test('the plan names what others have connected to it, and nothing of its own', async () => {
    const warnings = warningsOf(await here.planDestroy())
    expect(warnings).toMatch(/'pe-to-cosmos' in resource group 'rg-others' .* leads to .*'cosmos-prj003-/)
    expect(warnings).toMatch(/'pe-to-storage' in resource group 'rg-others' .* leads to .*'saprj003/)
    expect(warnings).toMatch(/'theirssa123' in resource group 'rg-others' .* identity 'mi-prj003-sdc-dev-/)
    expect(warnings).not.toContain("project003-sdc-dev-001-rg' is somebody else's")
    expect(warnings).toMatch(
      /Others have assigned roles .*Cosmos DB Operator on 'cosmos-prj003-[^;]*; Cosmos DB Operator on 'saprj003[^;]*\.$/m,
    )
  })

  test('is refused unless deletion is allowed, with all of it by name', async () => {
    const message = await refusalOf(here.destroy([]))
    for (const name of ['theirdb', 'their-items', 'their-model', 'their-files', 'theirs'])
      expect(message).toContain(`'${name}'`)
  })

  test('what cannot be listed is said', async () => {
    sandbox.faults.add({
      method: 'GET',
      path: '/sqlDatabases\\?',
      status: 403,
      times: 'always',
      body: { error: { code: 'AuthorizationFailed', message: 'The client does not have authorization.' } },
    })
    const warnings = warningsOf(await here.planDestroy())
    sandbox.faults.clear()
    expect(warnings).toMatch(/made in .*'cosmos-prj003-[^\n]* could not be listed: /)
  })
})

describe('to switch a service off', () => {
  beforeAll(() => here.write(withoutServices))

  test('the plan has everything inside its resources that is in no manifest', async () => {
    const report = await here.provision('plan', [])
    expect(foreignIn(report)).toEqual([
      'delete their-filter',
      'delete their-items',
      'delete their-model',
      'delete theirdb',
      'delete theirs',
    ])
    const scopes = planOf(report).changes.flatMap(({ kind, scope = '' }) =>
      kind.includes('/') ? [scope.toLowerCase()] : [],
    )
    expect(new Set(scopes).size).toBe(scopes.length)
  })

  test('the plan names what others have connected to it, and not to what stays', async () => {
    const warnings = warningsOf(await here.provision('plan', []))
    expect(warnings).toContain("'pe-to-cosmos' in resource group 'rg-others'")
    expect(warnings).not.toMatch(/pe-to-storage|theirssa123/)
    expect(warnings).toMatch(
      /^Others have assigned roles on what goes, which go with it: Cosmos DB Operator on 'cosmos-prj003-[^;]*\.$/m,
    )
  })

  test('is refused before the first write unless deletion is allowed, with all of it by name', async () => {
    const before = JSON.stringify(sandbox.state.arm.resources)
    const message = await refusalOf(here.provision('apply', []))
    for (const name of ['theirdb', 'their-items', 'their-model', 'theirs'])
      expect(message).toContain(`'${name}'`)
    expect(JSON.stringify(sandbox.state.arm.resources)).toBe(before)
  })

  test('is refused before the first write while a lock of others keeps a part of it', async () => {
    const lock = `${cosmos}/providers/Microsoft.Authorization/locks/keep`
    await hand.put(lock, '2020-05-01', { properties: { level: 'CanNotDelete' } })
    const before = JSON.stringify(sandbox.state.arm.resources)
    expect(await refusalOf(here.provision('check', ['deletion']))).toMatch(/Lock 'keep'.*'cosmos-prj003-/)
    const plan = await here.provision('plan', ['deletion'])
    expect(warningsOf(plan)).toMatch(
      /Lock 'keep' \(CanNotDelete\) on 'cosmos-prj003-.* Mode apply refuses that/,
    )
    expect(await refusalOf(here.provision('apply', ['deletion']))).toMatch(/Lock 'keep'.*'cosmos-prj003-/)
    expect(JSON.stringify(sandbox.state.arm.resources)).toBe(before)
    await hand.remove(lock, '2020-05-01')
  })

  test('takes all of it along where deletion is allowed, and the next run changes nothing', async () => {
    await here.provision('apply', ['deletion'])
    expect([account, cosmos, `${account}/projects/theirs`].filter(isThere)).toEqual([])
    expect(isThere(storage)).toBe(true)
    const again = await here.provision('plan', [])
    expect(planOf(again).changes.filter(({ change }) => change !== 'keep')).toEqual([])
  })
})
