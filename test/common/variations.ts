/** What factory.yml can say of the parts of a common area, one thing at a time, from the catalogue itself. */
import fc from 'fast-check'
import { z } from 'zod'
import { type CommonPartKey, commonCatalogue, commonPartKeys } from '../../src/catalog/common/index.ts'
import type { CommonPartDefinition } from '../../src/catalog/common/types.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/json.ts'

/** One thing that is said about one part. */
export interface Variation {
  readonly title: string
  readonly part: CommonPartKey
  /** What the key `common` says without it. */
  readonly without: JsonObject
  /** What it says with it. */
  readonly with: JsonObject
}

/** Options that mean something which has to be there: no value that fits their schema would do. */
type Given = Readonly<Record<string, Json>>

/** Values that an option can have, other than this one, from its JSON schema: one of each kind. */
function otherValues(schema: JsonObject, current: Json | undefined): readonly Json[] {
  const { anyOf, enum: allowed, type, minimum, maximum, format, pattern, items } = schema
  if (Array.isArray(anyOf)) {
    return anyOf.filter(isJsonObject).flatMap((one) => otherValues(one, current))
  }
  if (Array.isArray(allowed)) return allowed.filter((value) => value !== current).slice(0, 1)
  if (type === 'null') return current === null ? [] : [null]
  if (type === 'boolean') return [current !== true]
  if (type === 'integer') {
    return [maximum, minimum].flatMap((value) => (value === current ? [] : (value ?? []))).slice(0, 1)
  }
  if (type === 'array' && isJsonObject(items)) return [otherValues(items, undefined).slice(0, 1)]
  if (format === 'ipv4') return ['10.1.0.4']
  if (format === 'email') return ['finance@contoso.example']
  if (typeof pattern === 'string')
    return fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 1, seed: 1 })
  throw new Error(`No value is known for an option like ${JSON.stringify(schema)}.`)
}

const valuesOf = (option: z.ZodType, current: Json | undefined): readonly Json[] => {
  const schema: unknown = JSON.parse(JSON.stringify(z.toJSONSchema(option, { io: 'input' })))
  return isJsonObject(schema) ? otherValues(schema, current) : []
}

const jsonOf = (value: unknown): JsonObject => {
  const json: unknown = JSON.parse(JSON.stringify(value))
  return isJsonObject(json) ? json : {}
}

function variationsOf(key: CommonPartKey, given: Given): readonly Variation[] {
  const part: CommonPartDefinition = commonCatalogue.parts[key]
  const choices = (option: string): readonly Json[] => {
    const schema = part.options.shape[option]
    const current = jsonOf(part.defaults.dev)[option]
    const known = given[option]
    return known !== undefined ? [known] : schema === undefined ? [] : valuesOf(schema, current)
  }
  const needed = Object.fromEntries(part.required.map((option) => [option, choices(option)[0] ?? null]))
  const on: Json = part.required.length > 0 ? needed : true
  const switched: readonly Variation[] =
    part.enabled === 'always'
      ? []
      : [
          part.enabled
            ? { title: `${key} off`, part: key, without: {}, with: { [key]: false } }
            : { title: `${key} on`, part: key, without: {}, with: { [key]: on } },
        ]
  const options = Object.keys(part.options.shape)
    .filter((option) => !part.required.includes(option))
    .flatMap((option) =>
      choices(option).map((value) => ({
        title: `${key}.${option}: ${JSON.stringify(value)}`,
        part: key,
        without: part.enabled === false ? { [key]: on } : {},
        with: { [key]: { ...needed, [option]: value } },
      })),
    )
  return [...switched, ...options]
}

/**
 * All of the catalogue, the parts in its order.
 * @param given values by name of the option
 */
export const variations = (given: Given): readonly Variation[] =>
  commonPartKeys.flatMap((key) => variationsOf(key, given))
