import type { SecurityRule } from './types.ts'

/**
 * Nothing comes in from the Internet. The default rules deny it too, but only at the very end; this one says it where
 * policies and auditors check, and a rule somebody adds behind it opens nothing.
 * https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules
 */
export const denyInternetInbound: SecurityRule = {
  name: 'DenyInternetInbound',
  properties: {
    description: 'Nothing comes in from the Internet.',
    priority: 4000,
    direction: 'Inbound',
    access: 'Deny',
    protocol: '*',
    sourceAddressPrefix: 'Internet',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '*',
  },
}

/**
 * Private endpoints only answer: they start no connection, so a subnet that holds nothing else needs no way out.
 * https://learn.microsoft.com/azure/private-link/private-endpoint-overview
 */
export const denyInternetOutbound: SecurityRule = {
  name: 'DenyInternetOutbound',
  properties: {
    description: 'Private endpoints only answer; nothing here calls the Internet.',
    priority: 4000,
    direction: 'Outbound',
    access: 'Deny',
    protocol: '*',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: 'Internet',
    destinationPortRange: '*',
  },
}

/**
 * Agents run in an Azure Container Apps environment, whose load balancer probes its machines.
 * https://learn.microsoft.com/azure/container-apps/firewall-integration#inbound
 */
export const allowLoadBalancerProbes: SecurityRule = {
  name: 'AllowLoadBalancerProbes',
  properties: {
    description: 'The load balancer of the agents probes its machines.',
    priority: 100,
    direction: 'Inbound',
    access: 'Allow',
    protocol: 'Tcp',
    sourceAddressPrefix: 'AzureLoadBalancer',
    sourcePortRange: '*',
    destinationAddressPrefix: 'VirtualNetwork',
    destinationPortRange: '30000-32767',
  },
}
