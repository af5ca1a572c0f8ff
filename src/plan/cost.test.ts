import { describe, expect, test } from '@jest/globals'
import { type CostEstimate, type CostItem, costDetails, costReasons, costSentence } from './cost.ts'

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

  test('says what makes the price, the most first, and what the rest is', () => {
    const item = (kind: string, amount: number): CostItem => ({ kind, name: '', meter: '', after: amount })
    const items = [item('Microsoft.A/a', 3), item('B/b', 5), item('B/b', 5), item('C/c', 1), item('D/d', 0.9)]
    const reasons = { ...estimate, after: 14.9, items }
    expect(costReasons(reasons)).toBe(
      'That is $10 for 2 × B/b, $3 for 1 × A/a, $1 for 1 × C/c, $1 for the rest.',
    )
    expect(costReasons({ ...reasons, items: items.slice(1, 3) })).toBe('')
    expect(costReasons(reasons, () => 'thing')).toContain('$10 for 2 × thing')
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
