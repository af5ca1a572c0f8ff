import type { Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { PresentTags } from '../../compose/tags-of-others.ts'

/** Reads the tags of a resource group and of all that is in it; none when it does not exist. */
export async function readTags(groupId: string, resources: Resources): Promise<PresentTags['tags']> {
  const [group, members] = await Promise.all([
    resources.read(groupId, apiVersions['Microsoft.Resources/resourceGroups']),
    // https://learn.microsoft.com/rest/api/resources/resources/list-by-resource-group
    resources.list(`${groupId}/resources`, apiVersions['Microsoft.Resources/deployments']),
  ])
  const found = group === undefined ? members : [{ id: groupId, tags: group.tags }, ...members]
  return new Map(found.map(({ id, tags }) => [id.toLowerCase(), tags]))
}
