import { ownerInName } from '../naming/names.ts'
import { lastSegment, networkIdOf, sameText } from '../resource-id.ts'
import { isOurs, type Owner, theOwner } from './ownership.ts'
import {
  isGroupOfOwner,
  type ReleasedSubnet,
  type ReleaseSearch,
  type UsedSecurityGroup,
} from './release-search.ts'
import type { ActualSubnet } from './vnet.ts'

/**
 * Something with a name of the owner that stays. `unproven`: nothing shows that it is the owner's. `shared`: others use it.
 * `needed`: a subnet of the owner that stays has it.
 */
export interface Kept {
  readonly why: 'unproven' | 'shared' | 'needed'
  readonly kind: 'subnet' | 'network security group'
  readonly name: string
  /** Resource id. */
  readonly id: string
  /** Half a sentence that follows "is kept:". */
  readonly reason: string
  /** Ids of the owner's subnets that have it. */
  readonly ownSubnetIds: readonly string[]
  /** Does a subnet that goes have it? */
  readonly wasUsed: boolean
}

/** A subnet that only its name says to be the owner's. */
export const keptSubnet = ({ id, name }: ActualSubnet): Kept => ({
  why: 'unproven',
  kind: 'subnet',
  name,
  id,
  reason: 'no tag shows that this factory created it',
  ownSubnetIds: [],
  wasUsed: false,
})

/** Network security groups with names of the owner that do not go with the free subnets. */
export function keptGroups(
  free: readonly ReleasedSubnet[],
  going: readonly UsedSecurityGroup[],
  search: ReleaseSearch,
): readonly Kept[] {
  const isGone = (id: string): boolean => free.some(({ subnet }) => sameText(subnet.id, id))
  return search.groups
    .filter((group) => isGroupOfOwner(group, search) && !going.includes(group))
    .map((group) => keptGroup(group, isGone, search))
}

function keptGroup(
  group: UsedSecurityGroup,
  isGone: (id: string) => boolean,
  { network, owner }: ReleaseSearch,
): Kept {
  const { id, name, subnetIds, hasInterfaces } = group
  const users = subnetIds.filter((user) => !isGone(user))
  const isOwn = (user: string): boolean =>
    sameText(networkIdOf(user), network.id) && ownerInName(lastSegment(user)) === owner.project
  const strangers = users.filter((user) => !isOwn(user)).map((user) => subnetOf(user, network.id))
  const others = [...strangers, ...(hasInterfaces ? ['network interfaces'] : [])]
  return {
    ...whyKept(others, isOurs({ groups: [group] }, owner), owner),
    kind: 'network security group',
    name,
    id,
    ownSubnetIds: users.filter(isOwn),
    wasUsed: subnetIds.some(isGone),
  }
}

function whyKept(
  others: readonly string[],
  isOurs: boolean,
  { project }: Owner,
): Pick<Kept, 'why' | 'reason'> {
  if (others.length > 0) return { why: 'shared', reason: `it is also used by ${others.join(' and ')}` }
  return isOurs
    ? { why: 'needed', reason: `a subnet of ${theOwner(project)} that stays needs it` }
    : { why: 'unproven', reason: `its tags do not show that it belongs to ${theOwner(project)}` }
}

/** A subnet by its name, with its VNet if that is another; subnets of a project have the same name in every VNet. */
function subnetOf(id: string, networkId: string): string {
  const itsNetwork = networkIdOf(id)
  const elsewhere = sameText(itsNetwork, networkId) ? '' : ` of VNet '${lastSegment(itsNetwork)}'`
  return `subnet '${lastSegment(id)}'${elsewhere}`
}

/**
 * What a release says of it: of a group only where a subnet that goes had it, or nothing of the owner has it any more and
 * others do.
 */
export function keptWarnings(kept: readonly Kept[]): readonly string[] {
  return kept
    .filter(
      ({ kind, why, wasUsed, ownSubnetIds }) =>
        kind === 'subnet' || wasUsed || (why === 'shared' && ownSubnetIds.length === 0),
    )
    .map(({ kind, name, reason }) =>
      kind === 'subnet'
        ? `Subnet '${name}' is kept: ${reason}. If it did, name it in the input 'subnets'.`
        : `Network security group '${name}' is kept: ${reason}.`,
    )
}
