import type { SubnetDefinition } from '../catalog/types.ts'
import { type Location, UserError } from '../diagnostics/user-error.ts'
import type { SubnetSettings } from '../manifest/resolved.ts'
import type { SubnetNames } from '../naming/types.ts'
import type { SubnetProfile } from '../vocabulary.ts'
import { type OwnSubnetRequest, securityGroupOf } from './requested-subnets.ts'
import {
  type EndpointLoad,
  type SubnetSizing,
  sizeFault,
  sizeInProfile,
  smallestForEndpoints,
  usualDemand,
} from './subnet-sizes.ts'

/** A subnet of the common area: what a part declares of it, and what factory.yml says. */
export interface CommonSubnet {
  readonly definition: SubnetDefinition
  /** A size of its own; that of the profile when absent. */
  readonly prefixLength?: number
  /** What is attached to it. */
  readonly settings?: SubnetSettings
  /** The private endpoints of the common area, for the subnet that they are in: now, and with every part switched on. */
  readonly endpoints?: { readonly now: EndpointLoad; readonly most: EndpointLoad }
  /** The place in factory.yml to change when it does not fit. */
  readonly where?: Location
}

/**
 * The requests for the subnets of a common area.
 * @throws UserError when factory.yml asks for a size that the service of a subnet refuses
 */
export const commonSubnetRequests = (
  subnets: readonly CommonSubnet[],
  names: SubnetNames,
  profile: SubnetProfile,
): readonly OwnSubnetRequest<string>[] => subnets.map((subnet) => requestOf(subnet, names, profile))

function requestOf(
  subnet: CommonSubnet,
  names: SubnetNames,
  profile: SubnetProfile,
): OwnSubnetRequest<string> {
  const { definition, settings = {}, endpoints, where } = subnet
  const { key, rule } = definition
  const smallest = endpoints === undefined ? rule.smallest : smallestForEndpoints(rule, endpoints.now)
  const fault = subnet.prefixLength && sizeFault(subnet.prefixLength, rule, smallest)
  if (fault)
    throw new UserError({ ...fault, what: `Common subnet '${key}' ${fault.what}`, ...(where && { where }) })
  const { prefixLength, reason } =
    subnet.prefixLength === undefined
      ? sizing(subnet, profile)
      : { prefixLength: subnet.prefixLength, reason: undefined }
  return {
    kind: 'own',
    key,
    name: rule.fixedName ?? names.subnet(key),
    prefixLength,
    smallestPrefixLength: smallest.prefixLength,
    isFixed: true,
    delegation: rule.delegation ?? '',
    rule,
    definition,
    ...securityGroupOf(key, rule, names),
    settings,
    ...(reason !== undefined && { sizeReason: reason }),
    ...(where && { where }),
  }
}

/** A subnet is large enough for what is switched on later, since Azure resizes only empty ones. */
function sizing({ definition, endpoints }: CommonSubnet, profile: SubnetProfile): SubnetSizing {
  if (endpoints === undefined) return sizeInProfile(definition, usualDemand(definition.rule.load), profile)
  const { endpoints: count, addresses } = endpoints.most
  return sizeInProfile(
    definition,
    {
      addresses,
      sentence: `With every part the common area has ${count} private endpoints, which take ${addresses} addresses`,
    },
    profile,
  )
}
