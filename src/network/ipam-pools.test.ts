import { describe, expect, test } from '@jest/globals'
import { choosePool, poolAction, poolFindings } from './ipam-pools.ts'
import type { SubnetRequest } from './requested-subnets.ts'
import type { ActualNetwork, AddressPool } from './vnet.ts'

const pool = (id: string, ...allocatedPrefixes: string[]): AddressPool => ({ id, allocatedPrefixes })
const vnet = (pools: AddressPool[], ...taken: string[]): ActualNetwork => ({
  id: '/v',
  name: 'v',
  addressPrefixes: pools.flatMap(({ allocatedPrefixes }) => allocatedPrefixes),
  subnets: taken.map((prefix, index) => ({ id: '', name: `taken${index}`, addressPrefixes: [prefix] })),
  pools,
})
const wanted = (prefixLength: number): SubnetRequest => ({
  kind: 'own',
  key: 'genai',
  name: 'snt-genai',
  prefixLength,
  delegation: '',
})

describe('Of several pools', () => {
  const [a, b] = [pool('/A', '10.1.0.0/24'), pool('/b', '10.2.0.0/24')]

  test('the first by name is asked, whatever the order they are listed in', () => {
    expect(choosePool(vnet([b, a]), [wanted(25)])).toBe(a)
    expect(choosePool(vnet([a, b]), [wanted(25)])).toBe(a)
  })

  test('the one with enough free is used', () => {
    expect(choosePool(vnet([a, b], '10.1.0.0/25', '10.1.0.192/26'), [wanted(25)])).toBe(b)
  })

  test('the first is used when none seems to have enough: Azure decides', () => {
    expect(choosePool(vnet([a, b], '10.1.0.0/25', '10.2.0.0/25'), [wanted(24)])).toBe(a)
  })

  test('one that gave only IPv6 is not asked', () => {
    expect(choosePool(vnet([pool('/0', 'fd00::/64'), b]), [wanted(25)])).toBe(b)
  })
})

test.each([
  [
    'has no pool',
    vnet([]),
    "The addresses of VNet 'v' do not come from an IPAM pool of Azure Virtual Network Manager",
  ],
  [
    'has one for IPv6 only',
    vnet([pool('/0', 'fd00::/64')]),
    "The IPv4 addresses of VNet 'v' do not come from an IPAM pool",
  ],
])('A VNet that %s cannot ask one', (_what, network, message) => {
  expect(() => choosePool(network, [wanted(25)])).toThrow(message)
  expect(() => choosePool(network, [wanted(25)])).toThrow("Leave the input 'allocation' out")
})

describe('What is reported about a pool', () => {
  const network = vnet([pool('/p', '10.1.0.0/24')])
  const access = (allowed: boolean | undefined) => [{ poolId: '/p', clientId: 'c', allowed }]

  test('is that it manages the addresses, when a planner chooses them beside it', () => {
    const { warnings, refusal } = poolFindings(network, access(true), false)
    expect(warnings).toEqual([
      `The addresses of VNet 'v' are managed by the pool /p. Creating subnets there needs ${poolAction} on it (role IPAM Pool User). With the input 'allocation' set to 'pool', the pool allocates the addresses.`,
    ])
    expect(refusal).toBeUndefined()
  })

  test('is nothing when it is asked and may be', () => {
    expect(poolFindings(network, access(true), true)).toEqual({ warnings: [] })
  })

  test('names the identity, the missing action, the pool and the role that has it', () => {
    const { warnings, refusal } = poolFindings(network, access(false), true)
    expect(refusal?.message).toBe(
      `The identity c may not create subnets in VNet 'v'. The addresses of the VNet come from the pool /p, and the identity lacks ${poolAction} on it. ` +
        'Assign it the role \'IPAM Pool User\' on the pool: az role assignment create --assignee c --role "IPAM Pool User" --scope /p ' +
        'More: https://learn.microsoft.com/azure/virtual-network-manager/concept-ip-address-management',
    )
    expect(warnings).toEqual([refusal?.message])
  })

  test('is no refusal when it cannot be seen', () => {
    const { warnings, refusal } = poolFindings(network, access(undefined), true)
    expect(warnings).toEqual([
      `Could not check whether the identity c may use the pool /p. It needs ${poolAction} on it.`,
    ])
    expect(refusal).toBeUndefined()
  })
})
