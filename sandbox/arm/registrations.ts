import { conflict } from './errors.ts'
import { allNamespaces, type Namespace } from './gate/published.ts'
import type { Subscription } from './state.ts'
import type { Store } from './store.ts'

/** How a subscription stands to a resource provider. */
export function registrationState(subscription: Subscription, { name }: Namespace): string {
  const key = name.toLowerCase()
  if (subscription.registered.includes('*') || subscription.registered.includes(key)) return 'Registered'
  return subscription.unregistered?.includes(key) === true ? 'Unregistered' : 'NotRegistered'
}

/** Registers a subscription with a resource provider. */
export function register(subscription: Subscription, namespace: Namespace): void {
  if (registrationState(subscription, namespace) === 'Registered') return
  subscription.registered.push(namespace.name.toLowerCase())
}

/**
 * Takes a registration back.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types
 * @throws ArmError 409 as long as the subscription has resources of the provider
 */
export function unregister(subscription: Subscription, { name }: Namespace, store: Store): void {
  const key = name.toLowerCase()
  const left = store
    .within(`/subscriptions/${subscription.subscriptionId}`)
    .find(({ type }) => type.toLowerCase().startsWith(`${key}/`))
  if (left !== undefined)
    throw conflict(
      'Conflict',
      `The resource provider '${name}' cannot be unregistered: the subscription has resources of it, such as '${left.id}'.`,
    )
  const all = subscription.registered.includes('*')
    ? allNamespaces().map((one) => one.name.toLowerCase())
    : subscription.registered
  subscription.registered = all.filter((one) => one !== key)
  subscription.unregistered = [...new Set([...(subscription.unregistered ?? []), key])]
}
