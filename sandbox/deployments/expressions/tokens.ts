import { ExpressionError } from './errors.ts'

/** A word of the template language. */
export type Token =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'mark'; readonly value: string }

const patterns: readonly (readonly [RegExp, (text: string) => Token | undefined])[] = [
  [/\s+/y, () => undefined],
  [/'(?:[^']|'')*'/y, (text) => ({ kind: 'string', value: text.slice(1, -1).replaceAll("''", "'") })],
  [/[+-]?\d+(?:\.\d+)?/y, (text) => ({ kind: 'number', value: Number(text) })],
  [/[A-Za-z_$][\w$]*/y, (text) => ({ kind: 'name', value: text })],
  [/[()[\],.]/y, (text) => ({ kind: 'mark', value: text })],
]

const markNames: Readonly<Record<string, string>> = {
  '(': 'LeftParenthesis',
  ')': 'RightParenthesis',
  '[': 'LeftSquareBracket',
  ']': 'RightSquareBracket',
  ',': 'Comma',
  '.': 'Dot',
}
const kindNames = { string: 'StringLiteral', number: 'Integer', name: 'Identifier' } as const

/** What Azure's messages call a mark, e.g. `RightParenthesis`. */
export const nameOfMark = (mark: string): string => markNames[mark] ?? mark

/** What Azure's messages call a word; `undefined` is the end of the expression. */
export function nameOfToken(token: Token | undefined): string {
  if (token === undefined) return 'EndOfData'
  return token.kind === 'mark' ? nameOfMark(token.value) : kindNames[token.kind]
}

/**
 * Splits an expression (without its brackets) into words.
 * @throws ExpressionError at the first character that begins none
 */
export function tokenize(source: string, whole: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    const [token, end] = next(source, at, whole)
    if (token !== undefined) tokens.push(token)
    at = end
  }
  return tokens
}

function next(source: string, at: number, whole: string): readonly [Token | undefined, number] {
  for (const [pattern, read] of patterns) {
    pattern.lastIndex = at
    const match = pattern.exec(source)
    if (match !== null) return [read(match[0]), pattern.lastIndex]
  }
  throw new ExpressionError(
    `The language expression '${whole.slice(1, -1)}' is not valid: the string character '${source[at]}' at position '${at}' is not expected.`,
  )
}
