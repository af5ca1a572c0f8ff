/** Peerings whose other side goes, or is somebody else's. */
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from '@jest/globals'
import {
  callerOf,
  groupId,
  idOf,
  makeArm,
  otherSubscription,
  owner,
  roleIds,
  stranger,
  subscription,
  type TestArm,
} from './testing/served-arm.ts'

const here = { location: 'swedencentral' }
const me = callerOf(owner, '')
const network = idOf('Microsoft.Network/virtualNetworks', 'vnet')
const networkContributor = '4d97b98b-1d4f-4787-a291-c67834d212e7'
let arm: TestArm

describe('a peering that lost its other side', () => {
  const other = idOf('Microsoft.Network/virtualNetworks', 'other')
  const [there, back] = [`${network}/virtualNetworkPeerings/p`, `${other}/virtualNetworkPeerings/p`]
  const peer = (id: string) => ({ properties: { remoteVirtualNetwork: { id } } })
  const state = () => arm.engine.get(there)?.properties?.['peeringState']
  beforeEach(async () => {
    arm = await makeArm()
    await arm.put(network, { ...here, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } })
    await arm.put(other, { ...here, properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } } })
    await arm.put(there, peer(other))
    await arm.put(back, peer(network))
  })

  test('is disconnected, and initiated again when it is written', async () => {
    expect(state()).toBe('Connected')
    await arm.engine.remove(back, me)
    expect(state()).toBe('Disconnected')
    expect(await arm.refusal(back, peer(network))).toBe('RemotePeeringIsDisconnected')
    await arm.put(there, peer(other))
    expect(state()).toBe('Initiated')
    await arm.put(back, peer(network))
    expect(state()).toBe('Connected')
  })

  test('is disconnected when the whole network of the other side goes', async () => {
    await arm.engine.remove(other, me)
    expect(state()).toBe('Disconnected')
  })
})

describe('a network and a hub in another subscription', () => {
  const hub = network.replace(subscription, otherSubscription).replace('/vnet', '/hub')
  const [toHub, back] = [`${network}/virtualNetworkPeerings/hub`, `${hub}/virtualNetworkPeerings/vnet`]
  const peer = (id: string, properties: object = {}) => ({
    properties: { remoteVirtualNetwork: { id }, ...properties },
  })
  const space = (prefix: string) => ({
    ...here,
    properties: { addressSpace: { addressPrefixes: [prefix] } },
  })
  const give = (principalId: string, scope: string, roleId: string) =>
    arm.put(`${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`, {
      properties: {
        roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
        principalId,
        principalType: 'User',
      },
    })
  beforeEach(async () => {
    arm = await makeArm()
    await arm.put(hub.slice(0, hub.indexOf('/providers/')), here)
    await arm.put(network, space('10.0.0.0/16'))
    await arm.put(hub, space('10.1.0.0/16'))
    await give(stranger, groupId, roleIds.contributor)
  })

  test('are peered by who may peer with the hub; without that right the refusal names the hub', async () => {
    expect(await arm.refusal(toHub, peer(hub), stranger)).toBe('LinkedAuthorizationFailed')
    expect(await arm.refusal(back, peer(network), stranger)).toBe('AuthorizationFailed')
    await give(stranger, hub, networkContributor)
    expect(await arm.refusal(toHub, peer(hub), stranger)).toBe('accepted')
    expect(arm.engine.get(toHub)?.properties?.['peeringState']).toBe('Initiated')
    expect(await arm.refusal(back, peer(network), stranger)).toBe('accepted')
    expect(arm.engine.get(toHub)?.properties?.['peeringState']).toBe('Connected')
  })

  test('share the gateway of the hub only when it has one', async () => {
    const using = peer(hub, { useRemoteGateways: true })
    expect(await arm.refusal(toHub, using)).toBe('RemoteVnetHasNoGateways')
    await arm.put(`${hub}/subnets/GatewaySubnet`, { properties: { addressPrefix: '10.1.0.0/27' } })
    const inHub = (type: string, name: string) => hub.replace('virtualNetworks/hub', `${type}/${name}`)
    const address = inHub('publicIPAddresses', 'pip-hub')
    await arm.put(address, {
      ...here,
      sku: { name: 'Standard' },
      properties: { publicIPAllocationMethod: 'Static' },
    })
    await arm.put(inHub('virtualNetworkGateways', 'vgw-hub'), {
      ...here,
      properties: {
        gatewayType: 'Vpn',
        ipConfigurations: [
          {
            name: 'default',
            properties: {
              subnet: { id: `${hub}/subnets/GatewaySubnet` },
              publicIPAddress: { id: address },
            },
          },
        ],
      },
    })
    expect(await arm.refusal(toHub, using)).toBe('accepted')
  })
})
