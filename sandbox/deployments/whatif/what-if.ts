import type { DeploymentsDependencies } from '../dependencies.ts'
import { type JsonObject, toJson } from '../expressions/json.ts'
import { actionOn, below, describeId, isTopLevelIn, resourceGroupScope } from '../ids.ts'
import { unnamedResources } from '../runs/complete-mode.ts'
import { present } from '../runs/representation.ts'
import type { DeployRequest, Plan, PlannedResource } from '../template/plan.ts'
import { deltaOf } from './delta.ts'
import { bodyAfter, bodyBefore } from './snapshot.ts'

/** How much what-if reports: only what would be deployed, or also what would change. */
export type ResultFormat = 'FullResourcePayloads' | 'ResourceIdOnly'

/**
 * What a deployment would change. As in Azure, what only the running deployment knows stands there as its expression
 * and so differs from what exists, and what a provider adds by itself differs too unless nobody can set it.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-what-if
 */
export function whatIf(
  plan: Plan,
  { mode, caller }: Pick<DeployRequest, 'mode' | 'caller'>,
  format: ResultFormat,
  deps: DeploymentsDependencies,
): JsonObject {
  const full = format === 'FullResourcePayloads'
  const mayRead = (id: string): boolean =>
    deps.authorization.allows(caller, id, actionOn(describeId(id).type, 'read'))
  const named = plan.resources.map((resource) => {
    if (!full) return deployed(resource)
    return mayRead(resource.node.id) ? changeOf(resource, deps) : unreadable(resource)
  })
  const unsupported = plan.unidentified.map(unsupportedChange)
  const rest = others(plan, mode, full, deps).filter(({ resourceId }) => mayRead(String(resourceId)))
  const changes = [...named, ...unsupported, ...rest]
  return {
    status: 'Succeeded',
    properties: present({
      correlationId: deps.identifiers.uuid(),
      changes,
      diagnostics: plan.diagnostics.length === 0 ? undefined : plan.diagnostics.map((item) => ({ ...item })),
    }),
  }
}

const deployed = ({ node, deploymentId }: PlannedResource): JsonObject =>
  present({ resourceId: node.id, deploymentId, symbolicName: node.symbol, changeType: 'Deploy' })

function changeOf(resource: PlannedResource, deps: DeploymentsDependencies): JsonObject {
  const { node, deploymentId } = resource
  const stored = deps.engine.get(node.id)
  const after = bodyAfter(resource)
  const head = { resourceId: node.id, deploymentId, symbolicName: node.symbol }
  if (stored === undefined) return present({ ...head, changeType: 'Create', after })
  const before = bodyBefore(toJson(stored), node.apiVersion)
  const delta = deltaOf(before, after)
  const changes = delta.some(({ propertyChangeType }) => propertyChangeType !== 'NoEffect')
  return present({
    ...head,
    changeType: changes ? 'Modify' : 'NoChange',
    before,
    after,
    delta: toJson(delta),
  })
}

/** What the caller may not read is not compared: whether it is there is not for the caller to know. */
const unreadable = ({ node, deploymentId }: PlannedResource): JsonObject =>
  present({
    resourceId: node.id,
    deploymentId,
    symbolicName: node.symbol,
    changeType: 'Unsupported',
    unsupportedReason: `Changes to the resource '${node.id}' cannot be analyzed because the caller does not have permission to perform action '${actionOn(node.type, 'read')}' on it.`,
  })

function unsupportedChange({ type, name, deploymentId }: Plan['unidentified'][number]): JsonObject {
  const scope = deploymentId.slice(0, deploymentId.toLowerCase().indexOf('/providers/'))
  return {
    resourceId: below(scope, `providers/${type}/${name}`),
    deploymentId,
    changeType: 'Unsupported',
    unsupportedReason: `Changes to the resource declared as '${name}' of type '${type}' cannot be analyzed because its resource ID or API version cannot be calculated until the deployment is under way. Please see https://aka.ms/WhatIfUnidentifiableResource for more guidance.`,
  }
}

/** What is in the same resource groups and not in the template: ignored, or deleted when the mode is Complete. */
function others(
  plan: Plan,
  mode: string,
  full: boolean,
  deps: DeploymentsDependencies,
): readonly JsonObject[] {
  const doomed = new Set(mode === 'Complete' ? unnamedResources(plan.compiled, deps) : [])
  const named = new Set(plan.resources.map(({ node }) => node.id.toLowerCase()))
  return touchedGroups(plan).flatMap((group) =>
    deps.engine
      .within(group)
      .filter(({ id }) => isTopLevelIn(group, id) && !named.has(id.toLowerCase()))
      .map((resource) => {
        const before = bodyBefore(toJson(resource), '')
        const kind = doomed.has(resource.id) ? 'Delete' : 'Ignore'
        const shown = { before, after: kind === 'Ignore' ? before : undefined }
        return present({ resourceId: resource.id, changeType: kind, ...(full ? shown : {}) })
      }),
  )
}

function touchedGroups(plan: Plan): readonly string[] {
  const scopes = [plan.compiled.scopeId, ...plan.resources.map(({ node }) => node.id)]
  const groups = scopes.map(resourceGroupScope).filter((group) => group !== undefined)
  return [...new Map(groups.map((group) => [group.toLowerCase(), group])).values()]
}
