import {
  type Attribute,
  type AttributeSource,
  ConditionSyntaxError,
  type Expression,
  type Literal,
  type Pairing,
} from './expression.ts'
import { isOperator } from './operators.ts'
import { type Token, tokensOf } from './tokens.ts'

const pairings: readonly Pairing[] = [
  'ForAnyOfAnyValues',
  'ForAllOfAnyValues',
  'ForAnyOfAllValues',
  'ForAllOfAllValues',
]

/** Reads a condition: `!` binds tighter than `AND`, and that tighter than `OR`. @throws ConditionSyntaxError */
export function parseCondition(condition: string): Expression {
  const cursor = createCursor(tokensOf(condition))
  const expression = either(cursor)
  const rest = cursor.peek()
  if (rest !== undefined) throw unexpected(rest)
  return expression
}

interface Cursor {
  peek(): Token | undefined
  next(): Token
  /** Takes the next token when it is one of these words or symbols, whatever its case. */
  takes(...values: readonly string[]): boolean
  expect(value: string): void
}

function createCursor(tokens: readonly Token[]): Cursor {
  let position = 0
  const peek = () => tokens[position]
  const next = () => {
    const token = peek()
    if (token === undefined) throw new ConditionSyntaxError('the condition ends too early')
    position++
    return token
  }
  const takes = (...values: readonly string[]) => {
    const token = peek()
    const fits = token !== undefined && token.kind !== 'text' && values.includes(token.value.toUpperCase())
    if (fits) position++
    return fits
  }
  return {
    peek,
    next,
    takes,
    expect: (value) => {
      if (!takes(value)) throw unexpected(next())
    },
  }
}

function either(cursor: Cursor): Expression {
  let left = both(cursor)
  while (cursor.takes('OR', '||')) left = { kind: 'or', left, right: both(cursor) }
  return left
}

function both(cursor: Cursor): Expression {
  let left = single(cursor)
  while (cursor.takes('AND', '&&')) left = { kind: 'and', left, right: single(cursor) }
  return left
}

function single(cursor: Cursor): Expression {
  if (cursor.takes('!', 'NOT')) return { kind: 'not', inner: single(cursor) }
  if (cursor.takes('(')) {
    const inner = either(cursor)
    cursor.expect(')')
    return inner
  }
  if (cursor.takes('ACTIONMATCHES')) return { kind: 'action', pattern: braced(cursor) }
  if (cursor.takes('SUBOPERATIONMATCHES')) return { kind: 'subOperation', pattern: braced(cursor) }
  if (cursor.takes('EXISTS')) return { kind: 'exists', attribute: attribute(cursor.next()) }
  return comparison(cursor)
}

function braced(cursor: Cursor): string {
  cursor.expect('{')
  const token = cursor.next()
  if (token.kind !== 'text') throw unexpected(token)
  cursor.expect('}')
  return unquoted(token.value)
}

function comparison(cursor: Cursor): Expression {
  const left = attribute(cursor.next())
  const token = cursor.next()
  if (token.kind !== 'word') throw unexpected(token)
  const [first = '', second] = token.value.split(':')
  const operator = second ?? first
  const pairing = second === undefined ? undefined : pairings.find((known) => sameWord(known, first))
  if (!isOperator(operator) || (second !== undefined && pairing === undefined)) throw unexpected(token)
  return { kind: 'comparison', left, pairing, operator, right: operand(cursor) }
}

const sameWord = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()

function operand(cursor: Cursor): Attribute | Literal {
  const token = cursor.next()
  if (token.kind === 'attribute') return attribute(token)
  if (token.kind !== 'symbol') return { kind: 'literal', values: [unquoted(token.value)] }
  if (token.value !== '{') throw unexpected(token)
  const values: string[] = []
  do {
    const item = cursor.next()
    if (item.kind !== 'text' && item.kind !== 'word') throw unexpected(item)
    values.push(unquoted(item.value))
  } while (cursor.takes(','))
  cursor.expect('}')
  return { kind: 'literal', values }
}

function attribute(token: Token): Attribute {
  const match = /^@(\w+)\s*\[(.+)\]$/.exec(token.value)
  const [, word = '', name = ''] = match ?? []
  const source = sources[word.toLowerCase()]
  if (token.kind !== 'attribute' || source === undefined) throw unexpected(token)
  return { kind: 'attribute', source, name: name.trim() }
}

const sources: Readonly<Record<string, AttributeSource>> = {
  request: 'request',
  resource: 'resource',
  principal: 'principal',
  environment: 'environment',
}

const unquoted = (value: string): string =>
  value.startsWith("'")
    ? value.slice(1, -1).replace(/\\(.)|''/g, (pair, escaped?: string) => escaped ?? pair[0] ?? '')
    : value

const unexpected = ({ value, at }: Token): ConditionSyntaxError =>
  new ConditionSyntaxError(`unexpected '${value}' at position ${at}`)
