import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type Cidr,
  cidr,
  compareCidrs,
  contains,
  endOf,
  formatCidr,
  overlaps,
  sizeOf,
} from '../../src/cidr.ts'
import { allocateSubnets } from '../../src/network/allocation.ts'
import { type PlanningProblem, planSubnets, type SubnetPlan } from '../../src/network/planner/planner.ts'
import { problems } from './problems.ts'
import {
  crossingSmall,
  everyOutcome,
  nestedSmall,
  roomLeft,
  unrestrictedSmall,
  usedAfter,
} from './small-vnets.ts'

const shuffled = <T>(items: readonly T[]): fc.Arbitrary<T[]> =>
  fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length })

/** What holds for every plan; problems without one are passed over. */
const everyPlan = (
  check: (plan: SubnetPlan, problem: PlanningProblem) => void,
  numRuns = 1000,
  arbitrary = problems,
): void =>
  fc.assert(
    fc.property(arbitrary, (problem) => {
      const plan = planSubnets(problem)
      fc.pre(plan.kind === 'plan')
      check(plan, problem)
    }),
    { numRuns },
  )

/** Tries the requests as they come, each at the lowest aligned address that is free and allowed. */
function firstFit({ prefixes, taken, reserved, requests }: PlanningProblem): boolean {
  const used = [...taken, ...reserved]
  return requests.every(({ prefixLength, forbidden = [] }) => {
    for (const prefix of [...prefixes].sort(compareCidrs)) {
      for (
        let first = prefix.first;
        first + sizeOf(prefixLength) <= endOf(prefix);
        first += sizeOf(prefixLength)
      ) {
        const candidate = { first, prefixLength }
        if ([...used, ...forbidden].some((network) => overlaps(network, candidate))) continue
        used.push(candidate)
        return true
      }
    }
    return false
  })
}

describe('A plan', () => {
  test('has every request once, in its size, aligned', () => {
    everyPlan(({ subnets }, { requests }) => {
      const sizes = new Map(subnets.map(({ key, cidr: { prefixLength } }) => [key, prefixLength]))
      expect(subnets).toHaveLength(requests.length)
      expect(sizes).toEqual(new Map(requests.map(({ key, prefixLength }) => [key, prefixLength])))
      expect(subnets.every(({ cidr: { first, prefixLength } }) => first % sizeOf(prefixLength) === 0)).toBe(
        true,
      )
    })
  })

  test('never overlaps what is taken, what is reserved, or itself', () => {
    everyPlan(({ subnets }, { taken, reserved }) => {
      const obstacles = [...taken, ...reserved]
      for (const { cidr: placed } of subnets) {
        expect(obstacles.some((obstacle) => overlaps(obstacle, placed))).toBe(false)
        obstacles.push(placed)
      }
    })
  })

  test('never leaves the VNet', () => {
    everyPlan(({ subnets }, { prefixes }) => {
      for (const { cidr: placed } of subnets) {
        expect(prefixes.some((prefix) => contains(prefix, placed))).toBe(true)
      }
    })
  })

  test('never touches a range that is forbidden to a request, and names each avoided one that it touches', () => {
    everyPlan(({ subnets }, { requests }) => {
      for (const { key, cidr: placed, touches } of subnets) {
        const { forbidden = [], avoided = [] } = requests.find((request) => request.key === key) ?? {}
        expect(forbidden.some((range) => overlaps(range, placed))).toBe(false)
        expect(touches).toEqual(avoided.filter((range) => overlaps(range, placed)))
      }
    })
  })

  test('is stable under shuffling', () => {
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

  test('is optimal whenever the requests fill power-of-two holes exactly', () => {
    const cut = (block: Cidr, depths: readonly number[]): Cidr[] =>
      depths.reduce<Cidr[]>(
        (parts, depth) => {
          const index = depth % parts.length
          const part = parts[index]
          if (part === undefined || part.prefixLength >= 29) return parts
          const half = part.prefixLength + 1
          const upper = { first: part.first + sizeOf(half), prefixLength: half }
          return parts.toSpliced(index, 1, { first: part.first, prefixLength: half }, upper)
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

  test('is no worse than first fit on a thousand random VNets', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        fc.pre(firstFit(problem))
        expect(planSubnets(problem).kind).toBe('plan')
      }),
      { numRuns: 1000 },
    )
  })

  test('keeps the subnets that a project has, and plans only those that are missing', () => {
    fc.assert(
      fc.property(problems, fc.func(fc.boolean()), (problem, exists) => {
        const first = planSubnets(problem)
        fc.pre(first.kind === 'plan')
        const kept = first.subnets.filter(({ key }) => exists(key))
        const search = {
          network: {
            id: '',
            name: 'described',
            addressPrefixes: problem.prefixes.map(formatCidr),
            subnets: [
              ...problem.taken.map((network, index) => ({ name: `other${index}`, network })),
              ...kept.map(({ key, cidr: network }) => ({ name: key, network })),
            ].map(({ name, network }) => ({ id: '', name, addressPrefixes: [formatCidr(network)] })),
          },
          reserved: problem.reserved,
          requests: problem.requests.map(({ key, prefixLength }) => ({
            kind: 'own' as const,
            key,
            name: key,
            prefixLength,
            delegation: '',
          })),
        }
        const again = allocateSubnets(search)
        if (again.kind === 'shortage') throw new Error('What was placed does not fit.')
        for (const { key, cidr: network } of kept) {
          expect(again.subnets[key]).toMatchObject({ state: 'existing', addressPrefix: formatCidr(network) })
        }
        expect(again.planned).toHaveLength(problem.requests.length - kept.length)
      }),
    )
  })
})

describe('On VNets that are small enough to try everything', () => {
  test('nothing that fits is refused, and what is left is as much of every size as can be', () => {
    fc.assert(
      fc.property(unrestrictedSmall, (problem) => {
        const outcomes = [...everyOutcome(problem)]
        const plan = planSubnets(problem)
        expect(plan.kind).toBe(outcomes.length > 0 ? 'plan' : 'shortage')
        if (plan.kind === 'shortage') return
        const left = roomLeft(
          usedAfter(
            problem,
            plan.subnets.map((subnet) => subnet.cidr),
          ),
        )
        const most = outcomes
          .map(roomLeft)
          .reduce((a, b) => a.map((count, size) => Math.max(count, b[size] ?? 0)))
        expect(left).toEqual(most)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['nest', nestedSmall],
    ['cross', crossingSmall],
  ])('nothing that fits is refused when forbidden ranges %s', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (problem) => {
        expect(planSubnets(problem).kind).toBe(everyOutcome(problem).size > 0 ? 'plan' : 'shortage')
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['nest', nestedSmall],
    ['cross', crossingSmall],
  ])('no avoided range is touched that could be spared when ranges %s', (_, arbitrary) => {
    everyPlan(
      ({ subnets }, problem) => {
        for (const { key, touches } of subnets) {
          for (const spared of touches) {
            const requests = problem.requests.map((request) => {
              const { forbidden = [], avoided = [] } = request
              const touched = subnets.find((subnet) => subnet.key === request.key)?.touches ?? []
              const kept = avoided.filter(
                (range) => !touched.includes(range) || (request.key === key && range === spared),
              )
              return { ...request, forbidden: [...forbidden, ...kept] }
            })
            expect(everyOutcome({ ...problem, requests }).size).toBe(0)
          }
        }
      },
      1000,
      arbitrary,
    )
  })
})
