import type { Caller, StoredResource } from '../../contracts.ts'
import type { DeploymentsDependencies } from '../dependencies.ts'
import { isObject, type Json, type JsonObject, toJson } from '../expressions/json.ts'
import type { Place } from '../expressions/scope.ts'
import { resourceGroupOf, resourceGroupScope, subscriptionOf } from '../ids.ts'

/** What is asked of the place of a deployment. */
interface PlaceRequest {
  readonly scopeId: string
  readonly name: string
  readonly location: string | undefined
  readonly template: Json | undefined
  readonly mode: string
  readonly caller: Caller
  /** Resource groups that the same deployment creates, by id in lower case. */
  readonly plannedGroups: ReadonlyMap<string, JsonObject>
}

/** What `subscription()`, `resourceGroup()`, `deployment()` and the like return at a place. */
export function placeOf(request: PlaceRequest, deps: DeploymentsDependencies): Place {
  const { scopeId, caller } = request
  const group = resourceGroupScope(scopeId)
  return {
    scopeId,
    tenant: { id: `/tenants/${caller.tenantId}`, tenantId: caller.tenantId },
    subscription: subscriptionAt(scopeId, caller, deps),
    ...(group === undefined ? {} : { resourceGroup: groupAt(group, request, deps) }),
    deployment: {
      name: request.name,
      ...(request.location === undefined ? {} : { location: request.location }),
      properties: { template: request.template ?? null, mode: request.mode, provisioningState: 'Accepted' },
    },
    // Only people have a principal name, and only applications sign in here.
    deployer: { objectId: caller.objectId, tenantId: caller.tenantId, userPrincipalName: '' },
    environment: environment(deps.base(), caller.tenantId),
  }
}

function subscriptionAt(scopeId: string, caller: Caller, deps: DeploymentsDependencies): JsonObject {
  const subscriptionId = subscriptionOf(scopeId) ?? ''
  const id = `/subscriptions/${subscriptionId}`
  const displayName = deps.subscriptionName(subscriptionId) ?? subscriptionId
  return { id, subscriptionId, tenantId: caller.tenantId, displayName }
}

/** A group that does not exist yet is what the template says of it. */
function groupAt(id: string, request: PlaceRequest, deps: DeploymentsDependencies): JsonObject {
  const name = resourceGroupOf(id) ?? ''
  const stored = deps.engine.get(id)
  const planned = request.plannedGroups.get(id.toLowerCase()) ?? {}
  const known = stored === undefined ? planned : shown(stored)
  return {
    tags: {},
    ...known,
    id,
    name,
    type: 'Microsoft.Resources/resourceGroups',
    properties: { provisioningState: 'Succeeded' },
  }
}

function shown(stored: StoredResource): JsonObject {
  const value = toJson(stored)
  return isObject(value) ? value : {}
}

/** Addresses are the sandbox's own, suffixes are those of the public cloud. */
function environment(base: string, tenantId: string): JsonObject {
  return {
    name: 'AzureCloud',
    resourceManager: `${base}/`,
    portal: 'https://portal.azure.com',
    graph: base,
    gallery: 'https://gallery.azure.com/',
    authentication: {
      loginEndpoint: `${base}/`,
      audiences: [`${base}/`],
      tenant: tenantId,
      identityProvider: 'AAD',
    },
    suffixes: {
      acrLoginServer: '.azurecr.io',
      keyvaultDns: '.vault.azure.net',
      sqlServerHostname: '.database.windows.net',
      storage: 'core.windows.net',
    },
  }
}
