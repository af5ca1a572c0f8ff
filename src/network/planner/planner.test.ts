import { describe, expect, test } from '@jest/globals'
import { cidr, formatCidr } from '../../cidr.ts'
import type { PlanRequest } from './placement.ts'
import { type PlanningProblem, planSubnets, type Shortage } from './planner.ts'

/** A text drawing of a plan. */
const drawn = (problem: PlanningProblem): Record<string, string> | Shortage => {
  const plan = planSubnets(problem)
  return plan.kind === 'shortage'
    ? plan
    : Object.fromEntries(plan.subnets.map((subnet) => [subnet.key, formatCidr(subnet.cidr)]))
}

const vnet = (
  prefixes: string[],
  taken: string[],
  requests: Record<string, number>,
  reserved: string[] = [],
) => ({
  prefixes: prefixes.map(cidr),
  taken: taken.map(cidr),
  reserved: reserved.map(cidr),
  requests: Object.entries(requests).map(([key, prefixLength]) => ({ key, prefixLength })),
})

describe('A plan', () => {
  test('uses every prefix', () => {
    expect(drawn(vnet(['10.10.0.0/26', '10.20.0.0/26'], ['10.10.0.0/27'], { a: 26, b: 27 }))).toEqual({
      a: '10.20.0.0/26',
      b: '10.10.0.32/27',
    })
  })

  test('refills the gap before the highest subnet', () => {
    const taken = ['172.16.1.0/26', '172.16.250.0/24', '172.16.255.192/26']
    expect(drawn(vnet(['172.16.0.0/16'], taken, { genai: 25, aca2: 24 }))).toEqual({
      aca2: '172.16.0.0/24',
      genai: '172.16.1.128/25',
    })
  })

  test('takes the smallest hole that holds the subnet', () => {
    expect(drawn(vnet(['10.0.0.0/16'], ['10.0.0.0/24', '10.0.1.0/26', '10.0.1.128/25'], { a: 27 }))).toEqual({
      a: '10.0.1.64/27',
    })
  })

  test('crosses the border of an octet', () => {
    expect(
      drawn(vnet(['10.0.0.0/15'], ['10.0.0.0/17', '10.0.128.0/18', '10.0.192.0/18'], { a: 23 })),
    ).toEqual({
      a: '10.1.0.0/23',
    })
  })

  test('never lets a subnet span two adjoining prefixes', () => {
    expect(planSubnets(vnet(['10.0.0.0/25', '10.0.0.128/25'], [], { a: 24 })).kind).toBe('shortage')
  })

  test('respects a subnet that covers several prefixes, and a VNet without subnets', () => {
    const prefixes = ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']
    expect(drawn(vnet(prefixes, ['10.0.0.0/23'], { a: 24 }))).toEqual({ a: '10.0.2.0/24' })
    expect(drawn(vnet(['0.0.0.0/0'], [], { a: 24 }))).toEqual({ a: '0.0.0.0/24' })
    expect(drawn(vnet(['255.255.255.0/24'], ['255.255.255.0/25'], { a: 25 }))).toEqual({
      a: '255.255.255.128/25',
    })
  })
})

describe('A request that not every range suits', () => {
  const docker = cidr('172.17.0.0/16')
  const kubernetes = cidr('172.18.0.0/16')
  const prefixes = [docker, kubernetes]
  const plan = (requests: readonly PlanRequest[], taken: readonly string[] = []) =>
    planSubnets({ prefixes, taken: taken.map(cidr), reserved: [], requests })

  test('never gets a place in a forbidden range, and another goes where it must not', () => {
    const agents = { key: 'agents', prefixLength: 24, forbidden: [docker] }
    expect(plan([agents, { key: 'genai', prefixLength: 24 }])).toEqual({
      kind: 'plan',
      subnets: [
        { key: 'agents', cidr: cidr('172.18.0.0/24'), touches: [] },
        { key: 'genai', cidr: cidr('172.17.0.0/24'), touches: [] },
      ],
    })
  })

  test('gets one in an avoided range only when there is no other space, and the plan says so', () => {
    const cluster = { key: 'cluster', prefixLength: 17, avoided: [docker] }
    expect(plan([cluster])).toMatchObject({ subnets: [{ cidr: cidr('172.18.0.0/17'), touches: [] }] })
    expect(plan([cluster], ['172.18.0.0/24', '172.18.128.0/24'])).toMatchObject({
      subnets: [{ cidr: cidr('172.17.0.0/17'), touches: [docker] }],
    })
  })

  test('leaves a block that reaches over the edge of a range whole for one that may have all of it', () => {
    const requests = [
      { key: 'large', prefixLength: 24 },
      { key: 'agents', prefixLength: 25, forbidden: [cidr('10.0.0.0/25')] },
    ]
    const allocation = { prefixes: [cidr('10.0.0.0/24'), cidr('10.0.1.0/25')], taken: [], reserved: [] }
    expect(drawn({ ...allocation, requests })).toEqual({ large: '10.0.0.0/24', agents: '10.0.1.0/25' })
  })

  test('that is missing because of its ranges says so, and which ranges a new prefix has to keep out of', () => {
    expect(plan([{ key: 'agents', prefixLength: 24, forbidden: prefixes }])).toMatchObject({
      kind: 'shortage',
      inTheWay: prefixes,
      suggestions: [{ kind: 'add-prefix', prefixLength: 24, outside: prefixes }],
    })
    expect(plan([{ key: 'agents', prefixLength: 8, forbidden: [docker] }])).toMatchObject({ inTheWay: [] })
  })
})

describe('A shortage', () => {
  test('names every subnet that did not fit, what is free, and each suggestion', () => {
    const taken = ['10.0.0.0/26', '10.0.0.192/26', '10.0.1.0/24']
    expect(drawn(vnet(['10.0.0.0/23'], taken, { aca2: 25, genai: 26, web: 26 }))).toEqual({
      kind: 'shortage',
      missing: [{ key: 'aca2', prefixLength: 25 }],
      largestFree: cidr('10.0.0.64/26'),
      largestLeft: undefined,
      free: 128,
      blocks: 2,
      inTheWay: [],
      suggestions: [
        { kind: 'release', subnets: [cidr('10.0.1.0/24')] },
        { kind: 'add-prefix', prefixLength: 25, outside: [] },
      ],
    })
  })

  test('offers the largest sizes that fit, but none below what the service takes', () => {
    const requests = [{ key: 'aca2', prefixLength: 24, smallestPrefixLength: 27 }]
    const shortage = (prefix: string) =>
      planSubnets({ prefixes: [cidr(prefix)], taken: [], reserved: [], requests })
    expect(shortage('10.0.0.0/26')).toMatchObject({
      suggestions: [{ kind: 'resize', subnets: [{ key: 'aca2', prefixLength: 26 }] }, { kind: 'add-prefix' }],
    })
    expect(shortage('10.0.0.0/28')).toMatchObject({ suggestions: [{ kind: 'add-prefix', prefixLength: 24 }] })
  })

  test('ends at once when the request is larger than the VNet', () => {
    expect(drawn(vnet(['10.0.0.0/24'], [], { a: 8 }))).toMatchObject({
      kind: 'shortage',
      largestFree: cidr('10.0.0.0/24'),
    })
  })
})
