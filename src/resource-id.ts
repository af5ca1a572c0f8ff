/**
 * Ids of Azure resources, e.g. `/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/vnet`.
 * Azure compares them, and the names in them, without regard to case.
 */

/** The parts of the id of a resource in a resource group. */
export interface ResourceIdParts {
  readonly subscriptionId: string
  readonly resourceGroup: string
  /** The last segment: for a child resource the child's own name. */
  readonly name: string
}

const form = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/.+\/([^/]+)$/i

/** Takes the id of a resource inside a resource group apart, or undefined when it is not one. */
export function parseResourceId(id: string): ResourceIdParts | undefined {
  const [, subscriptionId, resourceGroup, name] = form.exec(id) ?? []
  if (subscriptionId === undefined || resourceGroup === undefined || name === undefined) return undefined
  return { subscriptionId, resourceGroup, name }
}

/** Are two names or ids the same to Azure? */
export const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** The last segment of an id: the resource's name. */
export const lastSegment = (id: string): string => id.slice(id.lastIndexOf('/') + 1)

/** An id in the form in which ids are compared: small letters, one slash before it and none behind. */
export const normalId = (id: string): string => `/${id.replace(/^\/+|\/+$/g, '')}`.toLowerCase()

/** Is a resource this one, or inside it? */
export const isWithin = (id: string, outer: string): boolean =>
  `${normalId(id)}/`.startsWith(`${normalId(outer)}/`)

/** The GUID of the subscription in an id; empty when there is none. */
export const subscriptionOf = (id: string): string => id.split('/')[2] ?? ''

/** The id of the resource group that a resource is in. */
export const resourceGroupIdOf = (id: string): string => id.split(/\/providers\//i)[0] ?? ''

/** The id of the VNet that a subnet is in. */
export const networkIdOf = (subnetId: string): string => subnetId.split(/\/subnets\//i)[0] ?? subnetId

/**
 * The ARM type of the resource that an id names, in the case that it is written in: for one that extends another, as a role
 * assignment does, its own.
 */
export function typeOfResource(id: string): string {
  const [namespace = '', ...rest] = (id.split(/\/providers\//i).at(-1) ?? '').split('/')
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/')
}

/**
 * An id as people read it: `Microsoft.Network/privateEndpoints 'pe-1' in resource group 'rg'`, `resource group 'rg'`.
 * Anything else stays as it is.
 */
export function resourceLabel(id: string): string {
  const [, group] = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)$/i.exec(id) ?? []
  if (group !== undefined) return `resource group '${group}'`
  const at = id.toLowerCase().lastIndexOf('/providers/')
  const [namespace, ...rest] = at < 0 ? [] : id.slice(at + '/providers/'.length).split('/')
  if (namespace === undefined || rest.length < 2 || rest.length % 2 !== 0) return id
  const name = rest.filter((_, index) => index % 2 === 1).join('/')
  const around = /\/resourceGroups\/([^/]+)\//i.exec(id)?.[1]
  return `${typeOfResource(id)} '${name}'${around === undefined ? '' : ` in resource group '${around}'`}`
}
