import type { JsonObject } from '../json.ts'
import { ofType } from './facts/api-versions.ts'
import type { ArmResource, PoolShare, SubnetAttachments, SubnetDefinition, SubnetRule } from './types.ts'

/** What goes into a subnet besides its definition. */
export interface SubnetPlacement {
  /** IPv4 CIDR; empty while a pool has not chosen it, and not written once it has. */
  readonly addressPrefix: string
  /** None for a service that refuses one, or says itself what is in it. */
  readonly networkSecurityGroupId?: string
  /** The subnet's properties as they are now, when it exists. */
  readonly existing?: SubnetAttachments
}

/** What the PUT of a subnet takes of its definition. */
interface SubnetContent extends Pick<SubnetDefinition, 'serviceEndpoints'> {
  readonly rule: Pick<SubnetRule, 'delegation' | 'privateEndpointNetworkPolicies' | 'defaultOutboundAccess'>
}

/**
 * The `properties` of the one PUT that creates a subnet, or leaves it as it is. Network security group and delegation are
 * in the same PUT, since policies refuse a subnet without them, and a PUT replaces everything.
 */
export const subnetProperties = (
  { rule, serviceEndpoints }: SubnetContent,
  { addressPrefix, networkSecurityGroupId, existing }: SubnetPlacement,
): JsonObject => ({
  ...addressesOf(addressPrefix, existing),
  ...(networkSecurityGroupId !== undefined && { networkSecurityGroup: { id: networkSecurityGroupId } }),
  ...(existing?.routeTable && { routeTable: { id: existing.routeTable.id } }),
  ...(existing?.natGateway && { natGateway: { id: existing.natGateway.id } }),
  serviceEndpoints: serviceEndpoints.map((service) => ({ service })),
  delegations:
    rule.delegation === undefined
      ? []
      : [{ name: 'delegation', properties: { serviceName: rule.delegation } }],
  privateEndpointNetworkPolicies: rule.privateEndpointNetworkPolicies,
  privateLinkServiceNetworkPolicies: 'Enabled',
  defaultOutboundAccess: rule.defaultOutboundAccess,
})

/** Azure takes a range or a pool, never both: https://github.com/Azure/azure-cli/issues/31447 */
const addressesOf = (addressPrefix: string, existing: SubnetAttachments | undefined): JsonObject => {
  if (existing?.addressPools) return { ipamPoolPrefixAllocations: existing.addressPools.map(allocation) }
  return addressPrefix === '' ? {} : { addressPrefix }
}

/** https://learn.microsoft.com/rest/api/virtualnetwork/subnets/create-or-update#ipampoolprefixallocation */
const allocation = ({ id, numberOfIpAddresses }: PoolShare): JsonObject => ({
  pool: { id },
  numberOfIpAddresses,
})

/** The network security group of a subnet: the body of its PUT, and the resource in a template. */
export const networkSecurityGroup = (
  definition: Pick<SubnetDefinition, 'securityRules'>,
  name: string,
  location: string,
  tags: Readonly<Record<string, string>>,
): ArmResource => ({
  ...ofType('Microsoft.Network/networkSecurityGroups'),
  name,
  location,
  tags,
  properties: { securityRules: definition.securityRules },
})
