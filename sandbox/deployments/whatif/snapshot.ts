import { isObject, type Json, type JsonObject } from '../expressions/json.ts'
import { resourceGroupOf } from '../ids.ts'
import type { PlannedResource } from '../template/plan.ts'

/** A resource as what-if shows it before a change. */
export function bodyBefore(resource: Json, apiVersion: string): JsonObject {
  if (!isObject(resource)) return {}
  const { etag: _, systemData: __, ...shown } = resource
  const group = resourceGroupOf(String(resource['id'] ?? ''))
  return { apiVersion, ...(group === undefined ? {} : { resourceGroup: group }), ...shown }
}

/** A resource as what-if shows it after a change: as the template has it. */
export const bodyAfter = ({ node, body }: PlannedResource): JsonObject =>
  bodyBefore(
    { ...body, id: node.id, name: node.name.split('/').at(-1) ?? node.name, type: node.type },
    node.apiVersion,
  )
