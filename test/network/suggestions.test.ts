import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { contains, networkAt } from '../../src/cidr.ts'
import { type PlanningProblem, planSubnets, type Shortage } from '../../src/network/planner/planner.ts'
import { problems } from './problems.ts'

describe('A shortage', () => {
  test('has true suggestions: each alone makes everything fit', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(problems, (problem) => {
        const shortage = planSubnets(problem)
        fc.pre(shortage.kind === 'shortage')
        for (const suggestion of shortage.suggestions) {
          seen.add(suggestion.kind)
          expect(planSubnets(applySuggestion(problem, suggestion)).kind).toBe('plan')
        }
      }),
      { numRuns: 500 },
    )
    expect([...seen].sort()).toEqual(['add-prefix', 'release', 'resize'])
  })

  test('has no suggestion that removes a subnet in use', () => {
    fc.assert(
      fc.property(problems, fc.infiniteStream(fc.boolean()), (problem, drawn) => {
        const inUse = problem.taken.filter(() => drawn.next().value)
        const shortage = planSubnets({ ...problem, inUse })
        fc.pre(shortage.kind === 'shortage')
        const removed = shortage.suggestions.flatMap((suggestion) =>
          suggestion.kind === 'release' ? suggestion.subnets : [],
        )
        for (const used of inUse) expect(removed).not.toContainEqual(used)
      }),
    )
  })

  test('names ranges as in the way exactly when everything fits without them', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const shortage = planSubnets(problem)
        fc.pre(shortage.kind === 'shortage')
        const requests = problem.requests.map(({ key, prefixLength }) => ({ key, prefixLength }))
        const fits = planSubnets({ ...problem, requests }).kind === 'plan'
        expect(shortage.inTheWay.length > 0).toBe(fits)
      }),
    )
  })
})

function applySuggestion(
  problem: PlanningProblem,
  suggestion: Shortage['suggestions'][number],
): PlanningProblem {
  switch (suggestion.kind) {
    case 'add-prefix':
      return {
        ...problem,
        prefixes: [...problem.prefixes, networkAt(100 * 2 ** 24, suggestion.prefixLength)],
      }
    case 'release':
      return {
        ...problem,
        taken: problem.taken.filter((subnet) => !suggestion.subnets.some((gone) => contains(gone, subnet))),
      }
    case 'resize': {
      const sizes = new Map(suggestion.subnets.map(({ key, prefixLength }) => [key, prefixLength]))
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
