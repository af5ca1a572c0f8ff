import fc from 'fast-check'
import { type Cidr, networkAt } from '../../src/cidr.ts'
import type { PlanRequest } from '../../src/network/planner/placement.ts'
import type { PlanningProblem } from '../../src/network/planner/planner.ts'

const corner = 10 * 2 ** 24

/** A network in a small corner of the address space, so that things meet. */
const networkIn = (minimum: number, maximum: number): fc.Arbitrary<Cidr> =>
  fc
    .record({
      address: fc.integer({ min: corner, max: corner + 2 ** 14 }),
      prefixLength: fc.integer({ min: minimum, max: maximum }),
    })
    .map(({ address, prefixLength }) => networkAt(address, prefixLength))

/** Requests that may go anywhere. */
const requestsOf = (minimum: number, maximum: number): fc.Arbitrary<PlanRequest[]> =>
  fc
    .array(fc.integer({ min: minimum, max: maximum }), { minLength: 1, maxLength: 8 })
    .map((lengths) => lengths.map((prefixLength, index) => ({ key: `subnet${index}`, prefixLength })))

/** VNets in use, and requests that may go anywhere. */
const unrestrictedProblems: fc.Arbitrary<PlanningProblem> = fc.record({
  prefixes: fc.array(networkIn(18, 24), { minLength: 1, maxLength: 4 }),
  taken: fc.array(networkIn(22, 29), { maxLength: 20 }),
  reserved: fc.array(networkIn(20, 27), { maxLength: 3 }),
  requests: requestsOf(21, 29),
})

/** Gives some of the requests some of four ranges to keep out of, or to avoid. */
const restrict = ({ requests, ...space }: PlanningProblem): fc.Arbitrary<PlanningProblem> =>
  fc
    .array(networkIn(17, 25), { minLength: 1, maxLength: 4 })
    .chain((ranges) => fc.tuple(...requests.map(() => fc.tuple(fc.subarray(ranges), fc.subarray(ranges)))))
    .map((choices) => ({
      ...space,
      requests: requests.map((request, index): PlanRequest => {
        const [forbidden, avoided] = choices[index] ?? []
        return {
          ...request,
          ...(forbidden?.length && { forbidden }),
          ...(avoided?.length && { avoided }),
        }
      }),
    }))

/** VNets in use, and requests of which some must not touch, or had better not touch, some ranges. */
const restrictedProblems: fc.Arbitrary<PlanningProblem> = unrestrictedProblems.chain(restrict)

/** Of either kind. */
export const problems: fc.Arbitrary<PlanningProblem> = fc.oneof(unrestrictedProblems, restrictedProblems)
