import type { Directory, ResourceBody, StoredResource } from '../../../contracts.ts'
import { lastSegment } from '../../address.ts'
import { at, text } from '../../json.ts'
import type { Attribute, AttributeSource } from './expression.ts'

/** By source, then by name in lower case. */
export type Attributes = Readonly<Partial<Record<AttributeSource, ReadonlyMap<string, readonly string[]>>>>

const assignments = 'Microsoft.Authorization/roleAssignments'
const containers = 'Microsoft.Storage/storageAccounts/blobServices/containers'

/** Attributes that a condition may name, in lower case. https://learn.microsoft.com/azure/role-based-access-control/conditions-authorization-actions-attributes */
const known: readonly RegExp[] = [
  /^microsoft\.authorization\/roleassignments:(roledefinitionid|principalid|principaltype)$/,
  /^microsoft\.storage\/storageaccounts:(name|kind|.+)$/,
  /^microsoft\.storage\/storageaccounts\/blobservices\/containers:name$/,
  /^microsoft\.storage\/storageaccounts\/blobservices\/containers\/blobs:(path|prefix|snapshot|versionid|include|isncurrentversion|iscurrentversion|isdirectory)$/,
  /^microsoft\.storage\/storageaccounts\/blobservices\/containers\/(blobs\/tags|metadata|blobs\/metadata):.+$/,
  /^microsoft\.storage\/storageaccounts\/(queueservices\/queues|tableservices\/tables|encryptionscopes):name$/,
  /^microsoft\.containerregistry\/registries\/repositories:name$/,
]

/** Whether Azure has such an attribute. Those of principals and of the environment are not checked. */
export const isKnownAttribute = ({ source, name }: Attribute): boolean =>
  source === 'principal' ||
  source === 'environment' ||
  known.some((pattern) => pattern.test(name.toLowerCase()))

/** Attributes that are told whenever there are any, in lower case: requests to the lake name no snapshot and no version. */
const told: readonly RegExp[] = [
  /^microsoft\.authorization\/roleassignments:/,
  /^microsoft\.storage\/storageaccounts(\/blobservices\/containers)?:name$/,
  /^microsoft\.storage\/storageaccounts\/blobservices\/containers\/blobs:(snapshot|versionid)$/,
]

/** Whether there is an attribute; `undefined` when nobody knows. */
export function hasAttribute(
  { source, name }: Attribute,
  attributes: Attributes | undefined,
): boolean | undefined {
  const known = attributes?.[source]
  const key = name.toLowerCase()
  if (known === undefined || known.has(key)) return known?.has(key)
  return told.some((pattern) => pattern.test(key)) ? false : undefined
}

/** What a role assignment that is written or deleted has, for conditions on who may be given what. */
export function assignmentAttributes(
  request: ResourceBody | undefined,
  resource: StoredResource | undefined,
  directory: Directory,
): Attributes {
  const of = (body: ResourceBody | undefined) => (body === undefined ? new Map() : describe(body, directory))
  return { request: of(request), resource: of(resource) }
}

function describe(body: ResourceBody, directory: Directory): ReadonlyMap<string, readonly string[]> {
  const principalId = text(at(body, 'properties.principalId'))
  const role = text(at(body, 'properties.roleDefinitionId'))
  // What the request says of the type counts only when the directory does not know better.
  const type =
    (principalId === undefined ? undefined : directory.find(principalId)?.kind) ??
    text(at(body, 'properties.principalType'))
  const entries = [
    ['RoleDefinitionId', role === undefined ? undefined : lastSegment(role)],
    ['PrincipalId', principalId],
    ['PrincipalType', type],
  ] as const
  return new Map(
    entries.flatMap(([name, value]) =>
      value === undefined ? [] : [[`${assignments}:${name}`.toLowerCase(), [value]] as const],
    ),
  )
}

/** What a request for data has: the account and the container that its scope names, and what the service says. */
export function dataAttributes(scope: string, given: Readonly<Record<string, string>>): Attributes {
  const segment = (name: string) => new RegExp(`/${name}/([^/]+)`, 'i').exec(scope)?.[1]
  const own = {
    'Microsoft.Storage/storageAccounts:name': segment('storageAccounts'),
    [`${containers}:name`]: segment('containers'),
    ...given,
  }
  const values = new Map(
    Object.entries(own).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), [value]] as const],
    ),
  )
  return { request: values, resource: values }
}
