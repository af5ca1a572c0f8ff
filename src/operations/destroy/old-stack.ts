import type { ExistingStack } from '../../azure/deployment-stacks.ts'
import type { Lock } from '../../azure/locks.ts'
import { subnetsToLetGo } from '../../compose/network-hand-over.ts'
import { isWithin, resourceGroupIdOf, sameText } from '../../resource-id.ts'
import type { NumberedProject } from './project-by-number.ts'

/** The subnets and network security groups that the stack of an earlier release manages. */
export const networkOf = (stack: ExistingStack | undefined): readonly string[] =>
  subnetsToLetGo(stack?.resourceIds ?? [], [])

/**
 * Does a stack let go of its resources, which go with their group, instead of deleting them? One that manages subnets would
 * fail on those that something is still in, and keep all the rest waiting; released as those of any project are, they do not.
 * It goes after its group: until then it says what the project has.
 * Where a lock keeps a group from being deleted as a whole, the stack deletes what it can.
 */
export function detaches(
  stack: ExistingStack | undefined,
  locks: readonly Lock[],
  { ids }: Pick<NumberedProject, 'ids'>,
): boolean {
  const network = networkOf(stack)
  const place = resourceGroupIdOf(ids.virtualNetwork)
  const isReleased = (id: string): boolean =>
    network.includes(id) && (isWithin(id, ids.virtualNetwork) || sameText(resourceGroupIdOf(id), place))
  const outside = (stack?.resourceIds ?? []).filter((id) => !isWithin(id, ids.resourceGroup))
  return network.length > 0 && locks.length === 0 && outside.every(isReleased)
}
