import type { Environment } from '../vocabulary.ts'
import type { GroupPurpose } from './group-purpose.ts'

/** Somebody in a group of the factory. */
export interface KnownMembership {
  /** How people know them. */
  readonly person: string
  readonly personId: string
  readonly groupId: string
  readonly groupName: string
  readonly purpose: GroupPurpose
  /** `false` when it is another group of theirs that is in it. */
  readonly isDirect: boolean
  /** Those of the groups within the group that they are in too, by which they would still be in it. */
  readonly through: readonly string[]
  /** Are its roles activated? What is active stays so for some hours, because it was activated for the person. */
  readonly isEligible: boolean
}

/** What is known of the groups. */
export interface KnownGroups {
  /** Object ids of the applications that own each group. */
  readonly owners: ReadonlyMap<string, readonly string[]>
  /** Object ids of who is in each group that must not be left empty. */
  readonly neverEmpty: ReadonlyMap<string, readonly string[]>
}

/** Who takes people out. */
export interface Remover {
  /** Object id; undefined when nobody knows it: then Graph says which groups it may change. */
  readonly objectId: string | undefined
  readonly environment: Environment
  /** Are the groups of the environment in an administrative unit? A role at it is as good as owning them, and Graph says who has it. */
  readonly hasUnit: boolean
}

/** A membership that stays. */
export interface RemainingMembership extends KnownMembership {
  readonly why: string
}

/** What offboarding comes to. */
export interface Offboarding {
  readonly removals: readonly KnownMembership[]
  /** Where they still are afterwards. */
  readonly remaining: readonly RemainingMembership[]
  /** The removals after which nobody is left in a group that needs somebody. */
  readonly leavingNobody: readonly KnownMembership[]
}

/** Decides which memberships end, and which this identity cannot end. */
export function offboarding(
  memberships: readonly KnownMembership[],
  { owners, neverEmpty }: KnownGroups,
  remover: Remover,
): Offboarding {
  const decided = memberships.map((one) => ({
    one,
    why: obstacle(one, owners.get(one.groupId) ?? [], remover),
  }))
  const removals = decided.flatMap(({ one, why }) => (why === undefined ? [one] : []))
  return {
    removals,
    remaining: [
      ...decided.flatMap(({ one, why }) => (why === undefined ? [] : [{ ...one, why }])),
      ...removals
        .filter(({ personId, through }) =>
          through.some(
            (id) => !removals.some((other) => other.groupId === id && other.personId === personId),
          ),
        )
        .map((one) => ({ ...one, isDirect: false, why: byAnother })),
    ],
    leavingNobody: removals.filter(({ groupId }) => {
      const present = neverEmpty.get(groupId)
      const leaving = new Set(
        removals.filter((other) => other.groupId === groupId).map(({ personId }) => personId),
      )
      return present?.every((id) => leaving.has(id)) ?? false
    }),
  }
}

const byAnother =
  'They are in it by another group that is a member of it: whoever runs that group takes them out.'

/** Why this identity cannot end a membership; undefined when it can. */
function obstacle(
  { isDirect, purpose }: KnownMembership,
  owners: readonly string[],
  { objectId, environment, hasUnit }: Remover,
): string | undefined {
  if (!isDirect) return byAnother
  const isHere = purpose.environment === environment
  if (objectId !== undefined && owners.includes(objectId)) return undefined
  if (isHere && (objectId === undefined || hasUnit)) return undefined
  return isHere
    ? "The identity that is signed in does not own the group. If it is the factory's, a person who sets the factory up makes it an owner."
    : `The group is one of ${purpose.environment}, which only an identity of ${purpose.environment} changes: run this with environment ${purpose.environment} too.`
}
