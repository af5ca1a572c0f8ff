import type { World } from '../rules.ts'
import { managementGroupId } from './scopes.ts'

/** Whether a scope is there: the tenant, a management group, a subscription, a resource group or a resource. */
export function isScope(scope: string, world: World): boolean {
  if (scope === '' || scope === '/') return true
  const subscription = /^\/subscriptions\/([^/]+)$/i.exec(scope)?.[1]
  if (subscription !== undefined)
    return world.store.state.subscriptions[subscription.toLowerCase()] !== undefined
  if (scope.toLowerCase() === managementGroupId(world.tenantId).toLowerCase()) return true
  return world.store.get(scope) !== undefined
}
