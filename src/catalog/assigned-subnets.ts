import type { SubnetKey } from './index.ts'
import type { SubnetAttachments } from './types.ts'

/** One of the project's subnets, as ip-calc's `subnets` output carries it. */
export interface AssignedSubnet {
  readonly name: string
  /** IPv4 CIDR; empty for a subnet to come whose range a pool chooses when it is created. */
  readonly addressPrefix: string
  readonly state: 'existing' | 'planned' | 'reserved'
  /** Service name, or empty. */
  readonly delegation: string
  /** Resource id. Also says which VNet it is in, for bring-your-own subnets. Empty for a VNet that has none yet. */
  readonly id: string
  /** The pool that its addresses come from. */
  readonly attachments?: SubnetAttachments
}
/** The subnets of a project, by their keys in the catalogue. */
export type AssignedSubnets = Readonly<Partial<Record<SubnetKey, AssignedSubnet>>>
