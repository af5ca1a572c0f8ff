/**
 * The API version in which each resource type is written and read: a stable one, some months old, so that every region
 * has it. Properties differ between versions, therefore a version is changed only together with a review of the resource.
 * The one preview is there because only previews let a Machine Learning workspace admit some addresses and no others.
 */
export const apiVersions = {
  'GitHub.Network/networkSettings': '2024-04-02',
  'Microsoft.CognitiveServices/accounts': '2025-12-01',
  'Microsoft.CognitiveServices/accounts/capabilityHosts': '2025-12-01',
  'Microsoft.CognitiveServices/accounts/deployments': '2025-12-01',
  'Microsoft.CognitiveServices/accounts/projects': '2025-12-01',
  'Microsoft.CognitiveServices/accounts/projects/capabilityHosts': '2025-12-01',
  'Microsoft.CognitiveServices/accounts/projects/connections': '2025-12-01',
  'Microsoft.Consumption/budgets': '2024-08-01',
  'Microsoft.ContainerRegistry/registries': '2025-11-01',
  'Microsoft.DocumentDB/databaseAccounts': '2025-10-15',
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases': '2025-10-15',
  'Microsoft.Insights/diagnosticSettings': '2021-05-01-preview',
  'Microsoft.Insights/components': '2020-02-02',
  'Microsoft.KeyVault/vaults': '2025-05-01',
  'Microsoft.MachineLearningServices/workspaces': '2025-10-01-preview',
  'Microsoft.MachineLearningServices/workspaces/computes': '2025-12-01',
  'Microsoft.ManagedIdentity/userAssignedIdentities': '2024-11-30',
  'Microsoft.Network/natGateways': '2025-05-01',
  'Microsoft.Network/networkSecurityGroups': '2025-05-01',
  'Microsoft.Network/privateDnsZones': '2024-06-01',
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': '2024-06-01',
  'Microsoft.Network/privateEndpoints': '2025-05-01',
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': '2025-05-01',
  'Microsoft.Network/publicIPAddresses': '2025-05-01',
  'Microsoft.Network/routeTables': '2025-05-01',
  'Microsoft.Network/virtualNetworks': '2025-05-01',
  'Microsoft.Network/virtualNetworks/subnets': '2025-05-01',
  'Microsoft.Network/virtualNetworks/virtualNetworkPeerings': '2025-05-01',
  'Microsoft.OperationalInsights/workspaces': '2025-07-01',
  'Microsoft.Resources/deployments': '2025-04-01',
  'Microsoft.Resources/resourceGroups': '2025-04-01',
  'Microsoft.Search/searchServices': '2025-05-01',
  'Microsoft.Storage/storageAccounts': '2025-06-01',
  'Microsoft.Storage/storageAccounts/blobServices': '2025-06-01',
  'Microsoft.Storage/storageAccounts/blobServices/containers': '2025-06-01',
  'Microsoft.Storage/storageAccounts/managementPolicies': '2025-06-01',
} as const
/** A resource type with a known API version. */
export type ArmType = keyof typeof apiVersions

/** The type and API version that start a resource of a template. */
export const ofType = <Type extends ArmType>(type: Type) => ({ type, apiVersion: apiVersions[type] })
