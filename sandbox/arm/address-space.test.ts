/** What Azure refuses of address spaces, judged by Microsoft's own client. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { idOf, refused, type ServedArm, serveArm } from './testing/served-arm.ts'

let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm({ limits: { subnetsPerNetwork: 3, privateEndpointsPerNetwork: 1 } })
})
afterAll(() => arm.close())

const networkId = (name: string) => idOf('Microsoft.Network/virtualNetworks', name)
const network = (name: string, ...addressPrefixes: string[]) =>
  Promise.resolve(
    arm.network.virtualNetworks.createOrUpdate('rg', name, {
      location: 'swedencentral',
      addressSpace: { addressPrefixes },
    }),
  )
const subnet = (name: string, subnetName: string, ...addressPrefixes: string[]) =>
  Promise.resolve(arm.network.subnets.createOrUpdate('rg', name, subnetName, { addressPrefixes }))

describe('an address space', () => {
  test.each([
    ['224.0.0.0/8', 'NetcfgInvalidIPAddressPrefix'],
    ['255.255.255.255/32', 'NetcfgInvalidIPAddressPrefix'],
    ['127.1.0.0/16', 'NetcfgInvalidIPAddressPrefix'],
    ['169.254.0.0/16', 'NetcfgInvalidIPAddressPrefix'],
    ['168.63.129.0/24', 'NetcfgInvalidIPAddressPrefix'],
    ['168.63.128.0/24', 'accepted'],
    ['100.64.0.0/10', 'accepted'],
  ])('with %s: %s', async (prefix, outcome) => {
    expect(await refused(network('ranges', prefix))).toBe(outcome)
  })

  test('of both families has IPv6 subnets of /64 only, within it and apart from each other', async () => {
    await network('dual', '10.0.0.0/16', 'fd00:db8::/48')
    const outcome = (name: string, prefix: string) => refused(subnet('dual', name, prefix))
    expect(await outcome('both', '10.0.0.0/24')).toBe('accepted')
    const both = await subnet('dual', 'both', '10.0.0.0/24', 'fd00:db8::/64')
    expect(both.addressPrefixes).toEqual(['10.0.0.0/24', 'fd00:db8::/64'])
    expect(await outcome('other', 'fd00:db8::/64')).toBe('NetcfgSubnetRangesOverlap')
    expect(await outcome('other', 'fd00:db8:0:1::/80')).toBe('NetcfgInvalidSubnet')
    expect(await outcome('other', 'fd00:db9::/64')).toBe('NetcfgSubnetRangeOutsideVnet')
    expect(await outcome('other', 'fd00:db8::1/64')).toBe('InvalidCIDRNotation')
    expect(await outcome('other', 'fd00:db8:::/64')).toBe('InvalidAddressPrefixFormat')
  })
})

describe('limits of a network', () => {
  test('are those of its subnets', async () => {
    await network('full', '10.0.0.0/16')
    for (const number of [1, 2, 3]) await subnet('full', `s${number}`, `10.0.${number}.0/24`)
    expect(await refused(subnet('full', 's4', '10.0.4.0/24'))).toBe('SubnetCountLimitReached')
    expect(await refused(subnet('full', 's3', '10.0.4.0/24'))).toBe('accepted')
  })

  test('are those of its private endpoints', async () => {
    await network('private', '10.0.0.0/16')
    await subnet('private', 'one', '10.0.1.0/24')
    await subnet('private', 'two', '10.0.2.0/24')
    const vault = idOf('Microsoft.KeyVault/vaults', 'kv-limits')
    await arm.put(vault, {
      location: 'swedencentral',
      properties: {
        sku: { name: 'standard', family: 'A' },
        tenantId: '11111111-1111-1111-1111-111111111111',
      },
    })
    const endpoint = (name: string, place: string) =>
      refused(
        Promise.resolve(
          arm.network.privateEndpoints.createOrUpdate('rg', name, {
            location: 'swedencentral',
            subnet: { id: `${networkId('private')}/subnets/${place}` },
            privateLinkServiceConnections: [{ name, privateLinkServiceId: vault, groupIds: ['vault'] }],
          }),
        ),
      )
    expect(await endpoint('first', 'one')).toBe('accepted')
    expect(await endpoint('second', 'two')).toBe('PrivateEndpointCountLimitReached')
    expect(await endpoint('first', 'one')).toBe('accepted')
  })

  test('are Azure’s own unless they are lowered: 3,000 subnets', async () => {
    const large = await serveArm()
    try {
      const subnets = Array.from({ length: 3_000 }, (_, number) => ({
        name: `s${number}`,
        addressPrefix: `10.${Math.floor(number / 256)}.${number % 256}.0/24`,
      }))
      await large.network.virtualNetworks.createOrUpdate('rg', 'large', {
        location: 'swedencentral',
        addressSpace: { addressPrefixes: ['10.0.0.0/8'] },
        subnets,
      })
      const one = { addressPrefix: '10.100.0.0/24' }
      const more = large.network.subnets.createOrUpdate('rg', 'large', 'one-more', one)
      expect(await refused(Promise.resolve(more))).toBe('SubnetCountLimitReached')
      expect((await large.network.virtualNetworks.get('rg', 'large')).subnets).toHaveLength(3_000)
    } finally {
      await large.close()
    }
  })
})

describe('peerings', () => {
  const peer = (from: string, to: string, name = `to-${to}`) =>
    Promise.resolve(
      arm.network.virtualNetworkPeerings.createOrUpdate('rg', from, name, {
        remoteVirtualNetwork: { id: networkId(to) },
      }),
    )
  const read = (from: string, to: string) => arm.network.virtualNetworkPeerings.get('rg', from, `to-${to}`)

  test('show the address space of the other side, and whether it changed since', async () => {
    await network('left', '10.1.0.0/16')
    await network('right', '10.2.0.0/16')
    expect(await peer('left', 'right')).toMatchObject({
      peeringState: 'Initiated',
      peeringSyncLevel: 'RemoteNotInSync',
      remoteAddressSpace: { addressPrefixes: ['10.2.0.0/16'] },
      remoteVirtualNetworkAddressSpace: { addressPrefixes: ['10.2.0.0/16'] },
    })
    expect((await peer('right', 'left')).peeringSyncLevel).toBe('FullyInSync')
    await network('right', '10.2.0.0/16', '10.3.0.0/16')
    expect(await read('left', 'right')).toMatchObject({
      peeringState: 'Connected',
      peeringSyncLevel: 'LocalNotInSync',
      remoteAddressSpace: { addressPrefixes: ['10.2.0.0/16'] },
      remoteVirtualNetworkAddressSpace: { addressPrefixes: ['10.2.0.0/16', '10.3.0.0/16'] },
    })
    expect((await read('right', 'left')).peeringSyncLevel).toBe('RemoteNotInSync')
    expect((await peer('left', 'right')).peeringSyncLevel).toBe('FullyInSync')
  })

  test('are refused between address spaces that overlap, naming the prefixes', async () => {
    await network('one', '10.10.0.0/16', '10.20.0.0/16')
    await network('same', '10.20.8.0/24')
    await expect(peer('one', 'same')).rejects.toMatchObject({
      statusCode: 400,
      code: 'VnetAddressSpacesOverlap',
      message: expect.stringContaining('Overlapping address prefixes: 10.20.0.0/16, 10.20.8.0/24'),
    })
  })

  test('are refused when another peer has the range, or the peer is there already', async () => {
    await network('hub', '10.30.0.0/16')
    await network('spoke', '10.31.0.0/16')
    await network('rival', '10.31.4.0/22')
    expect(await refused(peer('hub', 'spoke'))).toBe('accepted')
    expect(await refused(peer('hub', 'rival'))).toBe('VnetAddressSpaceOverlapsWithAlreadyPeeredVnet')
    expect(await refused(peer('hub', 'spoke', 'again'))).toBe('AnotherPeeringAlreadyReferencesRemoteVnet')
  })

  test('keep a network from taking a range of a peer', async () => {
    await network('first', '10.40.0.0/16')
    await network('second', '10.41.0.0/16')
    await peer('first', 'second')
    expect(await refused(network('first', '10.40.0.0/16', '10.41.8.0/24'))).toBe(
      'VnetAddressSpaceOverlapsWithAlreadyPeeredVnet',
    )
    expect(await refused(network('first', '10.40.0.0/16', '10.42.0.0/24'))).toBe('accepted')
  })
})
