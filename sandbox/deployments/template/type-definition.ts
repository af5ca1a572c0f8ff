import { invalidTemplate } from '../errors.ts'
import { isArray, isObject, type Json, type JsonObject, property } from '../expressions/json.ts'
import { kinds, type ObjectKind, readMembers, type Site, unreadable, within } from './members.ts'

/** Types of a template by name: what `$ref: "#/definitions/{name}"` means. */
export type Definitions = Readonly<Record<string, JsonObject>>

/** The kinds of value that a type may name, in lower case, and how a deployment shows them. */
const shownTypes: Readonly<Record<string, string>> = {
  string: 'String',
  securestring: 'SecureString',
  int: 'Int',
  bool: 'Bool',
  array: 'Array',
  object: 'Object',
  secureobject: 'SecureObject',
}

/** The type of a parameter or output as a deployment shows it, e.g. `SecureString`. */
export const shownType = (definition: JsonObject, definitions: Definitions): string =>
  shownTypes[kindOf(resolved(definition, definitions))] ?? 'Object'

/** The kind of value that a type names, in lower case. */
export const kindOf = (definition: JsonObject): string => String(definition['type'] ?? '').toLowerCase()

/**
 * A type with what its `$ref` says filled in; what stands beside the reference wins.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/definitions
 */
export function resolved(definition: JsonObject, definitions: Definitions): JsonObject {
  let { $ref: reference, ...whole }: JsonObject = definition
  for (let steps = 0; typeof reference === 'string'; steps += 1) {
    const name = referencedName(reference)
    const target = name === undefined ? undefined : property({ ...definitions }, name)
    if (!isObject(target) || steps > Object.keys(definitions).length)
      throw invalidTemplate(
        `The template type reference '${reference}' could not be resolved. Please see https://aka.ms/arm-syntax-parameters for usage details.`,
      )
    ;({ $ref: reference, ...whole } = { ...target, ...whole, $ref: target['$ref'] ?? null })
  }
  return whole
}

const referencedName = (reference: string): string | undefined =>
  /^#\/definitions\/([^/]+)$/.exec(reference)?.[1]

/** What of the language of types each version has: before 2.0 only the plain kinds. */
const features: readonly (readonly [string, string])[] = [
  ['$ref', 'TypeDefinitions'],
  ['items', 'AggregateTypeValidation'],
  ['prefixItems', 'AggregateTypeValidation'],
  ['properties', 'AggregateTypeValidation'],
  ['additionalProperties', 'AggregateTypeValidation'],
  ['discriminator', 'AggregateTypeValidation'],
  ['nullable', 'NullableParameters'],
]

/** The refusal of a part of the language that a template without `languageVersion` does not have. */
export const needsLanguage = (feature: string): Error =>
  invalidTemplate(
    `Template language version must be specified in order to use feature '${feature}'. Please see https://aka.ms/arm-template for usage details.`,
  )

/** Where types are read: the template's own, and whether its language has more than the plain kinds. */
export interface TypeReader {
  readonly definitions: Definitions
  readonly modern: boolean
}

/**
 * Reads a type, and what is in it: members in the language's own spelling, kinds and references that there are.
 * @throws ArmError for what no type may say
 */
export function readType(value: Json, kind: ObjectKind, site: Site, reader: TypeReader): JsonObject {
  const definition = readMembers(value, kind, site)
  if (!reader.modern)
    for (const [member, feature] of features)
      if (definition[member] !== undefined) throw needsLanguage(feature)
  checkKind(definition, site)
  return { ...definition, ...readParts(definition, site, reader) }
}

function checkKind(definition: JsonObject, site: Site): void {
  const { type, $ref: reference } = definition
  if (type === undefined && reference === undefined)
    throw unreadable(site, "Required property 'type' not found in JSON")
  if (type !== undefined && (typeof type !== 'string' || shownTypes[type.toLowerCase()] === undefined))
    throw unreadable(
      within(site, 'type'),
      `Error converting value "${String(type)}" to type 'TemplateParameterType'`,
    )
  if (reference !== undefined && (typeof reference !== 'string' || referencedName(reference) === undefined))
    throw unreadable(within(site, '$ref'), `The reference '${String(reference)}' is not valid`)
}

/** The types inside a type. */
function readParts(definition: JsonObject, site: Site, reader: TypeReader): JsonObject {
  const parts: Record<string, Json> = {}
  const one = (value: Json, member: string): Json => readType(value, kinds.type, within(site, member), reader)
  for (const member of ['items', 'additionalProperties']) {
    const part = definition[member]
    if (part !== undefined) parts[member] = typeof part === 'boolean' ? part : one(part, member)
  }
  const { prefixItems, properties, discriminator } = definition
  if (isArray(prefixItems))
    parts['prefixItems'] = prefixItems.map((item, index) => one(item, `prefixItems[${index}]`))
  if (properties !== undefined) parts['properties'] = eachOf(properties, within(site, 'properties'), reader)
  if (discriminator !== undefined) parts['discriminator'] = readDiscriminator(discriminator, site, reader)
  return parts
}

function readDiscriminator(value: Json, site: Site, reader: TypeReader): JsonObject {
  const at = within(site, 'discriminator')
  const read = readMembers(value, { name: 'Discriminator', members: ['propertyName', 'mapping'] }, at)
  if (typeof read['propertyName'] !== 'string')
    throw unreadable(at, "Required property 'propertyName' not found in JSON")
  return { ...read, mapping: eachOf(read['mapping'] ?? {}, within(at, 'mapping'), reader) }
}

function eachOf(value: Json, site: Site, reader: TypeReader): JsonObject {
  if (!isObject(value)) throw unreadable(site, 'Error converting value: an object is expected')
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      readType(part, kinds.type, within(site, name), reader),
    ]),
  )
}
