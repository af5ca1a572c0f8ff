import { guidPattern } from '../../../guid.ts'
import { below, providerPath, subscriptionScope } from '../../ids.ts'
import { type Arguments, many, takes } from '../arguments.ts'
import { ExpressionError } from '../errors.ts'
import { isArray, isObject, type Json, type JsonObject, property } from '../json.ts'
import type { Scope } from '../scope.ts'

/** The arguments before the type, and the path that type and names make. */
function split(given: Arguments, from = 0): { readonly prefixes: readonly string[]; readonly path: string } {
  const texts = given.texts()
  const at = texts.findIndex((text, index) => index >= from && /^[^/]+\..+\/|^[^/]+\/[^/]+/.test(text))
  // Microsoft's own samples end a type with a slash.
  const type = texts[at]?.replace(/\/+$/, '')
  if (type === undefined)
    throw given.wrong('the type of the resource is missing: it must be in the form of namespace/resourceType')
  const path = providerPath(type, texts.slice(at + 1).join('/'))
  if (path === undefined)
    throw given.wrong(
      `the type '${type}' requires '${type.split('/').length - 1}' resource name argument(s), and '${texts.length - at - 1}' were given`,
    )
  return { prefixes: texts.slice(0, at), path }
}

function resourceId(given: Arguments, scope: Scope): string {
  const { prefixes, path } = split(given)
  const own = subscriptionScope(scope.place.scopeId) ?? ''
  const [first, second] = prefixes
  if (second !== undefined)
    return below(`/subscriptions/${subscription(given, first)}/resourceGroups/${second}`, path)
  if (first === undefined) return below(scope.place.scopeId, path)
  if (guidPattern.test(first)) return below(scope.place.scopeId.replace(own, `/subscriptions/${first}`), path)
  return below(`${own}/resourceGroups/${first}`, path)
}

function subscription(given: Arguments, id: string | undefined): string {
  if (id === undefined || !guidPattern.test(id))
    throw given.wrong(`the provided value '${id ?? ''}' is not a valid subscription identifier`)
  return id
}

function referenced(given: Arguments, scope: Scope): Json {
  if (scope.reference === undefined)
    throw new ExpressionError("The template function 'reference' is not expected at this location.")
  const full = given.optionalText(2)
  if (full !== undefined && full.toLowerCase() !== 'full')
    throw given.wrong(`the third argument is expected to be 'Full', and it is '${full}'`)
  return scope.reference(given.text(0), full !== undefined)
}

const missing = (name: string): ExpressionError =>
  new ExpressionError(`The template function '${name}' is not expected at this location.`)

/**
 * Functions about resources and the place of the deployment.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource
 */
export const resourceFunctions = {
  parameters: takes(1, undefined, (given, scope) => scope.parameter(given.text(0))),
  variables: takes(1, undefined, (given, scope) => scope.variable(given.text(0))),
  resourceId: takes(2, many, resourceId),
  subscriptionResourceId: takes(2, many, (given, scope) => {
    const { prefixes, path } = split(given)
    const own = subscriptionScope(scope.place.scopeId) ?? ''
    return below(prefixes[0] === undefined ? own : `/subscriptions/${subscription(given, prefixes[0])}`, path)
  }),
  tenantResourceId: takes(2, many, (given) => below('/', split(given).path)),
  managementGroupResourceId: takes(2, many, (given) => {
    const { prefixes, path } = split(given)
    return below(`/providers/Microsoft.Management/managementGroups/${prefixes[0] ?? ''}`, path)
  }),
  extensionResourceId: takes(3, many, (given) => below(given.text(0), split(given, 1).path)),
  resourceGroup: takes(0, undefined, (_, scope) => {
    if (scope.place.resourceGroup === undefined) throw missing('resourceGroup')
    return scope.place.resourceGroup
  }),
  subscription: takes(0, undefined, (_, scope) => {
    if (scope.place.subscription === undefined) throw missing('subscription')
    return scope.place.subscription
  }),
  tenant: takes(0, undefined, (_, scope) => scope.place.tenant),
  deployment: takes(0, undefined, (_, scope) => scope.place.deployment),
  environment: takes(0, undefined, (_, scope) => scope.place.environment),
  reference: takes(1, 3, referenced),
  references: takes(1, 2, (given, scope) => {
    const style = given.optionalText(1)?.toLowerCase() ?? 'properties'
    if (scope.references === undefined) throw missing('references')
    if (style !== 'full' && style !== 'properties')
      throw given.wrong(`the second argument is expected to be 'Full' or 'Properties', and it is '${style}'`)
    return scope.references(given.text(0), style === 'full')
  }),
  deployer: takes(0, undefined, (_, scope) => scope.place.deployer),
  managementGroup: takes(0, undefined, () => {
    throw missing('managementGroup')
  }),
  copyIndex: takes(0, 2, (given, scope) => {
    const [first] = given.values
    const named = typeof first === 'string' ? first.toLowerCase() : undefined
    const loop = scope.loops.findLast(
      (candidate) => named === undefined || candidate.name.toLowerCase() === named,
    )
    if (loop === undefined)
      throw new ExpressionError(
        "The template function 'copyIndex' is not expected at this location. The function can only be used in a resource with copy specified.",
      )
    const offset = given.values[named === undefined ? 0 : 1]
    return loop.index + (typeof offset === 'number' ? offset : 0)
  }),
  lambdaVariables: takes(1, undefined, (given, scope) => {
    const value = scope.lambdas.get(given.text(0).toLowerCase())
    if (value === undefined) throw given.wrong(`the lambda variable '${given.text(0)}' is not found`)
    return value
  }),
}

/** `listKeys()` and the like: any function whose name begins with `list` and is no other function. */
export function callList(given: Arguments, scope: Scope): Json {
  if (scope.list === undefined) throw missing(given.function)
  return scope.list(given.function, given.text(0))
}

/** The member of a value that `.name` or `[index]` asks for. */
export function member(target: Json, key: Json): Json {
  if (isArray(target) && typeof key === 'number') {
    const item = target[key]
    if (item !== undefined) return item
    throw new ExpressionError(`The language expression property array index '${key}' is out of bounds.`)
  }
  if (isObject(target)) return objectMember(target, String(key))
  throw new ExpressionError(
    `The language expression property '${String(key)}' can't be evaluated, because its target is not an object or an array.`,
  )
}

function objectMember(target: JsonObject, key: string): Json {
  const value = property(target, key)
  if (value !== undefined) return value
  throw new ExpressionError(
    `The language expression property '${key}' doesn't exist, available properties are '${Object.keys(target).join(', ')}'.`,
  )
}
