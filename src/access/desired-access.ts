import type { ProjectGrant } from '../catalog/contents.ts'
import { quoted } from '../diagnostics/escape.ts'
import { nearest } from '../diagnostics/nearest.ts'
import { UserError } from '../diagnostics/user-error.ts'
import { personasOf, projectPersonas, teamOf } from '../manifest/personas.ts'
import type { Member, Persona, ResolvedFactory, ResolvedProject } from '../manifest/resolved.ts'
import type { PersonaKey } from '../vocabulary.ts'
import {
  type AccessSource,
  assignmentsOf,
  cosmosAccountsOf,
  customRoleNames,
  lackedAssignments,
  managedScopesOf,
} from './access-source.ts'
import { coreTeamGroups, lakeTraversal, throughLake } from './core-team.ts'
import { membershipIn } from './foreign-members.ts'
import { guestsOf } from './invitations.ts'
import type { DesiredAccess, DesiredGroup, GroupKey } from './model.ts'

/**
 * Which people should be in which group, and which role each group should have, when the manifest is the source of
 * truth. The roles of identities are {@link desiredIdentityRoles}.
 */
export function desiredAccess(source: AccessSource): DesiredAccess {
  const { project, names } = source
  const present = new Set(personasOf(project).map(({ key }) => key))
  const isPresent = ({ to }: ProjectGrant): boolean => 'persona' in to && present.has(to.persona)
  const personas = projectPersonas(project.factory)
  const personaGroups = personas.map((persona) => personaGroup(persona, source, present.has(persona.key)))
  return {
    groups: [...personaGroups, ...sharedGroups(source, present)],
    assignments: assignmentsOf(source, isPresent),
    kept: lackedAssignments(source, isPresent),
    managedScopes: managedScopesOf(source),
    cosmosAccounts: cosmosAccountsOf(source),
    customRoles: customRoleNames(source),
    extent: 'people',
    ...guestsOf(project.factory),
    groupNames: personas.map(names.personaGroup),
    groupPrefix: names.personaGroupPrefix,
    identityNames: new Map(),
  }
}

/** The same, where the last of a group that must have somebody may go. */
export const mayBeEmpty = (desired: DesiredAccess): DesiredAccess => ({
  ...desired,
  groups: desired.groups.map((group) => ({ ...group, neverEmpty: false })),
})

const namesOf = (name: string) => ({ displayName: name, mailNickname: name })

function personaGroup(persona: Persona, { project, names }: AccessSource, needed: boolean): DesiredGroup {
  const { key, title, description } = persona
  const members = teamOf(project, persona)
  return {
    key: `persona:${key}`,
    presence: needed ? 'always' : 'if-exists',
    ...namesOf(names.personaGroup(persona)),
    description: `${title} of project ${project.number} in ${project.environment}. ${description}`,
    membership: membershipIn(project.factory),
    members,
    remove: [],
    memberGroups: [],
    formerGroups: [],
    memberIdentities: [],
    neverEmpty: key === 'lead',
    memberPlaces: members.map((_, index) => project.at(`team.${key}.${index}`)),
  }
}

/** The core team, and the group that may traverse the lake's root, which the groups of all projects are in. */
function sharedGroups(
  { project: { factory }, common }: AccessSource,
  present: ReadonlySet<PersonaKey>,
): readonly DesiredGroup[] {
  const source = { factory, names: common }
  const core = coreTeamGroups(source)
  const through = throughLake(core)
  const absent = projectPersonas(factory).filter(({ key }) => !present.has(key))
  return [
    ...core,
    ...lakeTraversal(source, {
      memberGroups: [...[...present].map(personaKeyOf), ...through.memberGroups],
      formerGroups: [...absent.map(({ key }) => personaKeyOf(key)), ...through.formerGroups],
      memberIdentities: ['projectIdentity'],
    }),
  ]
}

const personaKeyOf = (key: PersonaKey): GroupKey => `persona:${key}`

/** One change to one persona, as the inputs `persona`, `add` and `remove` ask for it. */
export interface TeamChange {
  readonly persona: PersonaKey
  readonly add: readonly Member[]
  readonly remove: readonly Member[]
}

/**
 * Only what one change needs: the persona's group with its roles and its way through the lake, the people to add and to
 * remove. Everyone else stays where they are, in the group or out of it.
 * @throws UserError when somebody is to be added and removed at once, or the factory has no such persona
 */
export function changedAccess(source: AccessSource, { persona, add, remove }: TeamChange): DesiredAccess {
  const both = add.filter((member) => remove.some((other) => other.toLowerCase() === member.toLowerCase()))
  if (both.length > 0) {
    throw new UserError({
      what: `${both.join(', ')} cannot be added and removed at once.`,
      fix: "Leave them in one of the inputs 'add' and 'remove'.",
    })
  }
  const { project, names } = source
  const changed = personaNamed(project.factory, persona)
  const named = [...teamOf(project, changed), ...add]
  const needed = personasOf({ ...project, team: { ...project.team, [persona]: named } }).includes(changed)
  // Others may be in the group who are not in the manifest: while it exists it keeps its roles.
  const team = { ...project.team, [persona]: [...named, ...remove] }
  const { groupPrefix: _, ...whole } = desiredAccess({ ...source, project: { ...project, team } })
  const key: GroupKey = `persona:${persona}`
  return {
    ...whole,
    extent: 'persona',
    groupNames: [names.personaGroup(changed)],
    groups: whole.groups.flatMap((group): readonly DesiredGroup[] => {
      if (group.key === key) {
        const presence = needed ? 'always' : 'if-exists'
        return [{ ...group, presence, membership: 'at-least', members: add, memberPlaces: [], remove }]
      }
      return group.key === 'lakeTraversal'
        ? [{ ...group, memberGroups: [key], formerGroups: [], memberIdentities: [] }]
        : []
    }),
    assignments: whole.assignments.filter(({ principal }) => 'group' in principal && principal.group === key),
  }
}

/** @throws UserError when the factory has no such persona in its projects */
function personaNamed(factory: ResolvedFactory, key: PersonaKey): Persona {
  const known = projectPersonas(factory)
  const found = known.find((persona) => persona.key === key)
  if (found !== undefined) return found
  const keys = known.map((persona) => persona.key)
  const close = nearest(key, keys)
  throw new UserError({
    what: `Input 'persona' is ${quoted(key)}, which is no persona of this factory's projects.`,
    fix: `${close === undefined ? '' : `Did you mean '${close}'? `}Use one of: ${keys.join(', ')}.`,
  })
}

/** What the next run by the manifest would undo of a change, as a warning; `undefined` when nothing. */
export function notInManifest(
  { team, factory }: ResolvedProject,
  { persona, add, remove }: TeamChange,
): string | undefined {
  const listed = new Set((team[persona] ?? []).map((member) => member.toLowerCase()))
  const added = add.filter((member) => !listed.has(member.toLowerCase()))
  const removed = remove.filter((member) => listed.has(member.toLowerCase()))
  if (added.length + removed.length === 0) return undefined
  const parts = [
    ...(added.length === 0 ? [] : [`add ${added.join(', ')} to`]),
    ...(removed.length === 0 ? [] : [`remove ${removed.join(', ')} from`]),
  ]
  const otherwise =
    removed.length > 0 || factory.members.foreign === 'remove'
      ? 'the next run by the manifest undoes this'
      : 'they stay, and the manifest cannot take them out again'
  return `The manifest does not say so yet: ${parts.join(' and ')} team.${persona}, or ${otherwise}.`
}
