import { ArmError } from '../../contracts.ts'
import { invalidTemplate } from '../errors.ts'
import { isArray, isObject, type Json, type JsonObject, property } from '../expressions/json.ts'

/** Where a template is deployed to. */
type ScopeKind = 'subscription' | 'resourceGroup'

/** A resource as the template declares it. */
export interface Declaration {
  /** Its symbolic name, in templates of language version 2.0. */
  readonly symbol?: string
  readonly value: JsonObject
}

/** A template, its shape and its limits checked. */
export interface Template {
  readonly parameters: Readonly<Record<string, JsonObject>>
  readonly variables: JsonObject
  readonly functions: readonly JsonObject[]
  readonly resources: readonly Declaration[]
  readonly outputs: Readonly<Record<string, JsonObject>>
  readonly source: JsonObject
}

/**
 * What Azure allows in one template. Source: azure-docs, templates/best-practices.md, "Template limits".
 */
export const limits = {
  templateBytes: 4 * 1024 * 1024,
  resources: 800,
  parameters: 256,
  variables: 256,
  outputs: 64,
} as const

const schemas: Readonly<Record<ScopeKind, RegExp>> = {
  resourceGroup: /\/deploymentTemplate\.json#?$/i,
  subscription: /\/subscriptionDeploymentTemplate\.json#?$/i,
}

/**
 * Checks the shape of a template.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax
 * @throws ArmError `InvalidTemplate`, or `RequestContentTooLarge` above 4 MB
 */
export function parseTemplate(source: Json | undefined, scope: ScopeKind): Template {
  if (!isObject(source)) throw invalidTemplate('The template is missing, or is not a JSON object')
  checkSize(source)
  const schema = source['$schema']
  if (typeof schema !== 'string' || !schemas[scope].test(schema))
    throw invalidTemplate(
      `The template schema '${String(schema ?? '')}' is not supported at ${scope === 'subscription' ? 'subscription' : 'resource group'} scope. Please see https://aka.ms/arm-template for usage details.`,
    )
  if (typeof source['contentVersion'] !== 'string')
    throw invalidTemplate("The template property 'contentVersion' is required")
  const template: Template = {
    parameters: objects(source, 'parameters'),
    variables: objectOf(source, 'variables'),
    functions: listOf(source['functions']),
    resources: declarations(source['resources']),
    outputs: objects(source, 'outputs'),
    source,
  }
  checkLimits(template)
  return template
}

function checkSize(source: JsonObject): void {
  const bytes = Buffer.byteLength(JSON.stringify(source))
  if (bytes > limits.templateBytes)
    throw new ArmError(413, {
      code: 'RequestContentTooLarge',
      message: `The request content size exceeds the maximum size of ${limits.templateBytes / 1024 / 1024} MB.`,
    })
}

function checkLimits(template: Template): void {
  const counts = [
    ['parameters', Object.keys(template.parameters).length, limits.parameters],
    ['variables', Object.keys(template.variables).length, limits.variables],
    ['outputs', Object.keys(template.outputs).length, limits.outputs],
  ] as const
  for (const [what, count, most] of counts)
    if (count > most)
      throw invalidTemplate(
        `The number of template ${what} limit exceeded. Limit: '${most}' and actual: '${count}'. Please see https://aka.ms/arm-template for usage details.`,
      )
}

function objectOf(source: JsonObject, name: string): JsonObject {
  const value = property(source, name) ?? {}
  if (!isObject(value)) throw invalidTemplate(`The template property '${name}' must be an object`)
  return value
}

function objects(source: JsonObject, name: string): Readonly<Record<string, JsonObject>> {
  const found: Record<string, JsonObject> = {}
  for (const [key, value] of Object.entries(objectOf(source, name))) {
    if (!isObject(value))
      throw invalidTemplate(`The template ${name.slice(0, -1)} '${key}' must be an object`)
    found[key] = value
  }
  return found
}

const listOf = (value: Json | undefined): readonly JsonObject[] =>
  isArray(value) ? value.filter(isObject) : []

/** Resources are a list, or an object by symbolic name (language version 2.0). */
function declarations(resources: Json | undefined): readonly Declaration[] {
  if (isArray(resources)) return resources.map((value) => ({ value: declared(value) }))
  if (isObject(resources))
    return Object.entries(resources).map(([symbol, value]) => ({ symbol, value: declared(value) }))
  throw invalidTemplate("The template property 'resources' is required")
}

function declared(value: Json): JsonObject {
  if (!isObject(value)) throw invalidTemplate('A template resource must be an object')
  for (const name of ['type', 'name'])
    if (typeof value[name] !== 'string')
      throw invalidTemplate(
        `The template resource '${String(value['name'] ?? '')}' at line '1' and column '1' is not valid: the property '${name}' is required`,
      )
  if (typeof value['apiVersion'] !== 'string')
    throw invalidTemplate(
      `The template resource '${String(value['name'])}' at line '1' and column '1' is not valid. The api-version is required: it can't be null or empty. Please see https://aka.ms/arm-template for usage details.`,
    )
  return value
}
