import { definePart } from '../define.ts'
import { subnetRules } from '../facts/subnet-rules.ts'
import { free } from '../prices.ts'
import { denyInternetInbound, denyInternetOutbound } from '../security-rules.ts'

/** Where the private endpoints of everything else are: one subnet, which every project has. */
export const privateEndpoints = definePart({
  title: 'Private endpoints',
  documentation: 'https://learn.microsoft.com/azure/private-link/private-endpoint-overview',
  resources: {},
  subnets: {
    genai: {
      purpose: 'Private endpoints of all services of the project',
      rule: subnetRules.privateEndpoints,
      prefixLength: 25,
      serviceEndpoints: [],
      securityRules: [denyInternetInbound, denyInternetOutbound],
    },
  },
  privateEndpoints: [],
  roles: [],
  data: {
    'Microsoft.Network/privateEndpoints': 'stateless',
    'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': 'stateless',
    'Microsoft.Network/networkSecurityGroups': 'stateless',
    'Microsoft.Network/virtualNetworks/subnets': 'stateless',
  },
  prices: {
    'Microsoft.Network/privateEndpoints': {
      kind: 'list',
      unit: 'endpoint',
      by: 'type',
      perHour: { 'Microsoft.Network/privateEndpoints': 0.01 },
      plus: 'data that passes',
      asOf: '2026-11-29',
      source: 'https://azure.microsoft.com/pricing/details/private-link/',
    },
    'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': free,
    'Microsoft.Network/networkSecurityGroups': free,
    'Microsoft.Network/virtualNetworks/subnets': free,
  },
  template: () => [],
})
