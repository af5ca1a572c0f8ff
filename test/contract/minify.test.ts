import { describe, expect, test } from '@jest/globals'
import { minify } from '../../scripts/minify.ts'

describe('a minified bundle', () => {
  const source = `
/*! A licence, which is in licenses.txt too. */
export class UserError extends Error {
  constructor(message) {
    super(message);
    this.name = new.target.name;
  }
}
function refuse(reason) {
  throw new UserError(reason); // a comment
}
export function readInputs(inputs) {
  const nothingElse = Object.keys(inputs).length === 0;
  if (nothingElse) refuse('no inputs');
  return inputs;
}
`

  test('is smaller, and without comments', () => {
    const code = minify(source)
    expect(code.length).toBeLessThan(source.length * 0.7)
    expect(code).not.toContain('licence')
    expect(code).not.toContain('comment')
  })

  test('keeps the names that errors and stack traces show', () => {
    const run = new Function(`${minify(source).replaceAll('export ', '')}; readInputs({})`)
    const error = thrownBy(() => run())
    expect(error.name).toBe('UserError')
    expect(error.stack).toMatch(/at refuse .*\n\s+at readInputs /)
  })

  test('does not show one endless line when Node prints the place of an error', () => {
    const long = Array.from(
      { length: 1000 },
      (_, index) => `export const value${index} = { number: ${index} }`,
    )
    const lines = minify(long.join('\n')).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(1000)
  })

  test('leaves lines in texts as they are', () => {
    const text = `${'word '.repeat(300)}\n  second line`
    const run = new Function(
      `${minify(`export const text = \`${text}\`;`).replace('export ', '')}; return text`,
    )
    expect(run()).toBe(text)
  })

  test('is the same each time', () => {
    expect(minify(source)).toBe(minify(source))
  })
})

function thrownBy(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('Nothing was thrown.')
}
