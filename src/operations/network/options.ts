import type { Cidr } from '../../cidr.ts'
import type { SubnetSpec } from '../../network/inputs.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import type { ProjectType } from '../../vocabulary.ts'
import type { FactoryTarget, ProjectTarget } from '../project.ts'

interface SharedOptions {
  readonly reserved: readonly Cidr[]
  readonly summary: boolean
}

/** Find room in a VNet in Azure, and in mode `reserve` claim it. */
export interface LiveOptions extends SharedOptions {
  readonly kind: 'live'
  readonly mode: 'plan' | 'reserve'
  readonly project: ProjectTarget
  /** Instead of the factory's VNet. */
  readonly vnetId: string | undefined
  /** Instead of the subnets of the manifest. */
  readonly specs: readonly SubnetSpec[] | undefined
  /** Who chooses the addresses: this action, or the pool of Azure Virtual Network Manager that the VNet is under. */
  readonly allocation: 'planner' | 'pool'
}

/** Find room in a VNet as it is told; nothing leaves the machine. Without a project, the wishes say what is needed. */
export interface OfflineOptions extends SharedOptions {
  readonly kind: 'offline'
  readonly project: ProjectTarget | undefined
  readonly network: ActualNetwork
  readonly specs: readonly SubnetSpec[] | undefined
}

/** Free a project's empty subnets, or in mode `plan-release` show which. */
export interface ReleaseOptions extends SharedOptions {
  readonly kind: 'release'
  readonly mode: 'plan-release' | 'release'
  readonly project: ProjectTarget
  readonly vnetId: string | undefined
  /** Only these subnets, by key or name; all of the project when absent. */
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
