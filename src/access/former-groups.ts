import { sameText } from '../resource-id.ts'
import type { ActualAccess, DesiredAccess, DesiredGroup, GroupKey } from './model.ts'

/** The group of a persona that factory.yml no longer has, or whose group it calls otherwise, by its mail nickname. */
export const formerKey = (mailNickname: string): GroupKey => `former:${mailNickname}`

/** Is it such a group? */
export const isFormer = (key: GroupKey): boolean => key.startsWith('former:')

/** Of names that begin like those of our groups, those of no persona of today. */
export const namesBesides = (named: readonly string[], listed: readonly string[]): readonly string[] =>
  listed.filter((name) => !named.some((one) => sameText(one, name)))

/**
 * What is desired, with the groups of former personas that exist: nobody is to be in them, they have no role, and no way
 * through the lake. Destroying the project deletes them.
 */
export function withFormerGroups(
  desired: DesiredAccess,
  { groups }: Pick<ActualAccess, 'groups'>,
): DesiredAccess {
  const former = [...groups].flatMap(([key, { displayName }]) =>
    isFormer(key) ? [formerGroup(key, displayName, desired)] : [],
  )
  if (former.length === 0) return desired
  const keys = former.map(({ key }) => key)
  return {
    ...desired,
    groups: [
      ...desired.groups.map((group) =>
        group.key === 'lakeTraversal' ? { ...group, formerGroups: [...group.formerGroups, ...keys] } : group,
      ),
      ...former,
    ],
  }
}

const formerGroup = (
  key: GroupKey,
  displayName: string,
  { groupPrefix = '' }: DesiredAccess,
): DesiredGroup => ({
  key,
  presence: 'if-exists',
  displayName,
  mailNickname: key.slice('former:'.length),
  description: `Former persona ${displayName.slice(groupPrefix.length)}. factory.yml has no persona of this group any more.`,
  membership: 'exact',
  members: [],
  remove: [],
  memberGroups: [],
  formerGroups: [],
  memberIdentities: [],
  neverEmpty: false,
  memberPlaces: [],
})
