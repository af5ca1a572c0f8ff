import type { SubnetAttachments } from '../catalog/types.ts'
import { type Cidr, parseNetwork } from '../cidr.ts'
import type { JsonObject } from '../json.ts'

/** A subnet as Azure reports it, or as an input describes it. */
export interface ActualSubnet {
  /** Resource id; empty when an input describes it. */
  readonly id: string
  readonly name: string
  /** CIDRs, IPv4 and IPv6. Empty while Azure's own IPAM has not decided yet. */
  readonly addressPrefixes: readonly string[]
  /** Service names of the delegations; absent when unknown. */
  readonly delegations?: readonly string[]
  /** All its properties, as Azure has them; absent when an input describes it. */
  readonly properties?: JsonObject
  /** Where its addresses come from. */
  readonly attachments?: SubnetAttachments
  /** Absent when it has none, or when that is not known. */
  readonly networkSecurityGroupId?: string | undefined
  /** What is in it: empty when nothing is, absent when that is not known. */
  readonly occupants?: readonly SubnetOccupant[]
}

/** Something that keeps a subnet from being deleted, resized or used by another service. */
export interface SubnetOccupant {
  readonly kind: 'private endpoint' | 'network interface' | 'service'
  /** Resource id, or the type of a service that hides its own, e.g. `Microsoft.App/environments`. */
  readonly id: string
}

/** A VNet that this one is peered with. */
export interface Peering {
  readonly name: string
  /** Resource id of the other VNet. */
  readonly remoteId: string
  /** CIDRs of the other VNet, as the peering knows them. */
  readonly remoteAddressPrefixes: readonly string[]
  /** `Connected` when both sides agreed. */
  readonly state: string
}

/** A pool of Azure Virtual Network Manager from which a VNet has its addresses. */
export interface AddressPool {
  /** Resource id of the `Microsoft.Network/networkManagers/ipamPools`. */
  readonly id: string
  /** CIDRs that the pool allocated to the VNet. */
  readonly allocatedPrefixes: readonly string[]
}

/** A VNet as Azure reports it, or as an input describes it. */
export interface ActualNetwork {
  /** Resource id; empty when an input describes it. */
  readonly id: string
  readonly name: string
  /** CIDRs, IPv4 and IPv6. */
  readonly addressPrefixes: readonly string[]
  readonly subnets: readonly ActualSubnet[]
  /** Azure region; absent when an input describes the VNet. */
  readonly location?: string
  readonly peerings?: readonly Peering[]
  /** The pools that allocated its addresses; empty for a VNet with an address space of its own. */
  readonly pools?: readonly AddressPool[]
}

/**
 * The IPv4 networks among CIDRs that Azure reported. IPv6 is left out however it is written: Azure has taken it.
 * @throws Error when one is no network
 */
export function ipv4Networks(texts: readonly string[]): readonly Cidr[] {
  const ipv4 = texts.filter((text) => !text.includes(':'))
  return ipv4.flatMap((text) => {
    const parsed = parseNetwork(text)
    if (parsed.kind === 'fault') throw new Error(parsed.message)
    return parsed.kind === 'ipv4' ? [parsed.cidr] : []
  })
}
