import { type GroupPurpose, groupPurpose } from '../../../access/group-purpose.ts'
import { type KnownMembership, type Offboarding, offboarding } from '../../../access/offboarding.ts'
import type { ResolvedObject } from '../../../azure/directory-people.ts'
import type { Memberships } from '../../../azure/memberships.ts'
import { commonCatalogue } from '../../../catalog/common/index.ts'
import { catalogue } from '../../../catalog/index.ts'
import { corePersonas, personaOf, projectPersonas } from '../../../manifest/personas.ts'
import { namingScheme } from '../../../manifest/resolve.ts'
import type { ResolvedFactory } from '../../../manifest/resolved.ts'
import { commonNames, groupPrefix, projectNames } from '../../../naming/names.ts'
import { sameText } from '../../../resource-id.ts'

/** Reads the groups of the factory that people are in, in all environments, and decides which of these memberships end. */
export async function decideMemberships(
  people: readonly ResolvedObject[],
  factory: ResolvedFactory,
  directory: Memberships,
): Promise<Offboarding> {
  const prefix = groupPrefix(namingScheme(factory))
  const lists = await Promise.all(people.map(async (one) => ({ one, found: await directory.of(one) })))
  const memberships = lists.flatMap(({ one, found }) =>
    found.flatMap(({ groupId, displayName, mailNickname, isDirect }): readonly NamedMembership[] => {
      const purpose = groupPurpose(mailNickname, prefix)
      // All groups of the factory are in that of the lake: whoever leaves them has left it.
      if (purpose === undefined || (!isDirect && purpose.of === 'the data lake')) return []
      const person = { person: one.display, personId: one.objectId }
      const group = { groupId, groupName: displayName, mailNickname, purpose, isDirect }
      const isEligible = eligibleGroups(purpose, factory).some((name) => sameText(name, mailNickname))
      return [{ ...person, ...group, isEligible, through: [] }]
    }),
  )
  const direct = memberships.filter(({ isDirect }) => isDirect)
  const needed = direct.filter((one) => isNeverEmpty(one, factory))
  const [inside, owners, neverEmpty, self] = await Promise.all([
    directory.groupsIn(idsOf(direct.filter(({ purpose }) => purpose.of !== 'the data lake'))),
    directory.ownersOf(idsOf(direct)),
    directory.membersOf(idsOf(needed)),
    directory.self(),
  ])
  const { environment, administrativeUnit } = factory
  const groupsOf = new Map(
    lists.map(({ one, found }) => [one.objectId, new Set(found.map(({ groupId }) => groupId))]),
  )
  const known = memberships.map((one) => ({
    ...one,
    through: (inside.get(one.groupId) ?? []).filter((id) => groupsOf.get(one.personId)?.has(id)),
  }))
  return offboarding(
    known,
    { owners, neverEmpty },
    {
      // Whoever is signed in changes the groups, whatever factory.yml calls the identity for people.
      objectId: self ?? factory.identities.people?.objectId,
      environment,
      hasUnit: administrativeUnit !== undefined,
    },
  )
}

/** The names of the groups of a project, or of the core team, whose roles are activated when they are needed. */
function eligibleGroups(purpose: GroupPurpose, factory: ResolvedFactory): readonly string[] {
  const scheme = { ...namingScheme(factory), environment: purpose.environment }
  const [project] = projectOf(purpose)
  return project === undefined
    ? corePersonas(factory)
        .filter(({ eligible }) => eligible !== undefined)
        .map(commonNames(commonCatalogue, scheme).coreTeamGroup)
    : projectPersonas(factory)
        .filter(({ eligible }) => eligible !== undefined)
        .map(projectNames(catalogue, scheme, project).personaGroup)
}

interface NamedMembership extends KnownMembership {
  readonly mailNickname: string
}

const idsOf = (memberships: readonly KnownMembership[]): readonly string[] => [
  ...new Set(memberships.map(({ groupId }) => groupId)),
]

/** Must somebody be in it? Somebody answers for each project, and for what all of them share. */
function isNeverEmpty({ mailNickname, purpose }: NamedMembership, factory: ResolvedFactory): boolean {
  const [project] = projectOf(purpose)
  if (project === undefined) return purpose.of === 'the core team'
  const scheme = { ...namingScheme(factory), environment: purpose.environment }
  return sameText(
    mailNickname,
    projectNames(catalogue, scheme, project).personaGroup(personaOf(factory, 'lead')),
  )
}

const projectOf = ({ of }: GroupPurpose): readonly string[] => /\d{3}$/.exec(of) ?? []
