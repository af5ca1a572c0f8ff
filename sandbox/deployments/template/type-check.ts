import {
  equal,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  property,
  typeName,
} from '../expressions/json.ts'
import { type Definitions, kindOf, resolved } from './type-definition.ts'

/** Why a value is none of a type. */
export interface TypeFault {
  /** Where in the value, e.g. `.subnets[0].name`; empty for the value itself. */
  readonly path: string
  readonly reason: string
  /** Set when the value is of another kind. */
  readonly kinds?: { readonly expected: string; readonly actual: string }
}

const fits: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === 'string',
  securestring: (value) => typeof value === 'string',
  int: (value) => typeof value === 'number' && Number.isInteger(value),
  bool: (value) => typeof value === 'boolean',
  array: isArray,
  object: isObject,
  secureobject: isObject,
}

/** What Azure's messages call the kinds. */
const kindNames: Readonly<Record<string, string>> = {
  string: 'String',
  securestring: 'String',
  int: 'Integer',
  bool: 'Boolean',
  array: 'Array',
  object: 'Object',
  secureobject: 'Object',
}

/**
 * The first thing that is wrong with a value, by its type.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/definitions
 */
export function faultOf(
  definition: JsonObject,
  value: Json,
  definitions: Definitions,
  path = '',
): TypeFault | undefined {
  const type = resolved(definition, definitions)
  const kind = kindOf(type)
  if (value === null && type['nullable'] === true) return undefined
  if (fits[kind]?.(value) === false) return otherKind(kind, value, path)
  const own = allowedFault(type, kind, value, path) ?? boundFault(type, value, path)
  if (own !== undefined) return own
  if (isArray(value)) return itemFault(type, value, definitions, path)
  return isObject(value) ? objectFault(type, value, definitions, path) : undefined
}

function otherKind(kind: string, value: Json, path: string): TypeFault {
  const kinds = { expected: kindNames[kind] ?? kind, actual: typeName(value) }
  return {
    path,
    kinds,
    reason: `Expected a value of type '${kinds.expected}', but received a value of type '${kinds.actual}'.`,
  }
}

function allowedFault(type: JsonObject, kind: string, value: Json, path: string): TypeFault | undefined {
  const allowed = type['allowedValues']
  if (!isArray(allowed) || isAllowed(allowed, value)) return undefined
  const shown = kind.startsWith('secure') ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  return {
    path,
    reason: `The value '${shown}' is not part of the allowed value(s): '${allowed.map(String).join(',')}'.`,
  }
}

/** A list is allowed when all its members are. */
function isAllowed(allowed: readonly Json[], value: Json): boolean {
  const has = (item: Json): boolean => allowed.some((candidate) => equal(candidate, item))
  return has(value) || (isArray(value) && value.every(has))
}

type Measure = 'length' | 'value'
const bounds: readonly (readonly [string, Measure, (value: number, bound: number) => boolean, string])[] = [
  [
    'minLength',
    'length',
    (value, bound) => value >= bound,
    'Length of the value should be greater than or equal to',
  ],
  [
    'maxLength',
    'length',
    (value, bound) => value <= bound,
    'Length of the value should be less than or equal to',
  ],
  ['minValue', 'value', (value, bound) => value >= bound, 'The value should be greater than or equal to'],
  ['maxValue', 'value', (value, bound) => value <= bound, 'The value should be less than or equal to'],
]

function boundFault(type: JsonObject, value: Json, path: string): TypeFault | undefined {
  const length = typeof value === 'string' || isArray(value) ? value.length : undefined
  const number = typeof value === 'number' ? value : undefined
  for (const [rule, measure, holds, words] of bounds) {
    const bound = type[rule]
    const measured = measure === 'length' ? length : number
    if (typeof bound === 'number' && measured !== undefined && !holds(measured, bound))
      return { path, reason: `${words} '${bound}'.` }
  }
  return undefined
}

function itemFault(
  type: JsonObject,
  value: readonly Json[],
  definitions: Definitions,
  path: string,
): TypeFault | undefined {
  const { prefixItems, items } = type
  const first = isArray(prefixItems) ? prefixItems : []
  if (items === false && value.length > first.length)
    return {
      path,
      reason: `The array must not have more than '${first.length}' item(s), and has '${value.length}'.`,
    }
  return firstFault(value.entries(), ([index, item]) => {
    const definition = first[index] ?? items
    return isObject(definition) ? faultOf(definition, item, definitions, `${path}[${index}]`) : undefined
  })
}

function objectFault(
  type: JsonObject,
  value: JsonObject,
  definitions: Definitions,
  path: string,
): TypeFault | undefined {
  const variant = variantOf(type, value, path)
  if (variant?.fault !== undefined) return variant.fault
  if (variant?.type !== undefined) return faultOf(variant.type, value, definitions, path)
  const properties = isObject(type['properties']) ? type['properties'] : {}
  return (
    missingFault(properties, value, definitions, path) ??
    unknownFault(type, properties, value, definitions, path) ??
    firstFault(Object.entries(properties), ([name, definition]) => {
      const found = property(value, name)
      if (found === undefined || !isObject(definition)) return undefined
      return faultOf(definition, found, definitions, `${path}.${name}`)
    })
  )
}

/** The type that a discriminator chooses by the value of one property. */
function variantOf(
  type: JsonObject,
  value: JsonObject,
  path: string,
): { readonly type?: JsonObject; readonly fault?: TypeFault } | undefined {
  const { discriminator } = type
  if (!isObject(discriminator)) return undefined
  const name = String(discriminator['propertyName'])
  const mapping = isObject(discriminator['mapping']) ? discriminator['mapping'] : {}
  const chosen = property(value, name)
  const found = typeof chosen === 'string' && Object.hasOwn(mapping, chosen) ? mapping[chosen] : undefined
  if (isObject(found)) return { type: found }
  const among = `'${Object.keys(mapping).join(', ')}'`
  const reason =
    chosen === undefined
      ? `The discriminator property '${name}' is required; its value must be one of ${among}.`
      : `The value of the discriminator property '${name}' must be one of ${among}.`
  return { fault: { path: chosen === undefined ? path : `${path}.${name}`, reason } }
}

const quoted = (names: readonly string[]): string => `[${names.map((name) => `'${name}'`).join(', ')}]`

function missingFault(
  properties: JsonObject,
  value: JsonObject,
  definitions: Definitions,
  path: string,
): TypeFault | undefined {
  const missing = Object.entries(properties).filter(
    ([name, definition]) =>
      property(value, name) === undefined &&
      isObject(definition) &&
      resolved(definition, definitions)['nullable'] !== true,
  )
  if (missing.length === 0) return undefined
  const names = quoted(missing.map(([name]) => name))
  return { path, reason: `The following required properties were not present: ${names}.` }
}

function unknownFault(
  type: JsonObject,
  properties: JsonObject,
  value: JsonObject,
  definitions: Definitions,
  path: string,
): TypeFault | undefined {
  const { additionalProperties } = type
  const unknown = Object.entries(value).filter(([name]) => property(properties, name) === undefined)
  if (additionalProperties === false && unknown.length > 0)
    return {
      path,
      reason: `The object does not allow values with properties not defined in the schema, but the following unknown properties were present: ${quoted(unknown.map(([name]) => name))}.`,
    }
  if (!isObject(additionalProperties)) return undefined
  return firstFault(unknown, ([name, item]) =>
    faultOf(additionalProperties, item, definitions, `${path}.${name}`),
  )
}

function firstFault<T>(items: Iterable<T>, fault: (item: T) => TypeFault | undefined): TypeFault | undefined {
  for (const item of items) {
    const found = fault(item)
    if (found !== undefined) return found
  }
  return undefined
}
