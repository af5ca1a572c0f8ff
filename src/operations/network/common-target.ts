import type { SubnetDefinition } from '../../catalog/types.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import { commonSubnetNames } from '../../naming/names.ts'
import { type CommonSubnet, commonSubnetRequests } from '../../network/common-subnets.ts'
import { requestsFromSpecs } from '../../network/subnets-from-input.ts'
import { commonOwner } from '../../vocabulary.ts'
import type { SubnetTarget } from './subnet-target.ts'

/** The common area of an environment, as far as its subnets follow from it. */
export interface CommonSubnetSource {
  readonly factory: ResolvedFactory
  /** Of everything in the common area. */
  readonly tags: Readonly<Record<string, string>>
  /** Resource id of the VNet. */
  readonly virtualNetworkId: string
  /** Resource id of the common area's group. */
  readonly resourceGroupId: string
  /** Those of the parts that are switched on. */
  readonly subnets: readonly CommonSubnet[]
  /** Every subnet that a common area may have. */
  readonly declared: readonly SubnetDefinition[]
  /** How many private endpoints the common area has. */
  readonly privateEndpoints: number
}

/** The subnets of a common area. */
export function commonTarget(source: CommonSubnetSource): SubnetTarget {
  const { factory, subnets, tags } = source
  const declared = Object.fromEntries(source.declared.map((definition) => [definition.key, definition]))
  const names = commonSubnetNames(declared)
  return {
    factory,
    owner: {
      factory: `${factory.name}-${factory.instance}`,
      project: commonOwner,
      environment: factory.environment,
    },
    tags,
    names,
    declared,
    requested: (specs) =>
      specs === undefined
        ? commonSubnetRequests(subnets, names, factory.network.profile)
        : requestsFromSpecs(specs, names, declared),
    virtualNetworkId: source.virtualNetworkId,
    resourceGroupId: source.resourceGroupId,
    privateEndpoints: source.privateEndpoints,
    settingAt: (key) =>
      subnets.find(({ definition }) => definition.key === key)?.where ?? factory.at('common'),
    injectedSubnets: async () => undefined,
  }
}
