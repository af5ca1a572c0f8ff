import type { SubnetRange, SubnetRule } from './subnet-rule.ts'

const learn = 'https://learn.microsoft.com/azure'
const privateLink = `${learn}/private-link/private-endpoint-overview`
const agentsInDepth = `${learn}/foundry/agents/concepts/agents-networking-deep-dive`
const addressFaq = `${learn}/virtual-network/virtual-networks-faq`

/** What Azure says of a subnet, by what is in it. Every fact with its source. */
export const subnetRules = {
  privateEndpoints: {
    title: 'Private endpoints',
    smallest: { prefixLength: 29, because: 'Azure knows no smaller subnet', source: addressFaq },
    recommended: {
      prefixLength: 27,
      because: 'services that grow, such as a replicated registry, take more addresses and fail without them',
      source: `${learn}/container-registry/container-registry-private-link#plan-subnet-ip-capacity-for-private-endpoints`,
    },
    forbidden: [],
    avoided: [],
    defaultOutboundAccess: false,
    privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled',
    networkSecurityGroup: 'allowed',
    routeTable: 'allowed',
    load: { unit: 'private endpoints', count: 14, each: 1, fixed: 6, source: privateLink },
    documentation: privateLink,
  },
  foundryAgents: {
    title: 'Foundry agents',
    smallest: {
      prefixLength: 27,
      because: 'the data proxy and the virtual machines of agents share it',
      source: agentsInDepth,
    },
    recommended: {
      prefixLength: 24,
      because: 'upgrades and peaks of load take more addresses for a while',
      source: agentsInDepth,
    },
    delegation: 'Microsoft.App/environments',
    exclusiveTo: 'one Foundry account',
    forbidden: [],
    avoided: [],
    defaultOutboundAccess: true,
    privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled',
    networkSecurityGroup: 'allowed',
    routeTable: 'allowed',
    load: { unit: 'agent sessions at a time', count: 50, each: 1, fixed: 9, source: agentsInDepth },
    documentation: agentsInDepth,
  },
} as const satisfies Record<string, SubnetRule>

/** What a subnet can be for. */
export type SubnetRuleKey = keyof typeof subnetRules

/** Ranges that Azure refuses in every VNet. */
export const azureForbiddenRanges: readonly SubnetRange[] = [
  { range: '224.0.0.0/4', because: 'it is for multicast', source: addressFaq },
  { range: '255.255.255.255/32', because: 'it is the broadcast address', source: addressFaq },
  { range: '127.0.0.0/8', because: 'it is for loopback', source: addressFaq },
  { range: '169.254.0.0/16', because: 'it is for link-local addresses', source: addressFaq },
  { range: '168.63.129.16/32', because: "it is the address of Azure's own DNS", source: addressFaq },
]
