import { refusals } from './errors.ts'

/** A value in a filter. */
type Literal = string | number | boolean | null

/** A parsed `$filter`. https://learn.microsoft.com/graph/filter-query-parameter */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | {
      readonly kind: 'compare'
      readonly property: string
      readonly operator: Operator
      readonly value: Literal
    }
  | { readonly kind: 'in'; readonly property: string; readonly values: readonly Literal[] }
  | {
      /** `any`: the property is a list, of which one item has to match. */
      readonly kind: 'any'
      readonly property: string
      readonly operator: Operator
      readonly value: Literal
    }

type Operator = 'eq' | 'ne' | 'startswith' | 'endswith'

const tokenPattern = /\s*('(?:[^']|'')*'|[A-Za-z_][\w./@-]*|-?\d[\w.-]*|[(),:])/y

/** Parses a filter. @throws GraphError 400 for what Graph does not take either */
export function parseFilter(text: string): Filter {
  const tokens = tokenise(text)
  let position = 0

  const peek = (): string | undefined => tokens[position]
  function take(expected?: string): string {
    const token = tokens[position]
    if (token === undefined || (expected !== undefined && token.toLowerCase() !== expected)) {
      throw refusals.malformedFilter(`Syntax error at position ${position} in '${text}'.`)
    }
    position += 1
    return token
  }
  const takeIf = (expected: string): boolean => {
    if (peek()?.toLowerCase() !== expected) return false
    position += 1
    return true
  }

  function disjunction(): Filter {
    let left = conjunction()
    while (takeIf('or')) left = { kind: 'or', left, right: conjunction() }
    return left
  }

  function conjunction(): Filter {
    let left = negation()
    while (takeIf('and')) left = { kind: 'and', left, right: negation() }
    return left
  }

  function negation(): Filter {
    return takeIf('not') ? { kind: 'not', of: negation() } : term()
  }

  function term(): Filter {
    if (takeIf('(')) {
      const inner = disjunction()
      take(')')
      return inner
    }
    const name = take()
    if (takeIf('(')) return name.endsWith('/any') ? lambda(name.slice(0, -'/any'.length)) : call(name)
    return comparison(name)
  }

  function call(name: string): Filter {
    const operator = functionNamed(name)
    const property = take()
    take(',')
    const value = literal(take())
    take(')')
    return { kind: 'compare', property, operator, value }
  }

  function lambda(property: string): Filter {
    take()
    take(':')
    const first = take()
    const isCall = takeIf('(')
    if (isCall) take()
    const operator = isCall ? functionNamed(first) : operatorNamed(take())
    if (isCall) take(',')
    const value = literal(take())
    take(')')
    if (isCall) take(')')
    return { kind: 'any', property, operator, value }
  }

  function comparison(property: string): Filter {
    const operator = take()
    if (operator.toLowerCase() !== 'in') {
      return { kind: 'compare', property, operator: operatorNamed(operator), value: literal(take()) }
    }
    take('(')
    const values = [literal(take())]
    while (takeIf(',')) values.push(literal(take()))
    take(')')
    return { kind: 'in', property, values }
  }

  const filter = disjunction()
  if (peek() !== undefined)
    throw refusals.malformedFilter(`Syntax error at position ${position} in '${text}'.`)
  return filter
}

function tokenise(text: string): string[] {
  const tokens: string[] = []
  tokenPattern.lastIndex = 0
  const trimmed = text.trimEnd()
  while (tokenPattern.lastIndex < trimmed.length) {
    const start = tokenPattern.lastIndex
    const token = tokenPattern.exec(trimmed)?.[1]
    if (token === undefined)
      throw refusals.malformedFilter(`Syntax error at character ${start} in '${text}'.`)
    tokens.push(token)
  }
  return tokens
}

function functionNamed(name: string): 'startswith' | 'endswith' {
  const lower = name.toLowerCase()
  if (lower === 'startswith' || lower === 'endswith') return lower
  throw refusals.malformedFilter(`The function '${name}' is not supported.`)
}

function operatorNamed(name: string): 'eq' | 'ne' {
  const lower = name.toLowerCase()
  if (lower === 'eq' || lower === 'ne') return lower
  throw refusals.malformedFilter(`The operator '${name}' is not supported.`)
}

function literal(token: string): Literal {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'")
  const words: Record<string, Literal> = { true: true, false: false, null: null }
  const word = words[token.toLowerCase()]
  if (word !== undefined) return word
  if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token)
  throw refusals.malformedFilter(`'${token}' is no value.`)
}

/** The properties a filter names. */
export function propertiesOf(filter: Filter): readonly string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return [...propertiesOf(filter.left), ...propertiesOf(filter.right)]
    case 'not':
      return propertiesOf(filter.of)
    default:
      return [filter.property]
  }
}

/** The first part of a filter that works as an advanced query only, in Graph's words. */
export function advancedPart(filter: Filter): string | undefined {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return advancedPart(filter.left) ?? advancedPart(filter.right)
    case 'not':
      return "Operator 'NOT'"
    case 'compare':
    case 'any':
      if (filter.operator === 'ne') return "Operator 'NotEqual'"
      return filter.operator === 'endswith' ? "Operator 'endsWith'" : undefined
    case 'in':
      return undefined
  }
}

/** Whether an object passes. Text compares without regard to case, as the directory does. */
export function matches(filter: Filter, object: Readonly<Record<string, unknown>>): boolean {
  switch (filter.kind) {
    case 'and':
      return matches(filter.left, object) && matches(filter.right, object)
    case 'or':
      return matches(filter.left, object) || matches(filter.right, object)
    case 'not':
      return !matches(filter.of, object)
    case 'compare':
      return compare(object[filter.property] ?? null, filter.operator, filter.value)
    case 'in':
      return filter.values.some((value) => compare(object[filter.property] ?? null, 'eq', value))
    case 'any': {
      const list = object[filter.property]
      return Array.isArray(list) && list.some((item) => compare(item, filter.operator, filter.value))
    }
  }
}

function compare(actual: unknown, operator: Operator, expected: Literal): boolean {
  const left = folded(actual)
  const right = folded(expected)
  if (operator === 'eq') return left === right
  if (operator === 'ne') return left !== right
  if (typeof left !== 'string' || typeof right !== 'string') return false
  return operator === 'startswith' ? left.startsWith(right) : left.endsWith(right)
}

function folded(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value
}
