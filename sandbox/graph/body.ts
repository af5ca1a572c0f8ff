import { refusals } from './errors.ts'

/** Whether a value fits a property. */
export type Check = (value: unknown) => boolean

/** The properties that a client may send, with what fits each. */
export type Checks = Readonly<Record<string, Check>>

/** The checks that many properties share. */
export const fits = {
  text:
    (maximum: number, minimum = 0): Check =>
    (value) =>
      typeof value === 'string' && value.length >= minimum && value.length <= maximum,
  nullableText:
    (maximum: number): Check =>
    (value) =>
      value === null || (typeof value === 'string' && value.length <= maximum),
  flag: (value: unknown) => typeof value === 'boolean',
  nullableFlag: (value: unknown) => value === null || typeof value === 'boolean',
  texts: (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  objects: (value: unknown) => Array.isArray(value) && value.every(isRecord),
  object: (value: unknown) => value === null || isRecord(value),
} as const

/** A JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads the properties of a body; annotations are left out. @throws GraphError 400 that names the property */
export function readKnown(
  body: Readonly<Record<string, unknown>>,
  checks: Checks,
  resource: string,
): Readonly<Record<string, unknown>> {
  const known = Object.entries(body).filter(([name]) => !name.includes('@odata.'))
  for (const [name, value] of known) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined
    if (check === undefined) throw refusals.unknownProperty(name, resource)
    if (!check(value)) throw refusals.invalid(name, resource)
  }
  return Object.fromEntries(known)
}

/** @throws GraphError 400 for the first property that is missing */
export function demandAll(
  body: Readonly<Record<string, unknown>>,
  names: readonly string[],
  resource: string,
): void {
  const missing = names.find((name) => body[name] === undefined || body[name] === null)
  if (missing !== undefined) throw refusals.missing(missing, resource)
}

/** A text that has been checked to be one. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
