import type { Resources } from '../../azure/resources.ts'
import type { ExistingSubnet } from '../../azure/subnets.ts'
import type { ExistingVirtualNetwork, VirtualNetworks } from '../../azure/virtual-networks.ts'
import { networkIdOf, sameText } from '../../resource-id.ts'
import type { SubnetTarget } from './subnet-target.ts'

/** A subnet of another VNet, as it was read. */
export interface ByoSubnet extends ExistingSubnet {
  /** Azure region of its VNet. */
  readonly location: string
}

/** The bring-your-own subnets of an owner. */
export interface ByoSubnets {
  /** The subnets of other VNets than the environment's; none of a VNet that does not exist. */
  readonly byo: readonly ByoSubnet[]
  /** Resource ids of the subnets that services of the owner are in; absent when that is not needed or may not be read. */
  readonly usedSubnetIds?: readonly string[]
}

/** Reads the VNets of bring-your-own subnets, and what they do not show: which of them the owner itself uses. */
export async function readByoSubnets(
  wanted: readonly string[],
  network: ExistingVirtualNetwork,
  { injectedSubnets }: Pick<SubnetTarget, 'injectedSubnets'>,
  { networks: { find }, resources }: { readonly networks: VirtualNetworks; readonly resources: Resources },
): Promise<ByoSubnets> {
  const networkIds = wanted.map(networkIdOf)
  const others = new Map(
    networkIds.filter((id) => !sameText(id, network.id)).map((id) => [id.toLowerCase(), id]),
  )
  const found = await Promise.all([...others.values()].map(find))
  const byo = found.flatMap((other) =>
    other === undefined ? [] : other.subnets.map((subnet) => ({ ...subnet, location: other.location })),
  )
  const inUse = [...network.subnets, ...byo].some(
    ({ id, occupants }) =>
      wanted.some((other) => sameText(other, id)) && occupants.some(({ kind }) => kind === 'service'),
  )
  const usedSubnetIds = inUse ? await injectedSubnets(resources) : undefined
  return { byo, ...(usedSubnetIds === undefined ? {} : { usedSubnetIds }) }
}
