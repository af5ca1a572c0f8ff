import type { GroupMember, Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { PresentTags } from '../../compose/tags-of-others.ts'
import type { OwnedGroup } from '../group-owner.ts'

/** A resource group and what is in it, with the tags of all. */
export interface TaggedGroup {
  /** Undefined when it does not exist. */
  readonly group: OwnedGroup | undefined
  readonly tags: PresentTags['tags']
  readonly members: readonly GroupMember[]
}

/** Reads them. */
export async function readTags(groupId: string, resources: Resources): Promise<TaggedGroup> {
  const [group, members] = await Promise.all([
    resources.read(groupId, apiVersions['Microsoft.Resources/resourceGroups']),
    resources.listGroup(groupId),
  ])
  const found = group === undefined ? members : [{ id: groupId, tags: group.tags }, ...members]
  return { group, members, tags: new Map(found.map(({ id, tags }) => [id.toLowerCase(), tags])) }
}
