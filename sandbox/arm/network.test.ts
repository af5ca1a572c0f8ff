/** Networks judged by Microsoft's own client, over HTTPS. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  callerOf,
  groupId,
  idOf,
  owner,
  refused,
  type ServedArm,
  serveArm,
  tenantId,
} from './testing/served-arm.ts'

let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm()
})
afterAll(() => arm.close())

let count = 0
const freshNetwork = async (...prefixes: string[]) => {
  const name = `vnet-${++count}`
  await arm.network.virtualNetworks.createOrUpdate('rg', name, {
    location: 'swedencentral',
    addressSpace: { addressPrefixes: prefixes.length > 0 ? prefixes : ['10.0.0.0/16'] },
  })
  return name
}
const subnet = (network: string, name: string, addressPrefix: string) =>
  arm.network.subnets.createOrUpdate('rg', network, name, { addressPrefix })

describe('virtual networks', () => {
  test('are created, read with their subnets, listed and deleted', async () => {
    const name = await freshNetwork()
    await subnet(name, 'one', '10.0.0.0/24')
    const network = await arm.network.virtualNetworks.get('rg', name)
    expect(network.provisioningState).toBe('Succeeded')
    expect(network.subnets?.map((item) => [item.name, item.addressPrefix])).toEqual([['one', '10.0.0.0/24']])
    expect(network.etag).toMatch(/^W\/"[0-9a-f-]{36}"$/)
    await arm.network.virtualNetworks.delete('rg', name)
    expect(await refused(Promise.resolve(arm.network.virtualNetworks.get('rg', name)))).toBe(
      'ResourceNotFound',
    )
  })

  test('keep their subnets in a PUT without them since 2023-09-01, and lose them before', async () => {
    const name = await freshNetwork()
    await subnet(name, 'one', '10.0.0.0/24')
    await arm.network.virtualNetworks.createOrUpdate('rg', name, {
      location: 'swedencentral',
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    })
    expect((await arm.network.virtualNetworks.get('rg', name)).subnets).toHaveLength(1)
    const body = {
      location: 'swedencentral',
      properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
    }
    const id = idOf('Microsoft.Network/virtualNetworks', name)
    await fetch(`${arm.url}${id}?api-version=2023-06-01`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${owner}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect((await arm.network.virtualNetworks.get('rg', name)).subnets).toHaveLength(0)
  })

  test.each([
    ['10.0.0.300/24', 'InvalidAddressPrefixFormat'],
    ['10.0.0.5/24', 'InvalidCIDRNotation'],
  ])('refuse the address prefix %s', async (prefix, code) => {
    const call = arm.network.virtualNetworks.createOrUpdate('rg', 'bad', {
      location: 'swedencentral',
      addressSpace: { addressPrefixes: [prefix] },
    })
    expect(await refused(Promise.resolve(call))).toBe(code)
  })

  test('are connected when both sides peer', async () => {
    const [one, other] = [await freshNetwork('10.1.0.0/16'), await freshNetwork('10.2.0.0/16')]
    const peer = (from: string, to: string) =>
      arm.network.virtualNetworkPeerings.createOrUpdate('rg', from, 'peer', {
        remoteVirtualNetwork: { id: idOf('Microsoft.Network/virtualNetworks', to) },
      })
    expect((await peer(one, other)).peeringState).toBe('Initiated')
    expect((await peer(other, one)).peeringState).toBe('Connected')
  })
})

test('a network has room for more private endpoints when those in it obey network policies', async () => {
  const name = await freshNetwork()
  const id = idOf('Microsoft.Network/virtualNetworks', name)
  const policies = async () => arm.engine.get(id)?.properties?.['privateEndpointVNetPolicies']
  const basic = () =>
    arm.refusal(id, {
      location: 'swedencentral',
      properties: {
        addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
        privateEndpointVNetPolicies: 'Basic',
      },
    })
  expect(await policies()).toBe('Disabled')
  await subnet(name, 'endpoints', '10.0.0.0/24')
  const vault = idOf('Microsoft.KeyVault/vaults', `kv-${name}-policies`)
  await arm.put(vault, {
    location: 'swedencentral',
    properties: { tenantId, sku: { family: 'A', name: 'standard' }, enableRbacAuthorization: true },
  })
  const endpoint = idOf('Microsoft.Network/privateEndpoints', `pe-${name}`)
  await arm.put(endpoint, {
    location: 'swedencentral',
    properties: {
      subnet: { id: `${id}/subnets/endpoints` },
      privateLinkServiceConnections: [
        { name: 'vault', properties: { privateLinkServiceId: vault, groupIds: ['vault'] } },
      ],
    },
  })
  expect(await basic()).toBe('PrivateEndpointVNetPoliciesNotSupported')
  await arm.network.subnets.createOrUpdate('rg', name, 'endpoints', {
    addressPrefix: '10.0.0.0/24',
    privateEndpointNetworkPolicies: 'Enabled',
  })
  expect(await basic()).toBe('accepted')
  expect(await policies()).toBe('Basic')
  await arm.engine.remove(endpoint, callerOf(owner, arm.url))
})

describe('subnets', () => {
  test.each([
    ['10.0.0.128/25', 'NetcfgSubnetRangesOverlap'],
    ['10.9.0.0/24', 'NetcfgSubnetRangeOutsideVnet'],
    ['10.0.9.0/30', 'NetcfgInvalidSubnet'],
    ['10.0.9.1/24', 'InvalidCIDRNotation'],
    ['10.0.9.0/29', 'accepted'],
  ])('at %s beside 10.0.0.0/24 in 10.0.0.0/16: %s', async (prefix, outcome) => {
    const name = await freshNetwork()
    await subnet(name, 'taken', '10.0.0.0/24')
    expect(await refused(Promise.resolve(subnet(name, 'new', prefix)))).toBe(outcome)
  })

  test('are replaced in full by a PUT: what is left out is gone', async () => {
    const name = await freshNetwork()
    const group = await arm.network.networkSecurityGroups.createOrUpdate('rg', `nsg-${name}`, {
      location: 'swedencentral',
    })
    await arm.network.subnets.createOrUpdate('rg', name, 'one', {
      addressPrefix: '10.0.0.0/24',
      networkSecurityGroup: { id: group.id ?? '' },
    })
    expect(
      await refused(Promise.resolve(arm.network.networkSecurityGroups.delete('rg', `nsg-${name}`))),
    ).toBe('InUseNetworkSecurityGroupCannotBeDeleted')
    const replaced = await subnet(name, 'one', '10.0.0.0/24')
    expect(replaced.networkSecurityGroup).toBeUndefined()
    await arm.network.networkSecurityGroups.delete('rg', `nsg-${name}`)
  })

  test('change one at a time: a second write on the network meanwhile is refused', async () => {
    const slow = await serveArm({ durationScale: 0.05 })
    try {
      await slow.network.virtualNetworks.createOrUpdate('rg', 'vnet', {
        location: 'swedencentral',
        addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      })
      const [one, other] = ['10.0.0.0/24', '10.0.1.0/24'].map((addressPrefix, index) =>
        refused(
          Promise.resolve(slow.network.subnets.createOrUpdate('rg', 'vnet', `s${index}`, { addressPrefix })),
        ),
      )
      expect([await one, await other].sort()).toEqual(['AnotherOperationInProgress', 'accepted'])
    } finally {
      await slow.close()
    }
  })

  test('are written only when nobody wrote in between, when If-Match says so', async () => {
    const name = await freshNetwork()
    const before = (await arm.network.virtualNetworks.get('rg', name)).etag ?? ''
    await subnet(name, 'one', '10.0.0.0/24')
    const id = `${idOf('Microsoft.Network/virtualNetworks', name)}/subnets/one`
    const put = async (etag: string) => {
      const response = await fetch(`${arm.url}${id}?api-version=2024-05-01`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${owner}`, 'content-type': 'application/json', 'if-match': etag },
        body: JSON.stringify({ properties: { addressPrefix: '10.0.0.0/24' } }),
      })
      return response.status
    }
    expect(await put(before)).toBe(412)
    expect(await put((await arm.network.subnets.get('rg', name, 'one')).etag ?? '')).toBe(200)
  })

  test('are delegated only to services that can be', async () => {
    const name = await freshNetwork()
    const delegated = (serviceName: string) =>
      refused(
        Promise.resolve(
          arm.network.subnets.createOrUpdate('rg', name, 'one', {
            addressPrefix: '10.0.0.0/24',
            delegations: [{ name: 'delegation', serviceName }],
          }),
        ),
      )
    expect(await delegated('Microsoft.Nothing/here')).toBe('InvalidServiceNameOnDelegation')
    expect(await delegated('Microsoft.App/environments')).toBe('accepted')
  })
})

describe('network security groups', () => {
  const rule = (name: string, priority: number) => ({
    name,
    priority,
    direction: 'Inbound',
    access: 'Allow',
    protocol: 'Tcp',
    sourceAddressPrefix: '*',
    destinationAddressPrefix: '*',
    sourcePortRange: '*',
    destinationPortRange: '443',
  })
  test.each([
    [[rule('a', 99)], 'SecurityRuleInvalidPriority'],
    [[rule('a', 4097)], 'SecurityRuleInvalidPriority'],
    [[rule('a', 100), rule('b', 100)], 'SecurityRuleConflict'],
    [[rule('a', 100), rule('b', 4096)], 'accepted'],
  ])('with rules %j: %s', async (securityRules, outcome) => {
    const call = arm.network.networkSecurityGroups.createOrUpdate('rg', 'nsg', {
      location: 'swedencentral',
      securityRules,
    })
    expect(await refused(Promise.resolve(call))).toBe(outcome)
  })
})

describe('private endpoints', () => {
  const vault = idOf('Microsoft.KeyVault/vaults', 'kv-test')
  const endpoint = (network: string, groupIds: string[], target = vault, name = 'pe') => {
    const subnetId = `${idOf('Microsoft.Network/virtualNetworks', network)}/subnets/pe`
    return refused(
      Promise.resolve(
        arm.network.privateEndpoints.createOrUpdate('rg', name, {
          location: 'swedencentral',
          subnet: { id: subnetId },
          privateLinkServiceConnections: [{ name, privateLinkServiceId: target, groupIds }],
        }),
      ),
    )
  }

  test('take an address, write their name into the zone, hold their subnet, and give all back', async () => {
    const network = await freshNetwork()
    await subnet(network, 'pe', '10.0.4.0/29')
    await arm.put(vault, {
      location: 'swedencentral',
      properties: {
        sku: { name: 'standard', family: 'A' },
        tenantId: '11111111-1111-1111-1111-111111111111',
      },
    })
    expect(await endpoint(network, ['blob'])).toBe('PrivateEndpointCannotBeCreatedWithGroupId')
    expect(await endpoint(network, ['vault', 'vault'])).toBe('OnlyOneGroupIdPermitted')
    expect(await endpoint(network, ['vault'], `${vault}x`)).toBe('InvalidResourceReference')
    expect(await endpoint('vnet-none', ['vault'])).toBe('InvalidResourceReference')
    expect(await endpoint(network, ['vault'])).toBe('accepted')

    const made = await arm.network.privateEndpoints.get('rg', 'pe')
    expect(made.customDnsConfigs).toEqual([
      { fqdn: 'kv-test.vaultcore.azure.net', ipAddresses: ['10.0.4.4'] },
    ])
    expect(arm.engine.get(vault)?.properties?.['privateEndpointConnections']).toHaveLength(1)

    const zone = idOf('Microsoft.Network/privateDnsZones', 'privatelink.vaultcore.azure.net')
    const zoneGroup = {
      privateDnsZoneConfigs: [{ name: 'vault', privateDnsZoneId: zone }],
    }
    const join = () => arm.network.privateDnsZoneGroups.createOrUpdate('rg', 'pe', 'default', zoneGroup)
    expect(await refused(Promise.resolve(join()))).toBe('InvalidPrivateDnsZoneIds')
    await arm.put(zone, { location: 'global' })
    await join()
    expect(arm.engine.get(`${zone}/A/kv-test`)?.properties?.['aRecords']).toEqual([
      { ipv4Address: '10.0.4.4' },
    ])

    expect(await refused(Promise.resolve(arm.network.subnets.delete('rg', network, 'pe')))).toBe(
      'InUseSubnetCannotBeDeleted',
    )
    expect(await refused(Promise.resolve(arm.network.virtualNetworks.delete('rg', network)))).toBe(
      'InUseSubnetCannotBeDeleted',
    )
    expect(await refused(Promise.resolve(subnet(network, 'pe', '10.0.8.0/29')))).toBe(
      'InUsePrefixCannotBeDeleted',
    )

    await arm.network.privateEndpoints.delete('rg', 'pe')
    expect(arm.engine.get(`${zone}/A/kv-test`)).toBeUndefined()
    expect(arm.engine.get(vault)?.properties?.['privateEndpointConnections']).toHaveLength(0)
    expect(arm.engine.within(groupId).some(({ type }) => type.endsWith('networkInterfaces'))).toBe(false)
    await arm.network.subnets.delete('rg', network, 'pe')
  })

  test('are refused when the subnet has no address left, or is delegated', async () => {
    const network = await freshNetwork()
    await subnet(network, 'pe', '10.0.4.0/29')
    const outcomes: string[] = []
    for (const name of ['a', 'b', 'c', 'd'])
      outcomes.push(await endpoint(network, ['vault'], vault, `pe-${name}`))
    expect(outcomes).toEqual(['accepted', 'accepted', 'accepted', 'SubnetIsFull'])
    const other = await freshNetwork()
    await arm.network.subnets.createOrUpdate('rg', other, 'pe', {
      addressPrefix: '10.0.4.0/24',
      delegations: [{ name: 'd', serviceName: 'Microsoft.App/environments' }],
    })
    expect(await endpoint(other, ['vault'], vault, 'pe-e')).toBe(
      'PrivateEndpointCreationNotAllowedAsSubnetIsDelegated',
    )
  })
})

test('a network is linked to one private zone of a name', async () => {
  const network = idOf('Microsoft.Network/virtualNetworks', await freshNetwork())
  const other = groupId.replace('/rg', '/rg2')
  await arm.put(other, { location: 'swedencentral' })
  const zones = [groupId, other].map(
    (group) => `${group}/providers/Microsoft.Network/privateDnsZones/privatelink.example.net`,
  )
  const outcomes: string[] = []
  for (const zone of zones) {
    await arm.put(zone, { location: 'global' })
    outcomes.push(
      await arm.refusal(`${zone}/virtualNetworkLinks/link`, {
        location: 'global',
        properties: { virtualNetwork: { id: network } },
      }),
    )
  }
  expect(outcomes).toEqual(['accepted', 'Conflict'])
  expect(await refused(arm.engine.remove(zones[0] ?? '', callerOfOwner()))).toBe('CannotDeleteResource')
})

const callerOfOwner = () => ({ tenantId: '', objectId: owner, kind: 'User' as const, audience: arm.url })
