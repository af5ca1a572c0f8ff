import { Arguments, type TemplateFunction } from './arguments.ts'
import { ExpressionError } from './errors.ts'
import { collectionFunctions } from './functions/collections.ts'
import { dateFunctions } from './functions/dates.ts'
import { logicFunctions } from './functions/logic.ts'
import { networkFunctions } from './functions/networks.ts'
import { numberFunctions } from './functions/numbers.ts'
import { callList, member, resourceFunctions } from './functions/resources.ts'
import { textFunctions } from './functions/text.ts'
import { zoneFunctions } from './functions/zones.ts'
import type { Json } from './json.ts'
import { isLazyFunction, lazyFunctions } from './lazy.ts'
import type { Node } from './parser.ts'
import type { Scope, UserFunction } from './scope.ts'

const functions = new Map<string, TemplateFunction>(
  Object.entries({
    ...textFunctions,
    ...numberFunctions,
    ...logicFunctions,
    ...collectionFunctions,
    ...dateFunctions,
    ...networkFunctions,
    ...resourceFunctions,
    ...zoneFunctions,
  }).map(([name, definition]) => [name.toLowerCase(), definition]),
)

/**
 * The value of a parsed expression.
 * @throws ExpressionError when Azure would refuse it
 * @throws NeedsRuntime when it needs what only a running deployment knows
 */
export function evaluate(node: Node, scope: Scope): Json {
  switch (node.kind) {
    case 'literal':
      return node.value
    case 'member':
      return member(evaluate(node.target, scope), evaluate(node.key, scope))
    case 'call':
      return call(node.name, node.arguments, scope)
  }
}

/** The function of this name that every template has, whatever the case of its name. */
const builtIn = (name: string): TemplateFunction | undefined => functions.get(name.toLowerCase())

/** Is this one of the functions that read keys and the like of a resource, e.g. `listKeys`? */
export const isListFunction = (name: string): boolean =>
  /^list[a-z]/i.test(name) && builtIn(name) === undefined

/** Does every template have this function? Its own ones are none of these. */
export const isKnownFunction = (name: string): boolean =>
  builtIn(name) !== undefined || isLazyFunction(name) || isListFunction(name)

/** Functions that Azure has and this cloud does not: it knows neither physical zones nor what a client keeps. */
const absent = new Set(
  [
    'providers',
    'toLogicalZone',
    'toLogicalZones',
    'toPhysicalZone',
    'toPhysicalZones',
    'externalInput',
    'parseUri',
    'buildUri',
  ].map((name) => name.toLowerCase()),
)

/** The refusal of a function that the template does not have, and neither Azure or only Azure has. */
export const unknownFunction = (name: string): ExpressionError =>
  new ExpressionError(
    absent.has(name.toLowerCase())
      ? `The template function '${name}' is not supported by this cloud.`
      : `The template function '${name}' is not valid. Please see https://aka.ms/arm-template-expressions for usage details.`,
  )

function call(name: string, nodes: readonly Node[], scope: Scope): Json {
  const lazy = lazyFunctions.get(name.toLowerCase())
  if (lazy !== undefined) return lazy(nodes, scope, evaluate)
  const given = new Arguments(
    name,
    nodes.map((node) => evaluate(node, scope)),
  )
  const own = name.includes('.') ? scope.userFunction(name) : undefined
  if (own !== undefined) return callOwn(own, given, scope)
  const definition = builtIn(name)
  if (definition === undefined) {
    if (isListFunction(name)) return callList(given, scope)
    throw unknownFunction(name)
  }
  checkArity(given, definition)
  return definition.call(given, scope)
}

function checkArity(given: Arguments, { arity: [least, most] }: TemplateFunction): void {
  const count = given.values.length
  if (count >= least && count <= most) return
  const expected = least === most ? `'${least}'` : `between '${least}' and '${most}'`
  throw given.wrong(`the function requires ${expected} argument(s), and '${count}' were given`)
}

/** A template's own function sees its parameters and nothing else of the template. */
function callOwn(own: UserFunction, given: Arguments, scope: Scope): Json {
  if (given.values.length !== own.parameters.length)
    throw given.wrong(
      `the function requires '${own.parameters.length}' argument(s), and '${given.values.length}' were given`,
    )
  const values = new Map(own.parameters.map((name, index) => [name.toLowerCase(), given.at(index)]))
  const inner: Scope = {
    ...scope,
    loops: [],
    lambdas: new Map(),
    parameter: (name) => {
      const value = values.get(name.toLowerCase())
      if (value === undefined) throw new ExpressionError(`The template parameter '${name}' is not found.`)
      return value
    },
    variable: (name) => {
      throw new ExpressionError(`The template variable '${name}' is not found.`)
    },
  }
  return own.evaluate(inner)
}
