/** The rights that a check of a common area lists are enough for all of its delivery, and each of them is asked for before the first write. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import type { Right } from '../../src/azure/granted-rights.ts'
import type { DeliveryRole } from '../../src/operations/check/delivery-roles.ts'
import { createCommonFolders } from '../../src/operations/lake/create-common-folders.ts'
import { hasChanges } from '../../src/plan/model.ts'
import type { Allowance } from '../../src/vocabulary.ts'
import { dev, idToken } from '../azure/on-sandbox.ts'
import { failureOf } from '../common/failure-of.ts'
import { type CommonInProcess, commonInProcess, writesOf } from '../common/in-process.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { planOf } from '../provision-project/in-process.ts'
import { assign, exactlyRoles } from './delivering-identity.ts'

const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
const platform = '/subscriptions/22222222-2222-2222-2222-222222222203/resourceGroups/platform'
const hub = `${platform}/providers/Microsoft.Network/virtualNetworks/vnet-hub`

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

const folders = () => {
  const job = sandbox.jobEnvironment({ environment: 'dev' })
  return createCommonFolders(
    {
      factoryFile: here.factory.file,
      environment: 'dev',
      azureCloud: sandbox.url,
      clientId: undefined,
      mode: 'apply',
    },
    {
      action: 'datalake-acl',
      userAgent: 'test',
      environment: { ...sandbox.env, ...job },
      info: () => undefined,
      idToken: idToken(job),
    },
  )
}

test('in a subscription without providers, with the folders of the lake', async () => {
  const actions = await deliverExactly()
  expect(actions).toEqual(
    expect.arrayContaining([
      'Microsoft.Network/virtualNetworks/join/action',
      'Microsoft.Storage/register/action',
    ]),
  )
  expect((await folders()).outcome).toBe('applied')
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

test('with a hub in another subscription', async () => {
  await hand.put(platform, '2024-03-01', { location: 'swedencentral' })
  await hand.put(hub, '2024-05-01', {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } },
  })
  here.parts({ hubPeering: { hub } })
  await assign(hand, '4d97b98b-1d4f-4787-a291-c67834d212e7', hub)
  const { rights } = await printed()
  expect(rights).toContainEqual({
    action: 'Microsoft.Network/virtualNetworks/peer/action',
    scope: hub,
    plane: 'control',
  })
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
