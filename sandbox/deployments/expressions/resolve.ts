import { ExpressionError, NeedsRuntime } from './errors.ts'
import { evaluate } from './evaluate.ts'
import { isArray, isObject, type Json, type JsonObject } from './json.ts'
import { isExpression, parseExpression } from './parser.ts'
import { type Scope, withLoop } from './scope.ts'

/** Called for every expression that only a running deployment can evaluate; it then stays as it is written. */
type KeepUnresolved = (expression: string) => void

/**
 * A value of a template with all its expressions evaluated: in strings, in keys, in property loops (`copy`).
 * @param keep when given, expressions that need the running deployment stay text; otherwise they throw NeedsRuntime
 * @throws ExpressionError when Azure would refuse an expression
 */
export function resolve(value: Json, scope: Scope, keep?: KeepUnresolved): Json {
  if (typeof value === 'string') return resolveText(value, scope, keep)
  if (isArray(value)) return value.map((item) => resolve(item, scope, keep))
  return isObject(value) ? resolveObject(value, scope, keep) : value
}

function resolveText(text: string, scope: Scope, keep: KeepUnresolved | undefined): Json {
  if (text.startsWith('[[')) return text.slice(1)
  if (!isExpression(text)) return text
  try {
    return evaluate(parseExpression(text), scope)
  } catch (error) {
    if (!(error instanceof NeedsRuntime) || keep === undefined) throw error
    keep(text)
    return text
  }
}

function resolveObject(object: JsonObject, scope: Scope, keep: KeepUnresolved | undefined): JsonObject {
  const result: Record<string, Json> = {}
  for (const [key, value] of Object.entries(object)) {
    if (key === 'copy' && isPropertyLoops(value))
      for (const loop of value) result[loop.name] = unroll(loop, scope, keep)
    else result[String(resolveText(key, scope, keep))] = resolve(value, scope, keep)
  }
  return result
}

interface PropertyLoop extends JsonObject {
  readonly name: string
  readonly count: Json
  readonly input: Json
}

const isPropertyLoops = (value: Json): value is readonly PropertyLoop[] =>
  isArray(value) &&
  value.length > 0 &&
  value.every(
    (item) => isObject(item) && typeof item['name'] === 'string' && 'count' in item && 'input' in item,
  )

function unroll(loop: PropertyLoop, scope: Scope, keep: KeepUnresolved | undefined): Json {
  return rounds(loop.count, scope).map((index) =>
    resolve(loop.input, withLoop(scope, loop.name, index), keep),
  )
}

/** Most rounds of one loop. Source: learn.microsoft.com, templates/copy-resources. */
const maximumRounds = 800

/** The indexes of a loop. */
export function rounds(count: Json | undefined, scope: Scope): readonly number[] {
  const value = resolve(count ?? null, scope)
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw new ExpressionError(
      "The value of the template 'copy' property 'count' must be a non-negative integer.",
    )
  if (value > maximumRounds)
    throw new ExpressionError(
      `The number of copies '${value}' exceeds the limit of '${maximumRounds}'. Please see https://aka.ms/arm-resource-loops for usage details.`,
    )
  return Array.from({ length: value }, (_, index) => index)
}
