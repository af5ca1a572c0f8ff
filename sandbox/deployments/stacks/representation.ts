import type { JsonObject } from '../expressions/json.ts'
import { isArray, isObject } from '../expressions/json.ts'
import { errorJson, present } from '../runs/representation.ts'
import type { StackRecord, Stamp, WhatIfRecord } from '../state.ts'
import { denyMode } from './deny-settings.ts'

const references = (ids: readonly string[]): readonly JsonObject[] => ids.map((id) => ({ id }))

const systemData = ({ created, modified }: { readonly created: Stamp; readonly modified: Stamp }) => ({
  createdBy: created.by,
  createdByType: created.byType,
  createdAt: created.at,
  lastModifiedBy: modified.by,
  lastModifiedByType: modified.byType,
  lastModifiedAt: modified.at,
})

/** A what-if result, as it is shown: with what becomes of each property only when somebody asks for it. */
export function whatIfBody(record: WhatIfRecord, detailed: boolean): JsonObject {
  const { changes } = record
  return present({
    id: record.id,
    name: record.name,
    type: 'Microsoft.Resources/deploymentStacksWhatIfResults',
    location: record.location,
    tags: record.tags,
    systemData: systemData(record),
    properties: present({
      ...record.settings,
      provisioningState: record.provisioningState,
      correlationId: record.correlationId,
      changes: changes === undefined || detailed ? changes : withoutProperties(changes),
      diagnostics: record.diagnostics,
      error: record.error === undefined ? undefined : errorJson(record.error),
    }),
  })
}

function withoutProperties(changes: JsonObject): JsonObject {
  const { resourceChanges } = changes
  const short = (isArray(resourceChanges) ? resourceChanges : []).filter(isObject).map((change) => {
    const { resourceConfigurationChanges: _, ...rest } = change
    return rest
  })
  return { ...changes, resourceChanges: short }
}

/** A stack, as it is shown. */
export function stackBody(stack: StackRecord): JsonObject {
  return present({
    id: stack.id,
    name: stack.name,
    type: 'Microsoft.Resources/deploymentStacks',
    location: stack.location,
    tags: stack.tags,
    systemData: systemData(stack),
    properties: present({
      ...stack.settings,
      provisioningState: stack.provisioningState,
      correlationId: stack.correlationId,
      parameters: stack.parameters,
      resources: stack.resources.map(({ id, status }) => ({
        id,
        status,
        denyStatus: denyMode(stack.settings['denySettings']),
      })),
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
