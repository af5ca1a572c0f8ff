import type { StoredResource } from '../../contracts.ts'

/** What is in a tenant, as far as it says what lies above what. */
interface Tenant {
  readonly subscriptions: Readonly<Record<string, { readonly managementGroup?: string }>>
  readonly resources: Readonly<Record<string, StoredResource>>
}

/** The type of a management group. */
export const managementGroupType = 'Microsoft.Management/managementGroups'

/** Id of a management group. */
export const managementGroupId = (name: string): string => `/providers/${managementGroupType}/${name}`

const subscriptionPattern = /^\/subscriptions\/([^/]+)/
const groupPattern = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)/

/**
 * The scope and all scopes above it, in lower case and without a slash behind, the tenant (empty) last: what is
 * assigned or locked at one of them counts at the scope. Above a subscription are its management groups.
 * https://learn.microsoft.com/azure/role-based-access-control/scope-overview
 */
export function scopesAbove(state: Tenant, rootGroup: string, scope: string): readonly string[] {
  const key = scope.replace(/\/+$/, '').toLowerCase()
  const subscription = subscriptionPattern.exec(key)
  if (subscription !== null) {
    const parent = state.subscriptions[subscription[1] ?? '']?.managementGroup ?? rootGroup
    return [...prefixes(key, subscription[0]), ...groupsFrom(state, rootGroup, parent), '']
  }
  const group = groupPattern.exec(key)
  if (group === null) return key === '' ? [''] : [...prefixes(key, ''), '']
  return [...prefixes(key, group[0]), ...groupsFrom(state, rootGroup, group[1] ?? '').slice(1), '']
}

/** The path and what it lies in, down to the stem. */
function prefixes(key: string, stem: string): readonly string[] {
  const found: string[] = []
  for (let end = key.length; end >= stem.length && end > 0; end = key.lastIndexOf('/', end - 1))
    found.push(key.slice(0, end))
  return found
}

/** A management group and those above it, the root group last, as ids in lower case. */
function groupsFrom(state: Tenant, rootGroup: string, name: string): readonly string[] {
  const found: string[] = []
  for (
    let current: string | undefined = name.toLowerCase();
    current !== undefined;
    current = parentOf(state, rootGroup, current)
  )
    found.push(managementGroupId(current).toLowerCase())
  return found
}

/** Name of the management group above one; `undefined` above the root group. */
export function parentOf(state: Tenant, rootGroup: string, name: string): string | undefined {
  if (name.toLowerCase() === rootGroup.toLowerCase()) return undefined
  const parent = state.resources[managementGroupId(name).toLowerCase()]?.['parent']
  return (typeof parent === 'string' ? parent : rootGroup).toLowerCase()
}
