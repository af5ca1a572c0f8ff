import type { Cidr } from '../../cidr.ts'

/** Azure's smallest subnet. https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
export const smallestSubnetPrefixLength = 29

/** One change that would make every requested subnet fit. */
export type Remedy<Key extends string = string> =
  /** Add an address prefix of this size, or a larger one, to the VNet: one that touches none of the ranges. */
  | { readonly kind: 'add-prefix'; readonly prefixLength: number; readonly outside: readonly Cidr[] }
  /** Ask for smaller subnets: the largest sizes that fit. */
  | {
      readonly kind: 'resize'
      readonly subnets: readonly { readonly key: Key; readonly prefixLength: number }[]
    }
  /** Remove these subnets, the fewest that free one block large enough. */
  | { readonly kind: 'release'; readonly subnets: readonly Cidr[] }

/** A subnet somebody wants. */
export interface PlanRequest<Key extends string = string> {
  /** Distinct among the requests of one plan. */
  readonly key: Key
  /** 0 to 32. */
  readonly prefixLength: number
  /** The smallest subnet (largest prefix length) that would still do; Azure's smallest, /29, when absent. */
  readonly smallestPrefixLength?: number
  /** Ranges it must not touch, though others may. */
  readonly forbidden?: readonly Cidr[]
  /** Ranges it does not touch as long as there is room elsewhere. */
  readonly avoided?: readonly Cidr[]
}

/** What there is. All lists may be in any order, overlap, nest, and lie outside each other. */
export interface AddressRoom {
  /** The address prefixes of the VNet. */
  readonly prefixes: readonly Cidr[]
  /** Subnets that exist. */
  readonly taken: readonly Cidr[]
  /** Ranges that must stay free of subnets: on-premises, peered VNets, Kubernetes services. */
  readonly reserved: readonly Cidr[]
}

/** What there is, and what is wanted. */
export interface PlanningProblem<Key extends string = string> extends AddressRoom {
  readonly requests: readonly PlanRequest<Key>[]
  /** Those of the taken subnets that something is in, so that nobody can remove them; none is known to be when absent. */
  readonly inUse?: readonly Cidr[]
}

/** A request with its place. */
export interface PlannedRequest<Key extends string = string> {
  readonly key: Key
  readonly cidr: Cidr
  /** The avoided ranges that it touches, because there was no room elsewhere. Mostly empty. */
  readonly touches: readonly Cidr[]
}

/** Where each requested subnet goes, the largest first. */
export interface SubnetPlan<Key extends string = string> {
  readonly kind: 'plan'
  readonly subnets: readonly PlannedRequest<Key>[]
}

/** Why there is no plan. */
export interface Shortage<Key extends string = string> {
  readonly kind: 'shortage'
  /** Every request that found no room after the others had theirs, the largest first. */
  readonly missing: readonly PlanRequest<Key>[]
  /** The largest aligned block that is free now, before any request is met. */
  readonly largestFree: Cidr | undefined
  /** The largest aligned block left after the requests that do fit. */
  readonly largestLeft: Cidr | undefined
  /** Free addresses now. */
  readonly free: number
  /** How many aligned blocks the free addresses are in. */
  readonly blocks: number
  /** The ranges in the VNet that the missing requests must not touch, when all would fit without these; else empty. */
  readonly inTheWay: readonly Cidr[]
  /** Each of these alone would make everything fit. */
  readonly remedies: readonly Remedy<Key>[]
}
