import { canBeDeleted } from '../deletable.ts'
import type { DeploymentsDependencies } from '../dependencies.ts'
import { equal, isArray, isObject, type Json, type JsonObject, toJson } from '../expressions/json.ts'
import { describeId, isResourceGroupId, sameId } from '../ids.ts'
import { present } from '../runs/representation.ts'
import type { StackRecord } from '../state.ts'
import type { Plan, PlannedResource } from '../template/plan.ts'
import { deltaOf, type PropertyChange } from '../whatif/delta.ts'
import { bodyAfter, bodyBefore } from '../whatif/snapshot.ts'
import { withoutNoise } from './baseline.ts'
import { denyMode } from './deny-settings.ts'
import type { WhatIfRequest } from './what-if-request.ts'

interface Comparison {
  readonly asked: WhatIfRequest
  readonly plan: Plan
  readonly stack: StackRecord | undefined
  readonly deps: DeploymentsDependencies
}

/**
 * What an update of a stack would change: resources created, modified, deleted and detached, its deny settings and its
 * scope.
 * https://learn.microsoft.com/azure/templates/microsoft.resources/deploymentstackswhatifresults
 */
export function changesOf(comparison: Comparison): JsonObject {
  const { plan, asked, stack } = comparison
  const uncertain = plan.unidentified.length > 0 || plan.diagnostics.length > 0
  return present({
    resourceChanges: [
      ...plan.resources.map((resource) => deployedChange(resource, comparison)),
      ...plan.unidentified.map(unsupportedChange),
      ...leaving(comparison).map((id) => leavingChange(id, uncertain, comparison)),
    ],
    denySettingsChange: denySettingsChange(stack?.settings['denySettings'], asked.settings['denySettings']),
    deploymentScopeChange: scopeChange(stack, asked),
  })
}

function deployedChange(resource: PlannedResource, comparison: Comparison): JsonObject {
  const { node, deploymentId } = resource
  const { stack, deps } = comparison
  const stored = deps.engine.get(node.id)
  const after = bodyAfter(resource)
  const head = {
    id: node.id,
    type: node.type,
    apiVersion: node.apiVersion,
    deploymentId,
    symbolicName: node.symbol,
  }
  const status = statusChange(node.id, true, comparison)
  if (stored === undefined)
    return present({
      ...head,
      changeType: 'create',
      changeCertainty: 'definite',
      ...status,
      resourceConfigurationChanges: { after },
    })
  const before = bodyBefore(toJson(stored), node.apiVersion)
  const delta = withoutNoise(deltaOf(before, after), stack?.baselines?.[node.id.toLowerCase()])
  const effective = delta.filter(({ propertyChangeType }) => propertyChangeType !== 'NoEffect')
  return present({
    ...head,
    changeType: effective.length > 0 ? 'modify' : 'noChange',
    changeCertainty:
      effective.length > 0 && effective.every(isUnresolved(resource)) ? 'potential' : 'definite',
    ...status,
    resourceConfigurationChanges: { before, after, delta: delta.map(propertyChange) },
  })
}

/** A property that only the running deployment knows may turn out as it is. */
const isUnresolved =
  ({ unresolved }: PlannedResource) =>
  ({ after }: PropertyChange): boolean =>
    typeof after === 'string' && unresolved.includes(after)

/** Types of changes begin with a small letter here, unlike those of a deployment's what-if. */
function propertyChange({ path, propertyChangeType, before, after, children }: PropertyChange): JsonObject {
  return present({
    path,
    changeType: `${propertyChangeType.slice(0, 1).toLowerCase()}${propertyChangeType.slice(1)}`,
    before: before ?? undefined,
    after: after ?? undefined,
    children: children?.map(propertyChange),
  })
}

function unsupportedChange({ type, name, deploymentId }: Plan['unidentified'][number]): JsonObject {
  return {
    type,
    deploymentId,
    changeType: 'unsupported',
    changeCertainty: 'potential',
    unsupportedReason: `Changes to the resource declared as '${name}' of type '${type}' cannot be analyzed because its resource ID or API version cannot be calculated until the deployment is under way. Please see https://aka.ms/WhatIfUnidentifiableResource for more guidance.`,
  }
}

/** What the stack manages, and the template would not deploy. */
function leaving({ plan, stack }: Comparison): readonly string[] {
  const planned = new Set(plan.resources.map(({ node }) => node.id.toLowerCase()))
  return (stack?.resources ?? []).map(({ id }) => id).filter((id) => !planned.has(id.toLowerCase()))
}

function leavingChange(id: string, uncertain: boolean, comparison: Comparison): JsonObject {
  const { deps, asked } = comparison
  const { resources, resourceGroups, resourcesWithoutDeleteSupport } = asked.actionOnUnmanage
  const action = isResourceGroupId(id) ? resourceGroups : resources
  const stored = deps.engine.get(id)
  const kept = action === 'delete' && !canBeDeleted(id)
  const detached = action === 'detach' || (kept && resourcesWithoutDeleteSupport === 'detach')
  return present({
    id,
    type: describeId(id).type,
    changeType: detached ? 'detach' : kept ? 'unsupported' : 'delete',
    changeCertainty: uncertain ? 'potential' : 'definite',
    ...statusChange(id, false, comparison),
    unsupportedReason:
      kept && !detached ? `Resources of type '${describeId(id).type}' cannot be deleted.` : undefined,
    resourceConfigurationChanges:
      stored === undefined ? undefined : { before: bodyBefore(toJson(stored), '') },
  })
}

function statusChange(id: string, after: boolean, { stack, asked }: Comparison): JsonObject {
  const before = stack?.resources.some((resource) => sameId(resource.id, id)) === true
  const status = (managed: boolean): string => (managed ? 'managed' : 'unmanaged')
  const deny = {
    before: before ? denyMode(stack?.settings['denySettings']) : 'none',
    after: after ? denyMode(asked.settings['denySettings']) : 'none',
  }
  return {
    managementStatusChange: { before: status(before), after: status(after) },
    ...(deny.before === 'none' && deny.after === 'none' ? {} : { denyStatusChange: deny }),
  }
}

function denySettingsChange(before: Json | undefined, after: Json | undefined): JsonObject {
  const [old, wanted] = [isObject(before) ? whole(before) : undefined, isObject(after) ? whole(after) : {}]
  const delta = Object.entries(wanted).flatMap(([key, value]): JsonObject[] => {
    const former = old?.[key]
    if (equal(former, value) || (former === undefined && isArray(value) && value.length === 0)) return []
    const path = `${key.slice(0, 1).toUpperCase()}${key.slice(1)}`
    return [
      present({ path, changeType: former === undefined ? 'create' : 'modify', before: former, after: value }),
    ]
  })
  return present({ before: old, after: wanted, delta })
}

const whole = (settings: JsonObject): JsonObject => ({
  mode: settings['mode'] ?? 'none',
  excludedPrincipals: settings['excludedPrincipals'] ?? [],
  excludedActions: settings['excludedActions'] ?? [],
  applyToChildScopes: settings['applyToChildScopes'] ?? false,
})

function scopeChange(stack: StackRecord | undefined, asked: WhatIfRequest): JsonObject | undefined {
  const before = stack === undefined ? undefined : String(stack.settings['deploymentScope'] ?? stack.scopeId)
  if (before === undefined || sameId(before, asked.deploymentScope)) return undefined
  return { before, after: asked.deploymentScope }
}
