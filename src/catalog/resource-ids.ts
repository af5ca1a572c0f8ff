import { byKey, keysOf } from '../by-key.ts'
import type { ProjectNames } from '../naming/types.ts'
import type { CommonIds } from './common/ids.ts'
import { type Catalogue, catalogue, type ResourceKey } from './index.ts'
import type { ResourceDeclaration } from './types.ts'

/** What the ids of a project's resources are made of. */
export interface ResourceIdSource {
  readonly subscriptionId: string
  readonly names: ProjectNames<ResourceKey>
  readonly common: CommonIds
  /** Does the project have a container registry of its own, instead of the factory's? */
  readonly ownContainerRegistry: boolean
  /** Has the common area a registry of their own for workspaces, instead of the project's? */
  readonly registryForWorkspaces: boolean
}

/** The ids of a project's resources by their keys, and of what it refers to in the common area. */
export type ResourceIds = Readonly<Record<ResourceKey, string>> & {
  readonly resourceGroup: string
  readonly logAnalytics: string
  readonly virtualNetwork: string
  readonly lake: string
  /**
   * The registry that Machine Learning workspaces are attached to. They count on the older mode: where the project's registry
   * is in the other, the common area has a second one for them.
   */
  readonly machineLearningRegistry: string
}

/** Ids of all resources a project can have, and of those in the common area that it refers to, existing or not. */
export function resourceIds(
  { subscriptionId, names, common, ownContainerRegistry, registryForWorkspaces }: ResourceIdSource,
  { resources }: Pick<Catalogue, 'resources'> = catalogue,
): ResourceIds {
  const group = (name: string): string => `/subscriptions/${subscriptionId}/resourceGroups/${name}`
  const isResource = (key: string): key is ResourceKey => Object.hasOwn(resources, key)
  const idOf = (key: ResourceKey): string => {
    const { type, parent, shared: standIn }: ResourceDeclaration = resources[key]
    if (standIn !== undefined && !ownContainerRegistry) return common[standIn]
    if (parent === undefined || !isResource(parent))
      return `${group(names.resourceGroup)}/providers/${type}/${names[key]}`
    return `${idOf(parent)}/${type.slice(type.lastIndexOf('/') + 1)}/${names[key]}`
  }
  return {
    ...byKey(keysOf(resources), idOf),
    resourceGroup: group(names.resourceGroup),
    logAnalytics: common.logAnalytics,
    virtualNetwork: common.virtualNetwork,
    lake: common.lake,
    machineLearningRegistry: registryForWorkspaces
      ? common.machineLearningRegistry
      : idOf('containerRegistry'),
  }
}
