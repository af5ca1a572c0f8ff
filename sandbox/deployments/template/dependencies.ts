import { invalidTemplate } from '../errors.ts'
import { ExpressionError, NeedsRuntime } from '../expressions/errors.ts'
import { evaluate } from '../expressions/evaluate.ts'
import { isArray, isObject, type Json, type JsonObject } from '../expressions/json.ts'
import { isExpression, type Node, parseExpression } from '../expressions/parser.ts'
import type { Scope } from '../expressions/scope.ts'
import { deploymentType, providerPath, sameId } from '../ids.ts'
import { isEvaluatedInside } from './nested.ts'
import type { ResourceNode } from './nodes.ts'

/**
 * What each resource waits for. Not by id: a template may declare one id twice, as long as only one of the two is
 * deployed (the other is disabled, or `existing`).
 */
export type Edges = ReadonlyMap<ResourceNode, ReadonlySet<ResourceNode>>

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
  const edges = new Map<ResourceNode, Set<ResourceNode>>()
  for (const node of nodes) {
    const waits = new Set<ResourceNode>()
    for (const target of node.dependsOn)
      for (const found of declared(target, index, tolerant)) waits.add(found)
    for (const target of [...node.after, ...references(node)])
      for (const found of index.find(target)) waits.add(found)
    waits.delete(node)
    edges.set(node, waits)
  }
  refuseCircles(edges)
  return edges
}

/**
 * What resources and outputs refer to is in the template, unless it is an id.
 * @throws ArmError `InvalidTemplate`
 */
export function checkReferences(
  nodes: readonly ResourceNode[],
  outputs: readonly JsonObject[],
  scope: Scope,
  index: ResourceIndex,
): void {
  const own = nodes.filter((node) => node.enabled && !sameId(node.type, deploymentType)).flatMap(references)
  const shown = outputs.flatMap(({ value, copy }) => {
    const found: string[] = []
    collect([value ?? null, copy ?? null], scope, found)
    return found
  })
  const missing = [...own, ...shown].find(
    (target) => !target.startsWith('/') && index.find(target).length === 0,
  )
  if (missing !== undefined)
    throw invalidTemplate(
      `The template reference '${missing}' is not valid: could not find template resource or resource copy with this name. Please see https://aka.ms/arm-function-reference for usage details.`,
    )
}

function declared(target: string, index: ResourceIndex, tolerant: boolean): readonly ResourceNode[] {
  const found = index.find(target)
  if (found.length === 0 && !tolerant)
    throw invalidTemplate(
      `The resource '${target}' is not defined in the template. Please see https://aka.ms/arm-template for usage details.`,
    )
  return found
}

function refuseCircles(edges: Edges): void {
  const done = new Set<ResourceNode>()
  const open = new Set<ResourceNode>()
  const visit = (node: ResourceNode): void => {
    if (done.has(node)) return
    if (open.has(node))
      throw invalidTemplate(
        `Circular dependency detected on resource: '${node.id}'. Please see https://aka.ms/arm-syntax-resources for usage details.`,
      )
    open.add(node)
    for (const next of edges.get(node) ?? []) visit(next)
    open.delete(node)
    done.add(node)
  }
  for (const node of edges.keys()) visit(node)
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
  return isEvaluatedInside(properties) ? (properties['parameters'] ?? null) : properties
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
  if (first !== undefined && /^(references?|list[a-z]+)$/i.test(node.name))
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
