import {
  ArmError,
  type ArmErrorBody,
  type Caller,
  callerName,
  denialSentence,
  type Preview,
} from '../../contracts.ts'
import type { DeploymentsDependencies } from '../dependencies.ts'
import { actionOn, describeId, resourceGroupScope } from '../ids.ts'
import type { DeployRequest, Plan, PlannedResource } from '../template/plan.ts'

/**
 * Asks the resource providers whether they would take what is planned, as Azure does before it begins, each resource after
 * those that it waits for and as they would leave the world. Left for the deployment itself is what cannot be asked yet:
 * resources with properties that only the running deployment knows. What the plan makes counts as there.
 * @throws ArmError `InvalidTemplateDeployment` with the refusals as details
 */
export function preflight(
  plan: Plan,
  { name, caller, level = 'Provider' }: Pick<DeployRequest, 'name' | 'caller' | 'level'>,
  deps: DeploymentsDependencies,
): void {
  if (level !== 'Template') requireRights(plan, level === 'Provider' ? 'write' : 'read', caller, deps)
  const partial = plan.order.filter(({ unresolved }) => unresolved.length > 0).map(({ node }) => node.id)
  const preview = deps.engine.startPreview({ planned: plannedBy(plan), level, partial })
  const refused = new Map(plan.order.map((resource) => [resource, refusals(resource, preview, caller)]))
  const details = [
    ...(level === 'Template' ? [] : missingGroups(plan, deps)),
    ...plan.resources.flatMap((resource) => refused.get(resource) ?? []),
  ]
  if (details.length === 0) return
  if (details.every(({ code }) => code === 'RequestDisallowedByPolicy')) throw disallowed(details)
  throw new ArmError(400, {
    code: 'InvalidTemplateDeployment',
    message: `The template deployment '${name}' is not valid according to the validation procedure. The tracking id is '${deps.identifiers.uuid()}'. See inner errors for details.`,
    details,
  })
}

/** Policies have a sentence of their own, and name resources without their ids. */
const disallowed = (details: readonly ArmErrorBody[]): ArmError =>
  new ArmError(400, {
    code: 'InvalidTemplateDeployment',
    message:
      'The template deployment failed because of policy violation. Please see details for more information.',
    details: details.map((detail) => ({ ...detail, target: detail.target?.split('/').at(-1) ?? '' })),
  })

/** The caller needs the right on every resource of the plan, and on every deployment. */
function requireRights(
  plan: Plan,
  right: 'read' | 'write',
  caller: Caller,
  deps: DeploymentsDependencies,
): void {
  const deployments = [...new Set(plan.resources.map(({ deploymentId }) => deploymentId))]
  const written = [
    ...deployments.map((id) => ({ id, body: undefined })),
    ...plan.resources.map(({ node, body, unresolved }) => ({
      id: node.id,
      // What only the running deployment knows is judged when the resource is written.
      body: unresolved.length > 0 ? ('not known yet' as const) : body,
    })),
  ].map((resource) => ({ ...resource, ...describeId(resource.id) }))
  const forbidden = written.filter(
    ({ id, type, body }) => !deps.authorization.allows(caller, id, actionOn(type, right), body),
  )
  if (forbidden.length > 0) throw unauthorised(forbidden, right, caller, deps)
}

function refusals(
  { node, body, unresolved }: PlannedResource,
  preview: Preview,
  caller: Caller,
): readonly ArmErrorBody[] {
  try {
    preview(node.id, node.apiVersion, body, caller, unresolved)
    return []
  } catch (error) {
    if (!(error instanceof ArmError)) throw error
    return [{ ...error.body, target: node.id }]
  }
}

/** Does the plan make a resource? One whose name is not known yet may be any of its type. */
function plannedBy(plan: Plan): (id: string) => boolean {
  const ids = new Set(plan.resources.map(({ node }) => node.id.toLowerCase()))
  const types = new Set(plan.unidentified.map(({ type }) => type.toLowerCase()))
  return (id) => ids.has(id.toLowerCase()) || types.has(describeId(id).type.toLowerCase())
}

/** Resource groups that are deployed to, and are neither there nor in the plan. */
function missingGroups(plan: Plan, deps: DeploymentsDependencies): readonly ArmErrorBody[] {
  const planned = new Set(plan.resources.map(({ node }) => node.id.toLowerCase()))
  const groups = plan.resources
    .map(({ node }) => resourceGroupScope(node.id))
    .filter((group) => group !== undefined)
  return [...new Map(groups.map((group) => [group.toLowerCase(), group]))]
    .filter(([key, group]) => !planned.has(key) && deps.engine.get(group) === undefined)
    .map(([, group]) => ({
      code: 'ResourceGroupNotFound',
      message: `Resource group '${group.split('/').at(-1) ?? ''}' could not be found.`,
      target: group,
    }))
}

function unauthorised(
  resources: readonly { readonly id: string; readonly type: string; readonly name: string }[],
  right: string,
  caller: Caller,
  { authorization }: DeploymentsDependencies,
): ArmError {
  const sentences = resources.map(({ id, name, type }) => {
    const denial = authorization.deniedBy?.(caller, id, actionOn(type, right))
    if (denial !== undefined) return denialSentence(caller, actionOn(type, right), id, denial)
    return `Authorization failed for template resource '${name}' of type '${type}'. The client '${callerName(caller)}' with object id '${caller.objectId}' does not have permission to perform action '${actionOn(type, right)}' at scope '${id}'.`
  })
  const message =
    sentences.length === 1
      ? `Deployment failed with error: '${sentences.join('')}'`
      : `Deployment failed with multiple errors: '${sentences.join(':')}'`
  return new ArmError(403, { code: 'InvalidTemplateDeployment', message })
}
