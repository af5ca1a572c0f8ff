import { identitiesOf } from '../../access/diff-access.ts'
import { formerKey, namesBesides } from '../../access/former-groups.ts'
import {
  type ActualAccess,
  type ActualAssignment,
  type DesiredAccess,
  type EligibleRead,
  type GroupKey,
  nobodyEligible,
} from '../../access/model.ts'
import { isOfOthers, mayBeOurs } from '../../access/refuse-groups.ts'
import { hasOwnName } from '../../access/role-assignment.ts'
import type { Directory, ExistingGroup } from '../../azure/directory.ts'
import type { ResourceIds } from '../../catalog/resource-ids.ts'
import type { AccessServices } from './access-services.ts'
import { readAssignments } from './read-assignments.ts'
import { readIdentities } from './read-identities.ts'
import { inheritedBy, throughGroups } from './read-inherited.ts'

async function readGroups(
  desired: DesiredAccess,
  directory: Directory,
): Promise<ReadonlyMap<GroupKey, ExistingGroup>> {
  const [found, former] = await Promise.all([
    Promise.all(
      desired.groups.map(async (group) => ({
        group,
        actual: await directory.findGroup(group.mailNickname),
      })),
    ),
    readFormerGroups(desired, directory),
  ])
  const known = found.flatMap(({ group, actual }) =>
    actual === undefined || isOfOthers(group, actual.ownership) ? [] : [[group.key, actual] as const],
  )
  return new Map([...known, ...former])
}

/** The groups of personas that factory.yml no longer has, or calls otherwise. Those of others have nothing to do with us. */
async function readFormerGroups(
  desired: DesiredAccess,
  { namesBeginningWith, findGroup }: Directory,
): Promise<readonly (readonly [GroupKey, ExistingGroup])[]> {
  if (desired.groupPrefix === undefined) return []
  const named = desired.groups.map(({ mailNickname }) => mailNickname)
  const names = namesBesides(named, await namesBeginningWith(desired.groupPrefix))
  const found = await Promise.all(names.map(findGroup))
  return found.flatMap((group, index) => {
    const name = names[index]
    return group === undefined || name === undefined || !mayBeOurs(group) ? [] : [[formerKey(name), group]]
  })
}

/** Whoever is in a group already need not be looked for: of a team that stays as it is, nobody. */
async function readMembers(
  { groups }: DesiredAccess,
  existing: ReadonlyMap<GroupKey, ExistingGroup>,
  directory: Pick<Directory, 'resolve' | 'explainUnresolved'>,
): Promise<Pick<ActualAccess, 'members' | 'unresolved'>> {
  const listed = [...existing.values()].flatMap(({ members }) => members)
  const byName = new Map(listed.flatMap((member) => member.names.map((name) => [name, member] as const)))
  const named = new Set(groups.flatMap(({ members, remove }) => [...members, ...remove]))
  const known = [...named].flatMap((name) => {
    const member = byName.get(name.toLowerCase())
    return member === undefined ? [] : [[name, member] as const]
  })
  const open = new Set([...named].filter((name) => !byName.has(name.toLowerCase())))
  const found = await resolveMembers(open, directory)
  return { ...found, members: new Map([...known, ...found.members]) }
}

/** Everybody of that name, and about those who cannot be resolved why. */
export async function resolveMembers(
  named: ReadonlySet<string>,
  { resolve, explainUnresolved }: Pick<Directory, 'resolve' | 'explainUnresolved'>,
): Promise<Pick<ActualAccess, 'members' | 'unresolved'>> {
  const members = await resolve(named)
  const open = [...named].filter((member) => !members.has(member))
  return open.length === 0 ? { members } : { members, unresolved: await explainUnresolved(open) }
}

/** Principals of assignments inside Cosmos DB that the directory does not know any more, but for those that are known. */
async function readGone(
  { extent }: DesiredAccess,
  assignments: readonly ActualAssignment[],
  known: readonly string[],
  { resolve }: Directory,
): Promise<ReadonlySet<string>> {
  const principals = new Set(
    assignments
      .filter((assignment) => assignment.plane === 'cosmos' && hasOwnName(assignment))
      .map(({ principalId }) => principalId),
  )
  const open = new Set([...principals].filter((principalId) => !known.includes(principalId)))
  if (extent !== 'people' || open.size === 0) return new Set()
  const found = await resolve(open)
  return new Set([...open].filter((principalId) => !found.has(principalId)))
}

/** Who is eligible in the project's resource group, which comes first among the managed scopes; there is none without it. */
const readEligible = async (
  { managedScopes: [place] }: DesiredAccess,
  { eligible }: Pick<AccessServices, 'eligible'>,
): Promise<EligibleRead> => (place === undefined ? nobodyEligible : eligible.listWithin(place))

/** Reads who is in the groups and which roles they have, as far as it is about people. Changes nothing. */
export async function readPeople(
  desired: DesiredAccess,
  { directory, ...services }: AccessServices,
  identities: Promise<ActualAccess['identities']> = Promise.resolve(new Map()),
): Promise<ActualAccess> {
  const [groups, { assignments, above }, existing, eligible] = await Promise.all([
    readGroups(desired, directory),
    readAssignments(desired, services),
    identities,
    readEligible(desired, services),
  ])
  const groupIds = [...groups.values()].map(({ objectId }) => objectId)
  const [members, gone, around] = await Promise.all([
    readMembers(desired, groups, directory),
    readGone(desired, assignments, [...groupIds, ...existing.values()], directory),
    throughGroups(desired, groupIds, above, directory),
  ])
  const inherited = [...inheritedBy(groupIds, above), ...around]
  return { groups, identities: existing, ...members, inherited, eligible, assignments, gone }
}

/** The same, with the identities of a project. */
export const readAccess = (
  desired: DesiredAccess,
  ids: ResourceIds,
  services: AccessServices,
): Promise<ActualAccess> =>
  readPeople(desired, services, readIdentities(identitiesOf(desired), ids, services.resources))
