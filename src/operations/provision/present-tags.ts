import type { Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { PresentTags } from '../../compose/tags-of-others.ts'
import type { OwnedGroup } from '../group-owner.ts'

/** A resource group, and the tags of it and of all that is in it. */
export interface TaggedGroup {
  /** Undefined when it does not exist. */
  readonly group: OwnedGroup | undefined
  readonly tags: PresentTags['tags']
}

/** Reads them. */
export async function readTags(groupId: string, resources: Resources): Promise<TaggedGroup> {
  const [group, members] = await Promise.all([
    resources.read(groupId, apiVersions['Microsoft.Resources/resourceGroups']),
    // https://learn.microsoft.com/rest/api/resources/resources/list-by-resource-group
    resources.list(`${groupId}/resources`, apiVersions['Microsoft.Resources/deployments']),
  ])
  const found = group === undefined ? members : [{ id: groupId, tags: group.tags }, ...members]
  return { group, tags: new Map(found.map(({ id, tags }) => [id.toLowerCase(), tags])) }
}
