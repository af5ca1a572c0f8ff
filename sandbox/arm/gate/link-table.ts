/** What a property of a resource may name, and the right that naming it takes. */
export interface LinkTarget {
  /** The type it must be of; any when absent. */
  readonly type?: string
  /**
   * The right on it, as far as it follows the type: `join/action`. Whoever writes the id must have it. Absent when Azure
   * asks for none.
   */
  readonly right?: string
  /** True when both must be in one region, and of Microsoft.Network in one subscription. */
  readonly near?: true
}

const network = 'Microsoft.Network'
const join = (type: string): LinkTarget => ({ type, right: 'join/action' })
const near = (target: LinkTarget): LinkTarget => ({ ...target, near: true })
const readable = (type?: string): LinkTarget => ({ ...(type === undefined ? {} : { type }), right: 'read' })

const subnet = join(`${network}/virtualNetworks/subnets`)
const publicAddress = join(`${network}/publicIPAddresses`)
const securityGroup = join(`${network}/networkSecurityGroups`)
const zone = join(`${network}/privateDnsZones`)
const serviceRule: LinkTarget = {
  type: `${network}/virtualNetworks/subnets`,
  right: 'joinViaServiceEndpoint/action',
}
const groupInRule: LinkTarget = {
  type: `${network}/applicationSecurityGroups`,
  right: 'joinNetworkSecurityRule/action',
}
const groupOfAddress: LinkTarget = {
  type: `${network}/applicationSecurityGroups`,
  right: 'joinIpConfiguration/action',
}
const workspace = 'Microsoft.OperationalInsights/workspaces'
const storage = 'Microsoft.Storage/storageAccounts'

type Targets = Readonly<Record<string, LinkTarget>>

/** The same links, below a path. */
const below = (path: string, targets: Targets): Targets =>
  Object.fromEntries(Object.entries(targets).map(([key, target]) => [`${path}.${key}`, target]))

const ofSubnet: Targets = {
  'properties.networkSecurityGroup.id': near(securityGroup),
  'properties.routeTable.id': near(join(`${network}/routeTables`)),
  'properties.natGateway.id': near(join(`${network}/natGateways`)),
  'properties.serviceEndpointPolicies[].id': near(join(`${network}/serviceEndpointPolicies`)),
}
const ofRule: Targets = {
  'properties.sourceApplicationSecurityGroups[].id': near(groupInRule),
  'properties.destinationApplicationSecurityGroups[].id': near(groupInRule),
}
const ofGateway: Targets = {
  'properties.ipConfigurations[].properties.subnet.id': near(subnet),
  'properties.ipConfigurations[].properties.publicIPAddress.id': near(publicAddress),
}

/**
 * Where resources of a type name others: every property that is a resource id. In a path `[]` stands for each item of a
 * list. Azure Resource Manager checks these before it asks the provider ("linked access").
 * https://learn.microsoft.com/azure/role-based-access-control/permissions/networking,
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
 */
export const linkTable: Readonly<Record<string, Targets>> = {
  [`${network}/virtualNetworks`]: {
    'properties.ddosProtectionPlan.id': join(`${network}/ddosProtectionPlans`),
    ...below('properties.subnets[]', ofSubnet),
  },
  [`${network}/virtualNetworks/subnets`]: ofSubnet,
  [`${network}/virtualNetworks/virtualNetworkPeerings`]: {
    'properties.remoteVirtualNetwork.id': { type: `${network}/virtualNetworks`, right: 'peer/action' },
  },
  [`${network}/networkSecurityGroups`]: below('properties.securityRules[]', ofRule),
  [`${network}/networkSecurityGroups/securityRules`]: ofRule,
  [`${network}/networkInterfaces`]: {
    'properties.networkSecurityGroup.id': near(securityGroup),
    ...ofGateway,
    'properties.ipConfigurations[].properties.applicationSecurityGroups[].id': near(groupOfAddress),
  },
  [`${network}/natGateways`]: {
    'properties.publicIpAddresses[].id': near(publicAddress),
    'properties.publicIpPrefixes[].id': near(join(`${network}/publicIPPrefixes`)),
  },
  [`${network}/bastionHosts`]: {
    ...ofGateway,
    'properties.virtualNetwork.id': near(join(`${network}/virtualNetworks`)),
  },
  [`${network}/virtualNetworkGateways`]: ofGateway,
  [`${network}/azureFirewalls`]: {
    ...ofGateway,
    'properties.firewallPolicy.id': join(`${network}/firewallPolicies`),
  },
  [`${network}/loadBalancers`]: below('properties.frontendIPConfigurations[]', {
    'properties.subnet.id': near(subnet),
    'properties.publicIPAddress.id': near(publicAddress),
  }),
  [`${network}/applicationGateways`]: {
    'properties.gatewayIPConfigurations[].properties.subnet.id': near(subnet),
    'properties.frontendIPConfigurations[].properties.subnet.id': near(subnet),
    'properties.frontendIPConfigurations[].properties.publicIPAddress.id': near(publicAddress),
  },
  [`${network}/dnsResolvers`]: { 'properties.virtualNetwork.id': near(join(`${network}/virtualNetworks`)) },
  [`${network}/dnsResolvers/inboundEndpoints`]: { 'properties.ipConfigurations[].subnet.id': near(subnet) },
  [`${network}/dnsResolvers/outboundEndpoints`]: { 'properties.subnet.id': near(subnet) },
  [`${network}/privateEndpoints`]: {
    'properties.subnet.id': near(subnet),
    'properties.applicationSecurityGroups[].id': near(groupOfAddress),
    'properties.privateLinkServiceConnections[].properties.privateLinkServiceId': {
      right: 'PrivateEndpointConnectionsApproval/action',
    },
    'properties.manualPrivateLinkServiceConnections[].properties.privateLinkServiceId': {},
  },
  [`${network}/privateEndpoints/privateDnsZoneGroups`]: {
    'properties.privateDnsZoneConfigs[].properties.privateDnsZoneId': zone,
  },
  [`${network}/privateDnsZones/virtualNetworkLinks`]: {
    'properties.virtualNetwork.id': join(`${network}/virtualNetworks`),
  },
  [`${network}/networkSecurityPerimeters/resourceAssociations`]: {
    'properties.privateLinkResource.id': { right: 'joinPerimeter/action' },
    'properties.profile.id': readable(`${network}/networkSecurityPerimeters/profiles`),
  },

  'GitHub.Network/networkSettings': { 'properties.subnetId': near(subnet) },

  [storage]: { 'properties.networkAcls.virtualNetworkRules[].id': serviceRule },
  'Microsoft.KeyVault/vaults': { 'properties.networkAcls.virtualNetworkRules[].id': serviceRule },
  'Microsoft.CognitiveServices/accounts': {
    'properties.networkAcls.virtualNetworkRules[].id': serviceRule,
    'properties.networkInjections[].subnetArmId': near(subnet),
    'properties.userOwnedStorage[].resourceId': readable(storage),
  },
  'Microsoft.CognitiveServices/accounts/capabilityHosts': { 'properties.customerSubnet': near(subnet) },
  'Microsoft.DocumentDB/databaseAccounts': { 'properties.virtualNetworkRules[].id': serviceRule },
  'Microsoft.MachineLearningServices/workspaces': {
    'properties.storageAccount': readable(storage),
    'properties.keyVault': readable('Microsoft.KeyVault/vaults'),
    'properties.applicationInsights': readable('Microsoft.Insights/components'),
    'properties.containerRegistry': readable('Microsoft.ContainerRegistry/registries'),
    'properties.hubResourceId': readable('Microsoft.MachineLearningServices/workspaces'),
  },
  'Microsoft.MachineLearningServices/workspaces/computes': {
    'properties.resourceId': readable(),
    'properties.properties.subnet.id': near(subnet),
  },
  'Microsoft.MachineLearningServices/workspaces/outboundRules': {
    'properties.destination.serviceResourceId': readable(),
  },
  'Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints': {
    'properties.privateLinkResourceId': {},
  },
  'Microsoft.Search/searchServices/sharedPrivateLinkResources': { 'properties.privateLinkResourceId': {} },
  'Microsoft.Insights/components': {
    'properties.WorkspaceResourceId': { type: workspace, right: 'sharedKeys/action' },
  },
  'Microsoft.Insights/diagnosticSettings': {
    'properties.workspaceId': { type: workspace, right: 'sharedKeys/action' },
    'properties.storageAccountId': { type: storage, right: 'listKeys/action' },
    'properties.eventHubAuthorizationRuleId': {
      type: 'Microsoft.EventHub/namespaces/authorizationRules',
      right: 'listKeys/action',
    },
  },
  'Microsoft.Insights/privateLinkScopes/scopedResources': { 'properties.linkedResourceId': readable() },
  'Microsoft.App/managedEnvironments': {
    'properties.vnetConfiguration.infrastructureSubnetId': near(subnet),
  },
  'Microsoft.App/containerApps': {
    'properties.environmentId': near(join('Microsoft.App/managedEnvironments')),
    'properties.managedEnvironmentId': near(join('Microsoft.App/managedEnvironments')),
  },
  'Microsoft.App/jobs': { 'properties.environmentId': near(join('Microsoft.App/managedEnvironments')) },
  'Microsoft.Web/sites': {
    'properties.serverFarmId': near(join('Microsoft.Web/serverfarms')),
    'properties.virtualNetworkSubnetId': near(subnet),
  },
  'Microsoft.ApiManagement/service': {
    'properties.virtualNetworkConfiguration.subnetResourceId': near(subnet),
  },
  'Microsoft.DBforPostgreSQL/flexibleServers': {
    'properties.network.delegatedSubnetResourceId': near(subnet),
    'properties.network.privateDnsZoneArmResourceId': zone,
  },
  'Microsoft.Databricks/workspaces': {
    'properties.parameters.customVirtualNetworkId.value': near(join(`${network}/virtualNetworks`)),
  },
  'Microsoft.ContainerService/managedClusters': {
    'properties.agentPoolProfiles[].vnetSubnetID': near(subnet),
  },
  'Microsoft.Compute/virtualMachines': {
    'properties.networkProfile.networkInterfaces[].id': near(join(`${network}/networkInterfaces`)),
  },
  'Microsoft.EventHub/namespaces/networkRuleSets': {
    'properties.virtualNetworkRules[].subnet.id': serviceRule,
  },
}
