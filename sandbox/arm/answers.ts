import { durationOf } from './durations.ts'

/** Where a client asks how far a change is. `resource`: it reads the resource itself until that has been provisioned. */
export type Poll = 'operation' | 'location' | 'both' | 'resource'

/** How a provider answers a change. Without `poll` it answers when the change is done. A 202 has no body. */
export type Answer = readonly [status: 200 | 201 | 202 | 204, poll?: Poll]

/** What a type answers with; `patch` is 200 where it is left out. */
interface Answers {
  readonly create: Answer
  readonly update: Answer
  readonly patch?: Answer
  readonly remove: Answer
}

const network: Answers = { create: [201, 'operation'], update: [200, 'operation'], remove: [202, 'both'] }
const zones: Answers = { create: [201, 'location'], update: [200], patch: [200], remove: [202, 'location'] }
const container: Answers = {
  create: [201, 'operation'],
  update: [201, 'operation'],
  patch: [201, 'operation'],
  remove: [202, 'location'],
}
const cognitive: Answers = {
  create: [201, 'operation'],
  update: [200],
  patch: [200],
  remove: [202, 'location'],
}
const host: Answers = { create: [201, 'operation'], update: [200], remove: [202, 'location'] }
const cosmosData: Answers = { create: [202, 'both'], update: [202, 'both'], remove: [202, 'both'] }
const cosmosRoles: Answers = {
  create: [202, 'location'],
  update: [202, 'location'],
  remove: [202, 'location'],
}
const prompt: Answers = { create: [201], update: [200], remove: [200] }
/** Types that never say `Created`. */
const plain: Answers = { create: [200], update: [200], remove: [200] }
const locations: Answers = {
  create: [201, 'location'],
  update: [200],
  patch: [202, 'location'],
  remove: [202, 'location'],
}
const operations: Answers = { create: [201, 'operation'], update: [201, 'operation'], remove: [202, 'both'] }

/**
 * The answers of Azure's REST API, by type: the `responses` of `createOrUpdate`, `update` and `delete` in
 * https://github.com/Azure/azure-rest-api-specs. Where those allow several, what Azure was seen to do in the recorded
 * sessions of https://github.com/Azure/azure-cli (`tests/latest/recordings`).
 */
const table: Readonly<Record<string, Answers>> = {
  'Microsoft.Resources/resourceGroups': { create: [201], update: [200], remove: [202, 'location'] },
  'Microsoft.Resources/tags': plain,
  'Microsoft.Authorization/roleAssignments': prompt,
  'Microsoft.Authorization/roleDefinitions': { create: [201], update: [201], remove: [200] },
  'Microsoft.Authorization/locks': prompt,
  'Microsoft.Authorization/policyAssignments': { create: [201], update: [201], remove: [200] },
  'Microsoft.ManagedIdentity/userAssignedIdentities': prompt,
  'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials': prompt,

  'Microsoft.Network/privateDnsZones': zones,
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': zones,
  'Microsoft.Network/networkManagers': prompt,

  'Microsoft.Storage/storageAccounts': { create: [202, 'location'], update: [200], remove: [200] },
  'Microsoft.Storage/storageAccounts/blobServices': plain,
  'Microsoft.Storage/storageAccounts/fileServices': plain,
  'Microsoft.Storage/storageAccounts/queueServices': plain,
  'Microsoft.Storage/storageAccounts/tableServices': plain,
  'Microsoft.Storage/storageAccounts/managementPolicies': plain,
  'Microsoft.Storage/storageAccounts/queueServices/queues': { create: [200], update: [200], remove: [204] },
  'Microsoft.Storage/storageAccounts/tableServices/tables': { create: [200], update: [200], remove: [204] },
  'Microsoft.Storage/storageAccounts/blobServices/containers': prompt,
  'Microsoft.Storage/storageAccounts/fileServices/shares': prompt,

  'Microsoft.KeyVault/vaults': { create: [200, 'resource'], update: [200], patch: [200], remove: [200] },
  'Microsoft.KeyVault/vaults/secrets': { create: [201], update: [200], remove: [200] },
  'Microsoft.KeyVault/vaults/keys': plain,

  'Microsoft.CognitiveServices/accounts': cognitive,
  'Microsoft.CognitiveServices/accounts/projects': cognitive,
  'Microsoft.CognitiveServices/accounts/deployments': {
    ...cognitive,
    update: [200, 'operation'],
    patch: [202, 'location'],
  },
  'Microsoft.CognitiveServices/accounts/capabilityHosts': host,
  'Microsoft.CognitiveServices/accounts/projects/capabilityHosts': host,
  'Microsoft.CognitiveServices/accounts/connections': plain,
  'Microsoft.CognitiveServices/accounts/projects/connections': plain,
  'Microsoft.CognitiveServices/accounts/raiPolicies': {
    create: [201],
    update: [200],
    remove: [202, 'location'],
  },

  'Microsoft.Search/searchServices': { create: [201, 'resource'], update: [200, 'resource'], remove: [200] },
  'Microsoft.Search/searchServices/sharedPrivateLinkResources': {
    create: [202, 'operation'],
    update: [202, 'operation'],
    remove: [202, 'operation'],
  },

  'Microsoft.DocumentDB/databaseAccounts': {
    create: [200, 'both'],
    update: [200, 'both'],
    patch: [200, 'both'],
    remove: [202, 'both'],
  },
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases': cosmosData,
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/throughputSettings': cosmosData,
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers': cosmosData,
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/throughputSettings': cosmosData,
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments': cosmosRoles,
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions': cosmosRoles,

  'Microsoft.MachineLearningServices/workspaces': {
    create: [202, 'both'],
    update: [202, 'both'],
    remove: [202, 'both'],
  },
  'Microsoft.MachineLearningServices/workspaces/computes': {
    create: [201, 'operation'],
    update: [200, 'operation'],
    remove: [202, 'both'],
  },
  'Microsoft.MachineLearningServices/workspaces/connections': plain,

  'Microsoft.ContainerRegistry/registries': { ...container, update: [200], patch: [200] },
  'Microsoft.ContainerRegistry/registries/replications': container,
  'Microsoft.ContainerRegistry/registries/scopeMaps': container,
  'Microsoft.ContainerRegistry/registries/tokens': container,
  'Microsoft.ContainerRegistry/registries/cacheRules': container,
  'Microsoft.ContainerRegistry/registries/webhooks': container,

  'Microsoft.OperationalInsights/workspaces': {
    create: [201, 'location'],
    update: [200],
    remove: [202, 'location'],
  },
  'Microsoft.OperationalInsights/workspaces/tables': {
    create: [202, 'operation'],
    update: [202, 'operation'],
    remove: [202, 'both'],
  },
  'Microsoft.Insights/components': plain,
  'Microsoft.Insights/diagnosticSettings': plain,
  'Microsoft.Insights/actionGroups': prompt,
  'Microsoft.Insights/dataCollectionRules': prompt,
  'Microsoft.Insights/dataCollectionEndpoints': prompt,
  'Microsoft.Insights/scheduledQueryRules': prompt,

  'Microsoft.AppConfiguration/configurationStores': {
    create: [201, 'operation'],
    update: [200],
    patch: [200],
    remove: [202, 'both'],
  },
  'Microsoft.ApiManagement/service': { ...locations, update: [200] },
  'Microsoft.App/managedEnvironments': locations,
  'Microsoft.App/containerApps': { ...locations, create: [201, 'operation'] },
  'Microsoft.Databricks/workspaces': locations,
  'Microsoft.Databricks/accessConnectors': locations,
  'Microsoft.ContainerService/managedClusters': operations,
  'Microsoft.ContainerService/managedClusters/agentPools': operations,
  'Microsoft.DataFactory/factories': plain,
  'Microsoft.DataFactory/factories/managedVirtualNetworks': plain,
  'Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints': plain,
  'Microsoft.EventHub/namespaces': { create: [201, 'operation'], update: [200], remove: [202, 'operation'] },
  'Microsoft.EventHub/namespaces/eventhubs': plain,
  'Microsoft.EventHub/namespaces/eventhubs/consumergroups': plain,
  'Microsoft.EventHub/namespaces/networkRuleSets': plain,
  'Microsoft.ServiceBus/namespaces': { create: [201, 'location'], update: [200], remove: [202, 'location'] },
  'Microsoft.EventGrid/topics': {
    create: [201, 'operation'],
    update: [201, 'operation'],
    remove: [202, 'location'],
  },
  'Microsoft.EventGrid/systemTopics': {
    create: [201, 'operation'],
    update: [200],
    remove: [202, 'location'],
  },
  'Microsoft.Cache/redisEnterprise': { create: [201, 'operation'], update: [200], remove: [202, 'both'] },
  'Microsoft.Cache/redisEnterprise/databases': {
    create: [201, 'operation'],
    update: [200],
    remove: [202, 'both'],
  },
  'Microsoft.Sql/servers': {
    create: [202, 'both'],
    update: [202, 'both'],
    patch: [202, 'both'],
    remove: [202, 'both'],
  },
  'Microsoft.Sql/servers/databases': {
    create: [202, 'both'],
    update: [202, 'both'],
    patch: [202, 'both'],
    remove: [202, 'both'],
  },
  'Microsoft.DBforPostgreSQL/flexibleServers': {
    create: [202, 'both'],
    update: [202, 'both'],
    patch: [202, 'both'],
    remove: [202, 'both'],
  },
  'Microsoft.Web/serverfarms': { create: [200], update: [200], remove: [200] },
  'Microsoft.Web/sites': { create: [200], update: [200], remove: [200] },
}

const byType = new Map(Object.entries(table).map(([type, answers]) => [type.toLowerCase(), answers]))

/** What a type answers with. One that the table does not have answers as most do, the slow ones with an operation. */
export function answerOf(type: string, change: 'create' | 'update' | 'patch' | 'remove'): Answer {
  const slow = durationOf(type) !== undefined || /^Microsoft\.Network\/[^/]+$/i.test(type)
  const answers = byType.get(type.toLowerCase()) ?? (slow ? network : prompt)
  return answers[change] ?? [200]
}
