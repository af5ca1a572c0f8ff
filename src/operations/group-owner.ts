import type { ExistingResource } from '../azure/resources.ts'
import { UserError } from '../diagnostics/user-error.ts'
import type { Owner } from '../network/ownership.ts'
import { isWithin, sameText } from '../resource-id.ts'
import { tagIn } from '../tags.ts'

/** A resource group, as far as it shows whose it is. */
export type OwnedGroup = Pick<ExistingResource, 'id' | 'name' | 'location' | 'tags'>

const ownTags = ['factory', 'project', 'environment'] as const

const tagsIn = (group: Pick<OwnedGroup, 'tags'>, owner: Owner) =>
  ownTags.map((name) => ({
    name,
    wanted: owner[name],
    found: tagIn(group.tags, name),
  }))

/** Do the tags of a group, or of a resource, say that it is this owner's? */
export const hasOwnTags = (tagged: Pick<OwnedGroup, 'tags'> | undefined, owner: Owner): boolean =>
  tagged !== undefined && tagsIn(tagged, owner).every(({ wanted, found }) => found === wanted)

/** Do the tags of a group say that it is another project's? */
export function isOfOtherProject(group: Pick<OwnedGroup, 'tags'>, owner: Owner): boolean {
  const tags = tagsIn(group, owner)
  return tags.every(({ found }) => found !== undefined) && tags.some(({ wanted, found }) => found !== wanted)
}

/**
 * Why a group whose tags name another owner is not touched; undefined when they do not.
 * @param noun what the owner is
 */
export function otherOwner(group: OwnedGroup, owner: Owner, noun = 'project'): UserError | undefined {
  const wrong = tagsIn(group, owner).filter(({ wanted, found }) => found !== undefined && found !== wanted)
  if (wrong.length === 0) return undefined
  const shown = (which: 'wanted' | 'found') => wrong.map((tag) => `${tag.name}=${tag[which]}`).join(', ')
  return new UserError({
    what: `Resource group '${group.name}' has the tags ${shown('found')}, and this ${noun} has ${shown('wanted')}. Nothing was changed.`,
    why: 'Another project or factory has made it under the same name, or somebody has changed its tags.',
    fix: `Check name, instance and locationCode in factory.yml. If the group belongs to this ${noun}, correct its tags.`,
  })
}

/** Does a deployment stack manage the group? Then whoever deployed it has made it, whatever its tags have become. */
export const isManaged = (managed: readonly string[], groupId: string): boolean =>
  managed.some((id) => sameText(id, groupId) || (id.includes('/providers/') && isWithin(id, groupId)))
