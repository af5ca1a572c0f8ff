import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { codeSpan, printable } from './fault.ts'

describe('text of the requester, shown to others', () => {
  test.each([
    ['a\nb', 'a⏎b'],
    ['\u001b[31m', '\\u{1b}[31m'],
    ['abc\u202edef', 'abc\\u{202e}def'],
    ['x'.repeat(100), `${'x'.repeat(59)}…`],
  ])('%j is printed as %s', (text, expected) => {
    expect(printable(text)).toBe(expected)
  })

  test('is one short line, always', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const shown = printable(text)
        return !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(shown) && shown.length <= 60 * '\\u{10ffff}'.length
      }),
    )
  })

  test('cannot leave its code span', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('`', '@', 'a', ' ', '\n', '<'), maxLength: 20 }),
        (text) => {
          const span = codeSpan(text)
          const [, fence = '', inside = ''] = /^(`+)([\s\S]*)\1$/.exec(span) ?? []
          return fence !== '' && !inside.split(/[^`]+/).includes(fence) && !span.includes('\n')
        },
      ),
    )
  })
})
