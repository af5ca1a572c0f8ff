import type { CommonNames, ProjectNames } from '../naming/types.ts'
import type { ResourceIds } from './types.ts'

/** What the ids of a project's resources are made of. */
export interface ResourceIdSource {
  readonly subscriptionId: string
  readonly names: ProjectNames
  readonly common: CommonNames
  /** Does the project have a container registry of its own, instead of the factory's? */
  readonly ownContainerRegistry: boolean
  /** The VNet when it is not the factory's own, in whatever resource group and subscription. */
  readonly virtualNetworkId?: string
}

/** Ids of all resources a project can have, and of those in the common area that it refers to, existing or not. */
export function resourceIds(source: ResourceIdSource): ResourceIds {
  const { subscriptionId, names, common, ownContainerRegistry, virtualNetworkId } = source
  const group = (name: string): string => `/subscriptions/${subscriptionId}/resourceGroups/${name}`
  const own = (type: string, name: string): string =>
    `${group(names.resourceGroup)}/providers/${type}/${name}`
  const shared = (type: string, name: string): string =>
    `${group(common.resourceGroup)}/providers/${type}/${name}`
  const aiFoundry = own('Microsoft.CognitiveServices/accounts', names.aiFoundry)
  return {
    resourceGroup: group(names.resourceGroup),
    storage1: own('Microsoft.Storage/storageAccounts', names.storage1),
    storage2: own('Microsoft.Storage/storageAccounts', names.storage2),
    keyVault: own('Microsoft.KeyVault/vaults', names.keyVault),
    applicationInsights: own('Microsoft.Insights/components', names.applicationInsights),
    projectIdentity: own('Microsoft.ManagedIdentity/userAssignedIdentities', names.projectIdentity),
    appsIdentity: own('Microsoft.ManagedIdentity/userAssignedIdentities', names.appsIdentity),
    aiFoundry,
    aiFoundryProject: `${aiFoundry}/projects/${names.aiFoundryProject}`,
    aiSearch: own('Microsoft.Search/searchServices', names.aiSearch),
    cosmosDb: own('Microsoft.DocumentDB/databaseAccounts', names.cosmosDb),
    machineLearning: own('Microsoft.MachineLearningServices/workspaces', names.machineLearning),
    containerRegistry: ownContainerRegistry
      ? own('Microsoft.ContainerRegistry/registries', names.containerRegistry)
      : shared('Microsoft.ContainerRegistry/registries', common.containerRegistry),
    logAnalytics: shared('Microsoft.OperationalInsights/workspaces', common.logAnalytics),
    virtualNetwork: virtualNetworkId ?? shared('Microsoft.Network/virtualNetworks', common.virtualNetwork),
    lake: shared('Microsoft.Storage/storageAccounts', common.lake),
  }
}
