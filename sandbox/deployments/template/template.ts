import { ArmError } from '../../contracts.ts'
import { invalidTemplate } from '../errors.ts'
import { isArray, isObject, type Json, type JsonObject } from '../expressions/json.ts'
import { kinds, type ObjectKind, readMembers, type Site, unreadable, within } from './members.ts'
import { type Definitions, needsLanguage, readType, resolved, type TypeReader } from './type-definition.ts'

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
  /** Has it symbolic names, types of its own and the like: language version 2.0? */
  readonly modern: boolean
  readonly definitions: Definitions
  readonly parameters: Readonly<Record<string, JsonObject>>
  readonly variables: JsonObject
  readonly functions: readonly JsonObject[]
  readonly resources: readonly Declaration[]
  readonly outputs: Readonly<Record<string, JsonObject>>
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

const languages = /^(2\.\d+|1\.(9|10|11))(-experimental)?$/

/**
 * Checks the shape of a template.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax
 * @param nested whether another template deploys it
 * @throws ArmError `InvalidRequestContent` for what cannot be read (`InvalidTemplate` when nested), `InvalidTemplate`, or
 * `RequestContentTooLarge` above 4 MB
 */
export function parseTemplate(source: Json | undefined, scope: ScopeKind, nested: boolean): Template {
  if (!isObject(source)) throw invalidTemplate('The template is missing, or is not a JSON object')
  checkSize(source)
  const site: Site = { path: nested ? '' : 'properties.template', nested }
  const read = readMembers(source, kinds.template, site)
  checkHead(read, scope)
  const modern = read['languageVersion'] !== undefined
  const reader: TypeReader = { modern, definitions: rawDefinitions(read, modern) }
  const types = (name: 'definitions' | 'parameters' | 'outputs', kind: ObjectKind) =>
    readTypes(read, name, kind, site, reader)
  const template: Template = {
    modern,
    definitions: types('definitions', kinds.type),
    parameters: types('parameters', kinds.parameter),
    variables: objectOf(read, 'variables'),
    functions: readFunctions(read['functions'], within(site, 'functions')),
    resources: readResources(read['resources'], modern, within(site, 'resources')),
    outputs: types('outputs', kinds.output),
  }
  checkLimits(template)
  return template
}

function checkHead(source: JsonObject, scope: ScopeKind): void {
  const schema = source['$schema']
  if (typeof schema !== 'string' || !schemas[scope].test(schema))
    throw invalidTemplate(
      `The template schema '${String(schema ?? '')}' is not supported at ${scope === 'subscription' ? 'subscription' : 'resource group'} scope. Please see https://aka.ms/arm-template for usage details.`,
    )
  if (typeof source['contentVersion'] !== 'string')
    throw invalidTemplate("The template property 'contentVersion' is required")
  const language = source['languageVersion']
  if (language !== undefined && !languages.test(String(language)))
    throw invalidTemplate(`The template language version '${String(language)}' is not recognized`)
  for (const part of ['imports', 'extensions', 'asserts'])
    if (Object.keys(objectOf(source, part)).length > 0)
      throw invalidTemplate(`The template property '${part}' is not supported by this cloud`)
}

/** Types are read against each other: which names there are is known before any of them is read. */
function rawDefinitions(source: JsonObject, modern: boolean): Definitions {
  const { definitions } = source
  if (definitions !== undefined && !modern) throw needsLanguage('TypeDefinitions')
  return isObject(definitions)
    ? Object.fromEntries(
        Object.entries(definitions).flatMap(([name, value]) => (isObject(value) ? [[name, value]] : [])),
      )
    : {}
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
  const value = source[name] ?? {}
  if (!isObject(value)) throw invalidTemplate(`The template property '${name}' must be an object`)
  return value
}

function readTypes(
  source: JsonObject,
  name: 'definitions' | 'parameters' | 'outputs',
  kind: ObjectKind,
  site: Site,
  reader: TypeReader,
): Readonly<Record<string, JsonObject>> {
  const entries = Object.entries(objectOf(source, name)).map(([key, value]): [string, JsonObject] => {
    const read = readType(value, kind, within(within(site, name), key), reader)
    resolved(read, reader.definitions)
    return [key, read]
  })
  return Object.fromEntries(entries)
}

function readFunctions(value: Json | undefined, site: Site): readonly JsonObject[] {
  if (!isArray(value)) return []
  return value.map((group, index) => {
    const at = { ...site, path: `${site.path}[${index}]` }
    const read = readMembers(group, kinds.functions, at)
    const members = Object.entries(objectOf(read, 'members')).map(([name, member]): [string, JsonObject] => [
      name,
      readMembers(member, kinds.function, within(within(at, 'members'), name)),
    ])
    return { ...read, members: Object.fromEntries(members) }
  })
}

/** Resources are a list, or an object by symbolic name (language version 2.0). */
function readResources(value: Json | undefined, modern: boolean, site: Site): readonly Declaration[] {
  if (isArray(value) && !modern)
    return value.map((item, index) => ({
      value: readResource(item, { ...site, path: `${site.path}[${index}]` }),
    }))
  if (isObject(value) && modern)
    return Object.entries(value).map(([symbol, item]) => ({
      symbol,
      value: readResource(item, within(site, symbol)),
    }))
  if (value === undefined) throw invalidTemplate("The template property 'resources' is required")
  throw unreadable(
    site,
    `Cannot deserialize the current JSON: the resources of a template ${modern ? 'of language version 2.0 are an object by symbolic name' : 'without language version are an array'}`,
  )
}

function readResource(value: Json, site: Site): JsonObject {
  const read = readMembers(value, kinds.resource, site)
  checkResource(read)
  const { resources: children } = read
  if (children === undefined) return read
  const at = within(site, 'resources')
  if (isArray(children))
    return {
      ...read,
      resources: children.map((child, index) => readResource(child, { ...at, path: `${at.path}[${index}]` })),
    }
  if (!isObject(children)) throw unreadable(at, 'Error converting value: an array is expected')
  const named = Object.entries(children).map(([symbol, child]) => [
    symbol,
    readResource(child, within(at, symbol)),
  ])
  return { ...read, resources: Object.fromEntries(named) }
}

function checkResource(value: JsonObject): void {
  for (const name of ['type', 'name'])
    if (typeof value[name] !== 'string')
      throw invalidTemplate(
        `The template resource '${String(value['name'] ?? '')}' at line '1' and column '1' is not valid: the property '${name}' is required`,
      )
  if (typeof value['apiVersion'] !== 'string')
    throw invalidTemplate(
      `The template resource '${String(value['name'])}' at line '1' and column '1' is not valid. The api-version is required: it can't be null or empty. Please see https://aka.ms/arm-template for usage details.`,
    )
  if (value['import'] !== undefined || value['extension'] !== undefined)
    throw invalidTemplate(
      `The template resource '${String(value['name'])}' belongs to an extension, which is not supported by this cloud`,
    )
}
