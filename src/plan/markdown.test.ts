import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { anyText } from '../testing/any-text.ts'
import { cell, table } from './markdown.ts'

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '@',
        'octocat',
        '#',
        '12',
        'GH-',
        '://',
        'https',
        'www.',
        'mailto:',
        '.example',
        '|',
        '\n',
        '\r',
        '<',
        '>',
        '&',
        ';',
      ),
      fc.constantFrom(
        '`',
        '*',
        '_',
        '~~',
        '[',
        ']',
        '(',
        ')',
        '!',
        '\\',
        '$',
        '$$',
        ':tada:',
        '<!--',
        '&lt;',
        '&#64;',
        '\u200b',
        '\ud83d',
        '😀',
      ),
      anyText({ maxLength: 4 }),
    ),
    { maxLength: 15 },
  )
  .map((parts) => parts.join(''))

/** What GitHub looks at when it makes links: the text after Markdown, its entities resolved. */
const rendered = (markdown: string): string =>
  markdown.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))

describe('a cell of a table', () => {
  test('holds no markup, and its entities are its own', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const bare = cell(text).replaceAll(/&#\d+;/g, '')
        expect(bare).not.toMatch(/[&<>\\`*_{}[\]()!|~+$^@#]/)
      }),
      { numRuns: 2_000 },
    )
  })

  test('makes no mention, reference, address or picture when it is rendered', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = rendered(cell(text))
        expect(shown).not.toMatch(/@[\w-]|#\w|GH-\d|:[\w+-]+:/i)
        expect(cell(text)).not.toMatch(/:\/\/|www\./i)
      }),
      { numRuns: 2_000 },
    )
  })

  test('is one line of well-formed text, as long as it is allowed to be', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 20 }), (text, longest) => {
        const shown = cell(text, longest)
        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u)
        expect([...rendered(shown).replaceAll('\u200b', '')].length).toBeLessThanOrEqual(longest + 1)
      }),
    )
  })

  test.each([
    ['snt-prj001-genai', 'snt-prj001-genai'],
    ['172.16.61.128/25', '172.16.61.128/25'],
    ['Microsoft.Network/virtualNetworks', 'Microsoft.Network/virtualNetworks'],
    ['Åsa – 東京', 'Åsa – 東京'],
    ['@octocat fixes #1', '&#64;&#8203;octocat fixes &#35;&#8203;1'],
    ['see https://evil.example', 'see https&#58;//evil.example'],
    ['a | b', 'a &#124; b'],
    ['<img src=x>', '&#60;img src=x&#62;'],
    ['a\r\nb\tc', 'a b c'],
  ])('%j is written %j', (text, expected) => {
    expect(cell(text)).toBe(expected)
  })
})

describe('a table', () => {
  test('has a line for each row, and as many columns in each', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hostile, hostile), { minLength: 1, maxLength: 5 }), (rows) => {
        const lines = table(['A', 'B'], [['x', 'y'], ...rows]).split('\n')
        expect(lines).toHaveLength(rows.length + 3)
        for (const line of lines) expect(line.split('|')).toHaveLength(4)
      }),
    )
  })

  test('leaves out a column that says nothing', () => {
    expect(table(['What', 'Where', 'Details'], [['subnet', '', 'new']])).toBe(
      '| What | Details |\n| --- | --- |\n| subnet | new |',
    )
  })

  test('is cut behind a row, and says how many are missing', () => {
    const rows = Array.from({ length: 500 }, (_, index) => [`row ${index}`])
    const text = table(['A'], rows)
    expect(text.split('\n').at(-3)).toBe('| row 199 |')
    expect(text).toMatch(/\n\n… and 300 more, not shown here\.$/)
  })

  test('is cut by its size too', () => {
    const text = table(
      ['A', 'B'],
      Array.from({ length: 200 }, () => ['@'.repeat(500), '東'.repeat(500)]),
    )
    expect(Buffer.byteLength(text)).toBeLessThan(210_000)
    expect(text).toMatch(/ \|\n\n… and \d+ more, not shown here\.$/)
  })
})
