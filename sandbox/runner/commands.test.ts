import { describe, expect, test } from '@jest/globals'
import { parseLine, parseOutputs } from './commands.ts'

describe('a line of a log', () => {
  test.each([
    ['plain text', 'plain text'],
    ['a::notice::b', 'a::notice::b'],
    ['::unknown::x', '::unknown::x'],
    ['::error x', '::error x'],
    ['', ''],
  ])('%j is text', (line, text) => {
    expect(parseLine(line)).toEqual({ kind: 'text', text })
  })

  test.each([
    ['::error::It%0Afailed: 100%25', { kind: 'error', text: 'It\nfailed: 100%', properties: {} }],
    [
      '::warning file=a%2Cb.yml,line=3,col=7,title=x%3Ay::text',
      { kind: 'warning', text: 'text', properties: { file: 'a,b.yml', line: '3', col: '7', title: 'x:y' } },
    ],
    [
      '  ::notice::Done. See https://x::y',
      { kind: 'notice', text: 'Done. See https://x::y', properties: {} },
    ],
    ['::error::%250A is not a line end', { kind: 'error', text: '%0A is not a line end', properties: {} }],
    ['::group::Reading', { kind: 'group', text: 'Reading' }],
    ['::endgroup::', { kind: 'endgroup', text: '' }],
    ['::debug::quiet', { kind: 'debug', text: 'quiet' }],
    ['::add-mask::secret', { kind: 'mask', text: 'secret' }],
  ])('%j is a command', (line, expected) => {
    expect(parseLine(line)).toEqual(expected)
  })
})

describe('a file of outputs', () => {
  test.each<[string, string, Readonly<Record<string, string>>]>([
    ['nothing', '', {}],
    ['one line', 'a=1\nb=x=y\n', { a: '1', b: 'x=y' }],
    ['several lines', 'a<<END\none\n\ntwo\nEND\nb=2\n', { a: 'one\n\ntwo', b: '2' }],
    ['Windows line ends', 'a<<END\r\none\r\ntwo\r\nEND\r\nb=2\r\n', { a: 'one\ntwo', b: '2' }],
    ['an empty value', 'a<<END\nEND\nb=\n', { a: '', b: '' }],
    ['what looks like an output inside a value', 'a<<END\nb=2\nEND\n', { a: 'b=2' }],
    ['the last of two', 'a=1\na=2\n', { a: '2' }],
    ['a value with arrows', 'a=1<<2\n', { a: '1<<2' }],
    [
      'names of objects',
      '__proto__=1\nconstructor=2\n',
      Object.fromEntries([
        ['__proto__', '1'],
        ['constructor', '2'],
      ]),
    ],
  ])('%s', (_what, text, expected) => {
    expect(parseOutputs(text)).toEqual(expected)
  })

  test('without its delimiter is refused', () => {
    expect(() => parseOutputs('a<<END\none\n')).toThrow("Output 'a' has no closing delimiter.")
  })

  test('with a line that is no output is refused', () => {
    expect(() => parseOutputs('just text\n')).toThrow("Invalid output: 'just text'.")
  })
})
