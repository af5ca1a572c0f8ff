import { subscriptionNotFound } from '../errors.ts'
import { regions } from '../locations.ts'
import { typedTypes } from '../providers/index.ts'
import { holdsAnyRole } from '../rbac/authorization.ts'
import type { Subscription } from '../state.ts'
import { type ArmContext, type ArmRequest, type Handler, requireRight } from './context.ts'

/** Tenants, subscriptions, their locations and resource providers. */
export const subscriptionHandler: Handler = async (request, context) => {
  const segments = request.path.toLowerCase().split('/').slice(1)
  if (request.path.toLowerCase() === '/tenants') return listTenants(context)
  if (request.path.toLowerCase() === '/subscriptions') return listSubscriptions(request, context)
  if (segments[0] === 'providers' && segments.length <= 2) return tenantProviders(segments[1])
  if (segments[0] !== 'subscriptions' || segments[1] === undefined) return undefined
  const subscription = context.world.store.state.subscriptions[segments[1]]
  if (subscription === undefined) throw subscriptionNotFound(request.path.split('/')[2] ?? '')
  if (segments.length === 2) return showSubscription(subscription, request, context)
  if (segments[2] === 'locations' && segments.length === 3) return listLocations(subscription)
  if (segments[2] === 'providers' && segments.length <= 5)
    return providers(subscription, segments, request, context)
  return undefined
}

function listTenants({ world }: ArmContext): Response {
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
  const value = Object.values(context.world.store.state.subscriptions)
    .filter((subscription) => isVisible(subscription, request, context))
    .map((subscription) => describe(subscription, context.world.tenantId))
  return Response.json({ value, count: { type: 'Total', value: value.length } })
}

function showSubscription(subscription: Subscription, request: ArmRequest, context: ArmContext): Response {
  if (!isVisible(subscription, request, context)) {
    const scope = `/subscriptions/${subscription.subscriptionId}`
    requireRight(context, request.caller, scope, 'Microsoft.Resources/subscriptions/read')
  }
  return Response.json(describe(subscription, context.world.tenantId))
}

function listLocations(subscription: Subscription): Response {
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

/** Namespaces with the types that the sandbox knows, as `az` asks for them to choose an API version. */
function catalogue(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const type of typedTypes) {
    const [namespace = '', ...rest] = type.split('/')
    found.set(namespace, [...(found.get(namespace) ?? []), rest.join('/')])
  }
  return found
}

function describeProvider(namespace: string, types: readonly string[], registered: boolean, scope: string) {
  return {
    id: `${scope}/providers/${namespace}`,
    namespace,
    registrationPolicy: 'RegistrationRequired',
    registrationState: registered ? 'Registered' : 'NotRegistered',
    resourceTypes: types.map((resourceType) => ({
      resourceType,
      locations: regions.map(([, displayName]) => displayName),
      apiVersions: ['2025-06-01', '2025-05-01', '2024-05-01', '2024-01-01', '2023-11-01', '2022-04-01'],
      capabilities: 'SupportsTags, SupportsLocation',
    })),
  }
}

function tenantProviders(namespace: string | undefined): Response | undefined {
  const all = [...catalogue()].map(([name, types]) => describeProvider(name, types, true, ''))
  if (namespace === undefined) return Response.json({ value: all })
  const one = all.find((provider) => provider.namespace.toLowerCase() === namespace)
  return one === undefined ? undefined : Response.json(one)
}

function providers(
  subscription: Subscription,
  segments: readonly string[],
  request: ArmRequest,
  context: ArmContext,
): Response | undefined {
  const scope = `/subscriptions/${subscription.subscriptionId}`
  const isRegistered = (namespace: string) =>
    subscription.registered.includes('*') || subscription.registered.includes(namespace.toLowerCase())
  const show = (namespace: string) => {
    const known = [...catalogue()].find(([name]) => name.toLowerCase() === namespace.toLowerCase())
    return describeProvider(known?.[0] ?? namespace, known?.[1] ?? [], isRegistered(namespace), scope)
  }
  const [, , , namespace, verb] = segments
  if (namespace === undefined)
    return Response.json({ value: [...catalogue().keys()].map((name) => show(name)) })
  const written = request.path.split('/')[4] ?? namespace
  if (verb === undefined && request.method === 'GET') return Response.json(show(written))
  if (verb !== 'register' || request.method !== 'POST') return undefined
  requireRight(context, request.caller, scope, `${written}/register/action`)
  if (!isRegistered(namespace)) subscription.registered.push(namespace)
  return Response.json(show(written))
}
