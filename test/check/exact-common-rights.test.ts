/** The rights that a check of a common area lists are enough for all of its delivery, and each of them is asked for before the first write. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import type { Right } from '../../src/azure/granted-rights.ts'
import { assignCoreTeam } from '../../src/operations/access/assign-core-team.ts'
import type { DeliveryRole } from '../../src/operations/check/delivery-roles.ts'
import { createCommonFolders } from '../../src/operations/lake/create-common-folders.ts'
import { hasChanges } from '../../src/plan/model.ts'
import type { Allowance } from '../../src/vocabulary.ts'
import { dev, idToken } from '../azure/on-sandbox.ts'
import { failureOf } from '../common/failure-of.ts'
import { type CommonInProcess, commonInProcess, writesOf } from '../common/in-process.ts'
import { hubId, makePlatform, policyWrites, zonesInHub } from '../common/platform.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { planOf } from '../provision-project/in-process.ts'
import { assign, exactlyRoles } from './delivering-identity.ts'

const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'

let sandbox: Sandbox
let here: CommonInProcess
let hand: ByHand
beforeEach(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  here = commonInProcess(sandbox)
  hand = await byHand(sandbox)
  const registered = sandbox.state.arm.subscriptions[dev.subscriptionId]
  if (registered !== undefined) registered.registered = []
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

/** What the check prints, for somebody who may look at everything. */
async function printed(allowed: readonly Allowance[] = []) {
  await assign(hand, owner)
  const { outputs } = await here.provision('check', allowed)
  const rights: readonly Right[] = JSON.parse(outputs['rights'] ?? '[]')
  const roles: readonly DeliveryRole[] = JSON.parse(outputs['custom-roles'] ?? '[]')
  return { rights, roles }
}

/** Delivers with these rights, and no others. */
async function deliverExactly(allowed: readonly Allowance[] = []): Promise<readonly string[]> {
  const { rights, roles } = await printed(allowed)
  await exactlyRoles(sandbox, hand, roles)
  expect((await here.provision('apply', allowed)).outcome).toBe('applied')
  expect(hasChanges(planOf(await here.provision('plan', allowed)))).toBe(false)
  return rights.map(({ action }) => action)
}

const target = () => ({
  factoryFile: here.factory.file,
  environment: 'dev' as const,
  azureCloud: sandbox.url,
  clientId: undefined,
})
const contextOf = (action: string) => {
  const job = sandbox.jobEnvironment({ environment: 'dev' })
  return {
    action,
    userAgent: 'test',
    environment: { ...sandbox.env, ...job },
    info: () => undefined,
    idToken: idToken(job),
  }
}
const folders = () => createCommonFolders({ ...target(), mode: 'apply' }, contextOf('datalake-acl'))
const coreTeam = () =>
  assignCoreTeam({ ...target(), mode: 'core', allowed: [], githubToken: undefined }, contextOf('add-member'))

test('in a subscription without providers, with the folders of the lake and the roles of the core team', async () => {
  const actions = await deliverExactly()
  expect(actions).toEqual(
    expect.arrayContaining([
      'Microsoft.Network/virtualNetworks/join/action',
      'Microsoft.Storage/register/action',
    ]),
  )
  expect((await folders()).outcome).toBe('applied')
  expect((await coreTeam()).outcome).toBe('applied')
})

test('with a NAT gateway and a route table, on and off', async () => {
  here.parts({ natGateway: true, routeTable: { firewallIp: '10.1.0.4' } })
  expect(await deliverExactly()).toEqual(
    expect.arrayContaining([
      'Microsoft.Network/natGateways/join/action',
      'Microsoft.Network/routeTables/join/action',
      'Microsoft.Network/publicIPAddresses/join/action',
    ]),
  )
  here.parts({})
  expect(await deliverExactly(['deletion'])).toContain('Microsoft.Network/natGateways/delete')
})

test('with a vault that goes, and is purged', async () => {
  await deliverExactly()
  here.parts({ keyVault: false })
  await deliverExactly(['deletion', 'purge'])
})

const others = `/subscriptions/${dev.subscriptionId}/resourceGroups/of-others`
const theirs = (type: string, name: string) => `${others}/providers/${type}/${name}`
const setDns = (mode: string) => here.change((text) => text.replace(/^dns:.*$/m, `dns: ${mode}`))
const ownZones = () =>
  Object.values(sandbox.state.arm.resources).filter(
    ({ id, type }) => id.includes('-common-sdc-dev-002/') && type === 'Microsoft.Network/privateDnsZones',
  )

test('with a hub in another subscription, both sides of the peering, and without it again', async () => {
  await makePlatform(hand)
  here.parts({ hubPeering: { hub: hubId } })
  expect(await deliverExactly()).toContain('Microsoft.Network/virtualNetworks/peer/action')
  here.parts({})
  await deliverExactly(['deletion'])
})

test('with the private DNS zones of a hub from the beginning', async () => {
  await makePlatform(hand)
  setDns(zonesInHub)
  await deliverExactly()
})

test('with zones of its own that go for those of a hub', async () => {
  await makePlatform(hand)
  await deliverExactly()
  setDns(zonesInHub)
  expect(await deliverExactly(['deletion'])).toContain('Microsoft.Network/privateDnsZones/ALL/read')
  expect(ownZones()).toEqual([])
})

test('with zones of its own that go, and a policy that writes the records', async () => {
  await makePlatform(hand)
  await deliverExactly()
  setDns('{ mode: policy }')
  await policyWrites(sandbox, hand)
  await deliverExactly(['deletion'])
  expect(ownZones()).toEqual([])
})

test("with a network for GitHub's runners, on and off", async () => {
  here.parts({ githubRunners: { organizationId: '9919' } })
  expect(await deliverExactly()).toContain('GitHub.Network/networkSettings/write')
  here.parts({})
  await deliverExactly(['deletion'])
})

test('with a workspace and a route table of others, in another group', async () => {
  const namespaces = ['microsoft.network', 'microsoft.operationalinsights']
  sandbox.state.arm.subscriptions[dev.subscriptionId]?.registered.push(...namespaces)
  await hand.put(others, '2024-03-01', { location: 'swedencentral' })
  const logAnalytics = theirs('Microsoft.OperationalInsights/workspaces', 'central')
  const routeTable = theirs('Microsoft.Network/routeTables', 'rt-hub')
  await hand.put(logAnalytics, '2023-09-01', {
    location: 'swedencentral',
    properties: { sku: { name: 'PerGB2018' }, retentionInDays: 30 },
  })
  await hand.put(routeTable, '2024-05-01', { location: 'swedencentral', properties: {} })
  here.devParts({ logAnalytics: { id: logAnalytics }, routeTable: { id: routeTable } })
  await deliverExactly()
})

test.each(['Microsoft.Network/virtualNetworks/join/action', 'Microsoft.KeyVault/vaults/write'])(
  'without %s nothing is written',
  async (lacking) => {
    const { roles } = await printed()
    const fewer = roles.map(({ role, ...rest }) => ({
      ...rest,
      role: { ...role, Name: `${role.Name} -`, Actions: role.Actions.filter((action) => action !== lacking) },
    }))
    await exactlyRoles(sandbox, hand, fewer)
    const since = sandbox.requestCount()
    expect((await failureOf(here.provision('apply'))).message).toContain(lacking)
    expect(writesOf(sandbox, since)).toEqual([])
  },
)
