import { commonCatalogue, commonEndpointSubnet, commonPartKeys } from '../../catalog/common/index.ts'
import type { CommonPartDefinition } from '../../catalog/common/types.ts'
import { wayOut, wayOutPartOf } from '../../catalog/common/way-out.ts'
import { type CommonArea, commonTags, ownParts } from '../../compose/compose-common.ts'
import { type CommonSubnet, commonSubnetRequests } from '../../network/common-subnets.ts'
import type { EndpointLoad } from '../../network/subnet-sizes.ts'
import { requestsFromSpecs } from '../../network/subnets-from-input.ts'
import { isWithin } from '../../resource-id.ts'
import { commonOwner } from '../../vocabulary.ts'
import type { SubnetTarget } from './subnet-target.ts'

/** The subnets of a common area: those of the parts that are made, and the one for private endpoints. */
export function commonTarget(area: CommonArea): SubnetTarget {
  const { factory, names, ids } = area
  const { subnets: declared } = commonCatalogue
  return {
    factory,
    owner: {
      factory: `${factory.name}-${factory.instance}`,
      project: commonOwner,
      environment: factory.environment,
    },
    tags: commonTags(factory),
    names,
    declared,
    requested: (specs) =>
      specs === undefined
        ? commonSubnetRequests(commonSubnets(area), names, factory.network.profile)
        : requestsFromSpecs(specs, names, declared),
    virtualNetworkId: ids.virtualNetwork,
    resourceGroupId: ids.resourceGroup,
    privateEndpoints: endpointsOf(ownParts(factory)).endpoints,
    settingAt: (_, setting) => factory.commonAt(wayOutPartOf(setting) ?? ''),
    isMadeBefore: (id) => isWithin(id, ids.resourceGroup),
    injectedSubnets: async () => undefined,
  }
}

/** The subnets of a common area, as its parts declare them. */
function commonSubnets(area: CommonArea): readonly CommonSubnet[] {
  const { factory, ids } = area
  const { source, at } = factory.network
  const own = ownParts(factory)
  const where = at(source.kind === 'existing' ? 'vnetId' : 'addressSpace')
  const most = endpointsOf(commonPartKeys.map((key) => commonCatalogue.parts[key]))
  return Object.values(commonCatalogue.subnets).flatMap((definition): readonly CommonSubnet[] => {
    const { key } = definition
    if (key === commonEndpointSubnet)
      return [{ definition, where, endpoints: { now: endpointsOf(own), most } }]
    return own.some(({ subnets }) => Object.hasOwn(subnets, key))
      ? [{ definition, where, settings: wayOut({ ids, parts: factory.common }, definition) }]
      : []
  })
}

/** The private endpoints of parts, and the addresses that they take. */
function endpointsOf(parts: readonly CommonPartDefinition[]): EndpointLoad {
  const endpoints = parts.flatMap(({ privateEndpoints }) => privateEndpoints)
  return {
    endpoints: endpoints.length,
    addresses: endpoints.reduce((sum, { addresses }) => sum + addresses, 0),
  }
}
