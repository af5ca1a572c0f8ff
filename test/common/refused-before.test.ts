/** A delivery of a common area refuses what its check calls a fault before it writes anything, all of it at once. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { dev } from '../azure/on-sandbox.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { planOf } from '../provision-project/in-process.ts'
import { failureOf } from './failure-of.ts'
import { type CommonInProcess, commonInProcess, writesOf } from './in-process.ts'

const others = `/subscriptions/${dev.subscriptionId}/resourceGroups/of-others`
const providers = `${others}/providers`

let sandbox: Sandbox
let here: CommonInProcess
beforeEach(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  here = commonInProcess(sandbox)
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

/** Why a delivery was refused, which has written nothing. */
async function refused(): Promise<string> {
  const since = sandbox.requestCount()
  const { message, report } = await failureOf(here.provision('apply'))
  expect(writesOf(sandbox, since)).toEqual([])
  expect(report.outcome).toBe('refused')
  return message
}

test('resources that factory.yml names and that will not do, each at its line', async () => {
  const hands = await byHand(sandbox)
  await hands.put(others, '2024-11-01', { location: 'swedencentral' })
  const flat = `${providers}/Microsoft.Storage/storageAccounts/flataccount`
  await hands.put(flat, '2024-01-01', {
    location: 'swedencentral',
    sku: { name: 'Standard_LRS' },
    kind: 'StorageV2',
    properties: {},
  })
  here.devParts({
    logAnalytics: { id: `${providers}/Microsoft.OperationalInsights/workspaces/gone` },
    dataLake: { id: flat },
  })
  const { warnings } = planOf(await here.provision('plan'))
  expect(warnings).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/factory\.yml:\d+:\d+: .*'gone' does not exist[\s\S]*Mode apply refuses that\.$/),
      expect.stringMatching(/'flataccount' has no hierarchical namespace[\s\S]*Mode apply refuses that\.$/),
    ]),
  )
  const message = await refused()
  expect(message).toMatch(/'gone' does not exist[\s\S]*factory\.yml:\d+/)
  expect(message).toMatch(/'flataccount' has no hierarchical namespace/)
  here.parts({})
  expect(planOf(await here.provision('plan')).warnings.join()).not.toContain('Mode apply refuses')
  expect((await here.provision('apply')).outcome).toBe('applied')
})

test('zones that a hub lacks', async () => {
  here.change((text) =>
    text.replace(
      'dns: { mode: standalone }',
      `dns: { mode: hub, subscriptionId: ${dev.subscriptionId}, resourceGroup: hub-dns }`,
    ),
  )
  expect(await refused()).toMatch(/The private DNS zone 'privatelink\.\S+' does not exist in resource group/)
})

test('a name that somebody else has', async () => {
  const hands = await byHand(sandbox)
  await hands.put(others, '2024-11-01', { location: 'swedencentral' })
  await hands.put(`${providers}/Microsoft.KeyVault/vaults/kv-cmndev-d3e4f-002`, '2023-07-01', {
    location: 'swedencentral',
    properties: {
      tenantId: dev.tenantId,
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: true,
    },
  })
  expect(await refused()).toMatch(/The name of Microsoft\.KeyVault\/vaults 'kv-cmndev-d3e4f-002' is not free/)
})
