import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { type ResourceGroupScope, resourceId } from './identifiers.ts'
import { withoutLiteralMarks } from './literal.ts'
import type { SubscriptionTemplate } from './subscription-template.ts'

/** One resource that a template creates or updates. */
export interface TemplateResource {
  readonly id: string
  /** ARM type, e.g. `Microsoft.Search/searchServices`. */
  readonly type: string
  /** Name with its parents', e.g. `account/project`. */
  readonly name: string
}

const deployments = 'Microsoft.Resources/deployments'
const resourceGroups = 'Microsoft.Resources/resourceGroups'

/** One with what it says. */
export interface WrittenResource extends TemplateResource {
  /** As it is written in the template. */
  readonly body: JsonObject
}

/**
 * All resources that a template manages, in its order, those of nested deployments included. The nested deployments
 * themselves are no resources: a deployment stack does not manage them either.
 * @param subscriptionId where the template is deployed
 */
export const summariseTemplate = (
  template: SubscriptionTemplate,
  subscriptionId: string,
): readonly TemplateResource[] =>
  writtenResources({ ...template }, subscriptionId).map(({ id, type, name }) => ({ id, type, name }))

/** Ids of all resources that a template manages: what a deployment stack holds besides these, it will delete. */
export const managedResourceIds = (
  template: SubscriptionTemplate,
  subscriptionId: string,
): readonly string[] => summariseTemplate(template, subscriptionId).map(({ id }) => id)

/** The resources of a template as they are written in it, by id in small letters. */
export type TemplateBodies = ReadonlyMap<string, JsonObject>

/** Finds in a template, which Azure may have kept, what it says about each resource. */
export const templateBodies = (template: JsonObject, subscriptionId: string): TemplateBodies =>
  new Map(writtenResources(template, subscriptionId).map(({ id, body }) => [id.toLowerCase(), body]))

/** What is sent when a resource of a template is put by itself: all but what says which one it is and what it waits for. */
export function requestBody(body: JsonObject): JsonObject {
  const { type: _t, apiVersion: _v, name: _n, dependsOn: _d, scope: _s, ...rest } = body
  return withoutLiteralMarks(rest)
}

/** All resources of a template, those of nested deployments included. */
export function writtenResources(template: JsonObject, subscriptionId: string): readonly WrittenResource[] {
  return resourcesOf(template).flatMap((body) => {
    const type = text(body['type'])
    const name = text(body['name'])
    if (type === undefined || name === undefined) return []
    if (type !== deployments)
      return [{ id: subscriptionLevelId(type, name, subscriptionId), type, name, body }]
    const scope = {
      subscriptionId: text(body['subscriptionId']) ?? subscriptionId,
      resourceGroup: text(body['resourceGroup']) ?? '',
    }
    return nestedResources(body, scope)
  })
}

const subscriptionLevelId = (type: string, name: string, subscriptionId: string): string =>
  type === resourceGroups
    ? `/subscriptions/${subscriptionId}/resourceGroups/${name}`
    : `/subscriptions/${subscriptionId}/providers/${type}/${name}`

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

function resourcesOf(template: Json | undefined): readonly JsonObject[] {
  const resources = isJsonObject(template) ? template['resources'] : undefined
  return Array.isArray(resources) ? resources.filter(isJsonObject) : []
}

/** What a resource extends, for its id. */
const extending = (body: JsonObject): { readonly scope?: string } => {
  const scope = text(body['scope'])
  return scope === undefined ? {} : { scope }
}

function nestedResources(deployment: JsonObject, scope: ResourceGroupScope): readonly WrittenResource[] {
  const properties = deployment['properties']
  return resourcesOf(isJsonObject(properties) ? properties['template'] : undefined).flatMap((body) => {
    const type = text(body['type'])
    const name = text(body['name'])
    return type === undefined || name === undefined
      ? []
      : [{ id: resourceId(scope, { type, name, ...extending(body) }), type, name, body }]
  })
}
