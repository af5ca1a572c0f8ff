/** The template language, by its algebra. */

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { evaluate } from './testing/example-scope.ts'

describe('laws', () => {
  const text = fc.string({ maxLength: 20 })
  const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`

  test('a quoted text is itself', () => {
    fc.assert(fc.property(text, (value) => evaluate(`concat(${quoted(value)})`) === value))
  })

  test('what is joined can be split', () => {
    const part = text.filter((value) => !value.includes(','))
    fc.assert(
      fc.property(fc.array(part, { minLength: 1 }), (parts) => {
        expect(evaluate("split(join(parameters('p'), ','), ',')", { p: parts })).toEqual(parts)
      }),
    )
  })

  test('take and skip cut a list in two', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(30), (list, at) => {
        const both = evaluate(`concat(take(parameters('l'), ${at}), skip(parameters('l'), ${at}))`, {
          l: list,
        })
        expect(both).toEqual(list)
      }),
    )
  })

  test('div and mod make the number again', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer().filter((value) => value !== 0),
        (left, right) => {
          const values = { a: left, b: right }
          const again =
            "add(mul(div(parameters('a'), parameters('b')), parameters('b')), mod(parameters('a'), parameters('b')))"
          expect(Number(evaluate(again, values)) + 0).toBe(left + 0)
        },
      ),
    )
  })

  test('only the chosen branch of if is evaluated', () => {
    fc.assert(
      fc.property(fc.boolean(), (yes) => {
        const branches = yes ? "'taken', div(1, 0)" : "div(1, 0), 'taken'"
        expect(evaluate(`if(${yes}(), ${branches})`)).toBe('taken')
      }),
    )
  })

  test('uniqueString has 13 characters of a-z and 2-7, and depends on nothing but its arguments', () => {
    fc.assert(
      fc.property(text, (value) => {
        const first = evaluate("uniqueString(parameters('v'))", { v: value })
        expect(first).toMatch(/^[a-z2-7]{13}$/)
        expect(evaluate("uniqueString(parameters('v'))", { v: value })).toBe(first)
      }),
    )
  })
})
