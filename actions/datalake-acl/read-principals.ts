import { personasOf } from '../../src/access/desired-access.ts'
import type { Directory } from '../../src/azure/directory.ts'
import type { Resources } from '../../src/azure/resources.ts'
import { apiVersions } from '../../src/catalog/api-versions.ts'
import type { LakePrincipals } from '../../src/lake/desired.ts'
import type { ProjectInEnvironment } from '../../src/runtime/project.ts'
import { UserError } from '../../src/user-error.ts'
import { coreTeamKeys } from '../../src/vocabulary.ts'

async function idsOf<Key extends string>(
  keys: readonly Key[],
  nameOf: (key: Key) => string,
  { findGroup }: Directory,
): Promise<Readonly<Partial<Record<Key, string>>>> {
  const ids: Partial<Record<Key, string>> = {}
  const found = await Promise.all(keys.map(async (key) => ({ key, group: await findGroup(nameOf(key)) })))
  for (const { key, group } of found) if (group !== undefined) ids[key] = group.objectId
  return ids
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

/** Finds the groups and identities that appear in the project's access control lists. */
export async function readPrincipals(
  where: ProjectInEnvironment,
  directory: Directory,
  resources: Resources,
): Promise<LakePrincipals> {
  const { project, names } = where
  const [personas, coreTeam, traversal, projectIdentity] = await Promise.all([
    idsOf(personasOf(project), names.project.personaGroup, directory),
    idsOf(coreTeamKeys, names.common.coreTeamGroup, directory),
    directory.findGroup(names.common.lakeTraversalGroup),
    readProjectIdentity(where, resources),
  ])
  return {
    personas,
    coreTeam,
    projectIdentity,
    ...(traversal === undefined ? {} : { traversal: traversal.objectId }),
  }
}
