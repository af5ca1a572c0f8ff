import { identitiesOf } from '../../access/diff-access.ts'
import type {
  ActualAccess,
  ActualAssignment,
  ActualGroup,
  DesiredAccess,
  GroupKey,
} from '../../access/model.ts'
import { isOfOthers } from '../../access/refuse-groups.ts'
import { hasOwnName } from '../../access/role-assignment.ts'
import type { Directory } from '../../azure/directory.ts'
import type { ResourceIds } from '../../catalog/resource-ids.ts'
import type { AccessServices } from './access-services.ts'
import { readAssignments } from './read-assignments.ts'
import { readIdentities } from './read-identities.ts'
import { inheritedBy, throughGroups } from './read-inherited.ts'

async function readGroups(
  { groups }: DesiredAccess,
  { findGroup }: Directory,
): Promise<ReadonlyMap<GroupKey, ActualGroup>> {
  const found = await Promise.all(
    groups.map(async (group) => ({ group, actual: await findGroup(group.mailNickname) })),
  )
  return new Map(
    found.flatMap(({ group, actual }) =>
      actual === undefined || isOfOthers(group, actual.ownership) ? [] : [[group.key, actual] as const],
    ),
  )
}

async function readMembers(
  { groups }: DesiredAccess,
  directory: Pick<Directory, 'resolve' | 'explainUnresolved'>,
): Promise<Pick<ActualAccess, 'members' | 'unresolved'>> {
  return resolveMembers(new Set(groups.flatMap(({ members, remove }) => [...members, ...remove])), directory)
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

/** Principals of assignments inside Cosmos DB that the directory does not know any more. */
async function readGone(
  { extent }: DesiredAccess,
  assignments: readonly ActualAssignment[],
  { resolve }: Directory,
): Promise<ReadonlySet<string>> {
  const principals = new Set(
    assignments
      .filter((assignment) => assignment.plane === 'cosmos' && hasOwnName(assignment))
      .map(({ principalId }) => principalId),
  )
  if (extent !== 'people' || principals.size === 0) return new Set()
  const known = await resolve(principals)
  return new Set([...principals].filter((principalId) => !known.has(principalId)))
}

/** Reads who is in the groups and which roles they have, as far as it is about people. Changes nothing. */
export async function readPeople(
  desired: DesiredAccess,
  { directory, ...services }: AccessServices,
): Promise<Omit<ActualAccess, 'identities'>> {
  const readRoles = async () => {
    const { assignments, above } = await readAssignments(desired, services)
    return { assignments, above, gone: await readGone(desired, assignments, directory) }
  }
  const [groups, members, { above, ...roles }] = await Promise.all([
    readGroups(desired, directory),
    readMembers(desired, directory),
    readRoles(),
  ])
  const groupIds = [...groups.values()].map(({ objectId }) => objectId)
  const inherited = [
    ...inheritedBy(groupIds, above),
    ...(await throughGroups(desired, groupIds, above, directory)),
  ]
  return { groups, ...members, inherited, ...roles }
}

/** The same, with the identities of a project. */
export async function readAccess(
  desired: DesiredAccess,
  ids: ResourceIds,
  services: AccessServices,
): Promise<ActualAccess> {
  const [people, identities] = await Promise.all([
    readPeople(desired, services),
    readIdentities(identitiesOf(desired), ids, services.resources),
  ])
  return { ...people, identities }
}
