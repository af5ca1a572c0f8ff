import * as z from 'zod'
import type { Path } from '../diagnostics/fault.ts'
import { isJsonObject, type JsonObject } from '../json.ts'

/** The JSON Schema of a document, in the draft that editors know best. */
export function toJsonSchema(schema: z.ZodType): JsonObject {
  // JSON in, JSON out: what is not JSON in the generated object (there is nothing) would be dropped here.
  const generated: unknown = JSON.parse(
    JSON.stringify(z.toJSONSchema(schema, { target: 'draft-7', io: 'input' })),
  )
  if (!isJsonObject(generated)) throw new TypeError('A JSON Schema is an object.')
  return generated
}

/** The part of a JSON Schema that describes the value at a path: all its forms, when there are several. */
export function schemaAt(schema: JsonObject, path: Path): JsonObject | undefined {
  const [step, ...rest] = path
  if (step === undefined) return schema
  const found = [schema, ...alternatives(schema)].flatMap((candidate) => {
    const next = typeof step === 'number' ? candidate['items'] : propertyOf(candidate, step)
    const part = isJsonObject(next) ? schemaAt(next, rest) : undefined
    return part === undefined ? [] : [part]
  })
  return found.length > 1 ? { anyOf: found } : found[0]
}

/** The keys an object may have at this place. */
export function knownKeys(schema: JsonObject | undefined): readonly string[] {
  if (schema === undefined) return []
  const own = isJsonObject(schema['properties']) ? Object.keys(schema['properties']) : []
  return [...new Set([...own, ...alternatives(schema).flatMap(knownKeys)])]
}

/** The words a value may be, as far as they are known. */
export function knownWords(schema: JsonObject | undefined): readonly string[] {
  if (schema === undefined) return []
  const own = [schema['const'], ...['enum', 'examples'].flatMap((key) => listAt(schema, key))]
  return [...own.filter((word) => typeof word === 'string'), ...alternatives(schema).flatMap(knownWords)]
}

/** Would this text be allowed here? False when the schema says nothing of texts. */
export const allowsText = (schema: JsonObject | undefined, text: string): boolean =>
  schema?.['type'] === 'string' &&
  (typeof schema['pattern'] !== 'string' || new RegExp(schema['pattern'], 'u').test(text))

/** Would an object without keys be allowed here? */
export const allowsNoKeys = (schema: JsonObject | undefined): boolean =>
  schema?.['type'] === 'object' && schema['required'] === undefined && schema['minProperties'] === undefined

/** What is allowed at a place, in words that follow "must be". */
export function describeAllowed(schema: JsonObject | undefined): string {
  if (schema === undefined) return 'something else'
  const phrase = schema['patternErrorMessage']
  if (typeof phrase === 'string') return phrase
  if (Array.isArray(schema['enum'])) return `one of ${schema['enum'].join(', ')}`
  if (schema['const'] !== undefined) return String(schema['const'])
  const choices = isJsonObject(schema['properties']) ? [] : alternatives(schema)
  if (choices.length > 0) return [...new Set(choices.map(describeAllowed))].join(', or ')
  return describeType(schema)
}

function describeType(schema: JsonObject): string {
  switch (schema['type']) {
    case 'boolean':
      return 'true or false'
    case 'integer':
    case 'number':
      return describeNumber(schema)
    case 'array':
      return describeList(schema)
    case 'object': {
      const keys = knownKeys(schema)
      return keys.length === 0 ? 'an object' : `an object with the keys ${keys.join(', ')}`
    }
    case 'string':
      return describeText(schema)
    case 'null':
      return 'null'
    default:
      return 'something else'
  }
}

function describeText({ format, pattern, description }: JsonObject): string {
  if (format === 'ipv4') return 'an IPv4 address such as 10.0.0.4'
  if (format === 'uuid' || format === 'guid') return 'a GUID such as 11111111-1111-1111-1111-111111111111'
  return pattern !== undefined && typeof description === 'string'
    ? `text (${description.replace(/\.$/, '')})`
    : 'text'
}

function describeNumber({ type, minimum, exclusiveMinimum, maximum, multipleOf }: JsonObject): string {
  const steps = typeof multipleOf === 'number' ? ` in steps of ${multipleOf}` : ''
  const what = `${type === 'integer' ? 'a whole number' : 'a number'}${steps}`
  const least = type === 'integer' && typeof exclusiveMinimum === 'number' ? exclusiveMinimum + 1 : minimum
  const low = typeof least === 'number' && least > Number.MIN_SAFE_INTEGER ? least : undefined
  const high = typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined
  if (low !== undefined && high !== undefined) return `${what} from ${low} to ${high}`
  if (low !== undefined) return `${what} of at least ${low}`
  return high === undefined ? what : `${what} of at most ${high}`
}

function describeList({ minItems, maxItems }: JsonObject): string {
  const low = typeof minItems === 'number' && minItems > 0 ? minItems : undefined
  if (low !== undefined && typeof maxItems === 'number') return `a list of ${low} to ${maxItems} entries`
  if (low !== undefined) return `a list of at least ${low} ${low === 1 ? 'entry' : 'entries'}`
  return typeof maxItems === 'number' ? `a list of at most ${maxItems} entries` : 'a list'
}

const alternatives = (schema: JsonObject): readonly JsonObject[] =>
  ['anyOf', 'oneOf'].flatMap((key) => listAt(schema, key)).filter(isJsonObject)

function listAt(schema: JsonObject, key: string): readonly unknown[] {
  const list = schema[key]
  return Array.isArray(list) ? list : []
}

function propertyOf(schema: JsonObject, key: string): unknown {
  const properties = schema['properties']
  const own = isJsonObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined
  return own ?? schema['additionalProperties']
}
