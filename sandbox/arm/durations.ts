/** How long Azure takes, in seconds, as commonly observed. Types that are absent are provisioned at once. */
export interface Duration {
  readonly create: number
  readonly update?: number
  readonly remove?: number
}

const slow: Readonly<Record<string, Duration>> = {
  'Microsoft.Resources/resourceGroups': { create: 0, remove: 120 },
  'Microsoft.Network/virtualNetworks': { create: 5, remove: 10 },
  'Microsoft.Network/virtualNetworks/subnets': { create: 4, remove: 8 },
  'Microsoft.Network/virtualNetworks/virtualNetworkPeerings': { create: 6, remove: 6 },
  'Microsoft.Network/networkManagers/ipamPools': { create: 5, remove: 5 },
  'Microsoft.Network/networkSecurityGroups': { create: 4, remove: 5 },
  'Microsoft.Network/networkSecurityGroups/securityRules': { create: 4, remove: 5 },
  'Microsoft.Network/routeTables': { create: 4, remove: 5 },
  'Microsoft.Network/privateEndpoints': { create: 45, update: 20, remove: 20 },
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': { create: 10, remove: 10 },
  'Microsoft.Network/privateDnsZones': { create: 30, remove: 30 },
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': { create: 30, remove: 30 },
  'Microsoft.Network/natGateways': { create: 6, remove: 10 },
  'Microsoft.Network/publicIPAddresses': { create: 4, remove: 10 },
  'Microsoft.Network/bastionHosts': { create: 420, remove: 300 },
  'Microsoft.Storage/storageAccounts': { create: 22, update: 2, remove: 3 },
  'Microsoft.KeyVault/vaults': { create: 20, update: 2, remove: 2 },
  'Microsoft.CognitiveServices/accounts': { create: 60, update: 10, remove: 30 },
  'Microsoft.CognitiveServices/accounts/projects': { create: 30, update: 10, remove: 20 },
  'Microsoft.CognitiveServices/accounts/deployments': { create: 15, update: 10, remove: 10 },
  'Microsoft.CognitiveServices/accounts/capabilityHosts': { create: 900, remove: 300 },
  'Microsoft.CognitiveServices/accounts/projects/capabilityHosts': { create: 300, remove: 120 },
  'Microsoft.Search/searchServices': { create: 420, update: 60, remove: 20 },
  'Microsoft.DocumentDB/databaseAccounts': { create: 180, update: 60, remove: 120 },
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases': { create: 10, remove: 10 },
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments': { create: 5, remove: 5 },
  'Microsoft.MachineLearningServices/workspaces': { create: 45, update: 15, remove: 30 },
  'Microsoft.MachineLearningServices/workspaces/computes': { create: 180, remove: 120 },
  'Microsoft.ContainerRegistry/registries': { create: 15, update: 5, remove: 10 },
  'Microsoft.OperationalInsights/workspaces': { create: 20, update: 5, remove: 5 },
  'Microsoft.App/managedEnvironments': { create: 240, remove: 300 },
  'Microsoft.ContainerService/managedClusters': { create: 360, remove: 300 },
  'Microsoft.Databricks/workspaces': { create: 180, remove: 120 },
}

const byType = new Map(Object.entries(slow).map(([type, duration]) => [type.toLowerCase(), duration]))

/** How long the type takes; `undefined` when it is provisioned at once. */
export function durationOf(type: string): Duration | undefined {
  return byType.get(type.toLowerCase())
}
