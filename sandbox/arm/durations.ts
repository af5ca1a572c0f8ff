/** How a client learns that a write has been finished. */
type Style =
  /** 201 or 200 with the resource, and `Azure-AsyncOperation` to poll. */
  | 'operation'
  /** 202 without a body, and `Location` to poll. */
  | 'location'

/** How long Azure takes, in seconds, as commonly observed. Types that are absent are provisioned at once. */
export interface Duration {
  readonly style: Style
  readonly create: number
  readonly update?: number
  readonly remove?: number
}

const slow: Readonly<Record<string, Duration>> = {
  'Microsoft.Resources/resourceGroups': { style: 'location', create: 0, remove: 120 },
  'Microsoft.Network/virtualNetworks': { style: 'operation', create: 5, remove: 10 },
  'Microsoft.Network/virtualNetworks/subnets': { style: 'operation', create: 4, remove: 8 },
  'Microsoft.Network/virtualNetworks/virtualNetworkPeerings': { style: 'operation', create: 6, remove: 6 },
  'Microsoft.Network/networkManagers/ipamPools': { style: 'operation', create: 5, remove: 5 },
  'Microsoft.Network/networkSecurityGroups': { style: 'operation', create: 4, remove: 5 },
  'Microsoft.Network/networkSecurityGroups/securityRules': { style: 'operation', create: 4, remove: 5 },
  'Microsoft.Network/routeTables': { style: 'operation', create: 4, remove: 5 },
  'Microsoft.Network/privateEndpoints': { style: 'operation', create: 45, update: 20, remove: 20 },
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': { style: 'operation', create: 10, remove: 10 },
  'Microsoft.Network/privateDnsZones': { style: 'operation', create: 30, remove: 30 },
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': { style: 'operation', create: 30, remove: 30 },
  'Microsoft.Network/bastionHosts': { style: 'operation', create: 420, remove: 300 },
  'Microsoft.Storage/storageAccounts': { style: 'location', create: 22, update: 2, remove: 3 },
  'Microsoft.KeyVault/vaults': { style: 'operation', create: 20, update: 2, remove: 2 },
  'Microsoft.CognitiveServices/accounts': { style: 'operation', create: 60, update: 10, remove: 30 },
  'Microsoft.CognitiveServices/accounts/projects': { style: 'operation', create: 30, update: 10, remove: 20 },
  'Microsoft.CognitiveServices/accounts/deployments': {
    style: 'operation',
    create: 15,
    update: 10,
    remove: 10,
  },
  'Microsoft.CognitiveServices/accounts/capabilityHosts': {
    style: 'operation',
    create: 900,
    remove: 300,
  },
  'Microsoft.CognitiveServices/accounts/projects/capabilityHosts': {
    style: 'operation',
    create: 300,
    remove: 120,
  },
  'Microsoft.Search/searchServices': { style: 'operation', create: 420, update: 60, remove: 20 },
  'Microsoft.DocumentDB/databaseAccounts': { style: 'operation', create: 180, update: 60, remove: 120 },
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases': { style: 'location', create: 10, remove: 10 },
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments': { style: 'location', create: 5, remove: 5 },
  'Microsoft.MachineLearningServices/workspaces': { style: 'operation', create: 45, update: 15, remove: 30 },
  'Microsoft.MachineLearningServices/workspaces/computes': { style: 'operation', create: 180, remove: 120 },
  'Microsoft.ContainerRegistry/registries': { style: 'operation', create: 15, update: 5, remove: 10 },
  'Microsoft.OperationalInsights/workspaces': { style: 'operation', create: 20, update: 5, remove: 5 },
  'Microsoft.App/managedEnvironments': { style: 'operation', create: 240, remove: 300 },
  'Microsoft.ContainerService/managedClusters': { style: 'operation', create: 360, remove: 300 },
  'Microsoft.Databricks/workspaces': { style: 'operation', create: 180, remove: 120 },
}

const byType = new Map(Object.entries(slow).map(([type, duration]) => [type.toLowerCase(), duration]))

/** How long the type takes; `undefined` when it is provisioned at once. */
export function durationOf(type: string): Duration | undefined {
  return byType.get(type.toLowerCase())
}
