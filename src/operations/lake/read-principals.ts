import { namesBesides } from '../../access/former-groups.ts'
import { groupFault } from '../../access/refuse-groups.ts'
import type { Directory, FoundGroup } from '../../azure/directory.ts'
import type { Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { combinedError } from '../../diagnostics/fault.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { LakePrincipals } from '../../lake/desired.ts'
import { lakeTitleOf } from '../../lake/matrix.ts'
import { corePersonas, coreTeamPersonas, personasOf, projectPersonas } from '../../manifest/personas.ts'
import type { Persona } from '../../manifest/resolved.ts'
import type { PersonaKey } from '../../vocabulary.ts'
import type { ProjectInEnvironment } from '../project.ts'
import { together } from '../together.ts'

/** The group of a persona, by the persona's key. */
type Found = ReadonlyMap<PersonaKey, FoundGroup>

async function groupsOf(
  personas: readonly Persona[],
  nameOf: (persona: Persona) => string,
  { lookUpGroup }: Directory,
): Promise<Found> {
  const found = await Promise.all(
    personas.map(async (persona) => ({ key: persona.key, group: await lookUpGroup(nameOf(persona)) })),
  )
  return new Map(found.flatMap(({ key, group }) => (group === undefined ? [] : [[key, group] as const])))
}

/** The object ids of some of them. */
const idsOf = (groups: Found, personas: readonly Persona[]): Readonly<Record<PersonaKey, string>> =>
  Object.fromEntries(
    personas.flatMap(({ key }) => {
      const group = groups.get(key)
      return group === undefined ? [] : [[key, group.objectId]]
    }),
  )

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
  const { factory } = project
  const ofProjects = projectPersonas(factory)
  const present = personasOf(project)
  const ofCoreTeam = corePersonas(factory)
  const core = coreTeamPersonas(factory)
  const { personaGroup, personaGroupPrefix } = names.project
  const { coreTeamGroup, coreTeamGroupPrefix, lakeTraversalGroup } = names.common
  const [personas, coreTeam, unnamed, traversal, projectIdentity] = await together(
    groupsOf(ofProjects, personaGroup, directory),
    groupsOf(ofCoreTeam, coreTeamGroup, directory),
    unnamedGroups(
      [personaGroupPrefix, coreTeamGroupPrefix],
      [...ofProjects.map(personaGroup), ...ofCoreTeam.map(coreTeamGroup)],
      directory,
    ),
    directory.lookUpGroup(lakeTraversalGroup),
    readProjectIdentity(target, resources),
  )
  const missing = [
    ...present.filter(({ key }) => !personas.has(key)).map(personaGroup),
    ...core.filter(({ key }) => !coreTeam.has(key)).map(coreTeamGroup),
  ]
  refuseMissing(missing, target)
  const former = [
    ...formerOf(ofProjects, present, personas),
    ...formerOf(ofCoreTeam, core, coreTeam),
    ...unnamed.map((group) => ({ title: group.displayName, group })),
  ].filter(({ group }) => group.ownership.kind !== 'others')
  const needed: readonly (readonly [string, FoundGroup | undefined])[] = [
    ...present.map((one) => [personaGroup(one), personas.get(one.key)] as const),
    ...core.map((one) => [coreTeamGroup(one), coreTeam.get(one.key)] as const),
    [lakeTraversalGroup, factory.lake.traversal === 'group' ? traversal : undefined],
  ]
  refuseForeign(needed)
  return {
    roles: factory.personas,
    personas: idsOf(personas, present),
    former: former.map(({ title, group }) => ({ title, id: group.objectId })),
    coreTeam: idsOf(coreTeam, core),
    projectIdentity,
    ...(traversal === undefined ? {} : { traversal: traversal.objectId }),
  }
}

/** The groups of those personas that nobody needs any more. */
const formerOf = (
  personas: readonly Persona[],
  needed: readonly Persona[],
  groups: Found,
): readonly { readonly title: string; readonly group: FoundGroup }[] =>
  personas.flatMap((persona) => {
    const group = groups.get(persona.key)
    return group === undefined || needed.includes(persona) ? [] : [{ title: lakeTitleOf(persona), group }]
  })

/** The groups of personas that factory.yml no longer has, or calls otherwise. */
async function unnamedGroups(
  prefixes: readonly string[],
  named: readonly string[],
  { namesBeginningWith, lookUpGroup }: Directory,
): Promise<readonly FoundGroup[]> {
  const lists = await Promise.all(prefixes.map(namesBeginningWith))
  const found = await Promise.all(namesBesides(named, lists.flat()).map(lookUpGroup))
  return found.flatMap((group) => group ?? [])
}

/** An entry for a group of others would let in whomever its owners choose. */
function refuseForeign(groups: readonly (readonly [string, FoundGroup | undefined])[]): void {
  const faults = groups.flatMap(([name, group]) => (group && groupFault(name, group.ownership)) ?? [])
  if (faults.length > 0) throw combinedError('The groups have', faults)
}
