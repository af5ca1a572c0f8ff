import {
  type Alias,
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  visit,
} from 'yaml'
import type { Location } from '../user-error.ts'
import { dotted, type Fault, type FaultParts, type Path, printable } from './fault.ts'

/** Longer texts are no manifest. Characters. */
const maxLength = 200_000

/** A YAML text that was read: its plain value, and the way back from any part of it to line and column. */
export interface YamlDocument {
  readonly value: unknown
  /** Faults of the notation itself. The value is not to be used when there is one. */
  readonly faults: readonly Fault[]
  /** The place of a key (or list item); of the nearest part around it when it does not exist. */
  readonly keyAt: (path: Path) => Location
  /** The place of a value; of its key when the value is empty. */
  readonly valueAt: (path: Path) => Location
  /** A scalar as it was typed, e.g. `001`, which as a value is the number 1. */
  readonly sourceAt: (path: Path) => string | undefined
  /** A fault placed at a key or at a value. */
  readonly fault: (place: 'key' | 'value', path: Path, parts: FaultParts) => Fault
}

/** Reads YAML 1.2 strictly: one document, unique string keys, no aliases and no tags of its own. Never throws. */
export function readYaml(text: string, file: string): YamlDocument {
  const lines = new LineCounter()
  const place = (offset: number): Location => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const parsed = parse(text, lines)
  if (typeof parsed === 'string') return unreadable(file, parsed)

  const offsetOf = (path: Path, want: 'key' | 'value'): number => offsetAt(parsed, path, want)
  const keyAt = (path: Path): Location => place(offsetOf(path, 'key'))
  const valueAt = (path: Path): Location => place(offsetOf(path, 'value'))
  const faults = [...notationFaults(parsed, place), ...aliasFaults(parsed, place)]
  return {
    value: faults.length === 0 ? parsed.toJS() : undefined,
    faults,
    keyAt,
    valueAt,
    sourceAt: (path) => {
      const node = parsed.getIn(path, true)
      return isScalar(node) ? node.source : undefined
    },
    fault: (where, path, parts) => makeFault(where === 'key' ? keyAt(path) : valueAt(path), path, parts),
  }
}

type Parsed = Document.Parsed<ParsedNode, true>

function parse(text: string, lineCounter: LineCounter): Parsed | string {
  if (text.length > maxLength) return `The file is longer than ${maxLength} characters.`
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true, merge: false })
  } catch (error) {
    // The parser descends once per level; a hostile text of many thousand levels exhausts the stack.
    if (error instanceof RangeError) return 'The file is nested too deeply.'
    throw error
  }
}

function unreadable(file: string, sentence: string): YamlDocument {
  const start = { file, line: 1, column: 1 }
  const parts = { found: 'something else', allowed: 'a YAML document of ordinary size', sentence }
  return {
    value: undefined,
    faults: [makeFault(start, [], parts)],
    keyAt: () => start,
    valueAt: () => start,
    sourceAt: () => undefined,
    fault: (_, path, others) => makeFault(start, path, others),
  }
}

function makeFault(location: Location, path: Path, { nearest, ...parts }: FaultParts): Fault {
  const fault = { location, path: dotted(path), ...parts }
  return nearest === undefined ? fault : { ...fault, nearest }
}

function notationFaults(document: Parsed, place: (offset: number) => Location): Fault[] {
  return [...document.errors, ...document.warnings].map((problem) =>
    makeFault(place(problem.pos[0]), [], {
      found: problem.code === 'DUPLICATE_KEY' ? 'a key that is already there' : 'a mistake in the notation',
      allowed: problem.code === 'DUPLICATE_KEY' ? 'each key once' : 'YAML 1.2',
      sentence:
        problem.code === 'DUPLICATE_KEY'
          ? 'This key is already there: each key may stand once. Join the two.'
          : `This is not valid YAML: ${printable(problem.message)}`,
    }),
  )
}

function aliasFaults(document: Parsed, place: (offset: number) => Location): Fault[] {
  const faults: Fault[] = []
  visit(document, {
    Alias(_, alias: Alias) {
      faults.push(
        makeFault(place(alias.range?.[0] ?? 0), [], {
          found: `the alias '*${printable(alias.source)}'`,
          allowed: 'values written out',
          sentence: `Aliases such as '*${printable(alias.source)}' are not allowed. Write the value out.`,
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
  /** Absent when nothing stands there. */
  readonly valueOffset: number | undefined
}

function stepInto(node: unknown, step: string | number): Step | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
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

function startOf(node: unknown): number | undefined {
  if (isScalar(node)) return node.source === '' && node.type === 'PLAIN' ? undefined : node.range?.[0]
  return isMap(node) || isSeq(node) ? node.range?.[0] : undefined
}
