import { ConditionSyntaxError } from './expression.ts'

/** A piece of a condition. */
export interface Token {
  readonly kind: 'symbol' | 'word' | 'text' | 'attribute'
  readonly value: string
  /** Where it begins, for messages. */
  readonly at: number
}

const pieces: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /\s+/y],
  ['symbol', /&&|\|\||[!(){},]/y],
  ['attribute', /@(?:Request|Resource|Principal|Environment)\s*\[[^\]]+\]/iy],
  ['text', /'(?:[^'\\]|\\.|'')*'/y],
  ['word', /[\w:.+-]+/y],
]

/** The pieces of a condition. @throws ConditionSyntaxError */
export function tokensOf(condition: string): readonly Token[] {
  const tokens: Token[] = []
  let position = 0
  while (position < condition.length) {
    const token = tokenAt(condition, position)
    if (token.kind !== 'space') tokens.push({ kind: token.kind, value: token.value, at: position })
    position += token.value.length
  }
  return tokens
}

function tokenAt(condition: string, at: number): { kind: Token['kind'] | 'space'; value: string } {
  for (const [kind, pattern] of pieces) {
    pattern.lastIndex = at
    const value = pattern.exec(condition)?.[0]
    if (value !== undefined) return { kind, value }
  }
  throw new ConditionSyntaxError(`unexpected '${condition[at] ?? ''}' at position ${at}`)
}
