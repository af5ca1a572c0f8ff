import { isJsonObject, type Json } from '../json.ts'
import { typeOfResource } from '../resource-id.ts'

const resourceId = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+(?:\/[^/]+\/[^/]+)+$/i

/** The type of the resource that an id names; undefined for any other text. */
export const typeOfId = (text: string): string | undefined =>
  resourceId.test(text) ? typeOfResource(text) : undefined

/** A text in the body of a resource. */
export interface BodyText {
  /** The key that it is under. */
  readonly key: string
  readonly value: string
}

/** All texts in a body, but for what only says what it waits for. */
export function textsIn(value: Json | undefined, key = ''): readonly BodyText[] {
  if (typeof value === 'string') return [{ key, value }]
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item, key))
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([name, inner]) => (name === 'dependsOn' ? [] : textsIn(inner, name)))
}
