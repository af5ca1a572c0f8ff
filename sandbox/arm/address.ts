/** The parts of a resource id. */
export interface Address {
  /** The id as it was written, without a trailing slash, and with `resourceGroups` spelled as Azure does. */
  readonly id: string
  /** What ids are compared by. */
  readonly key: string
  /** `Microsoft.Network/virtualNetworks/subnets` as it was written. */
  readonly type: string
  readonly name: string
  /** What the resource lies in: a resource group, a subscription, the tenant (empty), or the resource it extends. */
  readonly scope: string
  /** Id of the resource that a child resource belongs to. */
  readonly parent: string | undefined
  readonly subscriptionId: string | undefined
  readonly resourceGroup: string | undefined
  /** True when the resource extends another one, as a lock or a role assignment does. */
  readonly extension: boolean
}

const groupPattern = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)$/i
const subscriptionPattern = /^\/subscriptions\/([^/]+)/i

/** The parts of a resource id; `undefined` when the text is none (a list's address, for example). */
export function parseAddress(text: string): Address | undefined {
  const id = text.replace(/\/+$/, '').replace(/\/resourcegroups\//i, '/resourceGroups/')
  const key = id.toLowerCase()
  const subscriptionId = subscriptionPattern.exec(id)?.[1]
  const resourceGroup = /\/resourceGroups\/([^/]+)/i.exec(id)?.[1]
  const common = { id, key, subscriptionId, resourceGroup }
  if (groupPattern.test(id)) {
    const scope = `/subscriptions/${subscriptionId}`
    const name = resourceGroup ?? ''
    return {
      ...common,
      name,
      scope,
      type: 'Microsoft.Resources/resourceGroups',
      parent: undefined,
      extension: false,
    }
  }
  const providers = key.lastIndexOf('/providers/')
  if (providers < 0) return undefined
  const [namespace, ...segments] = id.slice(providers + '/providers/'.length).split('/')
  if (!namespace || segments.length < 2 || segments.length % 2 !== 0 || segments.includes(''))
    return undefined
  const scope = id.slice(0, providers)
  const types = segments.filter((_, index) => index % 2 === 0)
  return {
    ...common,
    scope,
    type: [namespace, ...types].join('/'),
    name: segments.at(-1) ?? '',
    parent: types.length > 1 ? id.split('/').slice(0, -2).join('/') : undefined,
    extension: scope.toLowerCase().includes('/providers/'),
  }
}

/** Ids are the same whatever their case. */
export function sameId(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one.toLowerCase() === other.toLowerCase()
}

/** Whether an id is that of a scope, or of something in it. */
export const isWithin = (id: string, scope: string): boolean =>
  `${id}/`.toLowerCase().startsWith(`${scope}/`.toLowerCase())

/** Last segment of an id. */
export function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}
