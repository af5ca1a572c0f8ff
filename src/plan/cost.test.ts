import { describe, expect, test } from '@jest/globals'
import { type CostEstimate, costDetails, costSentence } from './cost.ts'

const estimate: CostEstimate = {
  currency: 'USD',
  pricesOf: '2026-11-29',
  region: 'Sweden Central',
  before: 100,
  after: 1_350.5,
  items: [
    {
      kind: 'cheap',
      name: 'a',
      meter: '1 unit',
      before: 100,
      after: 100,
      source: 'https://prices.example/a',
    },
    {
      kind: 'dear',
      name: 'b',
      meter: '2 units',
      after: 1_250.5,
      plus: 'tokens',
      source: 'javascript:alert(1)',
    },
  ],
  notEstimated: ['Microsoft.Other/things'],
}

describe('the estimate of a cost', () => {
  test('says before, after and the difference, and what is not in it', () => {
    expect(costSentence(estimate)).toBe(
      'Estimated cost per month: $100 → $1,351 (+$1,251), plus usage, without what has no price here (1).',
    )
    expect(costSentence({ ...estimate, before: 1_350.4, items: [], notEstimated: [] })).toBe(
      'Estimated cost per month: $1,351.',
    )
    expect(costSentence({ ...estimate, before: 2_000, items: [], notEstimated: [] })).toContain('(−$649)')
  })

  test('shows what changes most first, is marked as an estimate, and links to prices only', () => {
    const text = costDetails(estimate)
    expect(text.indexOf('| dear |')).toBeLessThan(text.indexOf('| cheap |'))
    expect(text).toContain(
      'An estimate, not a quotation: list prices in US dollars for Sweden Central of 2026-11-29',
    )
    expect(text).toContain('Not estimated: Microsoft.Other/things.')
    expect(text).toContain('<https://prices.example/a>')
    expect(text).not.toContain('javascript')
  })
})
