import { byKey, keysOf } from '../by-key.ts'
import type { CommonNames, ProjectNames } from '../naming/types.ts'
import { type Catalogue, catalogue, type ResourceKey } from './index.ts'
import type { ResourceDeclaration } from './types.ts'

/** What the ids of a project's resources are made of. */
export interface ResourceIdSource {
  readonly subscriptionId: string
  readonly names: ProjectNames<ResourceKey>
  readonly common: CommonNames
  /** Does the project have a container registry of its own, instead of the factory's? */
  readonly ownContainerRegistry: boolean
  /** The VNet when it is not the factory's own, in whatever resource group and subscription. */
  readonly virtualNetworkId?: string
}

/** The ids of a project's resources by their keys, and of what it refers to in the common area. */
export type ResourceIds = Readonly<Record<ResourceKey, string>> & {
  readonly resourceGroup: string
  readonly logAnalytics: string
  readonly virtualNetwork: string
  readonly lake: string
}

/** Ids of all resources a project can have, and of those in the common area that it refers to, existing or not. */
export function resourceIds(
  { subscriptionId, names, common, ownContainerRegistry, virtualNetworkId }: ResourceIdSource,
  { resources }: Pick<Catalogue, 'resources'> = catalogue,
): ResourceIds {
  const group = (name: string): string => `/subscriptions/${subscriptionId}/resourceGroups/${name}`
  const inGroup = (place: string, type: string, name: string): string =>
    `${group(place)}/providers/${type}/${name}`
  const shared = (type: string, name: string): string => inGroup(common.resourceGroup, type, name)
  const isResource = (key: string): key is ResourceKey => Object.hasOwn(resources, key)
  const idOf = (key: ResourceKey): string => {
    const { type, parent, shared: standIn }: ResourceDeclaration = resources[key]
    if (standIn !== undefined && !ownContainerRegistry) return shared(type, common[standIn])
    if (parent === undefined || !isResource(parent)) return inGroup(names.resourceGroup, type, names[key])
    return `${idOf(parent)}/${type.slice(type.lastIndexOf('/') + 1)}/${names[key]}`
  }
  return {
    ...byKey(keysOf(resources), idOf),
    resourceGroup: group(names.resourceGroup),
    logAnalytics: shared('Microsoft.OperationalInsights/workspaces', common.logAnalytics),
    virtualNetwork: virtualNetworkId ?? shared('Microsoft.Network/virtualNetworks', common.virtualNetwork),
    lake: shared('Microsoft.Storage/storageAccounts', common.lake),
  }
}
