import type { SubnetAttachments } from '../catalog/types.ts'
import type { Location } from '../user-error.ts'
import type { SubnetKey } from '../vocabulary.ts'
import { type Cidr, parseNetwork } from './cidr.ts'

/** A subnet as it is, live or told. */
export interface ActualSubnet {
  /** Resource id; empty when it is only told. */
  readonly id: string
  readonly name: string
  /** CIDRs, IPv4 and IPv6. Empty while Azure's own IPAM has not decided yet. */
  readonly addressPrefixes: readonly string[]
  /** Service names of the delegations; absent when unknown. */
  readonly delegations?: readonly string[]
  /** What the network team has attached to it. */
  readonly attachments?: SubnetAttachments
}

/** A VNet as it is, live or told. */
export interface ActualNetwork {
  /** Resource id; empty when it is only told. */
  readonly id: string
  readonly name: string
  /** CIDRs, IPv4 and IPv6. */
  readonly addressPrefixes: readonly string[]
  readonly subnets: readonly ActualSubnet[]
}

/** A subnet of the project's own: kept when it exists, planned when not. */
export interface OwnSubnetRequest<Key extends string = SubnetKey> {
  readonly kind: 'own'
  readonly key: Key
  readonly name: string
  readonly prefixLength: number
  /** The smallest subnet (largest prefix length) the service accepts. */
  readonly smallestPrefixLength?: number
  /** Service name, or empty. */
  readonly delegation: string
  /** The place in a document to change when it does not fit. */
  readonly where?: Location
}

/** A subnet that exists already and is brought along by its resource id. */
export interface BroughtSubnetRequest<Key extends string = SubnetKey> {
  readonly kind: 'brought'
  readonly key: Key
  readonly id: string
  /** Service name, or empty. */
  readonly delegation: string
  readonly where?: Location
}

/** A subnet the project needs. */
export type SubnetRequest<Key extends string = SubnetKey> = OwnSubnetRequest<Key> | BroughtSubnetRequest<Key>

/** Azure compares names and resource ids without regard to case. */
export const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** The IPv4 networks among CIDRs that Azure reported; IPv6 is left out. @throws Error when one is no network */
export function ipv4Networks(texts: readonly string[]): readonly Cidr[] {
  return texts.flatMap((text) => {
    const parsed = parseNetwork(text)
    if (parsed.kind === 'fault') throw new Error(parsed.message)
    return parsed.kind === 'ipv4' ? [parsed.cidr] : []
  })
}
