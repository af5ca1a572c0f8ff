import type { ResourceKey } from '../catalog/index.ts'
import { corePersonas, coreTeamOf, coreTeamPersonas } from '../manifest/personas.ts'
import type { Persona, ResolvedFactory } from '../manifest/resolved.ts'
import type { CommonNames } from '../naming/types.ts'
import { membershipIn } from './foreign-members.ts'
import { guestsOf } from './invitations.ts'
import type { DesiredAccess, DesiredAssignment, DesiredGroup } from './model.ts'

/** What the core team's access depends on. */
export interface CoreTeamSource {
  readonly factory: ResolvedFactory
  readonly names: Pick<CommonNames, 'coreTeamGroup' | 'coreTeamGroupPrefix' | 'lakeTraversalGroup'>
}

/** What the core team may do in the common area. */
export interface CoreTeamRights {
  readonly assignments: readonly DesiredAssignment[]
  /** Nobody is given these any more, and who has them keeps them: what replaces them does not let do all of it yet. */
  readonly kept: readonly DesiredAssignment[]
  /** Within these scopes, role assignments of the core team's groups that are not desired are removed. */
  readonly managedScopes: readonly string[]
  /** Names of the factory's own roles in this environment, by their GUIDs in lower case. */
  readonly customRoles: ReadonlyMap<string, string>
}

const noIdentities: ReadonlyMap<ResourceKey, string> = new Map()

/** Who is in the core team of an environment, and what each of its groups may do, whether there is any project or not. */
export function desiredCoreTeam(source: CoreTeamSource, rights: CoreTeamRights): DesiredAccess {
  const groups = coreTeamGroups(source)
  return {
    ...rights,
    groups: [...groups, ...lakeTraversal(source, throughLake(groups))],
    extent: 'coreTeam',
    ...guestsOf(source.factory),
    groupNames: groups.map(({ displayName }) => displayName),
    groupPrefix: source.names.coreTeamGroupPrefix,
    identityNames: noIdentities,
  }
}

const namesOf = (name: string) => ({ displayName: name, mailNickname: name })

/** The groups of the core team, which serves all projects of the factory. */
export function coreTeamGroups(source: CoreTeamSource): readonly DesiredGroup[] {
  const needed = new Set(coreTeamPersonas(source.factory).map(({ key }) => key))
  return corePersonas(source.factory).map((persona) =>
    coreTeamGroup(persona, needed.has(persona.key), source),
  )
}

function coreTeamGroup(persona: Persona, needed: boolean, { factory, names }: CoreTeamSource): DesiredGroup {
  const { key, title, description } = persona
  const members = coreTeamOf(factory, persona)
  return {
    key: `coreTeam:${key}`,
    presence: needed ? 'always' : 'if-exists',
    ...namesOf(names.coreTeamGroup(persona)),
    description: `${title} of AI factory ${factory.name} in ${factory.environment}. ${description}`,
    membership: membershipIn(factory),
    members,
    remove: [],
    memberGroups: [],
    formerGroups: [],
    memberIdentities: [],
    memberPlaces: members.map((_, index) => factory.at(`coreTeam.${key}.${index}`)),
    neverEmpty: needed,
  }
}

/** Which groups of the core team may traverse the lake's root, and which may no longer. */
export const throughLake = (
  groups: readonly DesiredGroup[],
): Pick<DesiredGroup, 'memberGroups' | 'formerGroups'> => ({
  memberGroups: groups.filter(({ presence }) => presence === 'always').map(({ key }) => key),
  formerGroups: groups.filter(({ presence }) => presence === 'if-exists').map(({ key }) => key),
})

/** The group that may traverse the lake's root, which the groups of all projects and of the core team are in; none where everybody may. */
export const lakeTraversal = (
  { factory, names }: CoreTeamSource,
  members: Pick<DesiredGroup, 'memberGroups'> &
    Partial<Pick<DesiredGroup, 'formerGroups' | 'memberIdentities'>>,
): readonly DesiredGroup[] =>
  factory.lake.traversal === 'group'
    ? [
        {
          key: 'lakeTraversal',
          presence: 'always',
          ...namesOf(names.lakeTraversalGroup),
          description: `May traverse the root of the data lake of AI factory ${factory.name} in ${factory.environment}.`,
          membership: 'at-least',
          members: [],
          remove: [],
          formerGroups: [],
          memberIdentities: [],
          memberPlaces: [],
          neverEmpty: true,
          ...members,
        },
      ]
    : []
