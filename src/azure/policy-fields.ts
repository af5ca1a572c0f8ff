import { isJsonObject, type Json } from '../json.ts'
import { sameText } from '../resource-id.ts'
import { fieldOf, type PolicyParameters, type PolicySubject, resolved } from './policy-rule.ts'

/** A property that the condition of a policy looks at. */
export interface LookedAt {
  readonly field: string
  /** What a resource has there, as JSON; `not set`, or `not known` before Azure fills it in. */
  readonly found: string
}

const longestValue = 100

/** What a condition looks at in a resource, besides its type. Pure. */
export function fieldsSeen(
  condition: Json | undefined,
  subject: PolicySubject,
  parameters: PolicyParameters,
): readonly LookedAt[] {
  const names = [...new Set(fieldNames(condition, parameters))].filter((field) => !sameText(field, 'type'))
  return names.map((field) => {
    const value = fieldOf(field, subject)
    if (value === undefined) return { field, found: 'not known before Azure has it' }
    return {
      field,
      found: value.value === undefined ? 'not set' : JSON.stringify(value.value).slice(0, longestValue),
    }
  })
}

function fieldNames(condition: Json | undefined, parameters: PolicyParameters): readonly string[] {
  if (Array.isArray(condition)) return condition.flatMap((one: Json) => fieldNames(one, parameters))
  if (!isJsonObject(condition)) return []
  const own = resolved(condition['field'], parameters)
  return [
    ...(typeof own === 'string' ? [own] : []),
    ...Object.values(condition).flatMap((inner) => fieldNames(inner, parameters)),
  ]
}
