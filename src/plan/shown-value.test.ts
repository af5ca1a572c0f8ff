import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Json } from '../json.ts'
import { shownValue } from './shown-value.ts'

describe('a value in a plan', () => {
  test.each<[Json | undefined, string]>([
    [undefined, '–'],
    [null, 'null'],
    ['a', '"a"'],
    [['10.0.0.0/24', '10.0.1.0/24'], '["10.0.0.0/24","10.0.1.0/24"]'],
  ])('%j is shown whole: %s', (value, expected) => {
    expect(shownValue(value)).toBe(expected)
  })

  test('a long list is cut between its members, and says how many are missing', () => {
    const members = fc.array(fc.string({ maxLength: 40 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(members, (value) => {
        const shown = shownValue(value, 100)
        if (JSON.stringify(value).length <= 100) return expect(JSON.parse(shown)).toEqual(value)
        const [, kept = '', missing = ''] = /^\[(.*?)(?:, )?(\d+) more members?\]$/s.exec(shown) ?? []
        const whole: readonly string[] = JSON.parse(`[${kept}]`)
        expect([...whole]).toEqual(value.slice(0, whole.length))
        expect(whole.length + Number(missing)).toBe(value.length)
      }),
    )
  })

  test('a long object and a long text say how much is missing', () => {
    expect(shownValue({ a: 'x'.repeat(20), b: 'y'.repeat(20) }, 40)).toBe(
      `{"a": "${'x'.repeat(20)}", 1 more key}`,
    )
    expect(shownValue('z'.repeat(50), 10)).toBe(`"${'z'.repeat(10)}" and 40 more characters`)
  })
})
