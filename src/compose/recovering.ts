import type { Recovery } from '../catalog/types.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** What brings a resource of the template back, by its type and name; undefined for those that are only created. */
export type RecoveryOf = (type: string, name: string) => Recovery | undefined

/** The template in which deleted resources come back that Azure still keeps, instead of being created anew. */
export function recovering(template: JsonObject, recoveryOf: RecoveryOf): JsonObject {
  const resources = template['resources']
  if (!Array.isArray(resources)) return template
  return { ...template, resources: resources.map((resource) => recovered(resource, recoveryOf)) }
}

function recovered(resource: Json, recoveryOf: RecoveryOf): Json {
  if (!isJsonObject(resource)) return resource
  const properties = isJsonObject(resource['properties']) ? resource['properties'] : {}
  const inner = properties['template']
  if (isJsonObject(inner)) {
    return { ...resource, properties: { ...properties, template: recovering(inner, recoveryOf) } }
  }
  const recovery = recoveryOf(String(resource['type']), String(resource['name']))
  if (recovery === undefined) return resource
  return { ...resource, properties: { ...properties, [recovery.property]: recovery.value } }
}
