import { isJsonObject, type JsonObject } from '../json.ts'
import { sameText } from '../resource-id.ts'
import { eachResource } from './each-resource.ts'
import { resourceId, scopeOf } from './identifiers.ts'
import { literalObject, withoutLiteralMarks } from './literal.ts'

type Tags = Readonly<Record<string, string>>

/** The tags in a project's resource group as they are. */
export interface PresentTags {
  /** Id of the resource group. */
  readonly group: string
  /** By resource id in small letters; the group's own too. */
  readonly tags: ReadonlyMap<string, Tags>
  /** Names of the tags that the project's documents gave everything at the last delivery. */
  readonly ours: readonly string[]
}

/**
 * The template with the tags that others have put on its resources. A deployment replaces all tags of a resource, so what
 * it does not name is lost. What the documents say wins, and what they said last time and say no more goes.
 * https://github.com/Azure/bicep/issues/15508
 */
export const withTagsOfOthers = (
  template: JsonObject,
  { group, tags: present, ours }: PresentTags,
): JsonObject =>
  eachResource(template, (resource) => {
    const { type, name, tags } = resource
    if (!isJsonObject(tags)) return resource
    const id = isGroup(String(type))
      ? group
      : resourceId(scopeOf(group), { type: String(type), name: String(name) })
    const known = [...Object.keys(withoutLiteralMarks(tags)), ...ours]
    const others = Object.entries(present.get(id.toLowerCase()) ?? {}).filter(
      ([tag]) => !known.some((one) => sameText(one, tag)),
    )
    return others.length === 0
      ? resource
      : { ...resource, tags: { ...literalObject(Object.fromEntries(others)), ...tags } }
  })

const isGroup = (type: string): boolean => sameText(type, 'Microsoft.Resources/resourceGroups')
