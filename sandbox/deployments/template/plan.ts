import type { Caller, ValidationLevel } from '../../contracts.ts'
import type { DeploymentsDependencies } from '../dependencies.ts'
import { invalidTemplate } from '../errors.ts'
import type { Json, JsonObject } from '../expressions/json.ts'
import type { Scope } from '../expressions/scope.ts'
import { below, isResourceGroupId } from '../ids.ts'
import { beforeRunning, type Compiled, compile } from './compile.ts'
import { isNested, readNested } from './nested.ts'
import { bodyOf, isDeployed, type ResourceNode } from './nodes.ts'
import type { GivenParameters } from './parameters.ts'
import { placeOf } from './place.ts'
import { limits } from './template.ts'

/** What somebody asks to be deployed. */
export interface DeployRequest {
  readonly scopeId: string
  readonly name: string
  readonly location: string | undefined
  readonly template: Json | undefined
  readonly parameters: GivenParameters
  readonly mode: 'Incremental' | 'Complete'
  readonly caller: Caller
  /** How far it is validated; default `Provider`. */
  readonly level?: ValidationLevel
  /** Set when another template deploys it. */
  readonly nested?: boolean
}

/** A resource that a deployment would create or change, nested deployments' resources among them. */
export interface PlannedResource {
  readonly node: ResourceNode
  readonly deploymentId: string
  readonly body: JsonObject
  /** Expressions that only the running deployment can evaluate; they stand in the body as text. */
  readonly unresolved: readonly string[]
}

/** A remark on the plan, as what-if and validate return them. */
interface Diagnostic {
  readonly level: 'Warning' | 'Info'
  readonly code: string
  readonly message: string
  readonly target: string
}

/** Everything a template would deploy, as far as it can be known before. */
export interface Plan {
  readonly compiled: Compiled
  readonly resources: readonly PlannedResource[]
  /** The resources again, each after those that it waits for. */
  readonly order: readonly PlannedResource[]
  readonly unidentified: readonly {
    readonly type: string
    readonly name: string
    readonly deploymentId: string
  }[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Id of a deployment at a scope. */
export const deploymentIdOf = (scopeId: string, name: string): string =>
  below(scopeId, `providers/Microsoft.Resources/deployments/${name}`)

/** Compiles a request for its own scope. `outer` and `groups` come from the template around it. */
export function compileRequest(
  request: DeployRequest,
  deps: DeploymentsDependencies,
  outer?: Scope,
  groups: ReadonlyMap<string, JsonObject> = new Map(),
): Compiled {
  return compile({
    template: request.template,
    parameters: request.parameters,
    place: placeOf({ ...request, plannedGroups: groups }, deps),
    nested: request.nested ?? false,
    now: deps.clock.now(),
    uuid: deps.identifiers.uuid,
    ...(outer === undefined ? {} : { outer }),
  })
}

/**
 * Works out everything that a request would deploy, through all nested deployments.
 * @throws ArmError `InvalidTemplate`
 */
export function planRequest(request: DeployRequest, deps: DeploymentsDependencies): Plan {
  const found: {
    resources: PlannedResource[]
    unidentified: Plan['unidentified'][number][]
    diagnostics: Diagnostic[]
  } = {
    resources: [],
    unidentified: [],
    diagnostics: [],
  }
  const groups = new Map<string, JsonObject>()
  const visit = (level: DeployRequest, outer: Scope | undefined): Pick<Plan, 'compiled' | 'order'> => {
    const compiled = compileRequest(level, deps, outer, groups)
    const deploymentId = deploymentIdOf(level.scopeId, level.name)
    for (const { type, declaration } of compiled.unidentified)
      found.unidentified.push({ type, name: String(declaration['name']), deploymentId })
    const active = compiled.nodes.filter(isDeployed)
    const parts = new Map<ResourceNode, readonly PlannedResource[]>()
    for (const node of active.filter((candidate) => !isNested(candidate))) {
      const resource = planned(node, deploymentId, groups)
      found.resources.push(resource)
      parts.set(node, [resource])
    }
    for (const node of active.filter(isNested)) parts.set(node, visitNested(node, level, compiled))
    return { compiled, order: inOrder(compiled, parts) }
  }
  const visitNested = (node: ResourceNode, level: DeployRequest, around: Compiled): Plan['order'] => {
    let partly = false
    const nested = readNested(node, beforeRunning(node.scope), () => {
      partly = true
    })
    if (partly) found.diagnostics.push(notFullyEvaluated(node.id))
    return visit(
      { ...level, ...nested, mode: 'Incremental', nested: true },
      nested.outer === undefined ? undefined : around.scope,
    ).order
  }
  const whole = visit(request, undefined)
  if (found.resources.length > limits.resources)
    throw invalidTemplate(
      `The number of template resources limit exceeded. Limit: '${limits.resources}' and actual: '${found.resources.length}'. Please see https://aka.ms/arm-template/#resources for usage details.`,
    )
  return { ...whole, ...found }
}

/** What the resources of one template deploy, in an order that its deployment may take. */
function inOrder(
  { nodes, edges }: Compiled,
  parts: ReadonlyMap<ResourceNode, readonly PlannedResource[]>,
): readonly PlannedResource[] {
  const done = new Set<ResourceNode>()
  const order: PlannedResource[] = []
  const visit = (node: ResourceNode): void => {
    if (done.has(node)) return
    done.add(node)
    for (const awaited of edges.get(node) ?? []) visit(awaited)
    order.push(...(parts.get(node) ?? []))
  }
  for (const node of nodes) visit(node)
  return order
}

function planned(node: ResourceNode, deploymentId: string, groups: Map<string, JsonObject>): PlannedResource {
  const unresolved: string[] = []
  const body = bodyOf(node, beforeRunning(node.scope), (expression) => unresolved.push(expression))
  if (isResourceGroupId(node.id)) groups.set(node.id.toLowerCase(), body)
  return {
    node,
    deploymentId,
    body,
    unresolved,
  }
}

function notFullyEvaluated(target: string): Diagnostic {
  return {
    level: 'Warning',
    code: 'NestedDeploymentShortCircuited',
    message:
      'A nested deployment has parameters that were not fully evaluated (e.g. contain a reference() function); what depends on them is not validated. Please see https://aka.ms/WhatIfEvalStopped for more guidance.',
    target,
  }
}
