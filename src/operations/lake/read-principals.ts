import { personasOf } from '../../access/desired-access.ts'
import { groupFault } from '../../access/refuse-groups.ts'
import type { Directory, FoundGroup } from '../../azure/directory.ts'
import type { Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { combinedError } from '../../diagnostics/fault.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { LakePrincipals } from '../../lake/desired.ts'
import { coreTeamKeys, type PersonaKey, personaKeys } from '../../vocabulary.ts'
import type { ProjectInEnvironment } from '../project.ts'
import { together } from '../together.ts'

type Found<Key extends string> = Readonly<Partial<Record<Key, FoundGroup>>>

async function groupsOf<Key extends string>(
  keys: readonly Key[],
  nameOf: (key: Key) => string,
  { lookUpGroup }: Directory,
): Promise<Found<Key>> {
  const groups: Partial<Record<Key, FoundGroup>> = {}
  const found = await Promise.all(keys.map(async (key) => ({ key, group: await lookUpGroup(nameOf(key)) })))
  for (const { key, group } of found) if (group !== undefined) groups[key] = group
  return groups
}

/** The object ids of some of them. */
const idsOf = <Key extends string>(
  groups: Found<Key>,
  keys: readonly Key[],
): Readonly<Partial<Record<Key, string>>> => {
  const ids: Partial<Record<Key, string>> = {}
  for (const key of keys) {
    const group = groups[key]
    if (group !== undefined) ids[key] = group.objectId
  }
  return ids
}

/** A folder whose ACL leaves a group out would look complete. */
function refuseMissing(missing: readonly string[], { project }: ProjectInEnvironment): void {
  if (missing.length === 0) return
  const several = missing.length > 1
  throw new UserError({
    what: `${several ? 'The groups' : 'The group'} ${missing.join(', ')} of project ${project.number} in ${project.environment} ${several ? 'do' : 'does'} not exist.`,
    why: 'The ACLs of the data lake name groups, and add-member creates them.',
    fix: 'Run add-member with mode apply first.',
  })
}

async function readProjectIdentity(
  { project, ids }: ProjectInEnvironment,
  resources: Resources,
): Promise<string> {
  const identity = await resources.read(
    ids.projectIdentity,
    apiVersions['Microsoft.ManagedIdentity/userAssignedIdentities'],
  )
  const principalId = identity?.properties['principalId']
  if (typeof principalId === 'string' && principalId !== '') return principalId
  throw new UserError({
    what: `Project ${project.number} is not provisioned in ${project.environment}: its managed identity does not exist.`,
    fix: 'Run provision-project with mode apply first, then add-member.',
  })
}

/**
 * Finds the groups and identities that appear in the project's access control lists, or did.
 * @throws UserError when the project is not provisioned, or a group that it needs does not exist
 */
export async function readPrincipals(
  target: ProjectInEnvironment,
  directory: Directory,
  resources: Resources,
): Promise<LakePrincipals> {
  const { project, names } = target
  const present = personasOf(project)
  const { personaGroup } = names.project
  const { coreTeamGroup, lakeTraversalGroup } = names.common
  const [personas, coreTeam, traversal, projectIdentity] = await together(
    groupsOf(personaKeys, personaGroup, directory),
    groupsOf(coreTeamKeys, coreTeamGroup, directory),
    directory.lookUpGroup(lakeTraversalGroup),
    readProjectIdentity(target, resources),
  )
  const missing = [
    ...present.filter((key) => personas[key] === undefined).map(personaGroup),
    ...coreTeamKeys.filter((key) => coreTeam[key] === undefined).map(coreTeamGroup),
  ]
  refuseMissing(missing, target)
  const isFormer = (key: PersonaKey): boolean =>
    !present.includes(key) && personas[key]?.ownership.kind !== 'others'
  const former = personaKeys.filter(isFormer)
  const needed: readonly (readonly [string, FoundGroup | undefined])[] = [
    ...[...present, ...former].map((key) => [personaGroup(key), personas[key]] as const),
    ...coreTeamKeys.map((key) => [coreTeamGroup(key), coreTeam[key]] as const),
    [lakeTraversalGroup, project.factory.lake.traversal === 'group' ? traversal : undefined],
  ]
  refuseForeign(needed)
  return {
    personas: idsOf(personas, present),
    formerPersonas: idsOf(personas, former),
    coreTeam: idsOf(coreTeam, coreTeamKeys),
    projectIdentity,
    ...(traversal === undefined ? {} : { traversal: traversal.objectId }),
  }
}

/** An entry for a group of others would let in whomever its owners choose. */
function refuseForeign(groups: readonly (readonly [string, FoundGroup | undefined])[]): void {
  const faults = groups.flatMap(([name, group]) => (group && groupFault(name, group.ownership)) ?? [])
  if (faults.length > 0) throw combinedError('The groups have', faults)
}
