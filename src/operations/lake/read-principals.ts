import { personasOf } from '../../access/desired-access.ts'
import type { Directory } from '../../azure/directory.ts'
import type { Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { LakePrincipals } from '../../lake/desired.ts'
import { coreTeamKeys, personaKeys } from '../../vocabulary.ts'
import type { ProjectInEnvironment } from '../project.ts'
import { together } from '../together.ts'

type Found<Key extends string> = Readonly<Partial<Record<Key, string>>>

async function idsOf<Key extends string>(
  keys: readonly Key[],
  nameOf: (key: Key) => string,
  { findGroupId }: Directory,
): Promise<Found<Key>> {
  const ids: Partial<Record<Key, string>> = {}
  const found = await Promise.all(keys.map(async (key) => ({ key, id: await findGroupId(nameOf(key)) })))
  for (const { key, id } of found) if (id !== undefined) ids[key] = id
  return ids
}

const only = <Key extends string>(ids: Found<Key>, which: (key: Key) => boolean, keys: readonly Key[]) => {
  const chosen: Partial<Record<Key, string>> = {}
  for (const key of keys) if (which(key) && ids[key] !== undefined) chosen[key] = ids[key]
  return chosen
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
  const { coreTeamGroup } = names.common
  const [personas, coreTeam, traversal, projectIdentity] = await together(
    idsOf(personaKeys, personaGroup, directory),
    idsOf(coreTeamKeys, coreTeamGroup, directory),
    directory.findGroupId(names.common.lakeTraversalGroup),
    readProjectIdentity(target, resources),
  )
  const missing = [
    ...present.filter((key) => personas[key] === undefined).map(personaGroup),
    ...coreTeamKeys.filter((key) => coreTeam[key] === undefined).map(coreTeamGroup),
  ]
  refuseMissing(missing, target)
  return {
    personas: only(personas, (key) => present.includes(key), personaKeys),
    formerPersonas: only(personas, (key) => !present.includes(key), personaKeys),
    coreTeam,
    projectIdentity,
    ...(traversal === undefined ? {} : { traversal }),
  }
}
