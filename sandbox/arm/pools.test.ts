/** IPAM pools of Azure Virtual Network Manager, judged by Microsoft's own client. */
import type { IpamPoolPrefixAllocation } from '@azure/arm-network'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  groupId,
  idOf,
  refused,
  roleIds,
  type ServedArm,
  serveArm,
  stranger,
  subscription,
} from './testing/served-arm.ts'

const manager = idOf('Microsoft.Network/networkManagers', 'manager')
const poolId = (name: string) => `${manager}/ipamPools/${name}`

let arm: ServedArm
let count = 0
beforeAll(async () => {
  arm = await serveArm()
  await arm.network.networkManagers.createOrUpdate('rg', 'manager', {
    location: 'swedencentral',
    networkManagerScopes: { subscriptions: [`/subscriptions/${subscription}`] },
  })
})
afterAll(() => arm.close())

const makePool = (name: string, addressPrefixes: string[], parentPoolName = '') =>
  Promise.resolve(
    arm.network.ipamPools.create('rg', 'manager', name, {
      location: 'swedencentral',
      properties: { addressPrefixes, parentPoolName },
    }),
  )
/** A pool of its own for a test. */
const freshPool = async (prefix = '10.0.0.0/20') => {
  const name = `pool-${++count}`
  await makePool(name, [prefix])
  return name
}
const from = (pool: string, numberOfIpAddresses: string): IpamPoolPrefixAllocation => ({
  id: poolId(pool),
  numberOfIpAddresses,
})
const network = (name: string, ...ipamPoolPrefixAllocations: IpamPoolPrefixAllocation[]) =>
  Promise.resolve(
    arm.network.virtualNetworks.createOrUpdate('rg', name, {
      location: 'swedencentral',
      addressSpace: { ipamPoolPrefixAllocations },
    }),
  )
const subnet = (
  networkName: string,
  name: string,
  ...ipamPoolPrefixAllocations: IpamPoolPrefixAllocation[]
) =>
  Promise.resolve(arm.network.subnets.createOrUpdate('rg', networkName, name, { ipamPoolPrefixAllocations }))

describe('a network of a pool', () => {
  test('gets ranges that no other network of the pool has, and keeps them', async () => {
    const pool = await freshPool()
    const first = await network('pool-net-1', from(pool, '256'))
    expect(first.addressSpace).toEqual({
      addressPrefixes: ['10.0.0.0/24'],
      ipamPoolPrefixAllocations: [
        { id: poolId(pool), numberOfIpAddresses: '256', allocatedAddressPrefixes: ['10.0.0.0/24'] },
      ],
    })
    const second = await network('pool-net-2', from(pool, '1000'))
    expect(second.addressSpace?.addressPrefixes).toEqual(['10.0.4.0/22'])
    const again = await arm.network.virtualNetworks.createOrUpdate('rg', 'pool-net-2', second)
    expect(again.addressSpace).toEqual(second.addressSpace)
    const more = await network('pool-net-1', from(pool, '512'))
    expect(more.addressSpace?.addressPrefixes).toEqual(['10.0.0.0/24', '10.0.1.0/24'])
  })

  test('gets several ranges when the pool is fragmented, and none when it is full', async () => {
    const pool = await freshPool('10.1.0.0/24')
    for (const number of [1, 2, 3, 4]) await network(`pool-part-${number}`, from(pool, '64'))
    await arm.network.virtualNetworks.delete('rg', 'pool-part-1')
    await arm.network.virtualNetworks.delete('rg', 'pool-part-3')
    const whole = await network('pool-parts', from(pool, '128'))
    expect(whole.addressSpace?.addressPrefixes).toEqual(['10.1.0.0/26', '10.1.0.128/26'])
    expect(await refused(network('pool-too-many', from(pool, '8')))).toBe('IpamPoolInsufficientAddressSpace')
  })

  test('names one pool once, and no prefixes besides', async () => {
    const [pool, other] = [await freshPool(), await freshPool('10.2.0.0/20')]
    expect(await refused(network('mixed', from(pool, '64'), from(pool, '64')))).toBe(
      'CannotHaveDuplicatePoolIds',
    )
    expect(await refused(network('mixed', from(pool, '64'), from(other, '64')))).toBe(
      'OnlyOneAssociationOfEachIpTypeAllowed',
    )
    expect(await refused(network('mixed', from('none', '64')))).toBe('InvalidResourceReference')
    const mixed = arm.network.virtualNetworks.createOrUpdate('rg', 'mixed', {
      location: 'swedencentral',
      addressSpace: { addressPrefixes: ['10.9.0.0/24'], ipamPoolPrefixAllocations: [from(pool, '64')] },
    })
    expect(await refused(Promise.resolve(mixed))).toBe('CannotMixAddressPrefixAndPoolInPayload')
  })

  test('keeps its pool from being deleted', async () => {
    const pool = await freshPool()
    await network('pool-holder', from(pool, '64'))
    const remove = () => refused(Promise.resolve(arm.network.ipamPools.delete('rg', 'manager', pool)))
    expect(await remove()).toBe('ResourceInUse')
    await arm.network.virtualNetworks.delete('rg', 'pool-holder')
    expect(await remove()).toBe('accepted')
  })
})

describe('a subnet of a pool', () => {
  test('gets a range of what the pool gave its network', async () => {
    const pool = await freshPool()
    await network('pool-subnets', from(pool, '256'))
    await subnet('pool-subnets', 'one', from(pool, '32'))
    const two = await subnet('pool-subnets', 'two', from(pool, '64'))
    expect(two.addressPrefixes).toEqual(['10.0.0.64/26'])
    expect(two.ipamPoolPrefixAllocations).toEqual([
      { id: poolId(pool), numberOfIpAddresses: '64', allocatedAddressPrefixes: ['10.0.0.64/26'] },
    ])
    await arm.network.subnets.createOrUpdate('rg', 'pool-subnets', 'fixed', { addressPrefix: '10.0.0.32/27' })
    expect((await subnet('pool-subnets', 'three', from(pool, '32'))).addressPrefixes).toEqual([
      '10.0.0.128/27',
    ])
    expect(await refused(subnet('pool-subnets', 'four', from(pool, '256')))).toBe(
      'IpamPoolInsufficientAddressSpace',
    )
  })

  test('comes inside its network as well', async () => {
    const pool = await freshPool()
    const made = await arm.network.virtualNetworks.createOrUpdate('rg', 'pool-inline', {
      location: 'swedencentral',
      addressSpace: { ipamPoolPrefixAllocations: [from(pool, '256')] },
      subnets: ['one', 'two'].map((name) => ({ name, ipamPoolPrefixAllocations: [from(pool, '64')] })),
    })
    expect(made.subnets?.map(({ addressPrefixes }) => addressPrefixes)).toEqual([
      ['10.0.0.0/26'],
      ['10.0.0.64/26'],
    ])
  })

  test('names only pools of its network', async () => {
    const [pool, other] = [await freshPool(), await freshPool('10.2.0.0/20')]
    await network('pool-subset', from(pool, '256'))
    expect(await refused(subnet('pool-subset', 'one', from(other, '64')))).toBe(
      'SubnetPoolsMustBeSubsetOfVnetPools',
    )
  })
})

test('a pool below another one has its range for itself', async () => {
  await makePool('parent', ['10.64.0.0/16'])
  expect(await refused(makePool('child', ['10.65.0.0/24'], 'parent'))).toBe(
    'IpamPoolInsufficientAddressSpace',
  )
  const child = await makePool('child', ['10.64.0.0/24'], 'parent')
  expect(child.properties).toMatchObject({ ipAddressType: ['IPv4'], parentPoolName: 'parent' })
  expect(await refused(makePool('rival', ['10.64.0.0/25'], 'parent'))).toBe(
    'IpamPoolInsufficientAddressSpace',
  )
  expect((await network('beside', from('parent', '256'))).addressSpace?.addressPrefixes).toEqual([
    '10.64.1.0/24',
  ])
})

test('the usage of a pool can be read', async () => {
  const pool = await freshPool('10.7.0.0/24')
  await network('pool-usage', from(pool, '64'))
  expect(await arm.network.ipamPools.getPoolUsage('rg', 'manager', pool)).toMatchObject({
    addressPrefixes: ['10.7.0.0/24'],
    allocatedAddressPrefixes: ['10.7.0.0/26'],
    availableAddressPrefixes: ['10.7.0.64/26', '10.7.0.128/25'],
    totalNumberOfIPAddresses: '256',
    numberOfAllocatedIPAddresses: '64',
    numberOfAvailableIPAddresses: '192',
  })
})

test('taking from a pool needs a right on it, for the network and for each of its subnets', async () => {
  const [pool, landing] = [await freshPool(), groupId.replace('/rg', '/landing')]
  await arm.put(landing, { location: 'swedencentral' })
  const give = (scope: string, role: string) =>
    arm.put(`${scope}/providers/Microsoft.Authorization/roleAssignments/${role.replace(/^./, 'f')}`, {
      properties: {
        roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
        principalId: stranger,
        principalType: 'User',
      },
    })
  await give(landing, roleIds.contributor)
  const theirs = arm.as(stranger).network
  const makeNetwork = () =>
    Promise.resolve(
      theirs.virtualNetworks.createOrUpdate('landing', 'vnet', {
        location: 'swedencentral',
        addressSpace: { ipamPoolPrefixAllocations: [from(pool, '256')] },
      }),
    )
  await expect(makeNetwork()).rejects.toMatchObject({
    statusCode: 403,
    code: 'LinkedAuthorizationFailed',
    message: expect.stringContaining(
      `'Microsoft.Network/networkManagers/ipamPools/associateResourcesToPool/action' on the linked scope(s) '${poolId(pool)}'`,
    ),
  })
  await arm.network.virtualNetworks.createOrUpdate('landing', 'vnet', {
    location: 'swedencentral',
    addressSpace: { ipamPoolPrefixAllocations: [from(pool, '256')] },
  })
  const makeSubnet = (subnetOf: object) =>
    refused(Promise.resolve(theirs.subnets.createOrUpdate('landing', 'vnet', 'one', subnetOf)))
  const ofPool = { ipamPoolPrefixAllocations: [from(pool, '64')] }
  expect(await makeSubnet(ofPool)).toBe('LinkedAuthorizationFailed')
  expect(await makeSubnet({ addressPrefix: '10.0.0.0/26' })).toBe('LinkedAuthorizationFailed')
  await give(poolId(pool), '7b3e853f-ad5d-4fb5-a7b8-56a3581c7037')
  expect(await makeSubnet(ofPool)).toBe('accepted')
})
