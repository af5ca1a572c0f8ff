import type { ArmResource } from '../catalog/types.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/**
 * Azure evaluates every string of a template that stands in brackets, the names of properties too. Composed templates
 * hold values only, some of them written by strangers (a description that came from an issue), so each such string is
 * marked as literal.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions#escape-characters
 */
const literalText = (text: string): string => (text.startsWith('[') && text.endsWith(']') ? `[${text}` : text)

function literalValue(value: Json): Json {
  if (typeof value === 'string') return literalText(value)
  if (Array.isArray(value)) return value.map(literalValue)
  return isJsonObject(value) ? literalObject(value) : value
}

/** The same object with every string and every key literal, without the keys that have no value. */
export function literalObject(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) =>
      value === undefined ? [] : [[literalText(key), literalValue(value)]],
    ),
  )
}

/** The same resource with every string literal: nothing in it is an expression. */
export function literalResource({ type, apiVersion, name, dependsOn, ...rest }: ArmResource): ArmResource {
  return {
    type,
    apiVersion,
    name: literalText(name),
    ...(dependsOn !== undefined && dependsOn.length > 0 && { dependsOn }),
    ...literalObject(rest),
  }
}

const plainText = (text: string): string =>
  text.startsWith('[[') && text.endsWith(']') ? text.slice(1) : text

function plainValue(value: Json): Json {
  if (typeof value === 'string') return plainText(value)
  if (Array.isArray(value)) return value.map(plainValue)
  return isJsonObject(value) ? withoutLiteralMarks(value) : value
}

/** An object of a composed template as it is sent without a template, where nothing is evaluated. */
export function withoutLiteralMarks(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) =>
      value === undefined ? [] : [[plainText(key), plainValue(value)]],
    ),
  )
}
