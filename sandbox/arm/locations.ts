/** The regions of the sandbox: name, display name, paired region. https://learn.microsoft.com/azure/reliability/regions-list */
export const regions: readonly (readonly [name: string, displayName: string, paired: string])[] = [
  ['swedencentral', 'Sweden Central', 'swedensouth'],
  ['westeurope', 'West Europe', 'northeurope'],
  ['northeurope', 'North Europe', 'westeurope'],
  ['germanywestcentral', 'Germany West Central', 'germanynorth'],
  ['francecentral', 'France Central', 'francesouth'],
  ['switzerlandnorth', 'Switzerland North', 'switzerlandwest'],
  ['norwayeast', 'Norway East', 'norwaywest'],
  ['uksouth', 'UK South', 'ukwest'],
  ['ukwest', 'UK West', 'uksouth'],
  ['italynorth', 'Italy North', ''],
  ['spaincentral', 'Spain Central', ''],
  ['polandcentral', 'Poland Central', ''],
  ['eastus', 'East US', 'westus'],
  ['eastus2', 'East US 2', 'centralus'],
  ['centralus', 'Central US', 'eastus2'],
  ['northcentralus', 'North Central US', 'southcentralus'],
  ['southcentralus', 'South Central US', 'northcentralus'],
  ['westus', 'West US', 'eastus'],
  ['westus2', 'West US 2', 'westcentralus'],
  ['westus3', 'West US 3', 'eastus'],
  ['canadacentral', 'Canada Central', 'canadaeast'],
  ['canadaeast', 'Canada East', 'canadacentral'],
  ['brazilsouth', 'Brazil South', 'southcentralus'],
  ['australiaeast', 'Australia East', 'australiasoutheast'],
  ['japaneast', 'Japan East', 'japanwest'],
  ['koreacentral', 'Korea Central', 'koreasouth'],
  ['southeastasia', 'Southeast Asia', 'eastasia'],
  ['eastasia', 'East Asia', 'southeastasia'],
  ['centralindia', 'Central India', 'southindia'],
  ['southindia', 'South India', 'centralindia'],
  ['uaenorth', 'UAE North', 'uaecentral'],
  ['southafricanorth', 'South Africa North', 'southafricawest'],
]

const regional = regions.map(([name]) => name)

/** Types that are nowhere in particular. */
const global = [
  'Microsoft.Network/privateDnsZones',
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
  'Microsoft.Network/dnsZones',
  'Microsoft.Network/trafficManagerProfiles',
  'Microsoft.Network/frontDoors',
  'Microsoft.Cdn/profiles',
  'Microsoft.Insights/metricAlerts',
  'Microsoft.Insights/privateLinkScopes',
  'Microsoft.AlertsManagement/smartDetectorAlertRules',
  'Microsoft.Communication/communicationServices',
]

/** Types that are either in a region or nowhere in particular. */
const both = [
  'Microsoft.CognitiveServices/accounts',
  'Microsoft.Insights/actionGroups',
  'Microsoft.Insights/activityLogAlerts',
  'Microsoft.BotService/botServices',
  'Microsoft.EventGrid/systemTopics',
]

/**
 * Where GitHub puts runners into networks.
 * https://docs.github.com/organizations/managing-organization-settings/troubleshooting-azure-private-network-configurations-for-github-hosted-runners-in-your-organization
 */
const withRunners = [
  ...['australiaeast', 'brazilsouth', 'canadacentral', 'canadaeast', 'centralus', 'eastasia', 'eastus'],
  ...['eastus2', 'francecentral', 'germanywestcentral', 'japaneast', 'koreacentral', 'northcentralus'],
  ...['northeurope', 'norwayeast', 'southcentralus', 'southeastasia', 'southindia', 'swedencentral'],
  ...['switzerlandnorth', 'uksouth', 'westus', 'westus2', 'westus3'],
]

const available = new Map<string, readonly string[]>([
  ['github.network/networksettings', withRunners],
  ...global.map((type) => [type.toLowerCase(), ['global']] as const),
  ...both.map((type) => [type.toLowerCase(), ['global', ...regional]] as const),
])

/** `Sweden Central` and `swedencentral` are the same place. */
export function normaliseLocation(location: string): string {
  return location.toLowerCase().replaceAll(' ', '')
}

/** `swedencentral` as people read it. */
export function displayNameOf(location: string): string {
  return regions.find(([name]) => name === location)?.[1] ?? location
}

/** Where a type can be: in every region of the sandbox, unless it is one of those that are global. */
export function locationsOf(type: string): readonly string[] {
  return available.get(type.toLowerCase()) ?? regional
}
