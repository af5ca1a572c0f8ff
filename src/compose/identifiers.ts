import type { ArmResource } from '../catalog/types.ts'

/** The part of a resource id that says where things are. */
export interface ResourceGroupScope {
  readonly subscriptionId: string
  readonly resourceGroup: string
}

/**
 * The id of a resource of a template that is deployed into a resource group; child types and names alternate. One that
 * extends another resource has the id of that one as its `scope`.
 */
export function resourceId(
  { subscriptionId, resourceGroup }: ResourceGroupScope,
  { type, name, scope }: Pick<ArmResource, 'type' | 'name' | 'scope'>,
): string {
  const [provider = '', ...types] = type.split('/')
  const path = name.split('/').map((segment, position) => `${types[position] ?? ''}/${segment}`)
  const place = scope ?? `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`
  return `${place}/providers/${provider}/${path.join('/')}`
}

/** How a template at subscription scope refers to a resource group it creates, as Bicep writes it too. */
export const resourceGroupReference = ({ subscriptionId, resourceGroup }: ResourceGroupScope): string =>
  `/subscriptions/${subscriptionId}/providers/Microsoft.Resources/resourceGroups/${resourceGroup}`

/** Subscription and resource group of the id of a resource group, or of a resource in one. */
export function scopeOf(id: string): ResourceGroupScope {
  const [, , subscriptionId, , resourceGroup] = id.split('/')
  if (subscriptionId === undefined || resourceGroup === undefined)
    throw new Error(`'${id}' is not the id of a resource group, nor of a resource in one.`)
  return { subscriptionId, resourceGroup }
}
