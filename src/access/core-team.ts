import type { ResourceKey } from '../catalog/index.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import type { CommonNames } from '../naming/types.ts'
import { coreTeamKeys } from '../vocabulary.ts'
import type { DesiredAccess, DesiredAssignment, DesiredGroup } from './model.ts'
import { coreTeam } from './personas.ts'

/** What the core team's access depends on. */
export interface CoreTeamSource {
  readonly factory: ResolvedFactory
  readonly names: Pick<CommonNames, 'coreTeamGroup' | 'lakeTraversalGroup'>
}

/** What the core team may do in the common area. */
export interface CoreTeamRights {
  readonly assignments: readonly DesiredAssignment[]
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
    groups: [...groups, ...lakeTraversal(source, { memberGroups: groups.map(({ key }) => key) })],
    extent: 'coreTeam',
    groupNames: groups.map(({ displayName }) => displayName),
    identityNames: noIdentities,
  }
}

const namesOf = (name: string) => ({ displayName: name, mailNickname: name })

/** The groups of the core team, which serves all projects of the factory. */
export const coreTeamGroups = ({ factory, names }: CoreTeamSource): readonly DesiredGroup[] =>
  coreTeamKeys.map((key) => ({
    key: `coreTeam:${key}`,
    presence: 'always',
    ...namesOf(names.coreTeamGroup(key)),
    description: `${coreTeam[key].title} of AI factory ${factory.name} in ${factory.environment}. ${coreTeam[key].description}`,
    membership: 'exact',
    members: factory.coreTeam[key],
    remove: [],
    memberGroups: [],
    formerGroups: [],
    memberIdentities: [],
    memberPlaces: factory.coreTeam[key].map((_, index) => factory.at(`coreTeam.${key}.${index}`)),
    neverEmpty: true,
  }))

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
