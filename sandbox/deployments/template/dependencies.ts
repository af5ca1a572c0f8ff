import { invalidTemplate } from '../errors.ts'
import { ExpressionError, NeedsRuntime } from '../expressions/errors.ts'
import { evaluate } from '../expressions/evaluate.ts'
import { isArray, isObject, type Json } from '../expressions/json.ts'
import { isExpression, type Node, parseExpression } from '../expressions/parser.ts'
import type { Scope } from '../expressions/scope.ts'
import { deploymentType, providerPath, sameId } from '../ids.ts'
import type { ResourceNode } from './nodes.ts'

/** What each resource waits for, by id in lower case. */
export type Edges = ReadonlyMap<string, ReadonlySet<string>>

/** Finds the resources of a template by what `dependsOn` and `reference()` call them. */
export class ResourceIndex {
  readonly #byName = new Map<string, ResourceNode[]>()

  constructor(nodes: readonly ResourceNode[]) {
    for (const node of nodes) for (const alias of aliases(node)) this.#add(alias, node)
  }

  /** All resources with this id, symbolic name, loop name, `{type}/{name}` or name. */
  find(target: string): readonly ResourceNode[] {
    return this.#byName.get(target.toLowerCase()) ?? []
  }

  #add(alias: string, node: ResourceNode): void {
    const key = alias.toLowerCase()
    const before = this.#byName.get(key)
    if (before === undefined) this.#byName.set(key, [node])
    else if (!before.includes(node)) before.push(node)
  }
}

function aliases(node: ResourceNode): readonly string[] {
  const relative = providerPath(node.type, node.name)?.slice('providers/'.length)
  const typed = `${node.type}/${node.name}`
  const symbol = node.symbol === undefined ? [] : [node.symbol]
  return [
    node.id,
    ...subscriptionForm(node),
    ...symbol,
    ...node.groups,
    node.name,
    typed,
    ...(relative === undefined ? [] : [relative]),
  ]
}

/** `subscriptionResourceId()` writes a resource group with its provider, its own id is without. */
const subscriptionForm = ({ id, type, name }: ResourceNode): readonly string[] =>
  type.toLowerCase() === 'microsoft.resources/resourcegroups'
    ? [id.replace(/\/resourceGroups\/[^/]+$/i, `/providers/${type}/${name}`)]
    : []

/**
 * What each resource waits for: its `dependsOn`, the earlier batches of its loop, and what it references.
 * @throws ArmError `InvalidTemplate` for a name that is not in the template, and for a circle
 */
export function dependencyEdges(
  nodes: readonly ResourceNode[],
  index: ResourceIndex,
  tolerant: boolean,
): Edges {
  const edges = new Map<string, Set<string>>()
  for (const node of nodes) {
    const waits = new Set<string>()
    for (const target of node.dependsOn) for (const id of declared(target, index, tolerant)) waits.add(id)
    for (const target of [...node.after, ...references(node)])
      for (const found of index.find(target)) waits.add(found.id.toLowerCase())
    waits.delete(node.id.toLowerCase())
    edges.set(node.id.toLowerCase(), waits)
  }
  refuseCircles(nodes, edges)
  return edges
}

function declared(target: string, index: ResourceIndex, tolerant: boolean): readonly string[] {
  const found = index.find(target)
  if (found.length === 0 && !tolerant)
    throw invalidTemplate(
      `The resource '${target}' is not defined in the template. Please see https://aka.ms/arm-template for usage details.`,
    )
  return found.map((node) => node.id.toLowerCase())
}

function refuseCircles(nodes: readonly ResourceNode[], edges: Edges): void {
  const done = new Set<string>()
  const open = new Set<string>()
  const names = new Map(nodes.map((node) => [node.id.toLowerCase(), node.id]))
  const visit = (id: string): void => {
    if (done.has(id)) return
    if (open.has(id))
      throw invalidTemplate(
        `Circular dependency detected on resource: '${names.get(id) ?? id}'. Please see https://aka.ms/arm-syntax-resources for usage details.`,
      )
    open.add(id)
    for (const next of edges.get(id) ?? []) visit(next)
    open.delete(id)
    done.add(id)
  }
  for (const id of edges.keys()) visit(id)
}

/** What a resource's `reference()` and `list*()` calls are about, as far as it is known before the deployment. */
function references(node: ResourceNode): readonly string[] {
  const { properties, ...rest } = node.declaration
  const found: string[] = []
  collect({ ...rest, dependsOn: [] }, node.scope, found)
  collect(withoutInnerTemplate(node, properties ?? null), node.scope, found)
  return found
}

/** The expressions of a nested template belong to itself, unless they are evaluated outside. */
function withoutInnerTemplate(node: ResourceNode, properties: Json): Json {
  if (!sameId(node.type, deploymentType) || !isObject(properties)) return properties
  const options = properties['expressionEvaluationOptions']
  const inner = isObject(options) && String(options['scope']).toLowerCase() === 'inner'
  return inner ? (properties['parameters'] ?? null) : properties
}

function collect(value: Json, scope: Scope, found: string[]): void {
  if (typeof value === 'string') {
    if (isExpression(value)) walk(parseExpression(value), scope, found)
  } else if (isArray(value)) for (const item of value) collect(item, scope, found)
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) {
      collect(key, scope, found)
      collect(item, scope, found)
    }
}

function walk(node: Node, scope: Scope, found: string[]): void {
  if (node.kind === 'literal') return
  if (node.kind === 'member') {
    walk(node.target, scope, found)
    walk(node.key, scope, found)
    return
  }
  const [first] = node.arguments
  if (first !== undefined && /^(reference|list[a-z]+)$/i.test(node.name))
    found.push(...targetOf(first, scope))
  for (const argument of node.arguments) walk(argument, scope, found)
}

function targetOf(node: Node, scope: Scope): readonly string[] {
  try {
    const target = evaluate(node, scope)
    return typeof target === 'string' ? [target] : []
  } catch (error) {
    if (error instanceof ExpressionError || error instanceof NeedsRuntime) return []
    throw error
  }
}
