import { isMap, isScalar, type ParsedNode, parseDocument, type YAMLMap } from 'yaml'
import type { Path } from '../diagnostics/fault.ts'
import type { Environment } from '../vocabulary.ts'

/** The identities of one environment, as set-up writes them. What is left out stays as it is. */
export interface WrittenIdentities {
  readonly clientId?: string | undefined
  readonly plan?: { readonly clientId: string } | undefined
  readonly people?: { readonly clientId: string; readonly objectId: string } | undefined
}

/** What set-up writes into factory.yml. */
export interface WrittenKeys {
  readonly repository?: string | undefined
  readonly environments: Readonly<Partial<Record<Environment, WrittenIdentities>>>
}

/** A key to write: a value on one line, after another key where there is one. */
interface Entry {
  readonly path: readonly string[]
  readonly value: string
  readonly after: string
}

/**
 * The text of factory.yml with these keys in it. All else stays letter by letter: order, comments, blanks.
 * @param text a document without faults
 */
export function writeIdentities(text: string, keys: WrittenKeys): string {
  return entriesOf(keys).reduce(withEntry, text)
}

function entriesOf({ repository, environments }: WrittenKeys): readonly Entry[] {
  const perEnvironment = Object.entries(environments).flatMap(([key, { clientId, plan, people }]) => {
    const path = ['environments', key]
    const identities = [...path, 'identities']
    return [
      ...entry([...path, 'clientId'], clientId, 'subscriptionId'),
      ...entry([...identities, 'plan'], plan && `{ clientId: ${plan.clientId} }`, 'clientId'),
      ...entry(
        [...identities, 'people'],
        people && `{ clientId: ${people.clientId}, objectId: ${people.objectId} }`,
        'plan',
      ),
    ]
  })
  return [...entry(['repository'], repository, 'tenantId'), ...perEnvironment]
}

const entry = (path: readonly string[], value: string | undefined, after: string): readonly Entry[] =>
  value === undefined ? [] : [{ path, value, after }]

function withEntry(text: string, { path, value, after }: Entry): string {
  const { contents } = parseDocument(text, { stringKeys: true })
  const depth = deepest(contents, path)
  const found = nodeAt(contents, path.slice(0, depth))
  if (depth === path.length) return replaced(text, found, value)
  if (!isMap(found)) throw new TypeError(`'${path.slice(0, depth).join('.')}' is no map.`)
  return inserted(text, found, path.slice(depth), value, after)
}

/** How many steps of the path exist. */
function deepest(contents: ParsedNode | null, path: Path): number {
  let depth = 0
  while (depth < path.length && nodeAt(contents, path.slice(0, depth + 1)) !== undefined) depth += 1
  return depth
}

const nodeAt = (contents: ParsedNode | null, path: Path): unknown =>
  path.reduce(
    (node: unknown, step) => (isMap(node) ? pairOf(node, String(step))?.value : undefined),
    contents,
  )

const pairOf = (map: YAMLMap, key: string): YAMLMap['items'][number] | undefined =>
  map.items.find((pair) => isScalar(pair.key) && pair.key.value === key)

const rangeOf = (node: unknown): readonly [number, number] => {
  const range = isScalar(node) || isMap(node) ? node.range : undefined
  if (!range) throw new TypeError('A value has no place in the text.')
  return [range[0], range[1]]
}

function replaced(text: string, node: unknown, value: string): string {
  const [from, to] = rangeOf(node)
  const end = text.slice(0, to).trimEnd().length
  return `${text.slice(0, from)}${value}${text.slice(end)}`
}

/** Puts a key into a map, in the notation that the map has. Maps around the value are made too. */
function inserted(
  text: string,
  map: YAMLMap,
  [key = '', ...inner]: readonly string[],
  value: string,
  after: string,
): string {
  const before = pairOf(map, after) ?? map.items.at(-1)
  if (before === undefined) throw new TypeError('An empty map cannot be written to.')
  const end = text.slice(0, rangeOf(before.value)[1]).trimEnd().length
  if (map.flow === true) {
    const nested = inner.reduceRight((rest, step) => `{ ${step}: ${rest} }`, value)
    return `${text.slice(0, end)}, ${key}: ${nested}${text.slice(end)}`
  }
  const lineEnd = (text.slice(end).match(/^[^\r\n]*/)?.[0].length ?? 0) + end
  const indent = ' '.repeat(columnOf(text, rangeOf(before.key)[0]))
  const newLine = text.includes('\r\n') ? '\r\n' : '\n'
  const lines = [key, ...inner].map((step, depth) => `${indent}${'  '.repeat(depth)}${step}:`)
  return `${text.slice(0, lineEnd)}${newLine}${lines.join(newLine)} ${value}${text.slice(lineEnd)}`
}

const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1)
