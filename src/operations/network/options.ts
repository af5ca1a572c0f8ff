import type { Cidr } from '../../cidr.ts'
import type { SubnetSpec } from '../../network/inputs.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import type { ProjectType } from '../../vocabulary.ts'
import type { NewestSubject } from '../newest/standing.ts'
import type { FactoryTarget } from '../project.ts'

interface SharedOptions {
  readonly reserved: readonly Cidr[]
}

/** How subnets are claimed in a VNet in Azure. */
export interface ClaimOptions {
  readonly mode: 'plan' | 'reserve'
  /** Instead of the factory's VNet. */
  readonly vnetId: string | undefined
  /** Instead of the subnets that the documents ask for. */
  readonly specs: readonly SubnetSpec[] | undefined
  /** Who allocates the addresses: this action, or the VNet's pool of Azure Virtual Network Manager. */
  readonly allocation: 'planner' | 'pool'
}

/** Allocate subnets in a VNet in Azure, and in mode `reserve` create them. */
export interface LiveOptions extends SharedOptions, ClaimOptions {
  readonly kind: 'live'
  readonly target: NewestSubject
}

/** Allocate subnets in a VNet that the inputs describe; nothing leaves the machine. Without a target, `specs` are the requested subnets. */
export interface OfflineOptions extends SharedOptions {
  readonly kind: 'offline'
  readonly target: NewestSubject | undefined
  readonly network: ActualNetwork
  readonly specs: readonly SubnetSpec[] | undefined
}

/**
 * Delete an owner's empty subnets, or in mode `plan-release` show which. `release-unneeded` deletes only those that the
 * documents no longer ask for, and leaves what is still in use to the next run.
 */
export interface ReleaseOptions extends SharedOptions {
  readonly kind: 'release'
  readonly mode: 'plan-release' | 'release' | 'release-unneeded'
  readonly target: NewestSubject
  readonly vnetId: string | undefined
  /** Only these subnets, by key or name; all of the owner's when absent. */
  readonly names: readonly string[] | undefined
}

/** How many more projects fit an environment. */
export interface CapacityOptions extends SharedOptions {
  readonly kind: 'capacity'
  readonly factory: FactoryTarget
  readonly vnetId: string | undefined
  /** Warn when fewer projects than this fit. */
  readonly warnBelow: number
}

/** Which address spaces a factory with so many projects needs; nothing leaves the machine. */
export interface ProposalOptions extends SharedOptions {
  readonly kind: 'proposal'
  /** At least one, each at least 1. */
  readonly projects: Readonly<Partial<Record<ProjectType, number>>>
}

/** What the network operation is asked to do. */
export type NetworkOptions = LiveOptions | OfflineOptions | ReleaseOptions | CapacityOptions | ProposalOptions
