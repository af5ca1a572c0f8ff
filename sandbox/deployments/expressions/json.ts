/** A JSON value, as templates and expressions handle it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json
}

/** Is this value a JSON object (and not null or a list)? */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Is this value a JSON list? */
export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

/** The name that Azure's messages give to the type of a value. */
export function typeName(value: Json): string {
  if (value === null) return 'Null'
  if (isArray(value)) return 'Array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Float'
  return { string: 'String', boolean: 'Boolean', object: 'Object' }[
    typeof value as 'string' | 'boolean' | 'object'
  ]
}

/** The value of a property, found as Azure finds it: whatever the case of its name. */
export function property(object: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(object, name)) return object[name]
  const wanted = name.toLowerCase()
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === wanted)
  return key === undefined ? undefined : object[key]
}

/** Are two values the same, the order of an object's keys aside? */
export function equal(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => equal(item, right[index]))
  if (isObject(left) && isObject(right)) {
    const keys = Object.keys(left)
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]))
    )
  }
  return left === right
}

/** Any value that survives JSON, as JSON: what a resource looks like on the wire. */
export function toJson(value: unknown): Json {
  const text = JSON.stringify(value)
  return text === undefined ? null : JSON.parse(text)
}
