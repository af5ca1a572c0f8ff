/** The type of a nested deployment, lower case. */
export const deploymentType = 'microsoft.resources/deployments'
/** The type of a resource group, lower case. */
const resourceGroupType = 'microsoft.resources/resourcegroups'

/** The right to do something with a resource of a type. Resource groups are named as part of their subscription. */
export const actionOn = (type: string, verb: string): string =>
  sameId(type, resourceGroupType)
    ? `Microsoft.Resources/subscriptions/resourceGroups/${verb}`
    : `${type}/${verb}`

/** Two ids, or types, compared as Azure compares them. */
export const sameId = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase()

/** Whether an id is that of a scope, or of something in it. */
export const isWithin = (id: string, scope: string): boolean =>
  `${id}/`.toLowerCase().startsWith(`${scope}/`.toLowerCase())

/**
 * The path of a resource from its scope on: `providers/{namespace}/{type}/{name}/{type}/{name}`. `undefined` when the
 * type has not one segment more than the name.
 */
export function providerPath(type: string, name: string): string | undefined {
  const [namespace, ...kinds] = type.split('/')
  const names = name.split('/')
  if (namespace === undefined || kinds.length === 0 || kinds.length !== names.length) return undefined
  if ([namespace, ...kinds, ...names].some((segment) => segment === '')) return undefined
  return ['providers', namespace, ...kinds.flatMap((kind, index) => [kind, names[index] ?? ''])].join('/')
}

/** A scope and a path below it, as one id; the tenant's scope is `/` or empty. */
export const below = (scope: string, path: string): string => `${scope === '/' ? '' : scope}/${path}`

/** The id of a resource at a scope; a resource group's is its own path. */
export function resourceIdAt(scope: string, type: string, name: string): string | undefined {
  if (sameId(type, resourceGroupType))
    return below(subscriptionScope(scope) ?? scope, `resourceGroups/${name}`)
  const path = providerPath(type, name)
  return path === undefined ? undefined : below(scope, path)
}

const subscriptionPattern = /^\/subscriptions\/([^/]+)/i
const groupPattern = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)/i

/** The subscription of an id. */
export const subscriptionOf = (id: string): string | undefined => subscriptionPattern.exec(id)?.[1]

/** `/subscriptions/{id}` of an id. */
export const subscriptionScope = (id: string): string | undefined => subscriptionPattern.exec(id)?.[0]

/** The resource group's name in an id. */
export const resourceGroupOf = (id: string): string | undefined => groupPattern.exec(id)?.[2]

/** `/subscriptions/{id}/resourceGroups/{name}` of an id. */
export const resourceGroupScope = (id: string): string | undefined => groupPattern.exec(id)?.[0]

/** Is this the id of a resource group? */
export const isResourceGroupId = (id: string): boolean =>
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i.test(id)

/** Type and full name in an id, e.g. `Microsoft.Network/virtualNetworks/subnets` and `vnet/subnet`. */
export function describeId(id: string): { readonly type: string; readonly name: string } {
  if (isResourceGroupId(id))
    return { type: 'Microsoft.Resources/resourceGroups', name: id.split('/').at(-1) ?? '' }
  const path = id.split(/\/providers\//i).at(-1) ?? ''
  const [namespace = '', ...rest] = path.split('/')
  const every = (offset: number): string[] => rest.filter((_, index) => index % 2 === offset)
  return { type: [namespace, ...every(0)].join('/'), name: every(1).join('/') }
}

/**
 * Is this one of the resources of a resource group, and no part or extension of another? Role assignments and locks of
 * the group itself are none of its resources.
 */
export const isTopLevelIn = (group: string, id: string): boolean => {
  const path = id.slice(group.length).split('/')
  return path.length === 5 && !sameId(path[2] ?? '', 'Microsoft.Authorization')
}

/** How many segments an id has: children have more than their parents. */
export const depth = (id: string): number => id.split('/').length
