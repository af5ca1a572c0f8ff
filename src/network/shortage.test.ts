import { expect, test } from '@jest/globals'
import { subnetRules } from '../catalog/facts/subnet-rules.ts'
import { cidr } from '../cidr.ts'
import { allocateSubnets } from './allocation.ts'
import { planSubnets } from './planner/planner.ts'
import type { OwnSubnetRequest, SubnetRequest } from './requested-subnets.ts'
import { shortageError } from './shortage.ts'
import type { ActualNetwork } from './vnet.ts'

const network: ActualNetwork = {
  id: '',
  name: 'v',
  addressPrefixes: ['172.30.0.0/16'],
  subnets: [],
}

const message = (requests: readonly { key: string; prefixLength: number; forbidden: string[] }[]): string => {
  const shortage = planSubnets({
    prefixes: network.addressPrefixes.map(cidr),
    taken: [],
    reserved: [],
    requests: requests.map(({ forbidden, ...request }) => ({ ...request, forbidden: forbidden.map(cidr) })),
  })
  if (shortage.kind === 'plan') throw new Error('There is no shortage.')
  const named = requests.map(
    ({ key, prefixLength }): SubnetRequest<string> => ({
      kind: 'own',
      key,
      name: `snt-${key}`,
      prefixLength,
      delegation: '',
    }),
  )
  return shortageError(shortage, network, named).message
}

test('A subnet whose service does not support the free ranges does not fit, and a new prefix must not be one of them', () => {
  const forbidden = ['169.254.0.0/16', '172.30.0.0/16']
  expect(message([{ key: 'agents', prefixLength: 24, forbidden }])).toBe(
    "VNet 'v' does not have enough free address space for subnet 'snt-agents' (/24). Nothing was planned. " +
      'The largest free block is 172.30.0.0/16; 65536 addresses are free in one block. ' +
      'All would fit if not for 172.30.0.0/16, which its service does not support. ' +
      'Add an address prefix of at least /24 outside 169.254.0.0/16 and 172.30.0.0/16 to the VNet.',
  )
})

test('A subnet that fits nowhere at all is not said to be in the wrong place', () => {
  expect(message([{ key: 'agents', prefixLength: 15, forbidden: ['172.30.0.0/24'] }])).not.toContain(
    'but for',
  )
})

const many = (count: number, prefixLength: number): Parameters<typeof message>[0] =>
  Array.from({ length: count }, (_, index) => ({
    key: String(index).padStart(4, '0'),
    prefixLength,
    forbidden: [],
  }))

test('Of thousands of subnets that do not fit fifty are named, and the others counted', () => {
  const text = message(many(3_000, 24))
  expect(text).toContain("'snt-0305' (/24) and 2694 more.")
  expect(text.length).toBeLessThan(4_000)
})

test('When more is asked for than IPv4 has, no single change helps', () => {
  expect(message(many(3, 1))).toMatch(/in one block\. Request fewer or smaller subnets\.$/)
})

test('A new prefix for a service that works only in some ranges is one of these', () => {
  const agents: OwnSubnetRequest<string> = {
    kind: 'own',
    key: 'agents',
    name: 'agents',
    prefixLength: 24,
    delegation: '',
    rule: subnetRules.foundryAgents,
  }
  const search = {
    network: { ...network, addressPrefixes: ['20.0.0.0/16'] },
    reserved: [],
    requests: [agents],
  }
  const found = allocateSubnets(search)
  if (found.kind === 'allocation') throw new Error('There is no shortage.')
  expect(shortageError(found.shortage, search.network, search.requests).message).toContain(
    'Add an address prefix of at least /24 inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 to the VNet.',
  )
})
