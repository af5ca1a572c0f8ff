import { z } from 'zod'
import { UserError } from '../diagnostics/user-error.ts'
import { lastSegment, parseResourceId } from '../resource-id.ts'
import { openArm } from './arm.ts'
import { explaining } from './errors.ts'
import { isMissing } from './failure.ts'
import type { Session } from './session.ts'
import {
  allocations,
  type ExistingSubnet,
  existingSubnet,
  networks,
  type PoolAllocation,
  poolAllocations,
  subnetSchema,
} from './subnets.ts'

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

const addressSpace = z.object({ addressPrefixes: networks }).nullish()

const peeringSchema = z
  .object({
    name: z.string().nullish(),
    properties: z.object({
      peeringState: z.string().nullish(),
      remoteVirtualNetwork: z.object({ id: z.string().optional() }).nullish(),
      remoteVirtualNetworkAddressSpace: addressSpace,
      remoteAddressSpace: addressSpace,
    }),
  })
  .transform(
    ({ name, properties }): ExistingPeering => ({
      name: name ?? '',
      remoteId: properties.remoteVirtualNetwork?.id ?? '',
      // The first is that of the other VNet now; the second, when the peering was last brought up to date.
      remoteAddressPrefixes: [
        ...new Set([
          ...(properties.remoteVirtualNetworkAddressSpace?.addressPrefixes ?? []),
          ...(properties.remoteAddressSpace?.addressPrefixes ?? []),
        ]),
      ],
      state: properties.peeringState ?? '',
    }),
  )

/**
 * A VNet, as far as it is read here. Its list of subnets is always there, also when it is empty: without it, a VNet that
 * is full would look like an empty one. https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/get
 */
const networkSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    location: z.string(),
    properties: z.object({
      addressSpace: z.object({ addressPrefixes: networks, ipamPoolPrefixAllocations: allocations }),
      subnets: z.array(subnetSchema),
      virtualNetworkPeerings: z.array(peeringSchema).nullish(),
      privateEndpointVNetPolicies: z.string().nullish(),
    }),
  })
  .transform(
    ({ properties, ...rest }): ExistingVirtualNetwork => ({
      ...rest,
      addressPrefixes: properties.addressSpace.addressPrefixes,
      subnets: properties.subnets.map(existingSubnet),
      peerings: properties.virtualNetworkPeerings ?? [],
      pools: poolAllocations(properties.addressSpace.ipamPoolPrefixAllocations),
      highScalePrivateEndpoints: properties.privateEndpointVNetPolicies === 'Basic',
    }),
  )

const isNetworkId = (id: string): boolean =>
  /\/providers\/Microsoft\.Network\/virtualNetworks\/[\w.-]+$/i.test(id)

/** Opens the VNets of all subscriptions the session may see. */
export async function openVirtualNetworks(session: Session): Promise<VirtualNetworks> {
  const arm = await openArm(session)
  const get = (id: string): Promise<ExistingVirtualNetwork> => {
    if (!isNetworkId(id) || parseResourceId(id) === undefined) {
      throw new UserError({
        what: `${JSON.stringify(id)} is not the resource id of a VNet.`,
        fix: 'It has the form /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/….',
      })
    }
    return arm.get({ path: id, apiVersion: '2025-05-01' }, networkSchema)
  }
  const reading = (id: string): string => `Reading VNet '${lastSegment(id)}'`
  return {
    read: (id) => explaining(reading(id), async () => get(id)),
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
