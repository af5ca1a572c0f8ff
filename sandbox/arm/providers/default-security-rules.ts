import type { StoredResource } from '../../contracts.ts'
import type { World } from '../rules.ts'

/** The rules that every security group has, and nobody can change. */
export const defaultRuleType = 'Microsoft.Network/networkSecurityGroups/defaultSecurityRules'

type Row = readonly [
  name: string,
  description: string,
  priority: number,
  direction: 'Inbound' | 'Outbound',
  access: 'Allow' | 'Deny',
  source: string,
  destination: string,
]

/** https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules */
const rows: readonly Row[] = [
  [
    'AllowVnetInBound',
    'Allow inbound traffic from all VMs in VNET',
    65_000,
    'Inbound',
    'Allow',
    'VirtualNetwork',
    'VirtualNetwork',
  ],
  [
    'AllowAzureLoadBalancerInBound',
    'Allow inbound traffic from azure load balancer',
    65_001,
    'Inbound',
    'Allow',
    'AzureLoadBalancer',
    '*',
  ],
  ['DenyAllInBound', 'Deny all inbound traffic', 65_500, 'Inbound', 'Deny', '*', '*'],
  [
    'AllowVnetOutBound',
    'Allow outbound traffic from all VMs to all VMs in VNET',
    65_000,
    'Outbound',
    'Allow',
    'VirtualNetwork',
    'VirtualNetwork',
  ],
  [
    'AllowInternetOutBound',
    'Allow outbound traffic from all VMs to Internet',
    65_001,
    'Outbound',
    'Allow',
    '*',
    'Internet',
  ],
  ['DenyAllOutBound', 'Deny all outbound traffic', 65_500, 'Outbound', 'Deny', '*', '*'],
]

/** Gives a security group its default rules. */
export function addDefaultRules(group: StoredResource, world: World): void {
  for (const [name, description, priority, direction, access, source, destination] of rows)
    world.store.set({
      id: `${group.id}/defaultSecurityRules/${name}`,
      name,
      type: defaultRuleType,
      properties: {
        provisioningState: 'Succeeded',
        description,
        protocol: '*',
        sourcePortRange: '*',
        destinationPortRange: '*',
        sourceAddressPrefix: source,
        destinationAddressPrefix: destination,
        access,
        priority,
        direction,
        sourcePortRanges: [],
        destinationPortRanges: [],
        sourceAddressPrefixes: [],
        destinationAddressPrefixes: [],
      },
    })
}
