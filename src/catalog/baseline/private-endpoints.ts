import { definePart } from '../define.ts'
import { subnetRules } from '../facts/subnet-rules.ts'
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
  template: () => [],
})
