import type { ArmResource } from '../catalog/types.ts'
import type { SubnetKey } from '../vocabulary.ts'

/** One of the project's subnets, as ip-calc's `subnets` output carries it. */
export interface AssignedSubnet {
  readonly name: string
  /** IPv4 CIDR. */
  readonly addressPrefix: string
  readonly state: 'existing' | 'planned' | 'reserved'
  /** Service name, or empty. */
  readonly delegation: string
  /** Resource id. Also says which VNet it is in, for subnets that are brought along. */
  readonly id: string
}
export type AssignedSubnets = Readonly<Partial<Record<SubnetKey, AssignedSubnet>>>

/** An ARM template for a deployment at subscription scope. */
export interface SubscriptionTemplate {
  readonly $schema: 'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#'
  readonly contentVersion: '1.0.0.0'
  readonly metadata?: { readonly [key: string]: string }
  readonly resources: readonly ArmResource[]
  readonly outputs?: Readonly<Record<string, { readonly type: string; readonly value: string }>>
}
