import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** The template with each resource changed, those of nested deployments too; the nested deployments stay as they are. */
export function eachResource(template: JsonObject, change: (resource: JsonObject) => JsonObject): JsonObject {
  const changed = (resource: Json): Json => {
    if (!isJsonObject(resource)) return resource
    const { properties } = resource
    const inner = isJsonObject(properties) ? properties['template'] : undefined
    return isJsonObject(properties) && isJsonObject(inner)
      ? { ...resource, properties: { ...properties, template: eachResource(inner, change) } }
      : change(resource)
  }
  const { resources } = template
  return Array.isArray(resources) ? { ...template, resources: resources.map(changed) } : template
}
