/** What was asked of a service and what it answered, without anything that says whose it is. */
export interface Exchange {
  readonly method: string
  /** As it was asked; names and ids are made equal later. Stays on this machine. */
  readonly url: string
  readonly status: number
  /** When it was asked and answered, counted in one process: what overlaps has no order. */
  readonly began: number
  readonly ended: number
  /** Codes of errors, from the outermost to the innermost. */
  readonly codes: readonly string[]
  /** The form of the answer: every path in it with the type of what is there, no values. */
  readonly shape: readonly string[]
  /** Of a what-if: what happens to which resource, and to which of its properties. */
  readonly changes: readonly string[]
  /** The request whose operation this asks about, when an earlier answer gave this address. */
  readonly pollOf?: { readonly method: string; readonly url: string }
}

/** More is no form any more. */
const mostLines = 3_000
const deepest = 20

type Entry = readonly [key: string, value: unknown]

const entriesOf = (value: unknown): readonly Entry[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []

const valueAt = (value: unknown, key: string): unknown => entriesOf(value).find(([name]) => name === key)?.[1]

/** A key that is a word of Azure's. Others are names or ids: a tag, a principal, a resource. */
const isWord = (key: string): boolean =>
  /^[@$A-Za-z_][\w.@$-]{0,63}$/.test(key) && !/\d{3}|[0-9a-f]{8}/i.test(key)

/** Under these keys everything is named by whoever made it. */
const named = new Set(['tags', 'userAssignedIdentities', 'hidden-title'])

/** What stands for a key that says whose it is. */
const anyKey = '{name}'

function* linesOf(value: unknown, path: string, depth: number): Generator<string> {
  if (depth > deepest) return
  if (Array.isArray(value)) yield* linesOfList(value, `${path}[]`, depth)
  else if (typeof value === 'object' && value !== null) yield* linesOfObject(value, path, depth)
  else yield `${path}: ${value === null ? 'null' : typeof value}`
}

function* linesOfList(items: readonly unknown[], path: string, depth: number): Generator<string> {
  if (items.length === 0) yield `${path}: nothing`
  for (const item of items) yield* linesOf(item, path, depth + 1)
}

function* linesOfObject(value: object, path: string, depth: number): Generator<string> {
  const isNamed = named.has(path.slice(path.lastIndexOf('.') + 1))
  for (const [key, item] of Object.entries(value)) {
    const shown = isNamed || !isWord(key) ? anyKey : key
    yield* linesOf(item, path === '' ? shown : `${path}.${shown}`, depth + 1)
  }
}

/** Every path in a JSON value with the type of what is there. Items of a list count together. */
export function shapeOf(body: unknown): readonly string[] {
  const lines = new Set<string>()
  for (const line of linesOf(body, '', 0)) {
    lines.add(line)
    if (lines.size >= mostLines) break
  }
  return [...lines].toSorted()
}

/** The codes of an error in any of the forms in which Azure and Graph write one. */
function codesOf(body: unknown): readonly string[] {
  const codes: string[] = []
  const walk = (error: unknown, depth: number): void => {
    if (depth > deepest) return
    const code = valueAt(error, 'code')
    if (typeof code === 'string' && /^[\w.]{1,80}$/.test(code)) codes.push(code)
    const details = valueAt(error, 'details')
    for (const inner of Array.isArray(details) ? details : []) walk(inner, depth + 1)
    walkObject(valueAt(error, 'innerError') ?? valueAt(error, 'innererror'), depth)
  }
  const walkObject = (error: unknown, depth: number): void => {
    if (typeof error === 'object' && error !== null) walk(error, depth + 1)
  }
  // An operation or a deployment that failed carries its error inside.
  for (const error of [valueAt(body, 'error'), valueAt(valueAt(body, 'properties'), 'error')])
    walkObject(error, 0)
  return [...new Set(codes)]
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function* deltaLines(delta: unknown, path: string, depth: number): Generator<string> {
  for (const change of Array.isArray(delta) && depth < deepest ? delta : []) {
    const key = text(valueAt(change, 'path'))
    const kind = text(valueAt(change, 'propertyChangeType')) || text(valueAt(change, 'changeType'))
    const shown = /^\d+$/.test(key) ? '[]' : isWord(key.replaceAll('.', '_')) ? key : anyKey
    const whole = path === '' ? shown : `${path}.${shown}`
    yield `${kind} ${whole}`
    yield* deltaLines(valueAt(change, 'children'), whole, depth + 1)
  }
}

/** What a what-if says of each resource: `id: kind of change`, and `id: kind of change, path` of each property. */
function whatIfLines(body: unknown): readonly string[] {
  const properties = valueAt(body, 'properties')
  const changes = [
    ...listOf(valueAt(properties, 'changes')),
    ...listOf(valueAt(properties, 'resourceChanges')),
    ...listOf(valueAt(valueAt(properties, 'changes'), 'resourceChanges')),
  ]
  const lines = changes.flatMap((change) => {
    const id = text(valueAt(change, 'resourceId')) || text(valueAt(change, 'id'))
    const kind = text(valueAt(change, 'changeType'))
    if (id === '' || kind === '') return []
    const delta = [
      ...deltaLines(valueAt(change, 'delta'), '', 0),
      ...deltaLines(valueAt(valueAt(change, 'resourceConfigurationChanges'), 'delta'), '', 0),
    ]
    return [`${id}: ${kind}`, ...delta.map((line) => `${id}: ${line}`)]
  })
  return [...new Set(lines)].toSorted()
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** What is kept of an answer. Bodies that are not JSON have no form. */
export function exchangeOf(
  { method, url, status, began, ended }: Omit<Exchange, 'codes' | 'shape' | 'changes' | 'pollOf'>,
  body: unknown,
): Exchange {
  return {
    ...{ method, url, status, began, ended },
    codes: codesOf(body),
    shape: body === undefined ? [] : shapeOf(body),
    changes: whatIfLines(body),
  }
}
