import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ask, settle } from './testing/asking.ts'
import { idOf, refused, type ServedArm, serveArm, subscription } from './testing/served-arm.ts'
import { setClock } from './testing/set-clock.ts'

const clock = setClock()
let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm({ clock, keepsAgentLinks: { secondsAfterPurge: 86_400 } })
})
afterAll(() => arm.close())

test('agents leave their subnet some time after their account was purged, when that is asked for', async () => {
  const network = idOf('Microsoft.Network/virtualNetworks', 'vnet')
  await arm.put(network, {
    location: 'swedencentral',
    properties: {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [
        {
          name: 'agents',
          properties: {
            addressPrefix: '10.0.2.0/24',
            delegations: [{ name: 'agents', properties: { serviceName: 'Microsoft.App/environments' } }],
          },
        },
      ],
    },
  })
  const account = idOf('Microsoft.CognitiveServices/accounts', 'ai-agents')
  await arm.put(account, {
    location: 'swedencentral',
    kind: 'AIServices',
    sku: { name: 'S0' },
    properties: { networkInjections: [{ scenario: 'agent', subnetArmId: `${network}/subnets/agents` }] },
  })
  const links = async () =>
    (await arm.network.subnets.get('rg', 'vnet', 'agents')).serviceAssociationLinks?.length ?? 0
  const remove = () => refused(Promise.resolve(arm.network.subnets.delete('rg', 'vnet', 'agents')))

  await settle(arm, await ask(arm, 'DELETE', `${account}?api-version=2025-06-01`))
  const deleted = `/subscriptions/${subscription}/providers/Microsoft.CognitiveServices/locations/swedencentral/resourceGroups/rg/deletedAccounts/ai-agents`
  await settle(arm, await ask(arm, 'DELETE', `${deleted}?api-version=2025-06-01`))
  expect(await links()).toBe(1)
  expect(await remove()).toBe('InUseSubnetCannotBeDeleted')
  clock.passDays(1)
  expect(await links()).toBe(0)
  expect(await remove()).toBe('accepted')
})
