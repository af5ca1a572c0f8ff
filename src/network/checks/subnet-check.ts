import type { Cidr } from '../../cidr.ts'
import type { UserErrorParts } from '../../diagnostics/user-error.ts'
import type { ActualSubnet, SubnetRequest } from '../network.ts'

/** What is wrong with a subnet that exists, and what a reader should know of it. */
export interface SubnetFindings {
  readonly faults: readonly UserErrorParts[]
  readonly warnings: readonly string[]
}

/** A subnet that exists and what it is to be used for. */
export interface Case {
  readonly request: SubnetRequest<string>
  readonly existing: ActualSubnet
  /** Its first IPv4 range; absent when it has none. */
  readonly range: Cidr | undefined
  readonly home: Belongings | undefined
}

/** By what the things in a subnet are told from those of others. */
export interface Belongings {
  /** Resource id of the project's own resource group. */
  readonly resourceGroupId: string
  /** Resource ids of the subnets that services of the project are in; absent when that is unknown. */
  readonly held?: readonly string[]
}

/** Looks at one side of a subnet. */
export type Check = (subject: Case) => Partial<SubnetFindings>
