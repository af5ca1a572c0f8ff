import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { sameText } from '../resource-id.ts'
import type { Truth } from './role-conditions.ts'

/**
 * Rules of Azure Policy, as far as a request answers them: types, places, tags, and properties that it names. What is not
 * understood, or what only Azure fills in, is neither true nor false.
 * https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule
 */

/** A resource as it is asked for. */
export interface PolicySubject {
  readonly id: string
  readonly type: string
  /** Name without those of its parents. */
  readonly name: string
  readonly body: JsonObject
}

/** Values of the parameters of a definition, by name. */
export type PolicyParameters = Readonly<Record<string, Json | undefined>>

/** Does the condition hold for the resource? */
export function holdsFor(
  condition: Json | undefined,
  subject: PolicySubject,
  parameters: PolicyParameters,
): Truth {
  if (!isJsonObject(condition)) return undefined
  const inner = (value: Json | undefined): readonly Truth[] =>
    Array.isArray(value) ? value.map((one: Json) => holdsFor(one, subject, parameters)) : [undefined]
  if ('allOf' in condition) return every(inner(condition['allOf']))
  if ('anyOf' in condition) return negated(every(inner(condition['anyOf']).map(negated)))
  if ('not' in condition) return negated(holdsFor(condition['not'], subject, parameters))
  const field = resolved(condition['field'], parameters)
  if (typeof field !== 'string') return undefined
  const found = fieldOf(field, subject)
  if (found === undefined) return undefined
  const [operator, wanted] = Object.entries(condition).find(([key]) => key !== 'field') ?? []
  return operator === undefined
    ? undefined
    : compared(operator, found.value, {
        wanted: resolved(wanted, parameters),
        equal: sameText(field, 'location') ? samePlace : alike,
      })
}

const negated = (value: Truth): Truth => (value === undefined ? undefined : !value)

function every(values: readonly Truth[]): Truth {
  if (values.includes(false)) return false
  return values.includes(undefined) ? undefined : true
}

/** A value with parameters put in; undefined when it is an expression that is not understood. */
export function resolved(value: Json | undefined, parameters: PolicyParameters): Json | undefined {
  if (typeof value !== 'string' || !value.startsWith('[') || value.startsWith('[[')) return value
  const [, own] = /^\[parameters\('([^']+)'\)\]$/i.exec(value) ?? []
  if (own !== undefined) return parameterNamed(own, parameters)
  const [, parts] = /^\[concat\((.*)\)\]$/i.exec(value) ?? []
  if (parts === undefined) return undefined
  const texts = parts.split(',').map((part) => textOf(part.trim(), parameters))
  return texts.includes(undefined) ? undefined : texts.join('')
}

function textOf(part: string, parameters: PolicyParameters): string | undefined {
  const [, literal] = /^'([^']*)'$/.exec(part) ?? []
  if (literal !== undefined) return literal
  const [, name] = /^parameters\('([^']+)'\)$/i.exec(part) ?? []
  const value = name === undefined ? undefined : parameterNamed(name, parameters)
  return typeof value === 'string' ? value : undefined
}

const parameterNamed = (name: string, parameters: PolicyParameters): Json | undefined =>
  Object.entries(parameters).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]

/** The value of a field; undefined when it is not known, as opposed to absent. */
export function fieldOf(
  field: string,
  { id, type, name, body }: PolicySubject,
): { readonly value: Json | undefined } | undefined {
  switch (field.toLowerCase()) {
    case 'type':
      return { value: type }
    case 'id':
      return { value: id }
    case 'name':
      return { value: name }
    case 'kind':
      return { value: body['kind'] }
    case 'location':
      return known(body['location'])
    case 'tags':
      return { value: body['tags'] }
    default:
      return tagOf(field, body) ?? aliasOf(field, type, body)
  }
}

/** Expressions of the template are evaluated by Azure alone. */
const known = (value: Json | undefined): { readonly value: Json } | undefined =>
  value === undefined || (typeof value === 'string' && value.startsWith('[')) ? undefined : { value }

function tagOf(field: string, { tags }: JsonObject): { readonly value: Json | undefined } | undefined {
  const [, dotted, bracketed] = /^tags(?:\.(.+)|\['?(.*?)'?\])$/i.exec(field) ?? []
  const wanted = (dotted ?? bracketed)?.toLowerCase()
  if (wanted === undefined) return undefined
  const held = isJsonObject(tags) ? Object.entries(tags) : []
  return { value: held.find(([name]) => name.toLowerCase() === wanted)?.[1] }
}

/** An alias is the type and a path; that of a property which the request does not name may lead elsewhere. */
function aliasOf(field: string, type: string, body: JsonObject): { readonly value: Json } | undefined {
  if (!field.toLowerCase().startsWith(`${type.toLowerCase()}/`)) return undefined
  const path = field.slice(type.length + 1).split('.')
  const at = (start: Json | undefined): Json | undefined =>
    path.reduce<Json | undefined>((value, key) => (isJsonObject(value) ? value[key] : undefined), start)
  return known(at(body['properties']) ?? at(body))
}

/** What is not there is the empty text. */
const plain = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)

type Equality = (a: Json | undefined, b: Json | undefined) => boolean

const alike: Equality = (a, b) => plain(a).toLowerCase() === plain(b).toLowerCase()

/** `Sweden Central` in a list of places is `swedencentral` of a resource. Anywhere else a blank counts. */
const samePlace: Equality = (a, b) => alike(plain(a).replaceAll(' ', ''), plain(b).replaceAll(' ', ''))

const like = (value: Json | undefined, pattern: string): boolean => {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${source}$`, 'is').test(plain(value))
}

function compared(
  operator: string,
  value: Json | undefined,
  { wanted, equal }: { readonly wanted: Json | undefined; readonly equal: Equality },
): Truth {
  if (wanted === undefined) return undefined
  const list = (found: boolean): Truth => (Array.isArray(wanted) ? found : undefined)
  const isListed = Array.isArray(wanted) && wanted.some((one: Json) => equal(one, value))
  switch (operator.toLowerCase()) {
    case 'equals':
      return equal(value, wanted)
    case 'notequals':
      return !equal(value, wanted)
    case 'in':
      return list(isListed)
    case 'notin':
      return list(!isListed)
    case 'exists':
      return (value !== undefined) === (plain(wanted).toLowerCase() === 'true')
    case 'like':
      return like(value, plain(wanted))
    case 'notlike':
      return !like(value, plain(wanted))
    case 'contains':
      return typeof value === 'string' ? value.toLowerCase().includes(plain(wanted).toLowerCase()) : undefined
    default:
      return undefined
  }
}
