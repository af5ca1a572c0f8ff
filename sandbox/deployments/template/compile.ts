import { checkedResource } from '../errors.ts'
import { NeedsRuntime } from '../expressions/errors.ts'
import type { Json } from '../expressions/json.ts'
import type { Place, Scope } from '../expressions/scope.ts'
import { isResourceGroupId } from '../ids.ts'
import { dependencyEdges, type Edges, ResourceIndex } from './dependencies.ts'
import { bodyOf, expandResources, type ResourceNode, type UnidentifiedNode } from './nodes.ts'
import { bindParameters, type GivenParameters, type ParameterValues } from './parameters.ts'
import { templateScope } from './scope.ts'
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
  )
  const defaults = { now: request.now, uuid: request.uuid }
  const parameters =
    outer === undefined
      ? bindParameters(template, request.parameters, (values) => ({
          ...templateScope(template, place, values),
          defaults,
        }))
      : new Map()
  const scope = outer ?? templateScope(template, place, parameters)
  const { nodes, unidentified } = expandResources(template.resources, scope, place.scopeId)
  const index = new ResourceIndex(nodes)
  const edges = dependencyEdges(nodes, index, unidentified.length > 0)
  const compiled = { scopeId: place.scopeId, template, parameters, scope, nodes, unidentified, index, edges }
  checkExpressions(compiled)
  return compiled
}

/** A scope whose `reference()` and `list*()` wait for the running deployment. */
export const beforeRunning = (scope: Scope): Scope => ({
  ...scope,
  reference: (target) => {
    throw new NeedsRuntime(`'${target}' is not deployed yet.`)
  },
  list: (_, target) => {
    throw new NeedsRuntime(`'${target}' is not deployed yet.`)
  },
})

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
