import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { cidr } from '../../src/cidr.ts'
import type { AddressSpace } from '../../src/network/planner/free-blocks.ts'
import { countFits, type PlanRequest } from '../../src/network/planner/placement.ts'
import { planSubnets } from '../../src/network/planner/planner.ts'
import { problems } from './problems.ts'

/** Plans until there is a shortage, and takes what was planned each time. */
function planAgainAndAgain(space: AddressSpace, requests: readonly PlanRequest[]): number {
  const taken = [...space.taken]
  for (let count = 0; ; count += 1) {
    const plan = planSubnets({ ...space, taken, requests })
    if (plan.kind === 'shortage') return count
    taken.push(...plan.subnets.map((subnet) => subnet.cidr))
  }
}

describe('How often a set of requests fits', () => {
  test('is as often as it can be planned, one after the other', () => {
    fc.assert(
      fc.property(problems, ({ requests, ...space }) => {
        expect(countFits(space, requests)).toBe(planAgainAndAgain(space, requests))
      }),
      { numRuns: 150 },
    )
  })

  test('is not more than it is asked for, and without requests just that', () => {
    const space = { prefixes: [cidr('10.0.0.0/8')], taken: [], reserved: [] }
    expect(countFits(space, [{ key: 'a', prefixLength: 29 }], 999)).toBe(999)
    expect(countFits(space, [], 999)).toBe(999)
  })
})
