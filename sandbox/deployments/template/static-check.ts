import { helpful, invalidTemplate } from '../errors.ts'
import { ExpressionError } from '../expressions/errors.ts'
import { isKnownFunction, isListFunction, unknownFunction } from '../expressions/evaluate.ts'
import { isArray, isObject, type Json, type JsonObject, property } from '../expressions/json.ts'
import { isExpression, type Node, parseExpression } from '../expressions/parser.ts'
import { isEvaluatedInside } from './nested.ts'
import { variableNames } from './scope.ts'
import type { Declaration, Template } from './template.ts'

/** Where an expression stands, and so what it may use. */
interface Spot {
  /** How Azure's messages name the place, e.g. `template output 'x'`. */
  readonly label: string
  readonly parameters: ReadonlySet<string>
  /** Variables of the template; without them, `variables()` is not expected here. */
  readonly variables?: ReadonlySet<string>
  /** Own functions of the template, `namespace.name` in lower case. */
  readonly own: ReadonlySet<string>
  /** May it read resources (`reference()`, `list*()`)? */
  readonly runtime?: boolean
  /** May it use the time and new identifiers, as defaults of parameters may? */
  readonly defaults?: boolean
}

/** What the deployment itself reads of a resource; nothing there can wait for other resources. */
const structural = new Set([
  'type',
  'name',
  'apiversion',
  'condition',
  'copy',
  'dependson',
  'scope',
  'resourcegroup',
  'subscriptionid',
])

/**
 * Parses every expression of a template, those of unused variables, outputs and disabled resources included, and refuses
 * functions, parameters and variables that there are not, and functions where Azure does not expect them. Nested
 * templates that are evaluated inside are checked when they are compiled.
 * @throws ArmError `InvalidTemplate`
 */
export function checkStatically(template: Template): void {
  const names = (object: object): ReadonlySet<string> =>
    new Set(Object.keys(object).map((name) => name.toLowerCase()))
  const own = ownFunctions(template)
  const spot: Omit<Spot, 'label'> = {
    parameters: names(template.parameters),
    variables: new Set(variableNames(template).map((name) => name.toLowerCase())),
    own,
  }
  const { variables: _, ...inDefaults } = spot
  for (const [name, definition] of Object.entries(template.parameters)) {
    const label = `template parameter '${name}'`
    check(property(definition, 'defaultValue') ?? null, { ...inDefaults, label, defaults: true })
  }
  for (const [name, value] of Object.entries(template.variables))
    check(value, { ...spot, label: `template variable '${name}'` })
  checkFunctions(template, own)
  for (const declaration of template.resources) checkResource(declaration, spot)
  for (const [name, { metadata: __, ...definition }] of Object.entries(template.outputs))
    check(definition, { ...spot, label: `template output '${name}'`, runtime: true })
}

interface OwnFunction {
  readonly name: string
  readonly definition: JsonObject
}

function membersOf(template: Template): readonly OwnFunction[] {
  return template.functions.flatMap((group) => {
    const members = property(group, 'members')
    if (!isObject(members)) return []
    return Object.entries(members).flatMap(([name, definition]) =>
      isObject(definition) ? [{ name: `${String(property(group, 'namespace'))}.${name}`, definition }] : [],
    )
  })
}

const ownFunctions = (template: Template): ReadonlySet<string> =>
  new Set(membersOf(template).map(({ name }) => name.toLowerCase()))

/** A function of the template sees its own parameters, and neither variables nor resources. */
function checkFunctions(template: Template, own: ReadonlySet<string>): void {
  for (const { name, definition } of membersOf(template)) {
    const declared = property(definition, 'parameters')
    const parameters = isArray(declared) ? declared.filter(isObject) : []
    const output = property(definition, 'output')
    check(isObject(output) ? (property(output, 'value') ?? null) : null, {
      label: `template function '${name}'`,
      parameters: new Set(parameters.map((item) => String(item['name']).toLowerCase())),
      own,
    })
  }
}

function checkResource({ symbol, value }: Declaration, spot: Omit<Spot, 'label'>): void {
  const label = `template resource '${symbol ?? String(value['name'])}'`
  for (const [key, item] of Object.entries(value)) {
    if (key === 'metadata' || key === 'comments' || key === 'resources') continue
    check(item, { ...spot, label, runtime: !structural.has(key.toLowerCase()) })
  }
  const children = value['resources']
  const items = isArray(children) ? children : isObject(children) ? Object.values(children) : []
  for (const child of items) if (isObject(child)) checkResource({ value: child }, spot)
}

function check(value: Json, spot: Spot): void {
  if (typeof value === 'string') checkText(value, spot)
  else if (isArray(value)) for (const item of value) check(item, spot)
  else if (isObject(value)) checkObject(value, spot)
}

/** The expressions of a nested template that is evaluated inside are its own, however deep it is nested. */
function checkObject(value: JsonObject, spot: Spot): void {
  const inside = isEvaluatedInside(value)
  for (const [key, item] of Object.entries(value)) {
    checkText(key, spot)
    if (!(inside && key === 'template')) check(item, spot)
  }
}

function checkText(text: string, spot: Spot): void {
  if (!isExpression(text)) return
  try {
    checkNode(parseExpression(text), spot)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    throw invalidTemplate(`The ${spot.label} at line '1' and column '1' is not valid: ${helpful(error)}`)
  }
}

function checkNode(node: Node, spot: Spot): void {
  if (node.kind === 'literal') return
  if (node.kind === 'member') {
    checkNode(node.target, spot)
    checkNode(node.key, spot)
    return
  }
  checkCall(node.name, node.arguments, spot)
  for (const argument of node.arguments) checkNode(argument, spot)
}

function checkCall(name: string, given: readonly Node[], spot: Spot): void {
  const key = name.toLowerCase()
  if (!(spot.own.has(key) || isKnownFunction(name))) throw unknownFunction(name)
  const reads = key === 'reference' || key === 'references' || isListFunction(name)
  const fresh = key === 'utcnow' || key === 'newguid'
  const hidden = key === 'variables' && spot.variables === undefined
  if ((reads && spot.runtime !== true) || (fresh && spot.defaults !== true) || hidden)
    throw new ExpressionError(`The template function '${name}' is not expected at this location.`)
  const [first] = given
  if (first?.kind !== 'literal') return
  const wanted = String(first.value)
  const missing = (what: string): ExpressionError =>
    new ExpressionError(`The template ${what} '${wanted}' is not found.`)
  if (key === 'parameters' && !spot.parameters.has(wanted.toLowerCase())) throw missing('parameter')
  if (key === 'variables' && spot.variables?.has(wanted.toLowerCase()) === false) throw missing('variable')
}
