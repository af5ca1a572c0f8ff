import {
  type Alias,
  type Document,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml'
import { printable } from '../diagnostics/escape.ts'
import { type DocumentFault, dotted, type FaultParts, type Path } from '../diagnostics/fault.ts'
import type { Location } from '../diagnostics/user-error.ts'

/** Longer texts are neither manifests nor inputs. Characters. */
const maxLength = 200_000

/**
 * Words, marks and blanks between them. The parser makes an error with a stack trace of each comma that separates
 * nothing; counting them takes a hundredth of the time.
 */
const maxTokens = 100_000

/** What `found` says of a mistake that only the parser can name, in its own words. */
export const notationMistake = 'a mistake in the notation'

/** Mistakes in the notation that are explained. Nobody reads more, and one scalar can hold a hundred thousand. */
const maxNotationFaults = 1_000

/** A YAML text that was read: its plain value, and the way back from any part of it to line and column. */
export interface YamlDocument {
  /** What it is, as the beginning of a sentence, e.g. `The document`. */
  readonly title: string
  readonly value: unknown
  /** Faults of the notation itself. The value is not to be used when there is one. */
  readonly faults: readonly DocumentFault[]
  /** The place of a key (or list item); of the nearest part around it when it does not exist. */
  readonly keyAt: (path: Path) => Location
  /** The place of a value; of its key when the value is empty. */
  readonly valueAt: (path: Path) => Location
  /** A scalar as it was typed, e.g. `001`, which as a value is the number 1. */
  readonly sourceAt: (path: Path) => string | undefined
  /** A fault placed at a key or at a value. */
  readonly fault: (place: 'key' | 'value', path: Path, parts: FaultParts) => DocumentFault
}

/** Reads YAML 1.2 strictly: one document, unique string keys, neither aliases nor tags. Never throws. */
export function readYaml(text: string, file: string): YamlDocument {
  const excess = excessOf(text)
  const lineCounter = new LineCounter()
  const parsed = parseDocument(excess === undefined ? text : '', {
    lineCounter,
    prettyErrors: false,
    stringKeys: true,
    // Comparing each key with each other takes seconds when there are thousands; see repeatedKeys.
    uniqueKeys: false,
    merge: false,
    resolveKnownTags: false,
  })
  const place = (offset: number): Location => {
    const { line, col } = lineCounter.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const keyAt = (path: Path): Location => place(offsetAt(parsed, path, 'key'))
  const valueAt = (path: Path): Location => place(offsetAt(parsed, path, 'value'))
  const faults =
    excess === undefined
      ? [...notationFaults(parsed, place), ...repeatedKeys(parsed, place), ...aliasFaults(parsed, place)]
      : [makeFault({ file, line: 1, column: 1 }, [], excess)]
  return {
    title: 'The document',
    value: faults.length === 0 ? parsed.toJS() : undefined,
    faults,
    keyAt,
    valueAt,
    sourceAt: (path) => {
      let node: unknown = parsed.contents
      for (const step of path) node = stepInto(node, step)?.node
      return isScalar(node) ? node.source : undefined
    },
    fault: (where, path, parts) => makeFault(where === 'key' ? keyAt(path) : valueAt(path), path, parts),
  }
}

type Parsed = Document.Parsed<ParsedNode, true>

/** Why a text is not even parsed; nothing when it is. */
function excessOf(text: string): FaultParts | undefined {
  if (text.length > maxLength) return tooMany(`${maxLength} characters`)
  return tokensIn(text) > maxTokens ? tooMany(`${maxTokens} words and marks such as commas`) : undefined
}

function tokensIn(text: string): number {
  let count = 0
  for (const _token of new Lexer().lex(text)) count += 1
  return count
}

const tooMany = (limit: string): FaultParts => ({
  found: `more than ${limit}`,
  allowed: `at most ${limit}`,
  what: `This has more than ${limit}, and no more are read.`,
})

function makeFault(where: Location, path: Path, { nearest, ...parts }: FaultParts): DocumentFault {
  const fault = { where, key: dotted(path), ...parts }
  return nearest === undefined ? fault : { ...fault, nearest }
}

function notationFaults(document: Parsed, place: (offset: number) => Location): DocumentFault[] {
  return [...document.errors, ...document.warnings]
    .slice(0, maxNotationFaults)
    .map((problem) => makeFault(place(problem.pos[0]), [], explainProblem(problem)))
}

function repeatedKeys(document: Parsed, place: (offset: number) => Location): DocumentFault[] {
  const faults: DocumentFault[] = []
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>()
      for (const { key } of map.items) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        if (seen.has(name))
          faults.push(makeFault(place(key.range?.[0] ?? 0), [], repeatedKey(printable(name))))
        seen.add(name)
      }
    },
  })
  return faults
}

const repeatedKey = (key: string): FaultParts => ({
  found: `the key '${key}' again`,
  allowed: 'each key once',
  what: `The key '${key}' is already defined. Each key may appear once: merge the two.`,
})

function explainProblem({ code, message }: YAMLError): FaultParts {
  switch (code) {
    case 'MULTIPLE_DOCS':
      return {
        found: 'a second document',
        allowed: 'one document',
        what: "A second document begins here, and only one is read: remove the line '---'.",
      }
    case 'RESOURCE_EXHAUSTION':
      return {
        found: 'too many levels',
        allowed: 'few levels',
        what: 'This is nested too deeply.',
      }
    default:
      return {
        found: notationMistake,
        allowed: 'YAML 1.2',
        what: `This is not valid YAML: ${printable(message, 200)}.`,
      }
  }
}

function aliasFaults(document: Parsed, place: (offset: number) => Location): DocumentFault[] {
  const faults: DocumentFault[] = []
  visit(document, {
    Alias(_, alias: Alias) {
      faults.push(
        makeFault(place(alias.range?.[0] ?? 0), [], {
          found: `the alias '*${printable(alias.source)}'`,
          allowed: 'values written out',
          what: `Aliases such as '*${printable(alias.source)}' are not allowed. Write the value out.`,
        }),
      )
    },
  })
  return faults
}

/** The offset of the deepest part of the path that exists. */
function offsetAt(document: Parsed, path: Path, want: 'key' | 'value'): number {
  let node: unknown = document.contents
  let offset = document.contents?.range[0] ?? 0
  for (const [index, step] of path.entries()) {
    const found = stepInto(node, step)
    if (found === undefined) return offset
    const isLast = index === path.length - 1
    offset = isLast && want === 'value' ? (found.valueOffset ?? found.keyOffset) : found.keyOffset
    node = found.node
  }
  return offset
}

interface Step {
  readonly node: unknown
  readonly keyOffset: number
  /** Absent when there is none. */
  readonly valueOffset: number | undefined
}

function stepInto(node: unknown, step: string | number): Step | undefined {
  if (isMap(node)) {
    const pair = pairsOf(node).get(String(step))
    if (pair === undefined || !isScalar(pair.key)) return undefined
    return { node: pair.value, keyOffset: pair.key.range?.[0] ?? 0, valueOffset: startOf(pair.value) }
  }
  if (isSeq(node)) {
    const item = node.items[Number(step)]
    const offset = startOf(item) ?? node.range?.[0] ?? 0
    return item === undefined ? undefined : { node: item, keyOffset: offset, valueOffset: offset }
  }
  return undefined
}

type Pairs = ReadonlyMap<string, YAMLMap['items'][number]>
const pairsByMap = new WeakMap<YAMLMap, Pairs>()

/** The pairs of a map by their keys, sorted out once: a document may have thousands of faults to be placed. */
function pairsOf(map: YAMLMap): Pairs {
  const known = pairsByMap.get(map)
  if (known !== undefined) return known
  const entries = map.items.flatMap((pair) =>
    isScalar(pair.key) ? [[String(pair.key.value), pair] as const] : [],
  )
  const pairs = new Map(entries)
  pairsByMap.set(map, pairs)
  return pairs
}

function startOf(node: unknown): number | undefined {
  if (isScalar(node)) return node.source === '' && node.type === 'PLAIN' ? undefined : node.range?.[0]
  return isMap(node) || isSeq(node) ? node.range?.[0] : undefined
}
