import { ExpressionError } from './errors.ts'
import { nameOfMark, nameOfToken, type Token, tokenize } from './tokens.ts'

/** An expression of the template language, parsed. */
export type Node =
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Node[] }
  | { readonly kind: 'member'; readonly target: Node; readonly key: Node }

/** Characters Azure allows in one expression. Source: azure-docs, templates/best-practices.md. */
const maximumExpressionLength = 24_576

/** Is this string an expression? `[…]` is one, `[[…` is a literal that begins with one bracket. */
export const isExpression = (text: string): boolean =>
  text.startsWith('[') && text.endsWith(']') && !text.startsWith('[[')

const parsed = new Map<string, Node>()
const maximumRemembered = 20_000

/**
 * Parses an expression with its brackets, e.g. `[concat('a', parameters('b'))]`.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions
 * @throws ExpressionError when it is not well-formed or too long
 */
export function parseExpression(text: string): Node {
  const known = parsed.get(text)
  if (known !== undefined) return known
  if (text.length > maximumExpressionLength)
    throw new ExpressionError(
      `The language expression length limit exceeded. Limit: '${maximumExpressionLength}' and actual: '${text.length}'.`,
    )
  const node = new Parser(text).parse()
  if (parsed.size >= maximumRemembered) parsed.clear()
  parsed.set(text, node)
  return node
}

class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokenize(text.slice(1, -1), text)
  }

  parse(): Node {
    const node = this.#expression()
    if (this.#at < this.#tokens.length) throw this.#unexpected('EndOfData')
    return node
  }

  #expression(): Node {
    let node = this.#primary()
    for (;;) {
      if (this.#take('.')) node = { kind: 'member', target: node, key: this.#memberName() }
      else if (this.#take('[')) {
        const key = this.#expression()
        this.#expect(']')
        node = { kind: 'member', target: node, key }
      } else return node
    }
  }

  #primary(): Node {
    const token = this.#tokens[this.#at]
    if (token?.kind === 'string' || token?.kind === 'number') {
      this.#at += 1
      return { kind: 'literal', value: token.value }
    }
    if (token?.kind !== 'name') throw this.#unexpected('Identifier')
    this.#at += 1
    let name = token.value
    while (this.#isQualified()) {
      this.#at += 1
      name += `.${this.#name()}`
    }
    this.#expect('(')
    return { kind: 'call', name, arguments: this.#arguments() }
  }

  /** A function of the template's own is called `namespace.name(…)`. */
  #isQualified(): boolean {
    const [dot, name] = this.#tokens.slice(this.#at, this.#at + 2)
    return dot?.kind === 'mark' && dot.value === '.' && name?.kind === 'name'
  }

  #arguments(): readonly Node[] {
    if (this.#take(')')) return []
    const found = [this.#expression()]
    while (this.#take(',')) found.push(this.#expression())
    this.#expect(')')
    return found
  }

  #memberName(): Node {
    return { kind: 'literal', value: this.#name() }
  }

  #name(): string {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'name') throw this.#unexpected('Identifier')
    this.#at += 1
    return token.value
  }

  #take(mark: string): Token | undefined {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'mark' || token.value !== mark) return undefined
    this.#at += 1
    return token
  }

  #expect(mark: string): void {
    if (!this.#take(mark)) throw this.#unexpected(nameOfMark(mark))
  }

  #unexpected(expected: string): ExpressionError {
    const actual = nameOfToken(this.#tokens[this.#at])
    return new ExpressionError(
      `Unable to parse language expression '${this.#text.slice(1, -1)}': expected token '${expected}' and actual '${actual}'.`,
    )
  }
}
