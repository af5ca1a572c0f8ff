import { checked, invalidTemplate } from '../errors.ts'
import { isObject, type Json, type JsonObject } from '../expressions/json.ts'
import { resolve } from '../expressions/resolve.ts'
import type { Scope } from '../expressions/scope.ts'
import type { Template } from './template.ts'
import { faultOf } from './type-check.ts'
import { resolved, shownType } from './type-definition.ts'

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
    values.set(name, bind(name, definition, template, given, scopeFor(values)))
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

function bind(
  name: string,
  definition: JsonObject,
  template: Template,
  given: GivenParameters,
  scope: Scope,
): ParameterValue {
  const type = shownType(definition, template.definitions)
  const key = [...given.keys()].find((candidate) => candidate.toLowerCase() === name.toLowerCase())
  if (key !== undefined) {
    const value = given.get(key)
    if (value === undefined) return { known: false, type }
    check(name, definition, template, value)
    return { known: true, value, type }
  }
  const fallback = definition['defaultValue']
  if (fallback === undefined) {
    if (resolved(definition, template.definitions)['nullable'] === true)
      return { known: true, value: null, type }
    throw invalidTemplate(
      `The value for the template parameter '${name}' at line '1' and column '1' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details.`,
    )
  }
  const value = checked(`The template parameter '${name}'`, () => resolve(fallback, scope))
  check(name, definition, template, value)
  return { known: true, value, type }
}

/** Templates of the first language version are refused for another kind of value in other words. */
function check(name: string, definition: JsonObject, template: Template, value: Json): void {
  const fault = faultOf(definition, value, template.definitions)
  if (fault === undefined) return
  const { kinds, path, reason } = fault
  if (kinds !== undefined && !template.modern)
    throw invalidTemplate(
      `Template parameter JToken type is not valid. Expected '${kinds.expected === 'String' ? 'String, Uri' : kinds.expected}'. Actual '${kinds.actual}'. Please see https://aka.ms/arm-parameter-file for usage details.`,
    )
  throw invalidTemplate(
    `The provided value for the template parameter '${name}${path}' is not valid. ${reason} Please see https://aka.ms/arm-syntax-parameters for usage details.`,
  )
}

/** The parameters as a deployment shows them: what is secure has no value. */
export function shownParameters(values: ParameterValues): JsonObject {
  const shown = [...values].map(([name, parameter]): [string, Json] => {
    if (!parameter.known || parameter.type.startsWith('Secure')) return [name, { type: parameter.type }]
    return [name, { type: parameter.type, value: parameter.value }]
  })
  return Object.fromEntries(shown)
}
