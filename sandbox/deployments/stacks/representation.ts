import type { JsonObject } from '../expressions/json.ts'
import { errorJson, present } from '../runs/representation.ts'
import type { StackRecord } from '../state.ts'

const references = (ids: readonly string[]): readonly JsonObject[] => ids.map((id) => ({ id }))

/** A stack, as it is shown. Deny settings are kept and not enforced: no resource shows a deny assignment. */
export function stackBody(stack: StackRecord): JsonObject {
  return present({
    id: stack.id,
    name: stack.name,
    type: 'Microsoft.Resources/deploymentStacks',
    location: stack.location,
    tags: stack.tags,
    systemData: {
      createdBy: stack.created.by,
      createdByType: stack.created.byType,
      createdAt: stack.created.at,
      lastModifiedBy: stack.modified.by,
      lastModifiedByType: stack.modified.byType,
      lastModifiedAt: stack.modified.at,
    },
    properties: present({
      ...stack.settings,
      provisioningState: stack.provisioningState,
      correlationId: stack.correlationId,
      parameters: stack.parameters,
      resources: stack.resources.map(({ id, status }) => ({ id, status, denyStatus: 'none' })),
      detachedResources: references(stack.detached),
      deletedResources: references(stack.deleted),
      failedResources: stack.failed.map(({ id, error }) => ({ id, error: errorJson(error) })),
      deploymentId: stack.deploymentId,
      outputs: stack.outputs,
      duration: stack.duration,
      error: stack.error === undefined ? undefined : errorJson(stack.error),
    }),
  })
}
