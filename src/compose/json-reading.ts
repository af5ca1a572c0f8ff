import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** The value at a path in a resource of a template. */
const valueIn = (body: JsonObject, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((value, key) => (isJsonObject(value) ? value[key] : undefined), body)

/** As text; empty when it is none. */
export function textIn(body: JsonObject, ...path: readonly string[]): string {
  const value = valueIn(body, ...path)
  return typeof value === 'string' ? value : ''
}

/** As a number; 0 when it is none. */
export function numberIn(body: JsonObject, ...path: readonly string[]): number {
  const value = valueIn(body, ...path)
  return typeof value === 'number' ? value : 0
}
