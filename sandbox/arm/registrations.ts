import { conflict } from './errors.ts'
import { allNamespaces, type Namespace } from './gate/published.ts'
import type { World } from './rules.ts'
import type { Subscription } from './state.ts'
import type { Store } from './store.ts'

/** What Azure answers when it is asked how a subscription stands to a resource provider. */
export type RegistrationState = 'Registered' | 'Registering' | 'NotRegistered' | 'Unregistered'

/** How long registering takes, in seconds, as commonly observed. */
const secondsToRegister = 60

/**
 * Every subscription is registered with these from the beginning.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/azure-services-resource-providers
 */
const fromTheBeginning: ReadonlySet<string> = new Set([
  'microsoft.authorization',
  'microsoft.consumption',
  'microsoft.costmanagement',
  'microsoft.features',
  'microsoft.portal',
  'microsoft.resources',
])

/** Is every subscription registered with it, and stays so? */
export const isFree = ({ name }: Namespace): boolean => fromTheBeginning.has(name.toLowerCase())

/** How a subscription stands to a resource provider. */
export function registrationState(
  subscription: Subscription,
  namespace: string,
  world: World,
): RegistrationState {
  const key = namespace.toLowerCase()
  endOf(subscription, key, world)
  const { registered, registering = {}, unregistered = [] } = subscription
  if (registered.includes('*') || registered.includes(key) || fromTheBeginning.has(key)) return 'Registered'
  if (registering[key] !== undefined) return 'Registering'
  return unregistered.includes(key) ? 'Unregistered' : 'NotRegistered'
}

/** Ends a registration whose time is over: well, or, for a provider that cannot be had, without one. */
function endOf(subscription: Subscription, key: string, world: World): void {
  const until = subscription.registering?.[key]
  if (until === undefined || Date.parse(until) > world.clock.now().getTime()) return
  const { [key]: _ended, ...rest } = subscription.registering ?? {}
  subscription.registering = rest
  if (!world.registrations.failing.some((one) => one.toLowerCase() === key)) subscription.registered.push(key)
}

/** Begins to register a subscription with a resource provider. Until that is done the provider refuses it. */
export function register(subscription: Subscription, { name }: Namespace, world: World): void {
  if (/^Register/.test(registrationState(subscription, name, world))) return
  const until = world.clock.now().getTime() + secondsToRegister * 1_000 * world.registrations.scale
  subscription.registering = {
    ...subscription.registering,
    [name.toLowerCase()]: new Date(until).toISOString(),
  }
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
