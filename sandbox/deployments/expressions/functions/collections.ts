import { type Arguments, many, takes } from '../arguments.ts'
import { equal, isArray, isObject, type Json, type JsonObject, property } from '../json.ts'

const isEmpty = (value: Json): boolean => {
  if (value === null || value === '') return true
  if (isArray(value)) return value.length === 0
  return isObject(value) && Object.keys(value).length === 0
}

const has = (list: readonly Json[], item: Json): boolean => list.some((candidate) => equal(candidate, item))

/** What two objects make together: the second wins, objects inside are joined, arrays are replaced. */
function joined(left: JsonObject, right: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...left }
  for (const [key, value] of Object.entries(right)) {
    const before = result[key]
    result[key] = isObject(before) && isObject(value) ? joined(before, value) : value
  }
  return result
}

function union(given: Arguments): Json {
  if (given.values.every(isArray)) {
    const found: Json[] = []
    for (const item of given.values.flat()) if (!has(found, item)) found.push(item)
    return found
  }
  return given.values.reduce<JsonObject>((all, _, index) => joined(all, given.object(index)), {})
}

function intersection(given: Arguments): Json {
  const [first, ...others] = given.values
  if (isArray(first)) {
    const lists = others.map((_, index) => given.list(index + 1))
    return first.filter((item) => lists.every((list) => has(list, item)))
  }
  const objects = others.map((_, index) => given.object(index + 1))
  const same = (key: string, value: Json): boolean => objects.every((object) => equal(object[key], value))
  return Object.fromEntries(Object.entries(given.object(0)).filter(([key, value]) => same(key, value)))
}

function createObject(given: Arguments): Json {
  if (given.values.length % 2 !== 0) throw given.wrong('the arguments must be pairs of key and value')
  const pairs = given.values.flatMap((_, index) =>
    index % 2 === 0 ? [[given.text(index), given.at(index + 1)]] : [],
  )
  return Object.fromEntries(pairs)
}

function cut(
  given: Arguments,
  part: <T extends string | readonly Json[]>(whole: T, count: number) => Json,
): Json {
  const whole = given.at(0)
  const count = Math.max(0, given.integer(1))
  return isArray(whole) ? part(whole, count) : part(given.text(0), count)
}

/** The member of an array, counted from its end, where the last one is 1. */
const fromEnd = (list: readonly Json[], place: number): Json | undefined =>
  place < 1 ? undefined : list[list.length - place]

/**
 * Functions for arrays and objects.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-array
 */
export const collectionFunctions = {
  array: takes(1, undefined, (given) => {
    const value = given.at(0)
    return isArray(value) ? value : [value]
  }),
  createArray: takes(0, many, (given) => given.values),
  createObject: takes(0, many, createObject),
  empty: takes(1, undefined, (given) => isEmpty(given.at(0))),
  length: takes(1, undefined, (given) => {
    const value = given.at(0)
    if (isObject(value)) return Object.keys(value).length
    return isArray(value) ? value.length : given.text(0).length
  }),
  contains: takes(2, undefined, (given) => {
    const where = given.at(0)
    if (isArray(where)) return has(where, given.at(1))
    if (isObject(where)) return property(where, given.text(1)) !== undefined
    return given.text(0).includes(given.text(1))
  }),
  first: takes(1, undefined, (given) => {
    const value = given.at(0)
    return isArray(value) ? (value[0] ?? null) : given.text(0).slice(0, 1)
  }),
  last: takes(1, undefined, (given) => {
    const value = given.at(0)
    return isArray(value) ? (value.at(-1) ?? null) : given.text(0).slice(-1)
  }),
  take: takes(2, undefined, (given) => cut(given, (whole, count) => whole.slice(0, count))),
  skip: takes(2, undefined, (given) => cut(given, (whole, count) => whole.slice(count))),
  union: takes(1, many, union),
  intersection: takes(2, many, intersection),
  flatten: takes(1, undefined, (given) => given.list(0).flatMap((item) => (isArray(item) ? item : [item]))),
  items: takes(1, undefined, (given) =>
    Object.entries(given.object(0))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, value]) => ({ key, value })),
  ),
  indexFromEnd: takes(2, undefined, (given) => {
    const item = fromEnd(given.list(0), given.integer(1))
    if (item !== undefined) return item
    throw given.wrong(`the array index '${given.integer(1)}' from the end is out of bounds`)
  }),
  tryIndexFromEnd: takes(2, undefined, (given) => {
    const list = given.at(0)
    return isArray(list) ? (fromEnd(list, given.integer(1)) ?? null) : null
  }),
  objectKeys: takes(1, undefined, (given) => Object.keys(given.object(0))),
  shallowMerge: takes(1, undefined, (given) => Object.assign({}, ...given.list(0).filter(isObject))),
}
