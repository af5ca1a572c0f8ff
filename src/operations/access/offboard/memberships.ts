import { type GroupPurpose, groupPurpose } from '../../../access/group-purpose.ts'
import { type KnownMembership, type Offboarding, offboarding } from '../../../access/offboarding.ts'
import type { ResolvedObject } from '../../../azure/directory-people.ts'
import type { Memberships } from '../../../azure/memberships.ts'
import { catalogue } from '../../../catalog/index.ts'
import { personaOf } from '../../../manifest/personas.ts'
import { namingScheme } from '../../../manifest/resolve.ts'
import type { ResolvedFactory } from '../../../manifest/resolved.ts'
import { groupPrefix, projectNames } from '../../../naming/names.ts'
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
      return [{ ...person, groupId, groupName: displayName, mailNickname, purpose, isDirect }]
    }),
  )
  const direct = memberships.filter(({ isDirect }) => isDirect)
  const needed = direct.filter((one) => isNeverEmpty(one, factory))
  const [owners, neverEmpty, self] = await Promise.all([
    directory.ownersOf(idsOf(direct)),
    directory.membersOf(idsOf(needed)),
    directory.self(),
  ])
  const { environment } = factory
  const objectId = factory.identities.people?.objectId ?? self
  return offboarding(memberships, { owners, neverEmpty }, { objectId, environment })
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
