import type { ArmResource } from '../catalog/types.ts'

/** An ARM template for a deployment at subscription scope. */
export interface SubscriptionTemplate {
  readonly $schema: 'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#'
  readonly contentVersion: '1.0.0.0'
  readonly resources: readonly ArmResource[]
  readonly outputs?: Readonly<Record<string, { readonly type: string; readonly value: string }>>
}
