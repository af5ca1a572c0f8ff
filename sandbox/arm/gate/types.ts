import type { ArmError } from '../../contracts.ts'
import { badRequest, refusal } from '../errors.ts'
import { text } from '../json.ts'
import { normaliseLocation, regions } from '../locations.ts'
import type { Write } from '../rules.ts'
import { type Namespace, namespaceOf, type PublishedType } from './published.ts'

/**
 * Refuses a resource whose type no provider has, or whose API version its type never had.
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-register-resource-provider
 * @throws ArmError `InvalidResourceNamespace`, `InvalidResourceType`, `NoRegisteredProviderFound`
 */
export function checkType({ address, apiVersion, body, existing }: Write): void {
  const [namespace, name] = split(address.type)
  const published = namespace.type(name)
  if (published === undefined) throw noSuchType(namespace, apiVersion)
  const location = text(body['location']) ?? existing?.location ?? 'global'
  if (!includes(published.versions, apiVersion))
    throw noSuchVersion(published, apiVersion, normaliseLocation(location))
}

/**
 * The same for the address of a request: of a resource, a list, an action. Addresses below `locations`, and actions that
 * belong to a provider and no type, are left to who serves them.
 * @throws ArmError
 */
export function checkAddress(path: string, apiVersion: string): void {
  const providers = path.toLowerCase().lastIndexOf('/providers/')
  const [name = '', ...segments] =
    providers < 0 ? [] : path.slice(providers + '/providers/'.length).split('/')
  if (providers < 0 || isProviderItself(segments)) {
    if (name !== '') split(`${name}/`)
    checkOwnVersion(apiVersion)
    return
  }
  checkTypeAddress(name, segments, apiVersion)
}

function checkTypeAddress(name: string, segments: readonly string[], apiVersion: string): void {
  const types = segments.filter((_, index) => index % 2 === 0)
  const [namespace] = split(`${name}/`)
  const published = namespace.type(types.join('/'))
  if (published !== undefined) {
    checkVersion(namespace, published, apiVersion)
    return
  }
  if (types[0]?.toLowerCase() === 'locations') return
  if (segments.length % 2 === 0) throw noSuchType(namespace, apiVersion)
  const parent = types.length > 1 ? namespace.type(types.slice(0, -1).join('/')) : undefined
  if (parent !== undefined) checkVersion(namespace, parent, apiVersion)
  else if (types.length > 1) throw noSuchType(namespace, apiVersion)
}

/** `/providers/Microsoft.Network`, or its registration. */
const isProviderItself = (segments: readonly string[]): boolean =>
  segments.length === 0 || (segments.length === 1 && /^(un)?register$/i.test(segments[0] ?? ''))

/** Whether a provider has this type. */
export function isPublished(type: string): boolean {
  const [namespace = '', ...rest] = type.split('/')
  return namespaceOf(namespace)?.type(rest.join('/')) !== undefined
}

function checkVersion(namespace: Namespace, type: PublishedType, apiVersion: string): void {
  if (includes(type.versions, apiVersion)) return
  if (namespace.name === 'Microsoft.Resources') throw invalidVersion(type.versions, apiVersion)
  if (namespace.name === 'Microsoft.Authorization')
    throw refusal(
      404,
      'InvalidResourceType',
      `The resource type '${type.name}' could not be found in the namespace '${namespace.name}' for api version '${apiVersion}'. The supported api-versions are '${type.versions.join(',')}'.`,
    )
  throw noSuchVersion(type, apiVersion, 'global')
}

/** Subscriptions, resource groups and the like: what Azure Resource Manager serves itself. */
function checkOwnVersion(apiVersion: string): void {
  const versions = namespaceOf('Microsoft.Resources')?.versions ?? []
  if (!includes(versions, apiVersion)) throw invalidVersion(versions, apiVersion)
}

const invalidVersion = (versions: readonly string[], apiVersion: string): ArmError =>
  badRequest(
    'InvalidApiVersionParameter',
    `The api-version '${apiVersion}' is invalid. The supported versions are '${[...versions].reverse().join(',')}'.`,
  )

const includes = (versions: readonly string[], version: string): boolean =>
  versions.includes(version.toLowerCase())

function split(type: string): readonly [Namespace, string] {
  const slash = type.indexOf('/')
  const name = type.slice(0, slash)
  const namespace = namespaceOf(name)
  if (namespace === undefined)
    throw refusal(404, 'InvalidResourceNamespace', `The resource namespace '${name}' is invalid.`)
  return [namespace, type.slice(slash + 1)]
}

function noSuchType(namespace: Namespace, apiVersion: string): ArmError {
  return refusal(
    404,
    'InvalidResourceType',
    `The resource type could not be found in the namespace '${namespace.name}' for api version '${apiVersion}'.`,
  )
}

function noSuchVersion(type: PublishedType, apiVersion: string, location: string): ArmError {
  const locations = type.takesLocation ? regions.map(([name]) => name) : []
  return badRequest(
    'NoRegisteredProviderFound',
    `No registered resource provider found for location '${location}' and API version '${apiVersion}' for type '${type.name}'. The supported api-versions are '${type.versions.join(', ')}'. The supported locations are '${locations.join(', ')}'.`,
  )
}
