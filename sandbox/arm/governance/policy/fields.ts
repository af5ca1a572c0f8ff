import { isRecord, memberOf } from '../../json.ts'
import { normaliseLocation } from '../../locations.ts'

/** A resource as policies see it: what a request asks for, with id, full name and type. */
export interface Subject {
  readonly id: string
  /** With the names of what it is part of: `vnet/subnet`. */
  readonly fullName: string
  readonly name: string
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
}

/** Where a field lies in the resource, as messages show it, and the values there: several when it goes through arrays. */
export interface Found {
  readonly path: string
  readonly values: readonly unknown[]
  /** Whether it goes through arrays: a condition then has to hold for each value. */
  readonly isMany: boolean
}

/** What a `count` is at: fields that begin with this one are those of the element. */
export interface Bound {
  readonly field: string
  readonly element: unknown
}

const tag = /^tags(?:\.(.+)|\[\s*'?(.*?)'?\s*\])$/i

/**
 * The values of a field: a name that all resources have, a tag, or an alias of the type.
 * https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-basics
 */
export function findField(field: string, subject: Subject, bound: readonly Bound[]): Found {
  const inner = bound.findLast(({ field: prefix }) => field.toLowerCase().startsWith(prefix.toLowerCase()))
  if (inner !== undefined) return along(inner.element, stepsOf(field.slice(inner.field.length)), field)
  const own = ownField(field.toLowerCase(), subject)
  if (own !== undefined) return { path: field, values: [own.value], isMany: false }
  const tagged = tag.exec(field)
  if (tagged !== null) return tagOf(tagged[1] ?? tagged[2] ?? '', subject)
  const prefix = `${subject.type}/`
  if (!field.toLowerCase().startsWith(prefix.toLowerCase()))
    return { path: field, values: [undefined], isMany: false }
  return along(subject.body, stepsOf(field.slice(prefix.length)), '')
}

function ownField(
  field: string,
  { id, name, fullName, type, body }: Subject,
): { value: unknown } | undefined {
  switch (field) {
    case 'id':
      return { value: id }
    case 'name':
      return { value: name }
    case 'fullname':
      return { value: fullName }
    case 'type':
      return { value: type }
    case 'location': {
      const location = body['location']
      return { value: typeof location === 'string' ? normaliseLocation(location) : location }
    }
    case 'kind':
      return { value: body['kind'] }
    case 'tags':
      return { value: body['tags'] }
    case 'identity.type':
      return { value: isRecord(body['identity']) ? body['identity']['type'] : undefined }
    default:
      return undefined
  }
}

function tagOf(name: string, { body }: Subject): Found {
  return {
    path: `tags[${name}]`,
    values: [memberOf(body['tags'], name)],
    isMany: false,
  }
}

/** `a.b[*].c` as `a`, `b`, `*`, `c`. */
const stepsOf = (path: string): readonly string[] =>
  path
    .replaceAll('[*]', '.*')
    .split(/[./]/)
    .filter((step) => step !== '')

/** Aliases leave `properties` out, of the resource and of what is embedded in it. */
function along(start: unknown, steps: readonly string[], shown: string): Found {
  let values: readonly unknown[] = [start]
  const path: string[] = shown === '' ? [] : [shown]
  for (const step of steps) {
    if (step === '*') {
      values = values.flatMap((value) => (Array.isArray(value) ? value : []))
      path.push(`${path.pop() ?? ''}[*]`)
      continue
    }
    const isInner = values.some((value) => isRecord(value) && isInProperties(value, step))
    path.push(...(isInner && shown === '' ? ['properties', step] : [step]))
    values = values.map((value) => aliasedMember(value, step))
  }
  return { path: path.join('.'), values, isMany: steps.includes('*') }
}

const isInProperties = (value: Readonly<Record<string, unknown>>, step: string): boolean =>
  isRecord(value['properties']) && memberOf(value['properties'], step) !== undefined

function aliasedMember(value: unknown, step: string): unknown {
  if (!isRecord(value)) return undefined
  if (isRecord(value['properties']) && isInProperties(value, step)) return memberOf(value['properties'], step)
  return memberOf(value, step)
}
