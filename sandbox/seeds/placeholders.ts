/** Filling in the `${…}` of a seed. */
import type { SeedDocument } from './document.ts'

/** What each name stands for. */
export type Values = ReadonlyMap<string, string>

const placeholder = /\$\{([A-Za-z]+)\}/g

/**
 * A text without placeholders.
 * @throws Error for a name that stands for nothing
 */
export const fillText = (text: string, values: Values): string =>
  text.replace(placeholder, (_, name: string) => {
    const value = values.get(name)
    if (value === undefined) throw new Error(`The seed has no value for '\${${name}}' in '${text}'.`)
    return fillText(value, values)
  })

/** The same for all texts in a JSON value. */
export const fill = (value: unknown, values: Values): unknown => {
  if (typeof value === 'string') return fillText(value, values)
  if (Array.isArray(value)) return value.map((item) => fill(item, values))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, values)]))
}

/** The names of one environment: its own keys, those that several places use, and the last part of GUIDs made for it. */
export const valuesOf = (seed: SeedDocument, environment: string): Values => {
  const index = Object.keys(seed.environments).indexOf(environment)
  return new Map<string, string>([
    ...Object.entries(seed.values),
    ...Object.entries(seed.environments[environment] ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
    ['environment', environment],
    ['guid', String(index + 1).padStart(12, '0')],
  ])
}
