import fc from 'fast-check'

const codePoints = 0x110000
const firstSurrogate = 0xd800
const surrogates = 0x800

const characterAt = (index: number): string =>
  String.fromCodePoint(index < firstSurrogate ? index : index + surrogates)

function indexOf(text: unknown): number {
  const codePoint = typeof text === 'string' ? text.codePointAt(0) : undefined
  if (codePoint === undefined || text !== String.fromCodePoint(codePoint)) throw new Error('No character.')
  return codePoint < firstSurrogate ? codePoint : codePoint - surrogates
}

const character = fc.nat({ max: codePoints - surrogates - 1 }).map(characterAt, indexOf)

/**
 * The texts of fast-check's `fc.string({ unit: 'binary' })`: of any characters, some of them words that trip programs.
 * Its own makes a table of all of Unicode first, which takes a second and 200 MB in every file of tests.
 */
export const anyText = (length: { readonly maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc.string({ unit: character, ...length })
