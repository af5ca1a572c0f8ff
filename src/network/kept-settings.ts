import type { SubnetRule } from '../catalog/types.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { lastSegment, sameText } from '../resource-id.ts'
import { idAt, type SubnetDemand, serviceEndpointsOf } from './subnet-merge.ts'

/** How this action would have created the subnet. */
interface Created {
  readonly rule?: Pick<SubnetRule, 'defaultOutboundAccess' | 'privateEndpointNetworkPolicies'>
  /** Resource id of the project's own network security group for it. */
  readonly securityGroupId?: string | undefined
  /** What its service and the documents demand of it: that is not of others. */
  readonly demand?: SubnetDemand
}

/**
 * What a subnet has that this action would not have given it: what others attached or set, and what therefore stays.
 * Words such as `route table 'rt-hub'`.
 */
export const keptSettings = (properties: JsonObject, created: Created): readonly string[] => [
  ...otherPrefixes(properties),
  ...attached(properties, created),
  ...serviceEndpoints(properties, created),
  ...lists(properties),
  ...differing(properties, created),
]

function otherPrefixes({ addressPrefixes }: JsonObject): readonly string[] {
  const [, ...others] = Array.isArray(addressPrefixes) ? addressPrefixes : []
  return others.filter((prefix) => typeof prefix === 'string').map((prefix) => `address prefix ${prefix}`)
}

function attached(properties: JsonObject, { securityGroupId, demand = {} }: Created): readonly string[] {
  const all = [
    ['network security group', 'networkSecurityGroup', [securityGroupId, demand.networkSecurityGroupId]],
    ['route table', 'routeTable', [demand.routeTableId]],
    ['NAT gateway', 'natGateway', [demand.natGatewayId]],
  ] as const
  return all.flatMap(([noun, key, ours]) => {
    const id = idAt(properties, key)
    if (id === undefined || ours.some((own) => own !== undefined && sameText(own, id))) return []
    return [`${noun} '${lastSegment(id)}'`]
  })
}

const serviceEndpoints = (properties: JsonObject, { demand }: Created): readonly string[] =>
  serviceEndpointsOf(properties)
    .filter((service) => !demand?.serviceEndpoints?.some((own) => sameText(own, service)))
    .map((service) => `service endpoint ${service}`)

/** https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview */
function lists({ serviceEndpointPolicies }: JsonObject): readonly string[] {
  const policies = Array.isArray(serviceEndpointPolicies) ? serviceEndpointPolicies.filter(isJsonObject) : []
  return policies.flatMap(({ id }) =>
    typeof id === 'string' ? [`service endpoint policy '${lastSegment(id)}'`] : [],
  )
}

/** Azure leaves out some settings that have their usual value. */
function differing(properties: JsonObject, { rule, demand }: Created): readonly string[] {
  const usual = {
    defaultOutboundAccess: {
      ours: demand?.defaultOutboundAccess ?? rule?.defaultOutboundAccess,
      absent: true,
    },
    privateEndpointNetworkPolicies: { ours: rule?.privateEndpointNetworkPolicies, absent: 'Disabled' },
    privateLinkServiceNetworkPolicies: { ours: 'Enabled', absent: 'Enabled' },
  }
  return Object.entries(usual).flatMap(([key, { ours, absent }]) => {
    const value = properties[key] ?? absent
    return ours === undefined || value === ours ? [] : [`${key} ${JSON.stringify(value)}`]
  })
}
