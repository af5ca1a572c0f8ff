/** What stands around networks, judged by Microsoft's own client: security groups, route tables, network interfaces. */

import type { NetworkInterface, Route, SecurityRule } from '@azure/arm-network'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { ask } from './testing/asking.ts'
import {
  callerOf,
  idOf,
  newestVersion,
  owner,
  refused,
  type ServedArm,
  serveArm,
} from './testing/served-arm.ts'

const here = { location: 'swedencentral' }
let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm()
})
afterAll(() => arm.close())

let count = 0
let name = ''
let subnet = ''
beforeEach(async () => {
  name = `n${++count}`
  subnet = `${idOf('Microsoft.Network/virtualNetworks', name)}/subnets/one`
  await arm.network.virtualNetworks.createOrUpdate('rg', name, {
    ...here,
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [{ name: 'one', addressPrefix: '10.0.0.0/29' }],
  })
})

describe('a network security group', () => {
  const rule: SecurityRule = {
    name: 'rule',
    priority: 100,
    direction: 'Inbound',
    access: 'Allow',
    protocol: 'Tcp',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '443',
  }
  const withRules = (...securityRules: SecurityRule[]) =>
    refused(
      Promise.resolve(
        arm.network.networkSecurityGroups.createOrUpdate('rg', name, { ...here, securityRules }),
      ),
    )

  test('has six default rules, in the group, in a list, and each by itself', async () => {
    await withRules(rule)
    const group = await arm.network.networkSecurityGroups.get('rg', name)
    const shown = group.defaultSecurityRules?.map((one) => [
      one.name,
      one.priority,
      one.direction,
      one.access,
    ])
    expect(shown).toEqual([
      ['AllowVnetInBound', 65_000, 'Inbound', 'Allow'],
      ['AllowAzureLoadBalancerInBound', 65_001, 'Inbound', 'Allow'],
      ['DenyAllInBound', 65_500, 'Inbound', 'Deny'],
      ['AllowVnetOutBound', 65_000, 'Outbound', 'Allow'],
      ['AllowInternetOutBound', 65_001, 'Outbound', 'Allow'],
      ['DenyAllOutBound', 65_500, 'Outbound', 'Deny'],
    ])
    const listed: unknown[] = []
    for await (const one of arm.network.defaultSecurityRules.list('rg', name)) listed.push(one.name)
    expect(listed).toEqual(shown?.map(([one]) => one))
    expect(await arm.network.defaultSecurityRules.get('rg', name, 'DenyAllInBound')).toMatchObject({
      access: 'Deny',
      sourceAddressPrefix: '*',
    })
    expect(group.securityRules?.map((one) => one.name)).toEqual(['rule'])
  })

  test.each<[Partial<SecurityRule>, string]>([
    [{ destinationPortRange: '70000' }, 'SecurityRuleInvalidPortRange'],
    [{ destinationPortRange: '90-80' }, 'SecurityRuleInvalidPortRange'],
    [{ destinationPortRange: '636, 389' }, 'SecurityRuleInvalidPortRange'],
    [{ destinationPortRange: '80-90' }, 'accepted'],
    [{ destinationPortRange: '', destinationPortRanges: ['80', '90-95'] }, 'accepted'],
    [{ destinationPortRanges: ['80'] }, 'SecurityRuleParametersConflict'],
    [{ destinationPortRange: '' }, 'SecurityRuleParameterMissing'],
    [{ sourceAddressPrefix: '' }, 'SecurityRuleParameterMissing'],
    [{ sourceAddressPrefix: '10.0.0.300' }, 'SecurityRuleInvalidAddressPrefix'],
    [{ sourceAddressPrefix: '50.206.209.68/27' }, 'SecurityRuleInvalidAddressPrefix'],
    [{ sourceAddressPrefix: '50.206.209.64/27' }, 'accepted'],
    [{ sourceAddressPrefix: 'AzureKeyVault.SwedenCentral' }, 'accepted'],
    [{ sourceAddressPrefix: 'AzureKeyVault.region' }, 'SecurityRuleInvalidAddressPrefix'],
    [{ sourceAddressPrefix: 'NoSuchService' }, 'SecurityRuleInvalidAddressPrefix'],
    [
      { sourceAddressPrefix: '', sourceAddressPrefixes: ['10.0.0.0/8', 'VirtualNetwork'] },
      'SecurityRuleParameterContainsUnsupportedValue',
    ],
  ])('with a rule that says %j: %s', async (more, outcome) => {
    expect(await withRules({ ...rule, ...more })).toBe(outcome)
  })

  test('takes a rule by itself only beside those that it has', async () => {
    await withRules(rule)
    const add = (added: SecurityRule) =>
      refused(Promise.resolve(arm.network.securityRules.createOrUpdate('rg', name, 'other', added)))
    const other = { ...rule, name: 'other' }
    expect(await add(other)).toBe('SecurityRuleConflict')
    expect(await add({ ...other, direction: 'Outbound' })).toBe('accepted')
    expect((await arm.network.networkSecurityGroups.get('rg', name)).securityRules).toHaveLength(2)
  })
})

test('the subnet of Azure Bastion takes a security group only with the rules that Bastion needs', async () => {
  const traffic = [
    ['Inbound', 'Internet', ['443']],
    ['Inbound', 'GatewayManager', ['443']],
    ['Inbound', 'AzureLoadBalancer', ['443']],
    ['Inbound', 'VirtualNetwork', ['8080', '5701']],
    ['Outbound', 'VirtualNetwork', ['22', '3389']],
    ['Outbound', 'AzureCloud', ['443']],
    ['Outbound', 'VirtualNetwork', ['5700-8090']],
    ['Outbound', 'Internet', ['80']],
  ] as const
  const securityRules = traffic.map(([direction, peer, destinationPortRanges], index) => ({
    name: `rule-${index}`,
    priority: 100 + index,
    direction,
    access: 'Allow',
    protocol: '*',
    sourcePortRange: '*',
    sourceAddressPrefix: direction === 'Inbound' ? peer : '*',
    destinationAddressPrefix: direction === 'Inbound' ? '*' : peer,
    destinationPortRanges: [...destinationPortRanges],
  }))
  const network = idOf('Microsoft.Network/virtualNetworks', 'vnet-bastion')
  await arm.put(network, { ...here, properties: { addressSpace: { addressPrefixes: ['10.77.0.0/16'] } } })
  const group = idOf('Microsoft.Network/networkSecurityGroups', 'nsg-bastion')
  const subnet = { addressPrefix: '10.77.0.0/26', networkSecurityGroup: { id: group } }
  const withRules = async (rules: readonly SecurityRule[]) => {
    await arm.network.networkSecurityGroups.createOrUpdate('rg', 'nsg-bastion', {
      ...here,
      securityRules: [...rules],
    })
    return arm.refusal(`${network}/subnets/AzureBastionSubnet`, { properties: subnet })
  }
  for (const left of securityRules)
    expect(await withRules(securityRules.filter((one) => one !== left))).toBe(
      'NetworkSecurityGroupNotCompliantForAzureBastionSubnet',
    )
  expect(await withRules(securityRules)).toBe('accepted')
})

describe('a route table', () => {
  const route: Route = {
    name: 'r',
    addressPrefix: '0.0.0.0/0',
    nextHopType: 'VirtualAppliance',
    nextHopIpAddress: '10.9.0.4',
  }
  test.each<[Partial<Route>[], string]>([
    [[{}], 'accepted'],
    [[{ nextHopType: 'Internet', nextHopIpAddress: '' }], 'accepted'],
    [[{ addressPrefix: 'AzureMonitor', nextHopType: 'Internet', nextHopIpAddress: '' }], 'accepted'],
    [[{ nextHopIpAddress: '' }], 'InvalidNextHopIpAddress'],
    [[{ nextHopType: 'Internet' }], 'InvalidNextHopIpAddress'],
    [[{ nextHopIpAddress: '10.9.0.0/24' }], 'InvalidNextHopIpAddress'],
    [[{ addressPrefix: '10.0.0.5/24' }], 'InvalidCIDRNotation'],
    [[{}, { name: 's' }], 'RouteConflict'],
  ])('with routes %j: %s', async (routes, outcome) => {
    const table = { ...here, routes: routes.map((more) => ({ ...route, ...more })) }
    expect(await refused(Promise.resolve(arm.network.routeTables.createOrUpdate('rg', name, table)))).toBe(
      outcome,
    )
  })

  test('shows routes that are written by themselves, and where it is in use', async () => {
    const table = await arm.network.routeTables.createOrUpdate('rg', name, here)
    await arm.network.routes.createOrUpdate('rg', name, 'r', route)
    await arm.network.subnets.createOrUpdate('rg', name, 'one', {
      addressPrefix: '10.0.0.0/29',
      routeTable: { id: table.id ?? '' },
    })
    expect(await arm.network.routeTables.get('rg', name)).toMatchObject({
      routes: [{ name: 'r' }],
      subnets: [{ id: subnet }],
    })
  })
})

test('a network names as many free addresses as there are, five at most', async () => {
  const path = `${idOf('Microsoft.Network/virtualNetworks', name)}/checkIPAddressAvailability?ipAddress=10.0.0.4&api-version=2024-05-01`
  const offered = async () => (await ask(arm, 'GET', path)).body['availableIPAddresses']
  const take = (nic: string) =>
    arm.network.networkInterfaces.createOrUpdate('rg', nic, {
      ...here,
      ipConfigurations: [{ name: 'ip', subnet: { id: subnet } }],
    })
  await take(`${name}-1`)
  expect(await offered()).toEqual(['10.0.0.5', '10.0.0.6'])
  for (const nic of ['2', '3']) await take(`${name}-${nic}`)
  expect(await offered()).toEqual([])
})

describe('a network interface', () => {
  const make = (nic: string, address: NonNullable<NetworkInterface['ipConfigurations']>[number] = {}) =>
    arm.network.networkInterfaces.createOrUpdate('rg', nic, {
      ...here,
      ipConfigurations: [{ name: 'ip', subnet: { id: subnet }, ...address }],
    })
  const fixed = (privateIPAddress?: string) =>
    refused(
      Promise.resolve(
        make(`${name}-fixed`, {
          privateIPAllocationMethod: 'Static',
          ...(privateIPAddress === undefined ? {} : { privateIPAddress }),
        }),
      ),
    )
  const addressOf = (made: NetworkInterface) =>
    made.ipConfigurations?.map(({ privateIPAddress }) => privateIPAddress)

  test('gets the next free address of its subnet, keeps it, and gives it back', async () => {
    expect(addressOf(await make(`${name}-a`))).toEqual(['10.0.0.4'])
    expect(addressOf(await make(`${name}-b`))).toEqual(['10.0.0.5'])
    expect(addressOf(await make(`${name}-a`))).toEqual(['10.0.0.4'])
    await arm.network.networkInterfaces.delete('rg', `${name}-a`)
    expect(addressOf(await make(`${name}-c`))).toEqual(['10.0.0.4'])
    const shown = (await arm.network.subnets.get('rg', name, 'one')).ipConfigurations?.map(({ id }) => id)
    expect(shown?.map((id) => id?.split('/').slice(-3).join('/')).sort()).toEqual([
      `${name}-b/ipConfigurations/ip`,
      `${name}-c/ipConfigurations/ip`,
    ])
  })

  test('is refused when its subnet has no address left', async () => {
    for (const nic of ['a', 'b', 'c']) await make(`${name}-${nic}`)
    expect(await refused(Promise.resolve(make(`${name}-d`)))).toBe('SubnetIsFull')
  })

  test('gets an address that it asks for when that is in the subnet and free', async () => {
    await make(`${name}-a`)
    expect(await fixed('10.0.0.4')).toBe('PrivateIPAddressIsAllocated')
    expect(await fixed('10.0.0.3')).toBe('PrivateIPAddressInReservedRange')
    expect(await fixed('10.0.0.7')).toBe('PrivateIPAddressInReservedRange')
    expect(await fixed('10.0.1.4')).toBe('PrivateIPAddressNotInSubnet')
    expect(await fixed()).toBe('PrivateIPAddressMissing')
    expect(await fixed('10.0.0.6')).toBe('accepted')
    expect(addressOf(await make(`${name}-b`))).toEqual(['10.0.0.5'])
  })
})

describe('a public address', () => {
  const make = (sku: string | undefined, publicIPAllocationMethod = 'Static') =>
    refused(
      Promise.resolve(
        arm.network.publicIPAddresses.createOrUpdate('rg', name, {
          ...here,
          ...(sku === undefined ? {} : { sku: { name: sku } }),
          publicIPAllocationMethod,
        }),
      ),
    )

  test.each([
    ['Standard', 'Static', 'accepted'],
    ['Standard', 'Dynamic', 'StandardSkuPublicIPAddressesMustBeStatic'],
    ['Basic', 'Dynamic', 'IPv4BasicSkuPublicIpCountLimitReached'],
    [undefined, 'Static', 'IPv4BasicSkuPublicIpCountLimitReached'],
  ])('of SKU %s that is %s: %s', async (sku, method, outcome) => {
    expect(await make(sku, method)).toBe(outcome)
  })

  test('serves one NAT gateway, which serves subnets, and each is deleted after what uses it', async () => {
    await make('Standard')
    const address = await arm.network.publicIPAddresses.get('rg', name)
    expect(address.ipAddress).toMatch(/^20\.\d+\.\d+\.\d+$/)
    const gateway = (gatewayName: string) =>
      arm.network.natGateways.createOrUpdate('rg', gatewayName, {
        ...here,
        sku: { name: 'Standard' },
        publicIpAddresses: [{ id: address.id ?? '' }],
      })
    const made = await gateway(name)
    expect(await refused(Promise.resolve(gateway(`${name}-2`)))).toBe('PublicIPAddressInUse')
    const subnetWith = (natGateway: object) =>
      arm.network.subnets.createOrUpdate('rg', name, 'one', { addressPrefix: '10.0.0.0/29', ...natGateway })
    await subnetWith({ natGateway: { id: made.id ?? '' } })
    expect(await arm.network.natGateways.get('rg', name)).toMatchObject({ subnets: [{ id: subnet }] })
    const deleteGateway = () => refused(Promise.resolve(arm.network.natGateways.delete('rg', name)))
    const deleteAddress = () => refused(Promise.resolve(arm.network.publicIPAddresses.delete('rg', name)))
    expect(await deleteAddress()).toBe('PublicIPAddressCannotBeDeleted')
    expect(await deleteGateway()).toBe('InUseNatGatewayCannotBeDeleted')
    await subnetWith({})
    expect([await deleteGateway(), await deleteAddress()]).toEqual(['accepted', 'accepted'])
  })
})

test('what is sent again shows no change', async () => {
  const address = '10.9.0.4'
  const bodies = {
    networkSecurityGroups: {
      securityRules: [
        {
          name: 'r',
          properties: {
            priority: 100,
            direction: 'Inbound',
            access: 'Allow',
            protocol: '*',
            sourceAddressPrefix: '*',
            sourcePortRange: '*',
            destinationAddressPrefix: '*',
            destinationPortRange: '*',
          },
        },
      ],
    },
    routeTables: {
      routes: [
        {
          name: 'r',
          properties: {
            addressPrefix: '0.0.0.0/0',
            nextHopType: 'VirtualAppliance',
            nextHopIpAddress: address,
          },
        },
      ],
    },
    networkInterfaces: { ipConfigurations: [{ name: 'ip', properties: { subnet: { id: subnet } } }] },
  }
  for (const [type, properties] of Object.entries(bodies)) {
    const id = idOf(`Microsoft.Network/${type}`, `${name}-again`)
    await arm.put(id, { ...here, properties })
    expect(
      arm.engine.startPreview()(id, newestVersion(id), { ...here, properties }, callerOf(owner, arm.url)),
    ).toEqual(arm.engine.get(id))
  }
})
