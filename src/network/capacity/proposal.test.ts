import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { cidr, contains, formatCidr, overlaps, sizeOf } from '../../cidr.ts'
import { environments, type ProjectType, projectTypes } from '../../vocabulary.ts'
import { planSubnets } from '../planner/planner.ts'
import type { ProjectDemand } from './forecast.ts'
import { limits } from './limits.ts'
import { commonSubnets, type Proposal, type ProposalRequest, prefixLengthsFor, propose } from './proposal.ts'

const takes = {
  subnets: 2,
  privateEndpoints: 9,
  roleAssignments: 10,
  deploymentStacks: 1,
  resourceGroups: 1,
  lakeEntries: 0,
  projectNumbers: 1,
}

const demand = (type: ProjectType, change: Partial<ProjectDemand> = {}): ProjectDemand => ({
  type,
  profile: 'standard',
  subnets: [
    { key: 'genai', prefixLength: 25 },
    { key: 'aca2', prefixLength: 24 },
  ],
  takes,
  ...change,
})

const request = (change: Partial<ProposalRequest> = {}): ProposalRequest => ({
  profile: 'standard',
  projects: { 'genai-1': 20 },
  demands: { esml: demand('esml'), 'genai-1': demand('genai-1'), all: demand('all') },
  reserved: [],
  ...change,
})

const spaces = ({ networks = [] }: Proposal): readonly string[] =>
  networks.map(({ instance, environment, addressSpace }) =>
    [instance, environment, ...addressSpace.map(formatCidr)].join(' '),
  )

/** Everything that is to go into one of the proposed VNets. */
const needs = ({ perInstance }: Proposal, { demands }: ProposalRequest) => [
  ...commonSubnets.map(({ name, prefixLength }) => ({ key: name, prefixLength })),
  ...perInstance.flatMap(({ type, count }) =>
    Array.from({ length: count }, (_, index) =>
      demands[type].subnets.map((subnet) => ({ ...subnet, key: `${type}-${index}-${subnet.key}` })),
    ).flat(),
  ),
]

const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(cidr)
const usedInside = ['10.0.0.0/16', '172.17.0.0/16'].map(cidr)

describe('Address spaces before there is a VNet', () => {
  test('fit a quarter more than is requested, and the common area', () => {
    const proposal = propose(request())
    expect(proposal.projects).toEqual([{ type: 'genai-1', count: 25 }])
    expect(proposal.addresses).toBe(25 * 384 + 416)
    expect(proposal.prefixLengths).toEqual([19, 21])
    expect(spaces(proposal)).toEqual([
      '1 dev 172.16.0.0/19 172.16.32.0/21',
      '1 stage 172.16.64.0/19 172.16.40.0/21',
      '1 prod 172.16.96.0/19 172.16.48.0/21',
    ])
  })

  test('keep clear of what is reserved', () => {
    const proposal = propose(request({ reserved: [cidr('172.16.0.0/12'), cidr('10.0.0.0/9')] }))
    expect(spaces(proposal)[0]).toBe('1 dev 10.128.0.0/19 10.128.32.0/21')
  })

  test('keep clear of what a service refuses', () => {
    const subnets = [
      { key: 'aca2', prefixLength: 24, forbidden: [cidr('172.16.0.0/13')], avoided: [cidr('172.24.0.0/16')] },
    ]
    const demands = { ...request().demands, 'genai-1': demand('genai-1', { subnets }) }
    expect(spaces(propose(request({ demands })))[0]).toMatch(/^1 dev 172\.2[5-9]\./)
  })

  test('are for several instances when one VNet or subscription does not hold all', () => {
    const proposal = propose(request({ projects: { 'genai-1': 200 } }))
    expect(proposal.instances).toBe(3)
    expect(proposal.exceededLimits).toEqual([{ limit: 'privateEndpoints', needed: 2_260, max: 1_000 }])
    expect(proposal.perInstance).toEqual([{ type: 'genai-1', count: 84 }])
    expect(proposal.networks).toHaveLength(9)
  })

  test('are none when the private ranges are full', () => {
    const { networks, instances } = propose(request({ reserved: privateRanges }))
    expect([networks, instances]).toEqual([undefined, 1])
  })

  const anyRequest = fc
    .record({
      counts: fc.tuple(...projectTypes.map(() => fc.option(fc.integer({ min: 1, max: 150 })))),
      lengths: fc.tuple(
        ...projectTypes.map(() => fc.array(fc.integer({ min: 22, max: 28 }), { minLength: 1, maxLength: 3 })),
      ),
      reserved: fc.subarray([
        '172.16.0.0/13',
        '172.24.0.0/14',
        '10.0.0.0/10',
        '10.200.0.0/16',
        '192.168.0.0/17',
      ]),
    })
    .filter(({ counts }) => counts.some((count) => count !== null))
    .map(({ counts, lengths, reserved }): ProposalRequest => {
      const projects: Partial<Record<ProjectType, number>> = {}
      for (const [index, type] of projectTypes.entries()) {
        const count = counts[index]
        if (count !== null && count !== undefined) projects[type] = count
      }
      const sized = (type: ProjectType): ProjectDemand => {
        const own = lengths[projectTypes.indexOf(type)] ?? []
        const subnets = own.map((prefixLength, index) => ({ key: `s${index}`, prefixLength }))
        return demand(type, { subnets, takes: { ...takes, subnets: subnets.length } })
      }
      const demands = { esml: sized('esml'), 'genai-1': sized('genai-1'), all: sized('all') }
      return request({ projects, demands, reserved: reserved.map(cidr) })
    })

  test('fit all that is to go into them: the planner places every subnet', () => {
    fc.assert(
      fc.property(anyRequest, (asked) => {
        const proposal = propose(asked)
        for (const { addressSpace } of proposal.networks?.slice(0, 1) ?? []) {
          const plan = planSubnets({
            prefixes: addressSpace,
            taken: [],
            reserved: [],
            requests: needs(proposal, asked),
          })
          expect(plan.kind).toBe('plan')
        }
      }),
      { numRuns: 60 },
    )
  })

  test('are all of the same sizes, private, disjoint, and clear of everything else', () => {
    fc.assert(
      fc.property(anyRequest, (asked) => {
        const { networks = [], prefixLengths, instances } = propose(asked)
        if (networks.length === 0) return
        expect(networks).toHaveLength(instances * environments.length)
        const all = networks.flatMap(({ addressSpace }) => addressSpace)
        for (const { addressSpace } of networks) {
          expect(addressSpace.map(({ prefixLength }) => prefixLength)).toEqual(prefixLengths)
        }
        for (const [index, prefix] of all.entries()) {
          expect(privateRanges.some((range) => contains(range, prefix))).toBe(true)
          expect([...usedInside, ...asked.reserved].some((range) => overlaps(range, prefix))).toBe(false)
          expect(all.slice(index + 1).some((other) => overlaps(other, prefix))).toBe(false)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('leave no instance beyond a limit, and nobody out', () => {
    fc.assert(
      fc.property(anyRequest, (asked) => {
        const { perInstance, instances, exceededLimits, projects } = propose(asked)
        expect(instances > 1).toBe(exceededLimits.length > 0)
        const endpoints = perInstance.reduce((sum, { count }) => sum + count * takes.privateEndpoints, 0)
        expect(endpoints).toBeLessThanOrEqual(limits.privateEndpoints.max ?? 0)
        for (const [index, { type, count }] of projects.entries()) {
          expect((perInstance[index]?.count ?? 0) * instances).toBeGreaterThanOrEqual(count)
          expect(count).toBeGreaterThanOrEqual((asked.projects[type] ?? 0) * 1.25)
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('The size of a VNet', () => {
  test.each([
    [1, [24]],
    [256, [24]],
    [257, [23]],
    [65_536, [16]],
    [65_537, [16, 24]],
    [40_000, [17, 19]],
    [49_152, [17, 18]],
    [49_153, [16]],
  ])('for %i addresses is %j', (addresses, lengths) => {
    expect(prefixLengthsFor(addresses)).toEqual(lengths)
  })

  test('is enough, and no more than twice of what is needed above the smallest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 22 }), (addresses) => {
        const total = prefixLengthsFor(addresses).reduce((sum, prefixLength) => sum + sizeOf(prefixLength), 0)
        expect(total).toBeGreaterThanOrEqual(addresses)
        expect(total).toBeLessThan(Math.max(257, addresses * 2))
      }),
    )
  })
})
