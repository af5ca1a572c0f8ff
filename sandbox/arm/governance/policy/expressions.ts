// The language of templates is that of policies too, with `field()` and `current()` besides.
import { ExpressionError } from '../../../deployments/expressions/errors.ts'
import { evaluate } from '../../../deployments/expressions/evaluate.ts'
import { isObject, type Json, type JsonObject, toJson } from '../../../deployments/expressions/json.ts'
import { isExpression, type Node, parseExpression } from '../../../deployments/expressions/parser.ts'
import type { Scope } from '../../../deployments/expressions/scope.ts'
import { isRecord } from '../../json.ts'

/** What the expressions of a rule can see. */
export interface Surroundings {
  /** Values of the policy's parameters, by name in lower case. */
  readonly parameters: ReadonlyMap<string, unknown>
  readonly subscription: unknown
  readonly resourceGroup: unknown
  readonly field: (name: string) => unknown
  /** The value a `count` is at, by name; the innermost without one. */
  readonly current: (name: string | undefined) => unknown
}

/** A value of a rule with all its expressions evaluated. What is not there becomes null. */
export function resolved(value: unknown, surroundings: Surroundings): unknown {
  if (typeof value === 'string') return resolvedText(value, surroundings)
  if (Array.isArray(value)) return value.map((item) => resolved(item, surroundings))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, surroundings)]))
}

function resolvedText(text: string, surroundings: Surroundings): unknown {
  if (text.startsWith('[[')) return text.slice(1)
  if (!isExpression(text)) return text
  const values = new Map<string, Json>()
  try {
    const node = withValues(parseExpression(text), values, surroundings)
    return evaluate(node, scopeOf(surroundings, values))
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return null
  }
}

/** The expression with `field()` and `current()` replaced by variables that have their values. */
function withValues(node: Node, values: Map<string, Json>, surroundings: Surroundings): Node {
  if (node.kind === 'literal') return node
  const inner = (part: Node) => withValues(part, values, surroundings)
  if (node.kind === 'member') return { kind: 'member', target: inner(node.target), key: inner(node.key) }
  const given = node.arguments.map(inner)
  const name = node.name.toLowerCase()
  if (name !== 'field' && name !== 'current') return { ...node, arguments: given }
  const argument = given[0] === undefined ? undefined : evaluate(given[0], scopeOf(surroundings, values))
  const value =
    name === 'field'
      ? surroundings.field(String(argument ?? ''))
      : surroundings.current(argument === undefined ? undefined : String(argument))
  const key = `value${values.size}`
  values.set(key, toJson(value ?? null))
  return { kind: 'call', name: 'lambdaVariables', arguments: [{ kind: 'literal', value: key }] }
}

const asObject = (value: unknown): JsonObject => {
  const json = toJson(value ?? {})
  return isObject(json) ? json : {}
}

function scopeOf(surroundings: Surroundings, values: ReadonlyMap<string, Json>): Scope {
  const subscription = asObject(surroundings.subscription)
  return {
    place: {
      tenant: {},
      subscription,
      resourceGroup: asObject(surroundings.resourceGroup),
      deployment: {},
      deployer: {},
      environment: {},
      scopeId: String(subscription['id'] ?? ''),
    },
    parameter: (name) => {
      const value = surroundings.parameters.get(name.toLowerCase())
      if (value === undefined) throw new ExpressionError(`The policy parameter '${name}' is not found.`)
      return toJson(value)
    },
    variable: (name) => {
      throw new ExpressionError(`A policy has no variable '${name}'.`)
    },
    loops: [],
    lambdas: values,
    userFunction: () => undefined,
  }
}
