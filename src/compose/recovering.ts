import type { Recovery } from '../catalog/types.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { eachResource } from './each-resource.ts'

/** What brings a resource of the template back, by its type and name; undefined for those that are only created. */
export type RecoveryOf = (type: string, name: string) => Recovery | undefined

/** The template in which deleted resources come back that Azure still keeps, instead of being created anew. */
export const recovering = (template: JsonObject, recoveryOf: RecoveryOf): JsonObject =>
  eachResource(template, (resource) => {
    const recovery = recoveryOf(String(resource['type']), String(resource['name']))
    if (recovery === undefined) return resource
    const properties = isJsonObject(resource['properties']) ? resource['properties'] : {}
    return { ...resource, properties: { ...properties, [recovery.property]: recovery.value } }
  })
