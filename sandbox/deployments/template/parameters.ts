import { checked, invalidTemplate } from '../errors.ts'
import {
  equal,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  property,
  typeName,
} from '../expressions/json.ts'
import { resolve } from '../expressions/resolve.ts'
import type { Scope } from '../expressions/scope.ts'
import type { Template } from './template.ts'

/** The value of a parameter: `known: false` when only the running deployment will know it. */
type ParameterValue =
  | { readonly known: true; readonly value: Json; readonly type: string }
  | { readonly known: false; readonly type: string }

/** Values of parameters by name, as the template writes the names. */
export type ParameterValues = ReadonlyMap<string, ParameterValue>

/** A value that a caller passes; `undefined` when it is not known yet. */
export type GivenParameters = ReadonlyMap<string, Json | undefined>

/** The parameters in a request: `{"name": {"value": …}}`. */
export function givenParameters(value: Json | undefined): GivenParameters {
  if (value === undefined || value === null) return new Map()
  if (!isObject(value)) throw invalidTemplate('The deployment parameters must be an object')
  const entries = Object.entries(value).map(([name, item]): [string, Json] => {
    if (isObject(item) && 'value' in item) return [name, item['value'] ?? null]
    if (isObject(item) && 'reference' in item)
      throw invalidTemplate(`The key vault reference of the parameter '${name}' cannot be resolved here`)
    throw invalidTemplate(`The value for the template parameter '${name}' is not provided`)
  })
  return new Map(entries)
}

const types: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === 'string',
  securestring: (value) => typeof value === 'string',
  int: (value) => typeof value === 'number' && Number.isInteger(value),
  bool: (value) => typeof value === 'boolean',
  array: isArray,
  object: isObject,
  secureobject: isObject,
}
const expectedTokens: Readonly<Record<string, string>> = {
  string: 'String, Uri',
  securestring: 'String, Uri',
  int: 'Integer',
  bool: 'Boolean',
  array: 'Array',
  object: 'Object',
  secureobject: 'Object',
}

/** The type of a parameter as a deployment shows it, e.g. `SecureString`. */
const shownTypes: Readonly<Record<string, string>> = {
  string: 'String',
  securestring: 'SecureString',
  int: 'Int',
  bool: 'Bool',
  array: 'Array',
  object: 'Object',
  secureobject: 'SecureObject',
}

/**
 * The values of all parameters of a template.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/parameters
 * @throws ArmError `InvalidTemplate` for one that is missing, unknown, or against its own rules
 */
export function bindParameters(
  template: Template,
  given: GivenParameters,
  scopeFor: (values: ParameterValues) => Scope,
): ParameterValues {
  refuseUnknown(template, given)
  const values = new Map<string, ParameterValue>()
  for (const [name, definition] of Object.entries(template.parameters))
    values.set(name, bind(name, definition, given, scopeFor(values)))
  return values
}

function refuseUnknown(template: Template, given: GivenParameters): void {
  const names = Object.keys(template.parameters)
  const known = new Set(names.map((name) => name.toLowerCase()))
  const unknown = [...given.keys()].filter((name) => !known.has(name.toLowerCase()))
  if (unknown.length > 0)
    throw invalidTemplate(
      `The following parameters were supplied, but do not correspond to any parameters defined in the template: '${unknown.join(', ')}'. The parameters defined in the template are: '${names.join(', ')}'. Please see https://aka.ms/arm-pass-parameter-values for usage details.`,
    )
}

function bind(name: string, definition: JsonObject, given: GivenParameters, scope: Scope): ParameterValue {
  const type = String(property(definition, 'type') ?? '').toLowerCase()
  const shown = shownTypes[type] ?? 'Object'
  const key = [...given.keys()].find((candidate) => candidate.toLowerCase() === name.toLowerCase())
  if (key !== undefined) {
    const value = given.get(key)
    if (value === undefined) return { known: false, type: shown }
    check(name, definition, type, value)
    return { known: true, value, type: shown }
  }
  const fallback = definition['defaultValue']
  if (fallback === undefined) {
    if (definition['nullable'] === true) return { known: true, value: null, type: shown }
    throw invalidTemplate(
      `The value for the template parameter '${name}' at line '1' and column '1' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details.`,
    )
  }
  const value = checked(`The template parameter '${name}'`, () => resolve(fallback, scope))
  check(name, definition, type, value)
  return { known: true, value, type: shown }
}

function check(name: string, definition: JsonObject, type: string, value: Json): void {
  if (value === null && definition['nullable'] === true) return
  const fits = types[type]
  if (fits === undefined && definition['$ref'] === undefined)
    throw invalidTemplate(`The template parameter '${name}' has the type '${type}', which is not supported`)
  if (fits?.(value) === false)
    throw invalidTemplate(
      `Template parameter JToken type is not valid. Expected '${expectedTokens[type]}'. Actual '${typeName(value)}'. Please see https://aka.ms/arm-parameter-file for usage details.`,
    )
  const allowed = definition['allowedValues']
  if (isArray(allowed) && !isAllowed(allowed, value))
    throw invalidTemplate(
      `The provided value '${shownValue(type, value)}' for the template parameter '${name}' is not valid. The value '${shownValue(type, value)}' is not part of the allowed value(s): '${allowed.map(String).join(',')}'.`,
    )
  checkBounds(name, definition, value)
}

/** A list is allowed when all its members are. */
function isAllowed(allowed: readonly Json[], value: Json): boolean {
  const has = (item: Json): boolean => allowed.some((candidate) => equal(candidate, item))
  return has(value) || (isArray(value) && value.every(has))
}

const shownValue = (type: string, value: Json): string =>
  type.startsWith('secure') ? '' : typeof value === 'string' ? value : JSON.stringify(value)

const bounds: readonly (readonly [
  string,
  'length' | 'value',
  (value: number, bound: number) => boolean,
  string,
])[] = [
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

function checkBounds(name: string, definition: JsonObject, value: Json): void {
  const length = typeof value === 'string' || isArray(value) ? value.length : undefined
  const number = typeof value === 'number' ? value : undefined
  for (const [rule, what, holds, words] of bounds) {
    const bound = definition[rule]
    const measured = what === 'length' ? length : number
    if (typeof bound === 'number' && measured !== undefined && !holds(measured, bound))
      throw invalidTemplate(
        `The provided value for the template parameter '${name}' is not valid. ${words} '${bound}'. Please see https://aka.ms/arm-parameter-file for usage details.`,
      )
  }
}

/** The parameters as a deployment shows them: what is secure has no value. */
export function shownParameters(values: ParameterValues): JsonObject {
  const shown = [...values].map(([name, parameter]): [string, Json] => {
    if (!parameter.known || parameter.type.startsWith('Secure')) return [name, { type: parameter.type }]
    return [name, { type: parameter.type, value: parameter.value }]
  })
  return Object.fromEntries(shown)
}
