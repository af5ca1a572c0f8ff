import { ExpressionError, NeedsRuntime } from './errors.ts'
import { equal, isArray, isObject, type Json, typeName } from './json.ts'
import type { Node } from './parser.ts'
import type { Scope } from './scope.ts'

type Evaluate = (node: Node, scope: Scope) => Json
/** A function that decides itself which of its arguments are evaluated, and with which variables. */
export type LazyFunction = (nodes: readonly Node[], scope: Scope, evaluate: Evaluate) => Json

const wrong = (name: string, why: string): ExpressionError =>
  new ExpressionError(`Unable to evaluate template language function '${name}': ${why}.`)

function nodeAt(name: string, nodes: readonly Node[], index: number): Node {
  const node = nodes[index]
  if (node === undefined) throw wrong(name, `argument '${index + 1}' is missing`)
  return node
}

function boolean(name: string, value: Json): boolean {
  if (typeof value === 'boolean') return value
  throw wrong(name, `the argument is expected to be of type 'Boolean', and it is '${typeName(value)}'`)
}

/** `lambda('item', …)` as a function of its values. */
function lambda(
  name: string,
  node: Node,
  scope: Scope,
  evaluate: Evaluate,
): (...values: readonly Json[]) => Json {
  if (node.kind !== 'call' || node.name.toLowerCase() !== 'lambda')
    throw wrong(name, 'the argument is expected to be a lambda')
  const names = node.arguments.slice(0, -1).map((part) => String(evaluate(part, scope)).toLowerCase())
  const body = nodeAt('lambda', node.arguments, node.arguments.length - 1)
  return (...values) => {
    const lambdas = new Map(scope.lambdas)
    for (const [index, variable] of names.entries()) lambdas.set(variable, values[index] ?? null)
    return evaluate(body, { ...scope, lambdas })
  }
}

type Apply = (
  list: readonly Json[],
  each: (...values: readonly Json[]) => Json,
  rest: readonly Json[],
) => Json

/** A function over a list with a lambda at a place. */
const overList =
  (name: string, lambdaAt: number, apply: Apply): LazyFunction =>
  (nodes, scope, evaluate) => {
    const list = evaluate(nodeAt(name, nodes, 0), scope)
    if (!isArray(list))
      throw wrong(name, `the first argument is expected to be of type 'Array', and it is '${typeName(list)}'`)
    const rest = nodes
      .slice(1)
      .flatMap((node, index) => (index + 1 === lambdaAt ? [] : [evaluate(node, scope)]))
    return apply(list, lambda(name, nodeAt(name, nodes, lambdaAt), scope, evaluate), rest)
  }

const toObject: LazyFunction = (nodes, scope, evaluate) => {
  const list = evaluate(nodeAt('toObject', nodes, 0), scope)
  if (!isArray(list)) throw wrong('toObject', "the first argument is expected to be of type 'Array'")
  const key = lambda('toObject', nodeAt('toObject', nodes, 1), scope, evaluate)
  const third = nodes[2]
  const value = third === undefined ? (item: Json): Json => item : lambda('toObject', third, scope, evaluate)
  return Object.fromEntries(list.map((item) => [String(key(item)), value(item)]))
}

const mapValues: LazyFunction = (nodes, scope, evaluate) => {
  const object = evaluate(nodeAt('mapValues', nodes, 0), scope)
  if (!isObject(object)) throw wrong('mapValues', "the first argument is expected to be of type 'Object'")
  const each = lambda('mapValues', nodeAt('mapValues', nodes, 1), scope, evaluate)
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, each(value)]))
}

const groupBy: Apply = (list, each) => {
  const groups: Record<string, Json[]> = {}
  for (const item of list) {
    const key = String(each(item))
    groups[key] = [...(groups[key] ?? []), item]
  }
  return groups
}

/** `tryGet(object, 'a', 0, 'b')`: the member, or null. */
const tryGet: LazyFunction = (nodes, scope, evaluate) => {
  let value = evaluate(nodeAt('tryGet', nodes, 0), scope)
  for (const node of nodes.slice(1)) {
    const key = evaluate(node, scope)
    const wanted = String(key).toLowerCase()
    if (isArray(value)) value = typeof key === 'number' ? (value[key] ?? null) : null
    else if (isObject(value))
      value = Object.entries(value).find(([candidate]) => candidate.toLowerCase() === wanted)?.[1] ?? null
    else return null
  }
  return value
}

/** The first argument that is not null. */
const coalesce: LazyFunction = (nodes, scope, evaluate) => {
  for (const node of nodes) {
    const value = evaluate(node, scope)
    if (value !== null) return value
  }
  return null
}

const choose: LazyFunction = (nodes, scope, evaluate) => {
  const condition = boolean('if', evaluate(nodeAt('if', nodes, 0), scope))
  const [yes, no] = [nodeAt('if', nodes, 1), nodeAt('if', nodes, 2)]
  return evaluate(condition ? yes : no, scope)
}

/** `and` stops at the first false, `or` at the first true. */
const until =
  (name: string, stop: boolean): LazyFunction =>
  (nodes, scope, evaluate) => {
    nodeAt(name, nodes, 1)
    return nodes.some((node) => boolean(name, evaluate(node, scope)) === stop) ? stop : !stop
  }

/** `try(expression, otherwise)`: the second when the first cannot be evaluated. */
const attempt: LazyFunction = (nodes, scope, evaluate) => {
  for (const node of nodes.slice(0, -1)) {
    try {
      return evaluate(node, scope)
    } catch (error) {
      if (!(error instanceof ExpressionError) || error instanceof NeedsRuntime) throw error
    }
  }
  return evaluate(nodeAt('try', nodes, nodes.length - 1), scope)
}

/**
 * The functions that do not evaluate all their arguments at once.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-lambda
 */
export const lazyFunctions: ReadonlyMap<string, LazyFunction> = new Map<string, LazyFunction>([
  ['if', choose],
  ['and', until('and', false)],
  ['or', until('or', true)],
  ['coalesce', coalesce],
  ['tryget', tryGet],
  ['try', attempt],
  ['map', overList('map', 1, (list, each) => list.map((item, index) => each(item, index)))],
  ['filter', overList('filter', 1, (list, each) => list.filter((item, index) => each(item, index) === true))],
  [
    'sort',
    overList('sort', 1, (list, before) =>
      [...list].sort((left, right) =>
        equal(left, right) ? 0 : before(left, right) === true ? -1 : before(right, left) === true ? 1 : 0,
      ),
    ),
  ],
  [
    'reduce',
    overList('reduce', 2, (list, each, rest) =>
      list.reduce((all: Json, item, index) => each(all, item, index), rest[0] ?? null),
    ),
  ],
  ['groupby', overList('groupBy', 1, groupBy)],
  ['toobject', toObject],
  ['mapvalues', mapValues],
])

/** Does a function of this name decide itself what it evaluates? `lambda` stands only in such functions. */
export const isLazyFunction = (name: string): boolean =>
  name.toLowerCase() === 'lambda' || lazyFunctions.has(name.toLowerCase())
