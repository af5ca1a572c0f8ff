import fc from 'fast-check'
import { type Cidr, cidr, overlaps, sizeOf } from '../../src/cidr.ts'
import type { PlanRequest } from '../../src/network/planner/placement.ts'
import type { PlanningProblem } from '../../src/network/planner/planner.ts'

/** A VNet of sixteen /28 blocks, small enough to try everything. */
const vnet = cidr('10.0.0.0/24')
const unit = 28
const units = 16

const unitsOf = (prefixLength: number): number => sizeOf(prefixLength) / sizeOf(unit)

const networksOf = (prefixLength: number): readonly Cidr[] =>
  Array.from({ length: units / unitsOf(prefixLength) }, (_, index) => ({
    first: vnet.first + index * sizeOf(prefixLength),
    prefixLength,
  }))

const anyNetwork = fc.constantFrom(...[25, 26, 27, 28].flatMap(networksOf))

const sizes = fc.array(fc.integer({ min: 25, max: 28 }), { minLength: 1, maxLength: 5 })

const taken = fc.array(fc.constantFrom(...[26, 27, 28].flatMap(networksOf)), { maxLength: 4 })

/** Requests that may go anywhere. */
export const unrestrictedSmall: fc.Arbitrary<PlanningProblem> = fc
  .record({ taken, sizes })
  .map(({ taken: subnets, sizes: lengths }) => ({
    prefixes: [vnet],
    taken: subnets,
    reserved: [],
    requests: lengths.map((prefixLength, index) => ({ key: `subnet${index}`, prefixLength })),
  }))

/** Each request must not touch, and avoids, the first few of some ranges: of two, one may go wherever the other may. */
export const nestedSmall: fc.Arbitrary<PlanningProblem> = unrestrictedSmall.chain((problem) =>
  fc
    .record({
      ranges: fc.array(anyNetwork, { minLength: 1, maxLength: 4 }),
      counts: fc.tuple(...problem.requests.map(() => fc.tuple(fc.nat(4), fc.nat(4)))),
    })
    .map(({ ranges, counts }) => ({
      ...problem,
      requests: problem.requests.map((request, index): PlanRequest => {
        const [forbidden = 0, avoided = 0] = counts[index] ?? []
        return { ...request, forbidden: ranges.slice(0, forbidden), avoided: ranges.slice(0, avoided) }
      }),
    })),
)

/** Each request has ranges of its own. */
export const crossingSmall: fc.Arbitrary<PlanningProblem> = unrestrictedSmall.chain((problem) => {
  const ranges = fc.array(anyNetwork, { maxLength: 3 })
  return fc
    .tuple(
      ...problem.requests.map((request) =>
        fc.record({ forbidden: ranges, avoided: ranges, request: fc.constant(request) }),
      ),
    )
    .map((requests) => ({
      ...problem,
      requests: requests.map(({ request, forbidden, avoided }) => ({ ...request, forbidden, avoided })),
    }))
})

/** The units of a network as bits. */
const bitsOf = ({ first, prefixLength }: Cidr): number => {
  const count = Math.max(1, unitsOf(prefixLength))
  return (2 ** count - 1) << Math.floor((first - vnet.first) / sizeOf(unit))
}

const usedIn = ({ taken: subnets, reserved }: PlanningProblem): number =>
  [...subnets, ...reserved].reduce((used, network) => used | bitsOf(network), 0)

/** Which units are used after each way there is to place all requests, found by trying all. Empty when there is none. */
export function everyOutcome(problem: PlanningProblem): ReadonlySet<number> {
  let outcomes = new Set([usedIn(problem)])
  for (const { prefixLength, forbidden = [] } of problem.requests) {
    const allowed = networksOf(prefixLength).filter(
      (network) => !forbidden.some((range) => overlaps(range, network)),
    )
    const next = new Set<number>()
    for (const used of outcomes) {
      for (const bits of allowed.map(bitsOf)) if ((used & bits) === 0) next.add(used | bits)
    }
    outcomes = next
  }
  return outcomes
}

/** How many networks of each size from /24 to /28 could still be placed, the largest size first. */
export const roomLeft = (used: number): readonly number[] =>
  [24, 25, 26, 27, 28].map(
    (prefixLength) => networksOf(prefixLength).filter((network) => (bitsOf(network) & used) === 0).length,
  )

/** Which units are used when these networks have been placed. */
export const usedAfter = (problem: PlanningProblem, placed: readonly Cidr[]): number =>
  placed.reduce((used, network) => used | bitsOf(network), usedIn(problem))
