import { describe, expect, test } from '@jest/globals'
import { createFaults, type FaultRule, parseFaultRules } from './faults.ts'

const outcomes = (rule: FaultRule, requests: number): (string | undefined)[] => {
  const faults = createFaults([rule])
  return Array.from({ length: requests }, () => faults.strike('GET', '/x?y=1')?.outcome.kind)
}

describe('a rule', () => {
  test('strikes once unless it says how often', () => {
    expect(outcomes({ path: '/x', status: 503 }, 3)).toEqual(['answer', undefined, undefined])
    expect(outcomes({ path: '/x', status: 503, times: 2 }, 3)).toEqual(['answer', 'answer', undefined])
    expect(outcomes({ path: '/x', drop: true, times: 'always' }, 3)).toEqual(['drop', 'drop', 'drop'])
  })

  test('lets the first requests through when it says so', () => {
    expect(outcomes({ path: '/x', delay: 5, skip: 2 }, 4)).toEqual([undefined, undefined, 'pass', undefined])
  })

  test('compares the method, the path and the query, without regard to case', () => {
    const faults = createFaults([{ method: 'put', path: '^/SUBSCRIPTIONS/.*api-version=1', status: 409 }])
    expect(faults.strike('GET', '/subscriptions/1?api-version=1')).toBeUndefined()
    expect(faults.strike('PUT', '/subscriptions/1?api-version=2')).toBeUndefined()
    expect(faults.strike('PUT', '/subscriptions/1?api-version=1')).toBeDefined()
  })

  test('counts requests of several methods together', () => {
    const faults = createFaults([{ method: 'put|PATCH', path: '/x', skip: 1, drop: true }])
    expect(faults.strike('PUT', '/x')).toBeUndefined()
    expect(faults.strike('GET', '/x')).toBeUndefined()
    expect(faults.strike('PATCH', '/x')?.outcome.kind).toBe('drop')
  })

  test('that comes first decides, and one that is spent makes way', () => {
    const faults = createFaults([{ path: '/x', status: 429 }])
    faults.add({ path: '/x', drop: true })
    expect(faults.strike('GET', '/x')?.outcome.kind).toBe('answer')
    expect(faults.strike('GET', '/x')?.outcome.kind).toBe('drop')
    expect(faults.strike('GET', '/x')).toBeUndefined()
  })

  test('is gone when all are cleared', () => {
    const faults = createFaults([{ path: '/x', drop: true }])
    faults.clear()
    expect(faults.strike('GET', '/x')).toBeUndefined()
  })
})

describe('a faults file', () => {
  test('holds a list of rules', () => {
    const rule = { path: '/x', status: 429, headers: { 'Retry-After': '1' }, times: 'always', when: 'after' }
    expect(parseFaultRules(JSON.stringify([rule]))).toEqual([rule])
  })

  test.each([
    ['{}', 'Expected a JSON list of rules.'],
    ['[1]', 'Rule 1 is not an object.'],
    ['[{"path":"/a"},{"path":"/b","colour":"red"}]', "Rule 2: unknown key 'colour'."],
    ['[{"path":"("}]', "Rule 1: 'path' must be a regular expression."],
    [
      '[{"path":"/a","times":-1,"status":99}]',
      "Rule 1: 'times' must be a whole number from 0, or 'always'. 'status'",
    ],
    ['[{"path":"/a","when":"later"}]', "'when' must be 'before' or 'after'."],
  ])('%s is refused: %s', (text, message) => {
    expect(() => parseFaultRules(text)).toThrow(message)
  })
})
