import { subscriptionNotFound } from '../errors.ts'
import { allNamespaces, type Namespace, namespaceOf, type PublishedType } from '../gate/published.ts'
import { displayNameOf, locationsOf, regions } from '../locations.ts'
import { holdsAnyRole } from '../rbac/authorization.ts'
import { isFree, register, registrationState, unregister } from '../registrations.ts'
import type { Subscription } from '../state.ts'
import { type ArmContext, type ArmRequest, demandRead, type Handler, requireRight } from './context.ts'

/** Tenants, subscriptions, their locations and resource providers. */
export const subscriptionHandler: Handler = async (request, context) => {
  const segments = request.path.toLowerCase().split('/').slice(1)
  if (request.path.toLowerCase() === '/tenants') return listTenants(request, context)
  if (request.path.toLowerCase() === '/subscriptions') return listSubscriptions(request, context)
  if (segments[0] === 'providers' && segments.length <= 2) return tenantProviders(segments[1], request)
  if (segments[0] !== 'subscriptions' || segments[1] === undefined) return undefined
  const subscription = context.world.store.state.subscriptions[segments[1]]
  if (subscription === undefined) throw subscriptionNotFound(request.path.split('/')[2] ?? '')
  if (segments.length === 2) return showSubscription(subscription, request, context)
  if (segments[2] === 'locations' && segments.length === 3) return listLocations(subscription, request)
  if (segments[2] === 'providers' && segments.length <= 5)
    return providers(subscription, segments, request, context)
  return undefined
}

function listTenants(request: ArmRequest, { world }: ArmContext): Response {
  demandRead(request)
  const { tenantId } = world
  const tenant = {
    id: `/tenants/${tenantId}`,
    tenantId,
    countryCode: 'SE',
    displayName: 'Contoso (sandbox)',
    domains: ['contoso.example'],
    tenantCategory: 'Home',
    defaultDomain: 'contoso.example',
    tenantType: 'AAD',
  }
  return Response.json({ value: [tenant] })
}

function describe(subscription: Subscription, tenantId: string) {
  return {
    id: `/subscriptions/${subscription.subscriptionId}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: subscription.subscriptionId,
    tenantId,
    displayName: subscription.displayName,
    state: 'Enabled',
    ...(subscription.tags === undefined ? {} : { tags: subscription.tags }),
    subscriptionPolicies: {
      locationPlacementId: 'Internal_2014-09-01',
      quotaId: 'Internal_2014-09-01',
      spendingLimit: 'Off',
    },
  }
}

function isVisible(
  subscription: Subscription,
  request: ArmRequest,
  { world, directory }: ArmContext,
): boolean {
  return holdsAnyRole(world.store, directory, request.caller, `/subscriptions/${subscription.subscriptionId}`)
}

function listSubscriptions(request: ArmRequest, context: ArmContext): Response {
  demandRead(request)
  const value = Object.values(context.world.store.state.subscriptions)
    .filter((subscription) => isVisible(subscription, request, context))
    .map((subscription) => describe(subscription, context.world.tenantId))
  return Response.json({ value, count: { type: 'Total', value: value.length } })
}

function showSubscription(subscription: Subscription, request: ArmRequest, context: ArmContext): Response {
  demandRead(request)
  if (!isVisible(subscription, request, context)) {
    const scope = `/subscriptions/${subscription.subscriptionId}`
    requireRight(context, request.caller, scope, 'Microsoft.Resources/subscriptions/read')
  }
  return Response.json(describe(subscription, context.world.tenantId))
}

function listLocations(subscription: Subscription, request: ArmRequest): Response {
  demandRead(request)
  const root = `/subscriptions/${subscription.subscriptionId}/locations`
  const value = regions.map(([name, displayName, paired]) => ({
    id: `${root}/${name}`,
    name,
    type: 'Region',
    displayName,
    regionalDisplayName: displayName,
    metadata: {
      regionType: 'Physical',
      regionCategory: 'Recommended',
      pairedRegion: paired === '' ? [] : [{ name: paired, id: `${root}/${paired}` }],
    },
  }))
  return Response.json({ value })
}

function describeProvider(namespace: Namespace, state: string, scope: string) {
  return {
    id: `${scope}/providers/${namespace.name}`,
    namespace: namespace.name,
    registrationPolicy: isFree(namespace) ? 'RegistrationFree' : 'RegistrationRequired',
    registrationState: state,
    resourceTypes: namespace.types().map((type) => describeType(namespace.name, type)),
  }
}

/** A type as `az` asks for it, to choose an API version. */
function describeType(namespace: string, { name, versions, takesTags, takesLocation }: PublishedType) {
  const newestFirst = [...versions].reverse()
  const capabilities = [takesTags && 'SupportsTags', takesLocation && 'SupportsLocation'].filter(Boolean)
  return {
    resourceType: name,
    locations: takesLocation ? locationsOf(`${namespace}/${name}`).map(displayNameOf) : [],
    apiVersions: newestFirst,
    defaultApiVersion: newestFirst.find((version) => !version.includes('preview')) ?? newestFirst[0],
    capabilities: capabilities.length === 0 ? 'None' : capabilities.join(', '),
  }
}

function tenantProviders(name: string | undefined, request: ArmRequest): Response | undefined {
  demandRead(request)
  if (name === undefined)
    return Response.json({ value: allNamespaces().map((one) => describeProvider(one, 'Registered', '')) })
  const one = namespaceOf(name)
  return one === undefined ? undefined : Response.json(describeProvider(one, 'Registered', ''))
}

function providers(
  subscription: Subscription,
  segments: readonly string[],
  request: ArmRequest,
  context: ArmContext,
): Response | undefined {
  const scope = `/subscriptions/${subscription.subscriptionId}`
  const show = (namespace: Namespace) =>
    describeProvider(namespace, registrationState(subscription, namespace.name, context.world), scope)
  const [, , , name, verb] = segments
  if (verb === undefined) demandRead(request)
  if (name === undefined) return Response.json({ value: allNamespaces().map(show) })
  const namespace = namespaceOf(name)
  if (namespace === undefined) return undefined
  if (verb === undefined) return Response.json(show(namespace))
  if (!/^(un)?register$/.test(verb) || request.method !== 'POST') return undefined
  requireRight(context, request.caller, scope, `${namespace.name}/${verb}/action`)
  if (verb === 'register') register(subscription, namespace, context.world)
  else unregister(subscription, namespace, context.world.store)
  return Response.json(show(namespace))
}
