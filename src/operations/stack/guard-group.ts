import { UserError } from '../../diagnostics/user-error.ts'
import { sameText } from '../../resource-id.ts'
import { hasOwnTags, isManaged, type OwnedGroup, otherOwner } from '../group-owner.ts'
import type { Objection } from '../objection.ts'
import type { StackTarget } from '../stack-target.ts'

/**
 * Checks whose the resource group is that a stack is to be delivered into. One that has its name already, and that nothing
 * shows to be its owner's, is somebody else's: where it cannot be used, it is not the owner that has to move.
 * @param managed ids of what the stack manages
 */
export function guardGroup(
  group: OwnedGroup | undefined,
  managed: readonly string[],
  target: StackTarget,
): Objection | undefined {
  if (group === undefined) return undefined
  const { factory, owner, texts } = target
  const isOurs = isManaged(managed, group.id) || hasOwnTags(group, owner)
  if (group.location !== undefined && !sameText(group.location, factory.location))
    return elsewhere(group, group.location, { isOurs, target })
  if (isOurs) return undefined
  const refusal = otherOwner(group, owner, texts.noun)
  const where = factory.at('name')
  if (refusal !== undefined) return { warning: refusal.parts.what, refusal, where }
  return {
    warning: `Resource group '${group.name}' is there already, and no tag shows that this factory made it. The ${texts.noun} is delivered into it, and destroying the ${texts.noun} deletes it unless somebody else has something in it.`,
    refusal: undefined,
    where,
  }
}

/** https://learn.microsoft.com/azure/azure-resource-manager/management/manage-resource-groups-portal#what-is-a-resource-group */
function elsewhere(
  group: OwnedGroup,
  location: string,
  { isOurs, target }: { readonly isOurs: boolean; readonly target: StackTarget },
): Objection {
  const { factory, texts } = target
  const { title, noun, howToMove } = texts
  const what = `Resource group '${group.name}' is in ${location}, and factory.yml says ${factory.location}.`
  const refusal = new UserError({
    what,
    why: isOurs
      ? `${title} was delivered there, and a resource group stays in its region.`
      : 'A resource group stays in its region, and nothing shows that this factory made this one: somebody else has.',
    fix: isOurs
      ? `Set 'location' in factory.yml back to the region of the first delivery; or destroy the ${noun} in this environment, then deliver it again.`
      : `Ask who made it, and have it deleted; or ${howToMove}.`,
  })
  return { warning: `${what} Mode apply refuses that.`, refusal, where: factory.at('location') }
}
