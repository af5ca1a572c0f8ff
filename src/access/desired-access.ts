import { UserError } from '../diagnostics/user-error.ts'
import type { Member, ResolvedProject } from '../manifest/resolved.ts'
import { type PersonaKey, personaKeys } from '../vocabulary.ts'
import { type AccessSource, assignmentsOf, customRoleNames, managedScopesOf } from './access-source.ts'
import { coreTeamGroups, lakeTraversal } from './core-team.ts'
import type { DesiredAccess, DesiredGroup, GroupKey } from './model.ts'
import { personas } from './personas.ts'

/**
 * The personas whose groups a project needs: those of its type, and those somebody is in. The groups of the others may
 * exist all the same, from a time when they were needed.
 */
export const personasOf = ({ type, team }: ResolvedProject): readonly PersonaKey[] =>
  personaKeys.filter((key) => personas[key].projectTypes.includes(type) || team[key].length > 0)

/**
 * Which people should be in which group, and which role each group should have, when the manifest is the source of
 * truth. The roles of identities are {@link desiredIdentityRoles}.
 */
export function desiredAccess(source: AccessSource): DesiredAccess {
  const { project, names } = source
  const present = personasOf(project)
  const personaGroups = personaKeys.map((key) => personaGroup(key, source, present.includes(key)))
  return {
    groups: [...personaGroups, ...sharedGroups(source, present)],
    assignments: assignmentsOf(source, ({ to }) => 'persona' in to && present.includes(to.persona)),
    managedScopes: managedScopesOf(source),
    customRoles: customRoleNames(source),
    extent: 'people',
    groupNames: personaKeys.map(names.personaGroup),
    identityNames: new Map(),
  }
}

/** The same, where the last of a group that must have somebody may go. */
export const mayBeEmpty = (desired: DesiredAccess): DesiredAccess => ({
  ...desired,
  groups: desired.groups.map((group) => ({ ...group, neverEmpty: false })),
})

const namesOf = (name: string) => ({ displayName: name, mailNickname: name })

function personaGroup(key: PersonaKey, { project, names }: AccessSource, needed: boolean): DesiredGroup {
  const { title, description } = personas[key]
  return {
    key: `persona:${key}`,
    presence: needed ? 'always' : 'if-exists',
    ...namesOf(names.personaGroup(key)),
    description: `${title} of project ${project.number} in ${project.environment}. ${description}`,
    membership: 'exact',
    members: project.team[key],
    remove: [],
    memberGroups: [],
    formerGroups: [],
    memberIdentities: [],
    neverEmpty: key === 'lead',
    memberPlaces: project.team[key].map((_, index) => project.at(`team.${key}.${index}`)),
  }
}

/** The core team, and the group that may traverse the lake's root, which the groups of all projects are in. */
function sharedGroups(
  { project: { factory }, common }: AccessSource,
  present: readonly PersonaKey[],
): readonly DesiredGroup[] {
  const source = { factory, names: common }
  const core = coreTeamGroups(source)
  const memberGroups = [...present.map((key): GroupKey => `persona:${key}`), ...core.map(({ key }) => key)]
  const formerGroups = personaKeys
    .filter((key) => !present.includes(key))
    .map((key): GroupKey => `persona:${key}`)
  return [
    ...core,
    ...lakeTraversal(source, { memberGroups, formerGroups, memberIdentities: ['projectIdentity'] }),
  ]
}

/** One change to one persona, as the inputs `persona`, `add` and `remove` ask for it. */
export interface TeamChange {
  readonly persona: PersonaKey
  readonly add: readonly Member[]
  readonly remove: readonly Member[]
}

/**
 * Only what one change needs: the persona's group with its roles and its way through the lake, the people to add and to
 * remove. Everyone else stays where they are, in the group or out of it.
 * @throws UserError when somebody is to be added and removed at once
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
  const named = { ...project.team, [persona]: [...project.team[persona], ...add] }
  const needed = personasOf({ ...project, team: named }).includes(persona)
  // Others may be in the group who are not in the manifest: while it exists it keeps its roles.
  const team = { ...named, [persona]: [...named[persona], ...remove] }
  const whole = desiredAccess({ ...source, project: { ...project, team } })
  const key: GroupKey = `persona:${persona}`
  return {
    ...whole,
    extent: 'persona',
    groupNames: [names.personaGroup(persona)],
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

/** What the next run by the manifest would undo of a change, as a warning; `undefined` when nothing. */
export function notInManifest(
  { team }: ResolvedProject,
  { persona, add, remove }: TeamChange,
): string | undefined {
  const listed = new Set(team[persona].map((member) => member.toLowerCase()))
  const added = add.filter((member) => !listed.has(member.toLowerCase()))
  const removed = remove.filter((member) => listed.has(member.toLowerCase()))
  if (added.length + removed.length === 0) return undefined
  const parts = [
    ...(added.length === 0 ? [] : [`add ${added.join(', ')} to`]),
    ...(removed.length === 0 ? [] : [`remove ${removed.join(', ')} from`]),
  ]
  return `The manifest does not say so yet: ${parts.join(' and ')} team.${persona}, or the next run by the manifest undoes this.`
}
