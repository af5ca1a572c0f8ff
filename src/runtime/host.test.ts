import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { harmless } from './host.ts'

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
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

describe('text from outside', () => {
  test('never holds a workflow command, however it is hidden', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const line of harmless(text).split(/[\n\r\u2028\u2029\u0085]/))
          expect(isCommand(line)).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  })

  test('is the same when it is made harmless twice', () => {
    fc.assert(fc.property(hostile, (text) => harmless(harmless(text)) === harmless(text)))
  })

  test.each([
    ['an ordinary line', 'Subnet snet-a: 10.0.0.0/24 (::1 is left alone)'],
    ['several lines', 'one\n  two\n\tthree'],
    ['letters of any script', 'Åsa – 東京 – 👩‍🔬'],
    ['a Markdown heading', '## [link](x)'],
  ])('stays as it is: %s', (_what, text) => {
    expect(harmless(text)).toBe(text)
  })

  test.each([
    ['::error::x', '│ ::error::x'],
    ['first\r\n   ::add-mask::secret', 'first\n│    ::add-mask::secret'],
    ['\u200b::stop-commands::x', '│ \u200b::stop-commands::x'],
    ['see ##[error]x', 'see ## [error]x'],
    ['red \u001b[31m', 'red ?[31m'],
    ['to \u202emorf\u2066', 'to ?morf?'],
  ])('%j is shown as %j', (text, shown) => {
    expect(harmless(text)).toBe(shown)
  })
})
