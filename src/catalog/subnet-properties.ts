import type { JsonObject } from '../json.ts'
import { ofType } from './facts/api-versions.ts'
import type { ArmResource, PoolShare, SubnetAttachments, SubnetDefinition, SubnetRule } from './types.ts'

/** What goes into a new subnet besides its definition. */
export interface SubnetPlacement {
  /** IPv4 CIDR; empty when a pool chooses it. */
  readonly addressPrefix: string
  /** None for a service that refuses one, or says itself what is in it. */
  readonly networkSecurityGroupId?: string
  /** Where the addresses come from, unless they are typed. */
  readonly attachments?: SubnetAttachments
  /** What the documents want to be attached. */
  readonly settings?: SubnetExtras
}

/** What a document may want of a new subnet. Ids of resources. */
interface SubnetExtras {
  readonly routeTableId?: string | undefined
  readonly natGatewayId?: string | undefined
  readonly serviceEndpoints?: readonly string[] | undefined
  readonly defaultOutboundAccess?: boolean | undefined
}

/** What the PUT of a subnet takes of its definition. */
interface SubnetContent extends Pick<SubnetDefinition, 'serviceEndpoints'> {
  readonly rule: Pick<SubnetRule, 'delegation' | 'privateEndpointNetworkPolicies' | 'defaultOutboundAccess'>
}

/**
 * The `properties` of the one PUT that creates a subnet. All that is attached is in it, since policies refuse a subnet
 * without. One that exists is never written by this: a PUT replaces everything.
 */
export const subnetProperties = (
  { rule, serviceEndpoints }: SubnetContent,
  { addressPrefix, networkSecurityGroupId, attachments, settings = {} }: SubnetPlacement,
): JsonObject => ({
  ...addressesOf(addressPrefix, attachments),
  ...(networkSecurityGroupId !== undefined && { networkSecurityGroup: { id: networkSecurityGroupId } }),
  ...(settings.routeTableId !== undefined && { routeTable: { id: settings.routeTableId } }),
  ...(settings.natGatewayId !== undefined && { natGateway: { id: settings.natGatewayId } }),
  serviceEndpoints: [...new Set([...serviceEndpoints, ...(settings.serviceEndpoints ?? [])])].map(
    (service) => ({ service }),
  ),
  delegations:
    rule.delegation === undefined
      ? []
      : [{ name: 'delegation', properties: { serviceName: rule.delegation } }],
  privateEndpointNetworkPolicies: rule.privateEndpointNetworkPolicies,
  privateLinkServiceNetworkPolicies: 'Enabled',
  defaultOutboundAccess: settings.defaultOutboundAccess ?? rule.defaultOutboundAccess,
})

/** Azure takes a range or a pool, never both: https://github.com/Azure/azure-cli/issues/31447 */
const addressesOf = (addressPrefix: string, attachments: SubnetAttachments | undefined): JsonObject => {
  if (attachments?.addressPools)
    return { ipamPoolPrefixAllocations: attachments.addressPools.map(allocation) }
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
