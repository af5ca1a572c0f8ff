import type { Caller, StoredResource } from '../contracts.ts'
import { parseAddress } from './address.ts'
import { conflict, forbidden } from './errors.ts'
import type { ArmContext } from './http/context.ts'

/**
 * Deletes a resource group with all that is in it, in whatever order the rules of the types allow. What cannot go
 * stays, and the group with it (`ResourceGroupDeletionBlocked`).
 */
export function removeGroup(
  id: string,
  caller: Caller,
  context: ArmContext,
): { finish(): Promise<void> } | undefined {
  const { engine, world, authorization } = context
  const action = 'Microsoft.Resources/subscriptions/resourceGroups/delete'
  if (!authorization.allows(caller, id, action)) throw forbidden(authorization, caller, action, id)
  const address = parseAddress(id)
  if (address === undefined || world.store.get(id) === undefined) return undefined
  engine.governance.admitRemoval(address)
  return {
    finish: async () => {
      const left = await removeAll(id, caller, context)
      if (left.length > 0)
        throw conflict(
          'ResourceGroupDeletionBlocked',
          `Deletion of resource group '${world.store.get(id)?.name ?? id}' failed as resources with identifiers '${left.map((resource) => resource.id).join(',')}' could not be deleted. The provisioning state of the resource group will be rolled back.`,
        )
      await engine.remove(id, caller)
    },
  }
}

/** Tries again as long as something could be removed, and returns what could not. */
async function removeAll(
  id: string,
  caller: Caller,
  { engine, world }: ArmContext,
): Promise<readonly StoredResource[]> {
  const remove = (resources: readonly StoredResource[]) =>
    Promise.allSettled(resources.map((resource) => engine.remove(resource.id, caller)))
  for (;;) {
    const before = world.store.within(id)
    // What has a place of its own goes before what it is part of, which may refuse to go with it.
    await remove(before.filter((resource) => isNested(resource)))
    await remove(topLevel(world.store.within(id)))
    const left = world.store.within(id)
    if (left.length === 0 || left.length === before.length) return topLevel(left)
  }
}

const isNested = ({ id, location }: StoredResource): boolean =>
  location !== undefined && parseAddress(id)?.parent !== undefined

/** Resources whose parent is not in the list itself. */
function topLevel(resources: readonly StoredResource[]): readonly StoredResource[] {
  const keys = new Set(resources.map((resource) => resource.id.toLowerCase()))
  const hasParent = (key: string) => {
    const segments = key.split('/')
    return segments.some(
      (_, index) => index < segments.length && keys.has(segments.slice(0, index).join('/')),
    )
  }
  return resources.filter((resource) => !hasParent(resource.id.toLowerCase()))
}
