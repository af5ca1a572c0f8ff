import type { SubnetRule } from '../catalog/types.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { lastSegment, sameText } from '../resource-id.ts'
import { idAt, serviceEndpointsOf } from './subnet-merge.ts'

/** How this action would have created the subnet. */
interface Created {
  readonly rule?: Pick<SubnetRule, 'defaultOutboundAccess' | 'privateEndpointNetworkPolicies'>
  /** Resource id of the project's own network security group for it. */
  readonly securityGroupId?: string | undefined
}

/**
 * What a subnet has that this action would not have given it: what others attached or set, and what therefore stays.
 * Words such as `route table 'rt-hub'`.
 */
export const keptSettings = (properties: JsonObject, created: Created): readonly string[] => [
  ...otherPrefixes(properties),
  ...attached(properties, created),
  ...serviceEndpointsOf(properties).map((service) => `service endpoint ${service}`),
  ...lists(properties),
  ...differing(properties, created),
]

function otherPrefixes({ addressPrefixes }: JsonObject): readonly string[] {
  const [, ...others] = Array.isArray(addressPrefixes) ? addressPrefixes : []
  return others.filter((prefix) => typeof prefix === 'string').map((prefix) => `address prefix ${prefix}`)
}

function attached(properties: JsonObject, { securityGroupId = '' }: Created): readonly string[] {
  const group = idAt(properties, 'networkSecurityGroup')
  const [table, gateway] = [idAt(properties, 'routeTable'), idAt(properties, 'natGateway')]
  return [
    ...(group === undefined || sameText(group, securityGroupId)
      ? []
      : [`network security group '${lastSegment(group)}'`]),
    ...(table === undefined ? [] : [`route table '${lastSegment(table)}'`]),
    ...(gateway === undefined ? [] : [`NAT gateway '${lastSegment(gateway)}'`]),
  ]
}

/** https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview */
function lists({ serviceEndpointPolicies }: JsonObject): readonly string[] {
  const policies = Array.isArray(serviceEndpointPolicies) ? serviceEndpointPolicies.filter(isJsonObject) : []
  return policies.flatMap(({ id }) =>
    typeof id === 'string' ? [`service endpoint policy '${lastSegment(id)}'`] : [],
  )
}

/** Azure leaves out some settings that have their usual value. */
function differing(properties: JsonObject, { rule }: Created): readonly string[] {
  const usual = {
    defaultOutboundAccess: { ours: rule?.defaultOutboundAccess, absent: true },
    privateEndpointNetworkPolicies: { ours: rule?.privateEndpointNetworkPolicies, absent: 'Disabled' },
    privateLinkServiceNetworkPolicies: { ours: 'Enabled', absent: 'Enabled' },
  }
  return Object.entries(usual).flatMap(([key, { ours, absent }]) => {
    const value = properties[key] ?? absent
    return ours === undefined || value === ours ? [] : [`${key} ${JSON.stringify(value)}`]
  })
}
