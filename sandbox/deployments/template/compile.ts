import { checked, checkedResource } from '../errors.ts'
import { NeedsRuntime } from '../expressions/errors.ts'
import type { Json } from '../expressions/json.ts'
import type { Place, Scope } from '../expressions/scope.ts'
import { isResourceGroupId } from '../ids.ts'
import { checkReferences, dependencyEdges, type Edges, ResourceIndex } from './dependencies.ts'
import { bodyOf, expandResources, type ResourceNode, type UnidentifiedNode } from './nodes.ts'
import { checkOutputs, wantedOutputs } from './outputs.ts'
import { bindParameters, type GivenParameters, type ParameterValues } from './parameters.ts'
import { templateScope, variableNames } from './scope.ts'
import { checkStatically } from './static-check.ts'
import { parseTemplate, type Template } from './template.ts'

/** A template with its parameters, ready to be deployed: every resource with its id, and what waits for what. */
export interface Compiled {
  readonly scopeId: string
  readonly template: Template
  readonly parameters: ParameterValues
  /** Sees neither `reference()` nor `list*()`: see `withReference`. */
  readonly scope: Scope
  readonly nodes: readonly ResourceNode[]
  readonly unidentified: readonly UnidentifiedNode[]
  readonly index: ResourceIndex
  readonly edges: Edges
}

/** What a template is compiled for. */
interface CompileRequest {
  readonly template: Json | undefined
  readonly parameters: GivenParameters
  readonly place: Place
  /** Whether another template deploys it. */
  readonly nested: boolean
  readonly now: Date
  readonly uuid: () => string
  /** The scope of a template around it, when a nested template is evaluated there. */
  readonly outer?: Scope
}

/**
 * Compiles a template for a place.
 * @throws ArmError `InvalidTemplate`
 */
export function compile(request: CompileRequest): Compiled {
  const { place, outer } = request
  const template = parseTemplate(
    request.template,
    isResourceGroupId(place.scopeId) ? 'resourceGroup' : 'subscription',
    request.nested,
  )
  if (outer === undefined) checkStatically(template)
  const defaults = { now: request.now, uuid: request.uuid }
  const parameters =
    outer === undefined
      ? bindParameters(template, request.parameters, (values) => ({
          ...templateScope(template, place, values),
          defaults,
        }))
      : new Map()
  const scope = outer ?? templateScope(template, place, parameters)
  if (outer === undefined) checkVariables(template, scope)
  const { nodes, unidentified } = expandResources(template.resources, scope, place.scopeId)
  const index = new ResourceIndex(nodes)
  const edges = dependencyEdges(nodes, index, unidentified.length > 0)
  const compiled = { scopeId: place.scopeId, template, parameters, scope, nodes, unidentified, index, edges }
  checkExpressions(compiled)
  if (outer === undefined) {
    if (unidentified.length === 0)
      checkReferences(nodes, wantedOutputs(template, beforeRunning(scope)), scope, index)
    checkOutputs(template, beforeRunning(scope))
  }
  return compiled
}

/** A scope whose `reference()` and `list*()` wait for the running deployment. */
export const beforeRunning = (scope: Scope): Scope => ({
  ...scope,
  reference: (target) => {
    throw new NeedsRuntime(`'${target}' is not deployed yet.`)
  },
  references: (target) => {
    throw new NeedsRuntime(`'${target}' is not deployed yet.`)
  },
  list: (_, target) => {
    throw new NeedsRuntime(`'${target}' is not deployed yet.`)
  },
})

/** Azure evaluates every variable, used or not; what waits for a parameter that is not known yet is left. */
function checkVariables(template: Template, scope: Scope): void {
  for (const name of variableNames(template)) {
    try {
      checked(`The template variable '${name}'`, () => scope.variable(name))
    } catch (error) {
      if (!(error instanceof NeedsRuntime)) throw error
    }
  }
}

/** Every expression that can be evaluated before the deployment is; a mistake in one refuses the whole template. */
function checkExpressions(compiled: Compiled): void {
  for (const node of compiled.nodes) {
    if (!node.enabled) continue
    const { properties, ...rest } = node.declaration
    const nested = node.type.toLowerCase() === 'microsoft.resources/deployments'
    const declaration = nested || properties === undefined ? rest : { ...rest, properties }
    checkedResource(node.id, () =>
      bodyOf({ ...node, declaration }, beforeRunning(node.scope), () => undefined),
    )
  }
}
