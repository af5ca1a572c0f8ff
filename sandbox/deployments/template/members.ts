import { invalidRequest, invalidTemplate } from '../errors.ts'
import { isObject, type Json, type JsonObject } from '../expressions/json.ts'

/** What may stand in one kind of object of a template, as Azure's messages name it. */
export interface ObjectKind {
  readonly name: string
  readonly members: readonly string[]
}

/** Members of a type: of a parameter, an output, a definition, and of what is in them. */
const typeMembers = [
  'type',
  '$ref',
  'allowedValues',
  'minValue',
  'maxValue',
  'minLength',
  'maxLength',
  'metadata',
  'nullable',
  'items',
  'prefixItems',
  'properties',
  'additionalProperties',
  'discriminator',
  'pattern',
]

/**
 * The objects of a template.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax
 */
export const kinds = {
  template: {
    name: 'Template',
    members: [
      '$schema',
      'contentVersion',
      'languageVersion',
      'apiProfile',
      'metadata',
      'definitions',
      'parameters',
      'variables',
      'functions',
      'resources',
      'outputs',
      'imports',
      'extensions',
      'asserts',
    ],
  },
  parameter: { name: 'TemplateInputParameter', members: [...typeMembers, 'defaultValue'] },
  type: { name: 'TemplateTypeDefinition', members: typeMembers },
  output: { name: 'TemplateOutputParameter', members: [...typeMembers, 'value', 'condition', 'copy'] },
  function: { name: 'TemplateFunctionMember', members: ['parameters', 'output', 'metadata'] },
  functions: { name: 'TemplateFunction', members: ['namespace', 'members'] },
  resource: {
    name: 'TemplateResource',
    members: [
      'type',
      'apiVersion',
      'name',
      'location',
      'extendedLocation',
      'tags',
      'kind',
      'sku',
      'plan',
      'identity',
      'zones',
      'placement',
      'scale',
      'managedBy',
      'managedByExtended',
      'etag',
      'properties',
      'resources',
      'scope',
      'resourceGroup',
      'subscriptionId',
      'condition',
      'existing',
      'copy',
      'dependsOn',
      'comments',
      'metadata',
      'asserts',
      'import',
      'extension',
      '@options',
    ],
  },
} as const satisfies Readonly<Record<string, ObjectKind>>

/** Where an object stands in the request. */
export interface Site {
  /** Dotted, e.g. `properties.template.resources[0]`. */
  readonly path: string
  /** Whether the template is part of another one, which Azure reads later than the request. */
  readonly nested: boolean
}

/** The place of a member of an object. */
export const within = (site: Site, member: string): Site => ({
  ...site,
  path: site.path === '' ? member : `${site.path}.${member}`,
})

/** The refusal of a template that cannot be read: of the request it is part of, or of the template around it. */
export const unreadable = (site: Site, why: string): Error => {
  const message = `${why}. Path '${site.path}', line 1, position 1.`
  return site.nested
    ? invalidTemplate(message, 'parse')
    : invalidRequest(`The request content was invalid and could not be deserialized: '${message}'.`)
}

/**
 * An object with its members in the template language's own spelling, as Azure reads them whatever their case.
 * @throws ArmError for a member that such an object does not have
 */
export function readMembers(value: Json, { name, members }: ObjectKind, site: Site): JsonObject {
  if (!isObject(value)) throw unreadable(site, `Error converting value to type '${name}'`)
  const known = new Map(members.map((member) => [member.toLowerCase(), member]))
  const entries = Object.entries(value).map(([key, item]): [string, Json] => {
    const member = known.get(key.toLowerCase())
    if (member !== undefined) return [member, item]
    throw unreadable(within(site, key), `Could not find member '${key}' on object of type '${name}'`)
  })
  return Object.fromEntries(entries)
}
