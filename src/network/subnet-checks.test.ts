import { describe, expect, test } from '@jest/globals'
import { subnetRules } from '../catalog/facts/subnet-rules.ts'
import type { SubnetRule } from '../catalog/types.ts'
import type { SubnetRequest } from './requested-subnets.ts'
import { checkSubnet } from './subnet-checks.ts'
import type { ActualSubnet } from './vnet.ts'

const rule: SubnetRule = {
  ...subnetRules.foundryAgents,
  title: 'Agents',
  smallest: { prefixLength: 27, because: 'they share it', source: 'https://small' },
  recommended: { prefixLength: 24, because: 'peaks take more', source: 'https://large' },
  onlyIn: { ranges: ['10.0.0.0/8', '172.16.0.0/12'], because: 'they know no other', source: 'https://only' },
  forbidden: [{ range: '10.9.0.0/16', because: 'the service has it', source: 'https://not' }],
  avoided: [
    { range: '172.17.0.0/16', because: "it is the range of Docker's bridge", source: 'https://docker' },
  ],
  networkSecurityGroup: 'required',
}
const home = { resourceGroupId: '/subscriptions/s/resourceGroups/prj001' }
const where = { file: 'prj001.yml', line: 9, column: 3 }
const byo: SubnetRequest = {
  kind: 'byo',
  key: 'aca2',
  id: '/v/subnets/agents',
  delegation: 'Microsoft.App/environments',
  rule,
  where,
}
const own: SubnetRequest = {
  kind: 'own',
  key: 'aca2',
  name: 'agents',
  prefixLength: 24,
  smallestPrefixLength: 27,
  delegation: 'Microsoft.App/environments',
  rule,
}
const right: ActualSubnet = {
  id: '/v/subnets/agents',
  name: 'agents',
  addressPrefixes: ['fd00::/64', '10.1.0.0/24'],
  delegations: ['Microsoft.App/environments'],
  networkSecurityGroupId: '/nsg',
  occupants: [],
}
const check = (existing: Partial<ActualSubnet>, request: SubnetRequest = byo) => {
  const { faults, warnings } = checkSubnet(request, { ...right, ...existing }, home)
  return {
    faults: faults.map(({ what, why }) => [what, why].filter((part) => part !== undefined).join(' ')),
    warnings,
  }
}
const account = (group: string) => ({
  kind: 'service' as const,
  id: `/subscriptions/s/resourceGroups/${group}/providers/Microsoft.CognitiveServices/accounts/foundry`,
})
const endpoint = { kind: 'private endpoint', id: '/pe/endpoint' } as const
const hidden = { kind: 'service', id: 'Microsoft.App/environments' } as const

describe('A subnet that is as its service needs it', () => {
  test.each([byo, own])('has no findings: $kind', (request) => {
    expect(check({}, request)).toEqual({ faults: [], warnings: [] })
  })

  test('may be in use by the account of this project, on a second run', () => {
    expect(check({ occupants: [account('PRJ001')] })).toEqual({ faults: [], warnings: [] })
  })
})

describe('A bring-your-own subnet is refused', () => {
  test.each<[string, Partial<ActualSubnet>, string]>([
    [
      'not delegated',
      { delegations: [] },
      "Subnet 'agents' exists and is not delegated, but its purpose needs",
    ],
    [
      'delegated in other letters',
      { delegations: ['Microsoft.app/environments'] },
      'The two differ only in upper and lower case.',
    ],
    [
      'too small',
      { addressPrefixes: ['10.1.0.0/28'] },
      "Subnet 'agents' is /28, which is too small for: Agents. The smallest subnet that works is a /27, because they share it.",
    ],
    [
      'without IPv4',
      { addressPrefixes: ['fd00::/64'] },
      "Subnet 'agents' exists but has no IPv4 address prefix.",
    ],
    [
      'of undecided addresses',
      { addressPrefixes: [] },
      "Subnet 'agents' exists but has no IPv4 address prefix.",
    ],
    [
      'outside the ranges of its service',
      { addressPrefixes: ['100.64.0.0/24'] },
      'They work only in 10.0.0.0/8, 172.16.0.0/12, because they know no other.',
    ],
    [
      'in a range its service refuses',
      { addressPrefixes: ['10.9.1.0/24'] },
      "Subnet 'agents' has 10.9.1.0/24, where Agents do not work. It overlaps 10.9.0.0/16: the service has it.",
    ],
    [
      'with the account of another project',
      { occupants: [account('prj002')] },
      `Subnet 'agents' is in use by ${account('prj002').id}, which does not belong to this project. It can be used by one Foundry account only.`,
    ],
    [
      'with the account of a project whose name begins alike',
      { occupants: [account('prj001-b')] },
      `Subnet 'agents' is in use by ${account('prj001-b').id}, which`,
    ],
    [
      'with private endpoints',
      { occupants: [endpoint] },
      "Subnet 'agents' contains private endpoints: /pe/endpoint.",
    ],
    [
      'without the network security group it needs',
      { networkSecurityGroupId: undefined },
      "Subnet 'agents' has no network security group, which Agents require.",
    ],
  ])('%s', (_what, existing, message) => {
    const { faults } = check(existing)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(message)
  })

  test.each([
    [
      'too small for what this project puts into it',
      {
        ...byo,
        smallest: { prefixLength: 23, because: 'this project has more', source: 'https://count' },
      },
      'too small for: Agents. The smallest subnet that works is a /23, because this project has more.',
    ],
    [
      'larger than its service takes',
      { ...byo, rule: { ...rule, largest: { ...rule.smallest, because: 'it takes no more' } } },
      'too large for: Agents. The largest subnet that works is a /27, because it takes no more.',
    ],
  ])('%s', (_what, request, message) => {
    expect(check({}, request).faults).toEqual([expect.stringContaining(message)])
  })

  test('with one when its service takes none', () => {
    const request = { ...byo, rule: { ...rule, networkSecurityGroup: 'refused' } as const }
    expect(check({}, request).faults).toEqual([
      "Subnet 'agents' has a network security group, which Agents do not support.",
    ])
  })

  test('for everything at once, each with the place to change', () => {
    const { faults } = checkSubnet(
      byo,
      { ...right, addressPrefixes: ['10.9.0.0/28'], delegations: [], occupants: [endpoint] },
      home,
    )
    expect(faults.map(({ where: place }) => place)).toEqual([where, where, where, where])
  })
})

describe('A warning says', () => {
  test.each<[string, Partial<ActualSubnet>, SubnetRequest, string]>([
    [
      'that a bring-your-own one is smaller than recommended',
      { addressPrefixes: ['10.1.0.0/26'] },
      byo,
      "Subnet 'agents' is /26. Microsoft recommends a /24 or larger for Agents, because peaks take more.",
    ],
    [
      "that one of the project's own is",
      { addressPrefixes: ['10.1.0.0/26'] },
      own,
      "Subnet 'agents' is a /26, but a /24 was requested. It is kept, because Azure resizes only empty subnets. Microsoft recommends a /24 or larger for Agents, because peaks take more.",
    ],
    [
      'what a range clashes with',
      { addressPrefixes: ['172.17.1.0/24'] },
      own,
      "Subnet 'agents' (172.17.1.0/24) overlaps 172.17.0.0/16: it is the range of Docker's bridge. More: https://docker",
    ],
    [
      'that Azure hides the owner of something in a bring-your-own one',
      { occupants: [hidden] },
      byo,
      "Subnet 'agents' is in use by Microsoft.App/environments, and Azure does not report the owner. If it does not belong to this project, the deployment fails: the subnet can be used by one Foundry account only.",
    ],
    [
      'that nothing filters the traffic of a bring-your-own one',
      { networkSecurityGroupId: undefined },
      { ...byo, rule: { ...rule, networkSecurityGroup: 'allowed' } },
      "Subnet 'agents' has no network security group, so its traffic is not filtered. It is a bring-your-own subnet and left unchanged.",
    ],
  ])('%s', (_what, existing, request, message) => {
    expect(check(existing, request)).toEqual({ faults: [], warnings: [message] })
  })

  test('nothing about a size that was requested: that was reported when the subnet was planned', () => {
    const request = { ...own, prefixLength: 26 }
    expect(check({ addressPrefixes: ['10.1.0.0/26'] }, request)).toEqual({ faults: [], warnings: [] })
  })
})

describe('Something that Azure hides in a bring-your-own subnet', () => {
  const findings = (usedSubnetIds: string[]) =>
    checkSubnet(byo, { ...right, occupants: [hidden] }, { ...home, usedSubnetIds })

  test("is the project's own when its account is in that subnet", () => {
    expect(findings(['/V/subnets/AGENTS'])).toEqual({ faults: [], warnings: [] })
  })

  test("is somebody else's when the project's account is not", () => {
    expect(findings(['/v/subnets/other']).faults.map(({ what }) => what)).toEqual([
      "Subnet 'agents' is in use by Microsoft.App/environments, which does not belong to this project.",
    ])
  })
})

describe("A subnet of the project's own", () => {
  test('gets its network security group with the next delivery, and is known by its tags', () => {
    expect(check({ networkSecurityGroupId: undefined, occupants: [hidden] }, own)).toEqual({
      faults: [],
      warnings: [],
    })
  })

  test('is refused all the same when the account of another project is in it', () => {
    expect(check({ occupants: [account('prj002')] }, own).faults).toHaveLength(1)
  })
})
