import { ArmError, type ArmErrorBody, type Caller, type StoredResource } from '../contracts.ts'
import { parseAddress, sameId } from './address.ts'
import { forbidden, relativeName } from './errors.ts'
import type { ArmContext } from './http/context.ts'

/**
 * Deletes a resource group with all that is in it, in whatever order the rules of the types allow. What cannot go
 * stays, and the group with it (`ResourceGroupDeletionBlocked`), so what is said of the group itself, who may do what
 * there above all, goes only with the group, whatever its caller may otherwise do with that.
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
      if (left.length > 0) throw deletionBlocked(world.store.get(id)?.name ?? id, left)
      await engine.remove(id, caller)
    },
  }
}

/** What could not be removed, and why. */
interface Left {
  readonly id: string
  readonly reason: ArmErrorBody | undefined
}

/** Each reason comes as a text, as its provider answered. https://github.com/Azure/azure-sdk-for-go/issues/2645 */
const deletionBlocked = (name: string, left: readonly Left[]): ArmError =>
  new ArmError(409, {
    code: 'ResourceGroupDeletionBlocked',
    message: `Deletion of resource group '${name}' failed as resources with identifiers '${left.map(relativeName).join(',')}' could not be deleted. The provisioning state of the resource group will be rolled back. Please check audit logs for more details.`,
    details: left.map(({ id, reason }) => ({
      code: reason?.code ?? 'Conflict',
      target: id,
      message: JSON.stringify({ error: reason }),
    })),
  })

/** Tries again as long as something could be removed, and returns what could not. */
async function removeAll(
  id: string,
  caller: Caller,
  { engine, world }: ArmContext,
): Promise<readonly Left[]> {
  const contents = () => world.store.within(id).filter((resource) => !extendsGroup(resource, id))
  for (;;) {
    const reasons = new Map<string, ArmErrorBody>()
    const remove = (resources: readonly StoredResource[]) =>
      Promise.all(
        resources.map(async (resource) => {
          try {
            await engine.remove(resource.id, caller)
          } catch (error) {
            if (!(error instanceof ArmError)) throw error
            reasons.set(resource.id, error.body)
          }
        }),
      )
    const before = contents()
    // What has a place of its own goes before what it is part of, which may refuse to go with it.
    await remove(before.filter((resource) => isNested(resource)))
    await remove(topLevel(contents()))
    const left = contents()
    if (left.length === 0 || left.length === before.length)
      return topLevel(left).map((resource) => ({ id: resource.id, reason: reasons.get(resource.id) }))
  }
}

/** Namespaces whose resources, at a group, say something of the group: assignments of roles and policies, budgets. */
const ofGroups = /^microsoft\.(authorization|consumption|costmanagement|policyinsights)\//i

const extendsGroup = ({ id, type }: StoredResource, group: string): boolean =>
  ofGroups.test(type) && sameId(parseAddress(id)?.scope, group)

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
