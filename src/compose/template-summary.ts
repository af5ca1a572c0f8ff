import type { ArmResource } from '../catalog/types.ts'
import { isJsonObject, type Json } from '../json.ts'
import { resourceId } from './identifiers.ts'
import type { SubscriptionTemplate } from './types.ts'

/** One resource that a template makes or updates. */
export interface TemplateResource {
  readonly id: string
  /** ARM type, e.g. `Microsoft.Search/searchServices`. */
  readonly type: string
  /** Name with its parents', e.g. `account/project`. */
  readonly name: string
}

const deployments = 'Microsoft.Resources/deployments'
const resourceGroups = 'Microsoft.Resources/resourceGroups'

/**
 * All resources that a template manages, in its order, those of nested deployments included. The nested deployments
 * themselves are no resources: a deployment stack does not manage them either.
 * @param subscriptionId where the template is deployed
 */
export function summariseTemplate(
  template: SubscriptionTemplate,
  subscriptionId: string,
): readonly TemplateResource[] {
  return template.resources.flatMap((resource) => {
    if (resource.type !== deployments) {
      return [{ id: subscriptionLevelId(resource, subscriptionId), type: resource.type, name: resource.name }]
    }
    const scope = {
      subscriptionId: text(resource['subscriptionId']) ?? subscriptionId,
      resourceGroup: text(resource['resourceGroup']) ?? '',
    }
    return nestedResources(resource).map(({ type, name }) => ({
      id: resourceId(scope, { type, name }),
      type,
      name,
    }))
  })
}

/** Ids of all resources that a template manages: what a deployment stack holds besides these, it will delete. */
export const managedResourceIds = (
  template: SubscriptionTemplate,
  subscriptionId: string,
): readonly string[] => summariseTemplate(template, subscriptionId).map(({ id }) => id)

const subscriptionLevelId = ({ type, name }: ArmResource, subscriptionId: string): string =>
  type === resourceGroups
    ? `/subscriptions/${subscriptionId}/resourceGroups/${name}`
    : `/subscriptions/${subscriptionId}/providers/${type}/${name}`

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

function nestedResources(
  deployment: ArmResource,
): readonly { readonly type: string; readonly name: string }[] {
  const properties = deployment['properties']
  const template = isJsonObject(properties) ? properties['template'] : undefined
  const resources = isJsonObject(template) ? template['resources'] : undefined
  if (!Array.isArray(resources)) return []
  return resources
    .filter(isJsonObject)
    .flatMap(({ type, name }) =>
      typeof type === 'string' && typeof name === 'string' ? [{ type, name }] : [],
    )
}
