import { ExpressionError, NeedsRuntime } from '../expressions/errors.ts'
import { isArray, isObject, type Json, type JsonObject, property } from '../expressions/json.ts'
import { resolve, rounds } from '../expressions/resolve.ts'
import { type Place, type Scope, type UserFunction, withLoop } from '../expressions/scope.ts'
import type { ParameterValues } from './parameters.ts'
import type { Template } from './template.ts'

/** What the expressions of a template see: its parameters, its variables (evaluated once, when asked for), its functions. */
export function templateScope(template: Template, place: Place, parameters: ParameterValues): Scope {
  const lookup = new Map([...parameters].map(([name, value]) => [name.toLowerCase(), value]))
  const functions = userFunctions(template)
  const scope: Scope = {
    place,
    loops: [],
    lambdas: new Map(),
    userFunction: (name) => functions.get(name.toLowerCase()),
    parameter: (name) => {
      const found = lookup.get(name.toLowerCase())
      if (found === undefined)
        throw new ExpressionError(
          `The template parameter '${name}' is not found. Please see https://aka.ms/arm-template/#parameters for usage details.`,
        )
      if (!found.known) throw new NeedsRuntime(`The value of the parameter '${name}' is not known yet.`)
      return found.value
    },
    variable: (name) => variables(name),
  }
  const variables = variableReader(template.variables, () => scope)
  return scope
}

function variableReader(variables: JsonObject, scope: () => Scope): (name: string) => Json {
  const known = new Map<string, Json>()
  const open = new Set<string>()
  const evaluateNew = (name: string, key: string): Json => {
    const loop = loopOf(variables, key)
    const value = property(variables, key)
    if (loop === undefined && value === undefined)
      throw new ExpressionError(
        `The template variable '${name}' is not found. Please see https://aka.ms/arm-template/#variables for usage details.`,
      )
    if (loop === undefined) return resolve(value ?? null, scope())
    return rounds(loop['count'], scope()).map((index) =>
      resolve(loop['input'] ?? null, withLoop(scope(), key, index)),
    )
  }
  return (name) => {
    const key = name.toLowerCase()
    const before = known.get(key)
    if (before !== undefined) return before
    if (open.has(key))
      throw new ExpressionError(`The template variable '${name}' has a circular reference to itself.`)
    open.add(key)
    try {
      const value = evaluateNew(name, key)
      known.set(key, value)
      return value
    } finally {
      open.delete(key)
    }
  }
}

/** The names of all variables, loops among them. */
export function variableNames({ variables }: Template): readonly string[] {
  const loops = property(variables, 'copy')
  if (!isArray(loops)) return Object.keys(variables)
  const plain = Object.keys(variables).filter((name) => name.toLowerCase() !== 'copy')
  return [...plain, ...loops.filter(isObject).map((loop) => String(loop['name']))]
}

/** A variable can be a loop: `"copy": [{"name", "count", "input"}]` among the variables. */
function loopOf(variables: JsonObject, key: string): JsonObject | undefined {
  const loops = property(variables, 'copy')
  if (!isArray(loops)) return undefined
  return loops.filter(isObject).find((loop) => String(loop['name']).toLowerCase() === key)
}

/**
 * The template's own functions, by `namespace.name` in lower case.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/user-defined-functions
 */
function userFunctions(template: Template): ReadonlyMap<string, UserFunction> {
  const found = new Map<string, UserFunction>()
  for (const group of template.functions) {
    const members = group['members']
    if (!isObject(members)) continue
    for (const [name, definition] of Object.entries(members))
      if (isObject(definition))
        found.set(`${String(group['namespace'])}.${name}`.toLowerCase(), userFunction(definition))
  }
  return found
}

function userFunction(definition: JsonObject): UserFunction {
  const parameters = definition['parameters']
  const output = definition['output']
  return {
    parameters: isArray(parameters) ? parameters.filter(isObject).map((item) => String(item['name'])) : [],
    evaluate: (scope) => resolve(isObject(output) ? (output['value'] ?? null) : null, scope),
  }
}
