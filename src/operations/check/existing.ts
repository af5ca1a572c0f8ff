import type { GroupMember, Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { OwnedGroup } from '../group-owner.ts'
import { together } from '../together.ts'

/** What the project's resource group holds already. */
export interface Existing {
  readonly group: OwnedGroup | undefined
  readonly hasGroup: boolean
  readonly members: readonly GroupMember[]
  /** Is there a resource with this id? Only resources of their own are known, not what is inside others. */
  readonly has: (id: string) => boolean
}

/** Reads a resource group, and which resources it holds. */
export async function readExisting(
  resources: Pick<Resources, 'read' | 'listGroup'>,
  groupId: string,
): Promise<Existing> {
  const [group, members] = await together(
    resources.read(groupId, apiVersions['Microsoft.Resources/resourceGroups']),
    resources.listGroup(groupId),
  )
  const ids = new Set(members.map(({ id }) => id.toLowerCase()))
  return { group, hasGroup: group !== undefined, members, has: (id) => ids.has(id.toLowerCase()) }
}
