import type { ArmType } from './api-versions.ts'

/**
 * What Azure fills in itself, or keeps as it is when a template does not name it, by type; without positions in lists. It does
 * not vanish, although a comparison with a template of which nobody knows the predecessor says so.
 */
const filledIn: Readonly<Partial<Record<ArmType, readonly string[]>>> = {
  // https://learn.microsoft.com/azure/templates/microsoft.network/virtualnetworks#virtualnetworkpropertiesformat
  'Microsoft.Network/virtualNetworks': ['subnets', 'virtualNetworkPeerings'],
  // https://learn.microsoft.com/azure/templates/microsoft.network/privateendpoints
  'Microsoft.Network/privateEndpoints': [
    'customDnsConfigs',
    'networkInterfaces',
    'privateLinkServiceConnections.properties.privateLinkServiceConnectionState',
    'manualPrivateLinkServiceConnections.properties.privateLinkServiceConnectionState',
  ],
  // https://learn.microsoft.com/rest/api/consumption/budgets/create-or-update#budget
  'Microsoft.Consumption/budgets': ['currentSpend', 'forecastSpend', 'timePeriod.endDate'],
}

const byType = new Map(Object.entries(filledIn).map(([type, paths]) => [type.toLowerCase(), paths]))

/** Is it something that stays when a template does not name it? @param path e.g. `properties.subnets.0.id` */
export const isFilledIn = (type: string, path: string): boolean => {
  const plain = path.replaceAll(/\.\d+(?=\.|$)/g, '')
  return (byType.get(type.toLowerCase()) ?? []).some((known) =>
    `${plain}.`.startsWith(`properties.${known}.`),
  )
}
