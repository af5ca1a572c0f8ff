/** The comparisons of an OData filter: `a eq 'b' and startswith(c,'d') and atScope()`. */
export type Condition =
  | { readonly kind: 'equals' | 'differs' | 'startsWith'; readonly key: string; readonly value: string }
  | { readonly kind: 'call'; readonly name: string; readonly argument: string | undefined }

const comparison = /^([\w/.]+)\s+(eq|ne)\s+(?:'((?:[^']|'')*)'|([\w-]+))$/i
const prefix = /^(?:startswith)\(\s*([\w/.]+)\s*,\s*'((?:[^']|'')*)'\s*\)$/i
const call = /^(\w+)\(\s*(?:'?([^')]*)'?)?\s*\)$/

/** The conditions of a filter, all of which must hold; `undefined` when it is not of this form. */
export function parseFilter(text: string | null): readonly Condition[] | undefined {
  if (text === null || text.trim() === '') return []
  const parts = splitAtAnd(text)
  const conditions = parts.map(parseCondition)
  return conditions.every((condition) => condition !== undefined) ? conditions : undefined
}

function splitAtAnd(text: string): readonly string[] {
  const parts: string[] = []
  let quoted = false
  let start = 0
  for (let index = 0; index < text.length; index++) {
    if (text[index] === "'") quoted = !quoted
    if (quoted || !/^\sand\s/i.test(text.slice(index, index + 5))) continue
    parts.push(text.slice(start, index))
    start = index + 5
  }
  return [...parts, text.slice(start)].map((part) => part.trim().replace(/^\(([^()]*)\)$/, '$1'))
}

function parseCondition(text: string): Condition | undefined {
  const compared = comparison.exec(text)
  if (compared !== null) {
    const [, key = '', operator = '', quoted, bare = ''] = compared
    const value = quoted === undefined ? bare : quoted.replaceAll("''", "'")
    return { kind: operator.toLowerCase() === 'eq' ? 'equals' : 'differs', key: key.toLowerCase(), value }
  }
  const prefixed = prefix.exec(text)
  if (prefixed !== null) {
    const [, key = '', value = ''] = prefixed
    return { kind: 'startsWith', key: key.toLowerCase(), value: value.replaceAll("''", "'") }
  }
  const called = call.exec(text)
  if (called === null) return undefined
  return { kind: 'call', name: (called[1] ?? '').toLowerCase(), argument: called[2] || undefined }
}

/** Whether a text fulfils a comparison, whatever the case of the letters. */
export function holds(condition: Condition, actual: string | undefined): boolean {
  if (condition.kind === 'call') return true
  const value = (actual ?? '').toLowerCase()
  const wanted = condition.value.toLowerCase()
  if (condition.kind === 'equals') return value === wanted
  return condition.kind === 'differs' ? value !== wanted : value.startsWith(wanted)
}
