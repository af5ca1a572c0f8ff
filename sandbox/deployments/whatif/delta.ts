import { equal, isArray, isObject, type Json, type JsonObject } from '../expressions/json.ts'
import { isIgnored, isProvidersOwn } from './read-only.ts'

/** One property that differs, as what-if reports it. */
export interface PropertyChange {
  readonly path: string
  readonly propertyChangeType: 'Create' | 'Delete' | 'Modify' | 'Array' | 'NoEffect'
  readonly before: Json
  readonly after: Json
  readonly children: readonly PropertyChange[] | null
}

/**
 * What differs between a resource as it is and as the template has it, in what-if's form: objects by dotted path, lists
 * by index. What only the provider sets is left out when the template leaves it out, and `NoEffect` when it does not.
 */
export function deltaOf(before: JsonObject, after: JsonObject): readonly PropertyChange[] {
  return objectDelta(before, after, { type: String(after['type'] ?? ''), path: '' })
}

/** Where in a resource of which type; inside a list the path begins anew. */
interface Spot {
  readonly type: string
  readonly path: string
}

function objectDelta(before: JsonObject, after: JsonObject, { type, path }: Spot): readonly PropertyChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return keys.flatMap((key) =>
    valueDelta(before[key], after[key], { type, path: path === '' ? key : `${path}.${key}` }),
  )
}

function valueDelta(
  before: Json | undefined,
  after: Json | undefined,
  spot: Spot,
): readonly PropertyChange[] {
  const { type, path } = spot
  if (same(before, after, path)) return []
  if (after === undefined) return isProvidersOwn(type, path, before) ? [] : deleted(before, spot)
  if (isIgnored(path)) return [change('NoEffect', path, before, after)]
  if (before === undefined) return isNothing(after) ? [] : [change('Create', path, before, after)]
  if (isObject(before) && isObject(after)) return objectDelta(before, after, spot)
  if (isArray(before) && isArray(after)) {
    const children = listDelta(before, after, type)
    return children.length === 0 ? [] : [{ ...change('Array', path, before, after), children }]
  }
  return [change('Modify', path, before, after)]
}

/** Of an object only what somebody could have set counts as deleted. */
function deleted(before: Json | undefined, spot: Spot): readonly PropertyChange[] {
  if (isNothing(before)) return []
  if (isObject(before)) return objectDelta(before, {}, spot)
  return [change('Delete', spot.path, before, undefined)]
}

const isNothing = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  (isArray(value) && value.length === 0) ||
  (isObject(value) && Object.values(value).every(isNothing))

function change(
  propertyChangeType: PropertyChange['propertyChangeType'],
  path: string,
  before: Json | undefined,
  after: Json | undefined,
): PropertyChange {
  return { path, propertyChangeType, before: before ?? null, after: after ?? null, children: null }
}

/** Locations differ by spelling, ids by case, and neither is a change. */
function same(before: Json | undefined, after: Json | undefined, path: string): boolean {
  if (equal(before, after)) return true
  if (typeof before !== 'string' || typeof after !== 'string') return false
  if (path === 'location') return spelled(before) === spelled(after)
  const resources = before.startsWith('/subscriptions/') || path === 'type' || path === 'name'
  return resources && before.toLowerCase() === after.toLowerCase()
}

const spelled = (location: string): string => location.replaceAll(' ', '').toLowerCase()

/** Members are compared with their namesakes, and those without a name by their place. */
function listDelta(before: readonly Json[], after: readonly Json[], type: string): readonly PropertyChange[] {
  const rest = before.filter((item) => !after.some((other) => equal(item, other)))
  const open = after.flatMap((item, index) =>
    before.some((other) => equal(item, other)) ? [] : [{ item, index }],
  )
  const changes: PropertyChange[] = []
  for (const { item, index } of open) {
    const at = partner(item, rest)
    const [old] = at < 0 ? [] : rest.splice(at, 1)
    changes.push(...memberDelta(old, item, { type, path: String(index) }))
  }
  for (const old of rest)
    changes.push(...memberDelta(old, undefined, { type, path: String(before.indexOf(old)) }))
  return changes
}

function partner(item: Json, candidates: readonly Json[]): number {
  const name = isObject(item) ? (item['name'] ?? item['id']) : undefined
  if (name === undefined) return candidates.findIndex((other) => isObject(other) === isObject(item))
  return candidates.findIndex((other) => isObject(other) && equal(other['name'] ?? other['id'] ?? null, name))
}

function memberDelta(
  before: Json | undefined,
  after: Json | undefined,
  { type, path }: Spot,
): readonly PropertyChange[] {
  if (before === undefined) return [change('Create', path, before, after)]
  if (after === undefined) return [change('Delete', path, before, after)]
  if (!isObject(before) || !isObject(after))
    return same(before, after, '') ? [] : [change('Modify', path, before, after)]
  const children = objectDelta(before, after, { type, path: '' }).filter(
    (child) => child.propertyChangeType !== 'NoEffect',
  )
  return children.length === 0 ? [] : [{ ...change('Modify', path, before, after), children }]
}
