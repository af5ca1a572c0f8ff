/** Peerings whose other side goes. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import { callerOf, idOf, makeArm, owner, type TestArm } from './testing/served-arm.ts'

const here = { location: 'swedencentral' }
const me = callerOf(owner, '')
const network = idOf('Microsoft.Network/virtualNetworks', 'vnet')
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
