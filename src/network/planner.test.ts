import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type Cidr,
  cidr,
  compareCidrs,
  contains,
  endOf,
  formatCidr,
  networkAt,
  overlaps,
  sizeOf,
} from '../cidr.ts'
import { planSubnets } from './planner.ts'
import type { PlanningProblem, PlanRequest, Shortage } from './planning.ts'

const networkIn = (minimum: number, maximum: number): fc.Arbitrary<Cidr> =>
  fc
    .record({
      // A small corner of the address space, so that things meet.
      address: fc.integer({ min: 10 * 2 ** 24, max: 10 * 2 ** 24 + 2 ** 14 }),
      prefixLength: fc.integer({ min: minimum, max: maximum }),
    })
    .map(({ address, prefixLength }) => networkAt(address, prefixLength))

const requestsOf = (minimum: number, maximum: number): fc.Arbitrary<PlanRequest[]> =>
  fc
    .array(fc.integer({ min: minimum, max: maximum }), { minLength: 1, maxLength: 8 })
    .map((lengths) => lengths.map((prefixLength, index) => ({ key: `subnet${index}`, prefixLength })))

const problems: fc.Arbitrary<PlanningProblem> = fc.record({
  prefixes: fc.array(networkIn(18, 24), { minLength: 1, maxLength: 4 }),
  taken: fc.array(networkIn(22, 29), { maxLength: 20 }),
  reserved: fc.array(networkIn(20, 27), { maxLength: 3 }),
  requests: requestsOf(21, 29),
})

const shuffled = <T>(items: readonly T[]): fc.Arbitrary<T[]> =>
  fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length })

/** Tries the requests as they come, each at the lowest aligned address that is free. */
function firstFit({ prefixes, taken, reserved, requests }: PlanningProblem): boolean {
  const used = [...taken, ...reserved]
  return requests.every(({ prefixLength }) => {
    for (const prefix of [...prefixes].sort(compareCidrs)) {
      for (
        let first = prefix.first;
        first + sizeOf(prefixLength) <= endOf(prefix);
        first += sizeOf(prefixLength)
      ) {
        const candidate = { first, prefixLength }
        if (used.some((network) => overlaps(network, candidate))) continue
        used.push(candidate)
        return true
      }
    }
    return false
  })
}

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
  test('places every request once, in its size, aligned, inside one prefix, and touches nothing', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const plan = planSubnets(problem)
        fc.pre(plan.kind === 'plan')
        const sizes = new Map(plan.subnets.map(({ key, cidr: { prefixLength } }) => [key, prefixLength]))
        expect(sizes).toEqual(new Map(problem.requests.map(({ key, prefixLength }) => [key, prefixLength])))
        const obstacles = [...problem.taken, ...problem.reserved]
        for (const { cidr: placed } of plan.subnets) {
          expect(placed.first % sizeOf(placed.prefixLength)).toBe(0)
          expect(problem.prefixes.some((prefix) => contains(prefix, placed))).toBe(true)
          expect(obstacles.some((obstacle) => overlaps(obstacle, placed))).toBe(false)
          obstacles.push(placed)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('does not depend on the order of any list', () => {
    const shuffles = problems.chain((problem) =>
      fc.record({
        problem: fc.constant(problem),
        other: fc.record({
          prefixes: shuffled(problem.prefixes),
          taken: shuffled(problem.taken),
          reserved: shuffled(problem.reserved),
          requests: shuffled(problem.requests),
        }),
      }),
    )
    fc.assert(
      fc.property(shuffles, ({ problem, other }) => {
        expect(planSubnets(other)).toEqual(planSubnets(problem))
      }),
    )
  })

  test('is found whenever first fit finds one, on a thousand random VNets', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        fc.pre(firstFit(problem))
        expect(planSubnets(problem).kind).toBe('plan')
      }),
      { numRuns: 1000 },
    )
  })

  test('fills holes to the last address when the requests are exactly what is free', () => {
    const cut = (block: Cidr, depths: readonly number[]): Cidr[] =>
      depths.reduce<Cidr[]>(
        (parts, depth) => {
          const index = depth % parts.length
          const part = parts[index]
          if (part === undefined || part.prefixLength >= 29) return parts
          const half = part.prefixLength + 1
          return parts.toSpliced(
            index,
            1,
            { first: part.first, prefixLength: half },
            { first: part.first + sizeOf(half), prefixLength: half },
          )
        },
        [block],
      )
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 20 }), fc.func(fc.boolean()), (depths, isTaken) => {
        const parts = cut(cidr('10.0.0.0/22'), depths)
        const holes = parts.filter((part) => !isTaken(part.first))
        const plan = planSubnets({
          prefixes: [cidr('10.0.0.0/22')],
          taken: parts.filter((part) => isTaken(part.first)),
          reserved: [],
          requests: holes.map(({ prefixLength }, index) => ({ key: `hole${index}`, prefixLength })),
        })
        expect(plan.kind).toBe('plan')
      }),
    )
  })

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

describe('A shortage', () => {
  test('names every subnet that did not fit, what is free, and each way out', () => {
    const taken = ['10.0.0.0/26', '10.0.0.192/26', '10.0.1.0/24']
    expect(drawn(vnet(['10.0.0.0/23'], taken, { aca2: 25, genai: 26, web: 26 }))).toEqual({
      kind: 'shortage',
      missing: [{ key: 'aca2', prefixLength: 25 }],
      largestFree: cidr('10.0.0.64/26'),
      largestLeft: undefined,
      free: 128,
      blocks: 2,
      inTheWay: [],
      remedies: [
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
      remedies: [{ kind: 'resize', subnets: [{ key: 'aca2', prefixLength: 26 }] }, { kind: 'add-prefix' }],
    })
    expect(shortage('10.0.0.0/28')).toMatchObject({ remedies: [{ kind: 'add-prefix', prefixLength: 24 }] })
  })

  test('ends at once when the request is larger than the VNet', () => {
    expect(drawn(vnet(['10.0.0.0/24'], [], { a: 8 }))).toMatchObject({
      kind: 'shortage',
      largestFree: cidr('10.0.0.0/24'),
    })
  })

  test('is honest: each remedy alone makes everything fit', () => {
    let remedies = 0
    fc.assert(
      fc.property(problems, (problem) => {
        const shortage = planSubnets(problem)
        fc.pre(shortage.kind === 'shortage')
        for (const remedy of shortage.remedies) {
          remedies += 1
          expect(planSubnets(remedied(problem, remedy)).kind).toBe('plan')
        }
      }),
      { numRuns: 500 },
    )
    expect(remedies).toBeGreaterThan(100)
  })
})

function remedied(problem: PlanningProblem, remedy: Shortage['remedies'][number]): PlanningProblem {
  switch (remedy.kind) {
    case 'add-prefix':
      return { ...problem, prefixes: [...problem.prefixes, networkAt(100 * 2 ** 24, remedy.prefixLength)] }
    case 'release':
      return {
        ...problem,
        taken: problem.taken.filter((subnet) => !remedy.subnets.some((gone) => contains(gone, subnet))),
      }
    case 'resize': {
      const sizes = new Map(remedy.subnets.map(({ key, prefixLength }) => [key, prefixLength]))
      return {
        ...problem,
        requests: problem.requests.map((request) => ({
          ...request,
          prefixLength: sizes.get(request.key) ?? request.prefixLength,
        })),
      }
    }
  }
}
