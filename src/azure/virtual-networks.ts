import type { VirtualNetworkPeering } from '@azure/arm-network'
import { UserError } from '../diagnostics/user-error.ts'
import { lastSegment, parseResourceId } from '../resource-id.ts'
import { explaining } from './errors.ts'
import { isMissing } from './failure.ts'
import { checkNetwork } from './network-answer.ts'
import { managementOptions, type Session } from './session.ts'
import { type ExistingSubnet, existingSubnet, type PoolAllocation, poolAllocations } from './subnets.ts'

/** A VNet as it is in Azure. */
export interface ExistingVirtualNetwork {
  readonly id: string
  readonly name: string
  readonly location: string
  readonly addressPrefixes: readonly string[]
  readonly subnets: readonly ExistingSubnet[]
  readonly peerings: readonly ExistingPeering[]
  /** Empty for a VNet whose addresses somebody typed. */
  readonly pools: readonly PoolAllocation[]
  /**
   * Was it upgraded to hold more private endpoints than others may?
   * https://learn.microsoft.com/azure/private-link/increase-private-endpoint-vnet-limits
   */
  readonly highScalePrivateEndpoints: boolean
}

/** A VNet that another one is peered with, as the peering knows it. */
export interface ExistingPeering {
  readonly name: string
  /** Resource id of the other VNet. */
  readonly remoteId: string
  /** CIDRs of the other VNet. */
  readonly remoteAddressPrefixes: readonly string[]
  /** `Connected` when both sides agreed. */
  readonly state: string
}

/** The VNets of all subscriptions that the session may see. */
export interface VirtualNetworks {
  /** Reads a VNet with its subnets. @throws UserError when it does not exist or may not be read */
  readonly read: (id: string) => Promise<ExistingVirtualNetwork>
  /** As `read`, but undefined when it does not exist. */
  readonly find: (id: string) => Promise<ExistingVirtualNetwork | undefined>
}

/** The newer property is that of the other VNet now; the older one, when the peering was last brought up to date. */
const existingPeering = (peering: VirtualNetworkPeering): ExistingPeering => ({
  name: peering.name ?? '',
  remoteId: peering.remoteVirtualNetwork?.id ?? '',
  remoteAddressPrefixes: [
    ...new Set([
      ...(peering.remoteVirtualNetworkAddressSpace?.addressPrefixes ?? []),
      ...(peering.remoteAddressSpace?.addressPrefixes ?? []),
    ]),
  ],
  state: peering.peeringState ?? '',
})

const isNetworkId = (id: string): boolean =>
  /\/providers\/Microsoft\.Network\/virtualNetworks\/[\w.-]+$/i.test(id)

/** Opens the VNets of all subscriptions the session may see. */
export async function openVirtualNetworks(session: Session): Promise<VirtualNetworks> {
  const { NetworkManagementClient } = await import('@azure/arm-network')
  const get = async (id: string): Promise<ExistingVirtualNetwork> => {
    const parts = isNetworkId(id) ? parseResourceId(id) : undefined
    if (parts === undefined) {
      throw new UserError({
        what: `${JSON.stringify(id)} is not the resource id of a VNet.`,
        fix: 'It has the form /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/….',
      })
    }
    const client = new NetworkManagementClient(
      session.credential,
      parts.subscriptionId,
      managementOptions(session),
    )
    const network = await client.virtualNetworks.get(parts.resourceGroup, parts.name)
    checkNetwork(network)
    return {
      id: network.id ?? id,
      name: network.name ?? parts.name,
      location: network.location ?? '',
      addressPrefixes: network.addressSpace?.addressPrefixes ?? [],
      subnets: (network.subnets ?? []).map(existingSubnet),
      peerings: (network.virtualNetworkPeerings ?? []).map(existingPeering),
      pools: poolAllocations(network.addressSpace?.ipamPoolPrefixAllocations),
      highScalePrivateEndpoints: network.privateEndpointVNetPolicies === 'Basic',
    }
  }
  const reading = (id: string): string => `Reading VNet '${lastSegment(id)}'`
  return {
    read: (id) => explaining(reading(id), () => get(id)),
    find: (id) =>
      explaining(reading(id), async () => {
        try {
          return await get(id)
        } catch (error) {
          if (isMissing(error)) return undefined
          throw error
        }
      }),
  }
}
