import { checkedResource, invalidTemplate } from '../errors.ts'
import { NeedsRuntime } from '../expressions/errors.ts'
import { isArray, isObject, type Json, type JsonObject } from '../expressions/json.ts'
import { resolve, rounds } from '../expressions/resolve.ts'
import { type Scope, withLoop } from '../expressions/scope.ts'
import { below, deploymentType, providerPath, resourceIdAt, sameId } from '../ids.ts'
import { type Declaration, limits } from './template.ts'

/** One resource of a template: loops unrolled, children lifted out, name and id known. */
export interface ResourceNode {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly apiVersion: string
  /** Symbolic name, of the loop's round with its index: `site[0]`. */
  readonly symbol?: string
  /** Symbolic name without an index, or the loop's name: what `dependsOn` may call the whole loop. */
  readonly groups: readonly string[]
  /** Rounds of a serial loop that run before this one. */
  readonly after: readonly string[]
  readonly enabled: boolean
  /** Read, not deployed (language version 2.0). */
  readonly existing: boolean
  readonly dependsOn: readonly string[]
  /** The resource as declared, its expressions not evaluated. */
  readonly declaration: JsonObject
  /** Scope of its expressions, with the index of its loop. */
  readonly scope: Scope
}

/** Is this resource deployed, and not disabled by its condition or only read? */
export const isDeployed = (node: ResourceNode): boolean => node.enabled && !node.existing

/** A resource whose name or condition only the running deployment knows. */
export interface UnidentifiedNode {
  readonly type: string
  readonly declaration: JsonObject
}

/** The resources of a template. */
interface Expanded {
  readonly nodes: readonly ResourceNode[]
  readonly unidentified: readonly UnidentifiedNode[]
}

interface Parent {
  readonly type: string
  readonly name: string
}

/**
 * Unrolls the loops of a template's resources, lifts children out of their parents, and works out each one's id.
 * @param scopeId the subscription or resource group the template is deployed to
 * @throws ArmError `InvalidTemplate`
 */
export function expandResources(
  declarations: readonly Declaration[],
  scope: Scope,
  scopeId: string,
): Expanded {
  const nodes: ResourceNode[] = []
  const unidentified: UnidentifiedNode[] = []
  const visit = (declaration: Declaration, parent: Parent | undefined): void => {
    for (const round of unroll(declaration, scope)) {
      try {
        const node = identify(declaration, round, scopeId, parent)
        nodes.push(node)
        for (const child of childrenOf(declaration.value)) visit(child, node)
      } catch (error) {
        if (!(error instanceof NeedsRuntime)) throw error
        unidentified.push({ type: String(declaration.value['type']), declaration: declaration.value })
      }
    }
  }
  for (const declaration of declarations) visit(declaration, undefined)
  if (nodes.length > limits.resources)
    throw invalidTemplate(
      `The number of template resources limit exceeded. Limit: '${limits.resources}' and actual: '${nodes.length}'. Please see https://aka.ms/arm-template/#resources for usage details.`,
    )
  refuseTwice(nodes)
  return { nodes, unidentified }
}

function childrenOf(value: JsonObject): readonly Declaration[] {
  const children = value['resources']
  if (isArray(children)) return children.filter(isObject).map((child) => ({ value: child }))
  return isObject(children)
    ? Object.entries(children).flatMap(([symbol, child]) =>
        isObject(child) ? [{ symbol, value: child }] : [],
      )
    : []
}

interface Round {
  readonly scope: Scope
  readonly loop?: { readonly name: string; readonly index: number; readonly batch: number | undefined }
}

function unroll({ value }: Declaration, scope: Scope): readonly Round[] {
  const copy = value['copy']
  if (!isObject(copy)) return [{ scope }]
  const name = String(copy['name'])
  const serial = String(copy['mode'] ?? '').toLowerCase() === 'serial'
  const size = copy['batchSize']
  const batch = serial ? (typeof size === 'number' ? size : 1) : undefined
  return checkedResource(String(value['name']), () =>
    rounds(copy['count'], scope).map((index) => ({
      scope: withLoop(scope, name, index),
      loop: { name, index, batch },
    })),
  )
}

function identify(
  { symbol, value }: Declaration,
  { scope, loop }: Round,
  scopeId: string,
  parent: Parent | undefined,
): ResourceNode {
  const label = String(value['name'])
  const text = (key: string): string => checkedResource(label, () => String(resolve(value[key] ?? '', scope)))
  const type = parent === undefined ? text('type') : `${parent.type}/${text('type')}`
  const name = parent === undefined ? text('name') : `${parent.name}/${text('name')}`
  const id = idOf(type, name, value, scope, scopeId)
  return {
    id,
    type,
    name,
    apiVersion: text('apiVersion'),
    ...(symbol === undefined ? {} : { symbol: loop === undefined ? symbol : `${symbol}[${loop.index}]` }),
    groups: groupsOf(symbol, loop),
    after: earlierRounds(loop),
    enabled: checkedResource(id, () => condition(value, scope)),
    existing: value['existing'] === true,
    dependsOn: checkedResource(id, () => dependencies(value, scope)),
    declaration: value,
    scope,
  }
}

function groupsOf(symbol: string | undefined, loop: Round['loop']): readonly string[] {
  const own = symbol === undefined ? [] : [symbol]
  return loop === undefined ? own : [...own, loop.name, `${loop.name}[${loop.index}]`]
}

/** A serial loop's batch starts when the batch before is done: `loop[index]` names a round. */
function earlierRounds(loop: Round['loop']): readonly string[] {
  if (loop?.batch === undefined || loop.index < loop.batch) return []
  const first = (Math.floor(loop.index / loop.batch) - 1) * loop.batch
  return Array.from({ length: loop.batch }, (_, offset) => `${loop.name}[${first + offset}]`)
}

function condition(value: JsonObject, scope: Scope): boolean {
  const wanted = value['condition']
  return wanted === undefined || resolve(wanted, scope) === true
}

function dependencies(value: JsonObject, scope: Scope): readonly string[] {
  const list = resolve(value['dependsOn'] ?? [], scope)
  return isArray(list) ? list.map(String) : [String(list)]
}

function idOf(type: string, name: string, value: JsonObject, scope: Scope, scopeId: string): string {
  const base = checkedResource(name, () => scopeOf(type, value, scope, scopeId))
  const id = resourceIdAt(base, type, name)
  if (id === undefined)
    throw invalidTemplate(
      `The template resource '${name}' for type '${type}' at line '1' and column '1' has incorrect segment lengths. A nested resource type must have identical number of segments as its resource name. A root resource type must have segment length one greater than its resource name. Please see https://aka.ms/arm-template/#resources for usage details.`,
    )
  return id
}

/** The scope a resource is deployed at: its `scope`, or for a nested deployment its group and subscription. */
function scopeOf(type: string, value: JsonObject, scope: Scope, scopeId: string): string {
  const own = value['scope']
  if (own !== undefined) return absolute(String(resolve(own, scope)), scopeId)
  const group = value['resourceGroup']
  const subscription = value['subscriptionId']
  if (!sameId(type, deploymentType) && group === undefined && subscription === undefined) return scopeId
  if (group === undefined && subscription === undefined) return scopeId
  const base =
    subscription === undefined
      ? (/^\/subscriptions\/[^/]+/i.exec(scopeId)?.[0] ?? scopeId)
      : `/subscriptions/${String(resolve(subscription, scope))}`
  return group === undefined ? base : `${base}/resourceGroups/${String(resolve(group, scope))}`
}

/** `scope` is an id, or `{type}/{name}` of a resource of the same template. */
function absolute(wanted: string, scopeId: string): string {
  if (wanted.startsWith('/')) return wanted === '/' ? '' : wanted
  const [namespace, ...rest] = wanted.split('/')
  return below(scopeId, ['providers', namespace, ...rest].join('/'))
}

function refuseTwice(nodes: readonly ResourceNode[]): void {
  const seen = new Set<string>()
  for (const node of nodes) {
    if (!isDeployed(node)) continue
    const key = node.id.toLowerCase()
    if (seen.has(key))
      throw invalidTemplate(
        `The resource '${relativePath(node)}' at line '1' and column '1' is defined multiple times in a template. Please see https://aka.ms/arm-template/#resources for usage details.`,
      )
    seen.add(key)
  }
}

/** `{namespace}/{type}/{name}/…`, without scope: how Azure's messages name a resource. */
const relativePath = ({ type, name }: ResourceNode): string =>
  providerPath(type, name)?.slice('providers/'.length) ?? name

const reserved = new Set([
  'type',
  'apiVersion',
  'name',
  'scope',
  'dependsOn',
  'condition',
  'copy',
  'comments',
  'resources',
  'existing',
  'metadata',
  'resourceGroup',
  'subscriptionId',
])

/**
 * What is sent to the resource's address: everything but what speaks to the deployment.
 * @param keep see `resolve`
 */
export function bodyOf(node: ResourceNode, scope: Scope, keep?: (expression: string) => void): JsonObject {
  const declared = Object.entries(node.declaration).filter(([key]) => !reserved.has(key))
  const body = checkedResource(node.id, () => resolve(Object.fromEntries(declared), scope, keep))
  return isObject(body) ? withoutNulls(body) : {}
}

/** A property that is null at the top of a resource is one that was left out. */
const withoutNulls = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(body).filter((entry): entry is [string, Json] => entry[1] !== null))
