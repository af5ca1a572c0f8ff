import { isJsonObject, type JsonObject } from '../json.ts'

/** The second object's keys count more; objects in both merge, everything else is replaced. */
export function merge(base: JsonObject, over: JsonObject): JsonObject {
  const merged = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const before = Object.hasOwn(base, key) ? base[key] : undefined
    merged[key] = isJsonObject(before) && isJsonObject(value) ? merge(before, value) : value
  }
  return merged
}
