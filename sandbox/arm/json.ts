import { createHash } from 'node:crypto'

/** A JSON object whose content is not known yet. */
export type Json = Readonly<Record<string, unknown>>

/** The value as an object; an empty one when it is none. */
export function record(value: unknown): Json {
  return isRecord(value) ? value : {}
}

/** Whether the value is a JSON object. */
export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as a list of objects; empty when it is no list. */
export function records(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** The value as text; `undefined` when it is none. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The texts of a list; empty when it is no list. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** What lies at a path such as `properties.subnet.id`. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => record(inner)[key], value)
}

/** How an object spells a member: the name itself, else one that differs in case only. */
export function keyOf(object: Json, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name
  return Object.keys(object).find((key) => key.toLowerCase() === name.toLowerCase())
}

/** The member of an object, whatever the case of its name. */
export function memberOf(object: unknown, name: string): unknown {
  const key = keyOf(record(object), name)
  return key === undefined ? undefined : record(object)[key]
}

/** A JSON merge patch (RFC 7396). Members are found whatever their case, and keep the one that they have. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const merged: Record<string, unknown> = { ...record(target) }
  for (const [sent, value] of Object.entries(patch)) {
    const key = keyOf(merged, sent) ?? sent
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], value)
  }
  return merged
}

/** A GUID that is always the same for the same text. */
export function guidOf(seed: string): string {
  const hex = createHash('sha256').update(seed.toLowerCase()).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
