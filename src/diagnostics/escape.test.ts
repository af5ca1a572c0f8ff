import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { anyText } from '../testing/any-text.ts'
import { codeSpan, escaped, printable, quoted } from './escape.ts'

/** A line as the runner looks at it: blanks before it do not count, nor do characters without width. */
const asTheRunnerReads = (line: string): string =>
  line.replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '').trimStart()

const isCommand = (line: string): boolean => {
  const read = asTheRunnerReads(line)
  return read.startsWith('::') || read.includes('##[')
}

/** Text in which commands are likely, hidden as well as possible. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '::',
        ':',
        '##[',
        '#',
        '[',
        'error',
        '::add-mask::x',
        '##[command]',
        ' ',
        '\t',
        '\n',
        '\r',
        '\r\n',
      ),
      fc.constantFrom(
        '\u2028',
        '\u2029',
        '\u0085',
        '\u200b',
        '\u200d',
        '\ufeff',
        '\u00ad',
        '\ufe0f',
        '\u2060',
        '\u0000',
        '\u001b',
      ),
      anyText({ maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

describe('text from outside, in a log', () => {
  test('never holds a workflow command, however it is hidden', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const line of escaped(text).split(/[\n\r\u2028\u2029\u0085]/))
          expect(isCommand(line)).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  })

  test('is the same when it is escaped twice', () => {
    fc.assert(fc.property(hostile, (text) => escaped(escaped(text)) === escaped(text)))
  })

  test.each([
    ['an ordinary line', 'Subnet snet-a: 10.0.0.0/24 (::1 is left alone)'],
    ['several lines', 'one\n  two\n\tthree'],
    ['letters of any script', 'Åsa – 東京 – 👩‍🔬'],
    ['a Markdown heading', '## [link](x)'],
  ])('stays as it is: %s', (_what, text) => {
    expect(escaped(text)).toBe(text)
  })

  test.each([
    ['::error::x', '│ ::error::x'],
    ['first\r\n   ::add-mask::secret', 'first\n│    ::add-mask::secret'],
    ['\u200b::stop-commands::x', '│ \u200b::stop-commands::x'],
    ['see ##[error]x', 'see ## [error]x'],
    ['red \u001b[31m', 'red ?[31m'],
    ['to \u202emorf\u2066', 'to ?morf?'],
  ])('%j is shown as %j', (text, shown) => {
    expect(escaped(text)).toBe(shown)
  })
})

describe('text from outside, quoted in a sentence', () => {
  test.each([
    ['a\nb', 'a⏎b'],
    ['\u001b[31m', '\\u{1b}[31m'],
    ['abc\u202edef', 'abc\\u{202e}def'],
    ['a\u034fb', 'a\\u{34f}b'],
    ['x'.repeat(100), `${'x'.repeat(59)}…`],
  ])('%j is printed as %s', (text, expected) => {
    expect(printable(text)).toBe(expected)
  })

  test('is one short line, always', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 300 }), (text) => {
        const shown = printable(text)
        return (
          !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u.test(shown) &&
          shown.length <= 60 * '\\u{10ffff}'.length
        )
      }),
    )
  })

  test('is not cut inside a character', () => {
    expect(quoted('😀'.repeat(80)).isWellFormed()).toBe(true)
    expect(quoted(`x${'😀'.repeat(80)}`).isWellFormed()).toBe(true)
  })
})

describe('text from outside, in Markdown', () => {
  test('keeps what joins letters and pictures', () => {
    expect(codeSpan('می\u200cدهد 👩\u200d🔬 a\u202eb')).toBe('`می\u200cدهد 👩\u200d🔬 a\\u{202e}b`')
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
