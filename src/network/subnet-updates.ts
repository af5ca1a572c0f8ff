import type { PropertyChange } from '../plan/model.ts'
import { keptSettings } from './kept-settings.ts'
import { type OwnSubnetRequest, securityGroupId } from './requested-subnets.ts'
import { demandOf, mergeSubnet, type SubnetDemand } from './subnet-merge.ts'
import type { ActualNetwork, ActualSubnet } from './vnet.ts'

/** A subnet of the project's own that exists, and what becomes of it. */
export interface ExistingOwn {
  readonly name: string
  /** Resource id. */
  readonly id: string
  readonly demand: SubnetDemand
  /** Resource id of the network security group it has. */
  readonly securityGroupId: string | undefined
  /** What is missing in it; empty when it is as it has to be. */
  readonly changes: readonly PropertyChange[]
  /** What others attached or set, in words; all of it stays. */
  readonly kept: readonly string[]
}

/**
 * Can the delegation that a service demands be added? Azure refuses to delegate a subnet in use.
 * https://learn.microsoft.com/azure/virtual-network/manage-subnet-delegation
 */
export const canBeDelegated = ({
  delegations,
  occupants,
}: Pick<ActualSubnet, 'delegations' | 'occupants'>): boolean =>
  delegations?.length === 0 && occupants?.length === 0

/** Compares a subnet of the project's own that exists with what its service and the documents demand. */
export function compareOwn(
  request: OwnSubnetRequest<string>,
  existing: ActualSubnet,
  network: Pick<ActualNetwork, 'id'>,
): ExistingOwn {
  const { name, id, properties = {} } = existing
  const ownGroup = network.id === '' ? undefined : securityGroupId(network.id, request)
  const { delegation, ...demand } = demandOf(request, ownGroup)
  const wanted = canBeDelegated(existing) && delegation !== undefined ? { ...demand, delegation } : demand
  const merged = mergeSubnet(properties, wanted)
  return {
    name,
    id,
    demand: wanted,
    securityGroupId: existing.networkSecurityGroupId,
    changes: existing.properties === undefined ? [] : merged.changes,
    kept: keptSettings(merged.properties, {
      ...(request.rule && { rule: request.rule }),
      securityGroupId: ownGroup,
      demand: wanted,
    }),
  }
}
