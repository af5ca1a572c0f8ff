import { describe, expect, test } from '@jest/globals'
import { cidr, formatCidr } from '../cidr.ts'
import {
  type AddressConstraints,
  addressWarnings,
  blockedRanges,
  fullyBlockedError,
  misplacedWarnings,
} from './blocked-ranges.ts'
import type { ActualNetwork, Peering } from './vnet.ts'

const vnet = (addressPrefixes: string[], peerings: Peering[] = []): ActualNetwork => ({
  id: '',
  name: 'v',
  addressPrefixes,
  subnets: [],
  peerings,
})
const hub: Peering = {
  name: 'to-hub',
  remoteId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/hub',
  remoteAddressPrefixes: ['172.16.8.0/22', 'fd00::/56'],
  state: 'Connected',
}
const where = { file: 'factory.yml', line: 24, column: 7 }
const nothing: AddressConstraints = { reserved: [] }
const blocked = (network: ActualNetwork, constraints: AddressConstraints) =>
  blockedRanges(network, constraints).map((range) => `${formatCidr(range.cidr)}: ${range.because}`)

describe('No subnet is put on', () => {
  test('what is reserved, what a peered VNet has, and what Azure keeps for itself', () => {
    expect(
      blocked(vnet(['172.16.0.0/16', '169.254.0.0/24'], [hub]), {
        reserved: [{ cidr: cidr('172.16.0.0/24') }],
      }),
    ).toEqual([
      '172.16.0.0/24: it is reserved',
      "172.16.8.0/22: it belongs to the peered VNet 'hub'",
      '169.254.0.0/16: it is for link-local addresses',
    ])
  })

  test('what lies outside the VNet is not spoken of', () => {
    expect(blocked(vnet(['10.1.0.0/16'], [hub]), { reserved: [{ cidr: cidr('192.168.0.0/16') }] })).toEqual(
      [],
    )
  })

  test('a range that only a larger one of the VNet holds is blocked as it is', () => {
    expect(blocked(vnet(['172.16.0.0/30']), { reserved: [{ cidr: cidr('172.16.0.0/12') }] })).toEqual([
      '172.16.0.0/12: it is reserved',
    ])
  })

  test('the other environments, when their VNets are to be peered', () => {
    const others = [{ environment: 'stage', addressSpace: ['172.16.0.0/16', 'fd00::/56'] }] as const
    expect(blocked(vnet(['172.16.0.0/16']), { reserved: [], others, accessMode: 'private-peered' })).toEqual([
      '172.16.0.0/16: it belongs to the VNet of stage, with which this one is to be peered',
    ])
    expect(blocked(vnet(['172.16.0.0/16']), { reserved: [], others, accessMode: 'private-vpn' })).toEqual([])
  })
})

describe('A warning', () => {
  test('is not given for a VNet beside everything, nor for a reserved range inside it', () => {
    const constraints: AddressConstraints = {
      reserved: [{ cidr: cidr('10.1.3.0/24') }, { cidr: cidr('10.0.0.0/16') }],
      others: [{ environment: 'stage', addressSpace: ['10.2.0.0/16'] }],
      accessMode: 'private-peered',
    }
    expect(addressWarnings(vnet(['10.1.0.0/16', 'fd00::/56'], [hub]), constraints)).toEqual([])
  })

  test('is given for a reserved range that covers a whole prefix, with its line', () => {
    expect(
      addressWarnings(vnet(['172.20.0.0/16', '10.1.0.0/16']), {
        reserved: [{ cidr: cidr('172.16.0.0/12'), where }],
      }),
    ).toEqual([
      "The reserved range 172.16.0.0/12 (factory.yml:24) covers all of 172.20.0.0/16 of VNet 'v', so no subnet is placed there. If that is not intended, reserve a smaller range.",
    ])
  })

  test.each([
    [
      'the peered VNet',
      vnet(['172.16.8.0/23'], [hub]),
      nothing,
      "'hub' has 172.16.8.0/22, which overlaps 172.16.8.0/23 of VNet 'v'.",
    ],
    [
      'another environment',
      vnet(['10.1.0.0/16']),
      {
        reserved: [],
        others: [{ environment: 'prod', addressSpace: ['10.0.0.0/8'] }],
        accessMode: 'private-peered',
      } satisfies AddressConstraints,
      "The VNet of prod has 10.0.0.0/8, which overlaps 10.1.0.0/16 of VNet 'v'.",
    ],
    [
      'Docker',
      vnet(['172.16.0.0/12']),
      nothing,
      "172.16.0.0/12 of VNet 'v' overlaps 172.17.0.0/16, the bridge of Docker.",
    ],
    [
      'Kubernetes',
      vnet(['10.0.4.0/22']),
      nothing,
      "10.0.4.0/22 of VNet 'v' overlaps 10.0.0.0/16, the default service range",
    ],
  ])('names both ranges when the VNet overlaps %s', (_what, network, constraints, text) => {
    const warnings = addressWarnings(network, constraints)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(text)
    expect(warnings[0]).toContain('https://learn.microsoft.com/')
  })

  test('says nothing of a range of Docker that is reserved', () => {
    expect(addressWarnings(vnet(['172.16.0.0/12']), { reserved: [{ cidr: cidr('172.17.0.0/16') }] })).toEqual(
      [],
    )
  })

  test.each([
    ['Initiated', 'private-peered', 1],
    ['Disconnected', 'private-peered', 1],
    ['Connected', 'private-peered', 0],
    ['Initiated', 'private-vpn', 0],
  ] as const)('a peering that is %s in access mode %s: %i', (state, accessMode, count) => {
    const network = vnet(['10.1.0.0/16'], [{ ...hub, state }])
    expect(addressWarnings(network, { reserved: [], accessMode })).toHaveLength(count)
  })
})

test('A described subnet outside the VNet, or partly outside it, is reported as a mistake', () => {
  const subnets = [
    { id: '', name: 'inside', addressPrefixes: ['10.1.3.0/24', 'fd00::/64'] },
    { id: '', name: 'outside', addressPrefixes: ['10.2.0.0/24'] },
    { id: '', name: 'larger', addressPrefixes: ['10.0.0.0/8'] },
  ]
  expect(addressWarnings({ ...vnet(['10.1.0.0/16', 'fd00::/56']), subnets }, nothing)).toEqual([
    "Not inside the address prefixes of VNet 'v': 'outside' (10.2.0.0/24), 'larger' (10.0.0.0/8). A subnet is always inside one prefix, so either its addresses or the prefixes are wrong. Correct them, or leave out the subnets of other VNets.",
  ])
})

describe('A VNet without a range for subnets', () => {
  test('is an error at the line of what covers it', () => {
    const network = vnet(['172.16.0.0/16', '172.20.0.0/16'])
    const error = fullyBlockedError(
      network,
      blockedRanges(network, { reserved: [{ cidr: cidr('172.16.0.0/12'), where }] }),
    )
    expect(error?.message).toBe(
      "factory.yml:24:7: Subnets cannot be placed anywhere in VNet 'v' (172.16.0.0/16, 172.20.0.0/16). Nothing was planned. " +
        'All of it must stay free: 172.16.0.0/12 (factory.yml:24), because it is reserved. ' +
        'Reserve a smaller range, or add an address prefix outside it to the VNet.',
    )
  })

  test('is not fixed by reducing a range that Azure reserves', () => {
    const network = vnet(['127.0.0.0/16'])
    expect(fullyBlockedError(network, blockedRanges(network, nothing))?.parts.fix).toBe(
      'Add an address prefix outside it to the VNet.',
    )
  })

  test('has nothing to do with one that is only partly covered', () => {
    const network = vnet(['172.16.0.0/16', '10.1.0.0/16'])
    expect(
      fullyBlockedError(network, blockedRanges(network, { reserved: [{ cidr: cidr('172.16.0.0/16') }] })),
    ).toBeUndefined()
  })
})

test('A subnet in a range that must stay free is reported, one beside it is not', () => {
  const ranges = blockedRanges(vnet(['10.1.0.0/16']), { reserved: [{ cidr: cidr('10.1.3.0/24'), where }] })
  const subnets = [
    { name: 'on', addressPrefix: '10.1.3.64/26' },
    { name: 'beside', addressPrefix: '10.1.4.0/26' },
    { name: 'undecided', addressPrefix: '' },
  ]
  expect(misplacedWarnings(subnets, ranges)).toEqual([
    "Subnet 'on' has 10.1.3.64/26, but 10.1.3.0/24 (factory.yml:24) must stay free of subnets, because it is reserved.",
  ])
})
