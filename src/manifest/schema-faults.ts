import type * as z from 'zod'
import { printable, quoted } from '../diagnostics/escape.ts'
import { type DocumentFault, dotted, type FaultParts, type Path } from '../diagnostics/fault.ts'
import { nearest } from '../diagnostics/nearest.ts'
import type { JsonObject } from '../json.ts'
import {
  allowsNoKeys,
  allowsText,
  describeAllowed,
  knownKeys,
  knownWords,
  schemaAt,
  toJsonSchema,
} from './json-schema.ts'
import { valueAt } from './reading.ts'
import { allowedParameter } from './values.ts'
import type { YamlDocument } from './yaml-document.ts'

type Issue = z.core.$ZodIssue

/** Everything in which a document differs from its schema, said in words and placed in the text. */
export function schemaFaults(
  schema: z.ZodType,
  document: YamlDocument,
  issues: readonly Issue[],
): readonly DocumentFault[] {
  const jsonSchema = toJsonSchema(schema)
  return issues.flatMap((issue) => explain(issue, [], document, jsonSchema))
}

function explain(
  issue: Issue,
  prefix: Path,
  document: YamlDocument,
  schema: JsonObject,
): readonly DocumentFault[] {
  const path = [...prefix, ...toPath(issue.path)]
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(schemaAt(schema, path))
      return issue.keys.map((key) => unknownKey([...path, key], key, document, known))
    }
    case 'invalid_union': {
      const branch = chosenBranch(issue.errors)
      if (branch === undefined) return [wrongValue(path, document, schemaAt(schema, path))]
      return branch.flatMap((inner) => explain(inner, path, document, schema))
    }
    case 'invalid_key':
      return [wrongKey(path, document)]
    case 'custom': {
      const allowed: unknown = issue.params?.[allowedParameter]
      return [
        typeof allowed === 'string'
          ? wrongValue(path, document, schemaAt(schema, path), allowed)
          : ruleBroken(path, document, issue.message),
      ]
    }
    default:
      return [wrongValue(path, document, schemaAt(schema, path))]
  }
}

const toPath = (path: readonly PropertyKey[]): Path =>
  path.map((step) => (typeof step === 'number' ? step : String(step)))

/**
 * Of the forms a value may take, the one it was meant to take: the only one whose type is right, or of several the one that has
 * its keys, else the one with the least to correct.
 */
function chosenBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = branches.filter((issues) => !isAt(issues, 'invalid_type'))
  const known = fitting.filter((issues) => !isAt(issues, 'unrecognized_keys'))
  const candidates = known.length > 0 ? known : fitting
  const fewest = Math.min(...candidates.map(({ length }) => length))
  const nearest = candidates.filter(({ length }) => length === fewest)
  return nearest.length === 1 ? nearest[0] : undefined
}

/** Is it the value itself that has this fault, and not something in it? */
const isAt = (issues: readonly Issue[], fault: Issue['code']): boolean =>
  issues.some(({ code, path }) => path.length === 0 && code === fault)

/** A key that nothing at this place is called by. */
export function unknownKey(
  path: Path,
  key: string,
  document: YamlDocument,
  known: readonly string[],
): DocumentFault {
  const close = nearest(key, known)
  const inside = path.length > 1 ? ` in ${quoted(dotted(path.slice(0, -1)))}` : ''
  return document.fault('key', path, {
    found: `the key ${quoted(key)}`,
    allowed: known.join(', '),
    nearest: close,
    what: [
      `The key ${quoted(key)} is not known${inside}.`,
      close === undefined ? '' : `Did you mean '${close}'?`,
      known.length === 0 ? '' : `Known keys: ${known.join(', ')}.`,
    ]
      .filter((part) => part !== '')
      .join(' '),
  })
}

const allowedTagName =
  '1 to 128 characters without < > % & \\ ? / and control characters, and not begin with ['

function wrongKey(path: Path, document: YamlDocument): DocumentFault {
  const key = printable(String(path.at(-1)))
  return document.fault('key', path, {
    found: `the key '${key}'`,
    allowed: allowedTagName,
    what: `The key '${key}' must be ${allowedTagName}.`,
  })
}

/** A rule of a service about its options, which says itself what is wrong. */
function ruleBroken(path: Path, document: YamlDocument, message: string): DocumentFault {
  return document.fault('value', path, {
    found: describeFound(valueAt(document.value, path), document.sourceAt(path)),
    allowed: 'what the service accepts',
    what: `${quoted(dotted(path))} cannot be used: ${message}`,
  })
}

function wrongValue(
  path: Path,
  document: YamlDocument,
  schema: JsonObject | undefined,
  message?: string,
): DocumentFault {
  const value = valueAt(document.value, path)
  const allowed = message ?? describeAllowed(schema)
  const name = path.length === 0 ? document.title : quoted(dotted(path))
  if (value === undefined) {
    return document.fault('key', path, {
      found: 'nothing',
      allowed,
      what: `${name} is missing. It must be ${allowed}.`,
    })
  }
  return document.fault('value', path, describeWrong(name, value, allowed, document.sourceAt(path), schema))
}

function describeWrong(
  name: string,
  value: unknown,
  allowed: string,
  source: string | undefined,
  schema: JsonObject | undefined,
): FaultParts {
  const found = describeFound(value, source)
  const close = typeof value === 'string' ? nearest(value, knownWords(schema)) : undefined
  const quoted =
    typeof value === 'number' || typeof value === 'boolean' ? (source ?? String(value)) : undefined
  const hints = [
    close === undefined ? '' : ` Did you mean '${close}'?`,
    quoted !== undefined && allowsText(schema, quoted)
      ? ` YAML reads it as ${typeof value === 'number' ? 'a number' : 'true or false'}: write it in quotes, "${printable(quoted)}".`
      : '',
    value === null && allowsNoKeys(schema) ? ' Write {} when there is nothing to say.' : '',
  ].join('')
  return { found, allowed, nearest: close, what: `${name} must be ${allowed}, not ${found}.${hints}` }
}

function describeFound(value: unknown, source: string | undefined): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'string') return value === '' ? 'empty text' : quoted(value)
  return printable(source ?? String(value))
}
