import { keysOf } from '../by-key.ts'
import { UserError } from '../diagnostics/user-error.ts'
import { ownerInName } from '../naming/names.ts'
import type { Change } from '../plan/model.ts'
import { sameText } from '../resource-id.ts'
import { commonOwner } from '../vocabulary.ts'
import { lostWithRelease } from './lost-with-release.ts'
import { describeOccupants } from './occupants.ts'
import { isOurs, refuseForeign, theOwner, whoIs } from './ownership.ts'
import { type Kept, keptGroups, keptSubnet } from './release-kept.ts'
import {
  candidatesIn,
  evidenceOf,
  hasName,
  isGroupOfOwner,
  keyOf,
  type ReleasedSubnet,
  type ReleaseSearch,
  type UsedSecurityGroup,
} from './release-search.ts'
import type { ActualSubnet } from './vnet.ts'

/** One that has to be kept. */
export interface SubnetInUse extends ReleasedSubnet {
  /** What is in it, half a sentence that follows "in use by". */
  readonly usedBy: string
}

/** What can be released, and what not. */
export interface ReleasePlan {
  readonly free: readonly ReleasedSubnet[]
  readonly inUse: readonly SubnetInUse[]
  /** What else has a name of the owner and stays. */
  readonly kept: readonly Kept[]
  /** Network security groups of the owner that nothing uses once those subnets are deleted. */
  readonly groups: readonly UsedSecurityGroup[]
  readonly changes: readonly Change[]
  readonly warnings: readonly string[]
}

/**
 * Decides which of an owner's subnets can be released: those that are its own and empty. Pure.
 * @throws UserError when a subnet belongs to somebody else, or is a bring-your-own subnet
 */
export function planRelease(search: ReleaseSearch): ReleasePlan {
  const { found, warnings: missing } = candidates(search)
  const subnets = found.map((subnet): ReleasedSubnet => ({ key: keyOf(subnet, search), subnet }))
  const unknown = subnets.filter((released) => search.only === undefined && !hasEvidence(released, search))
  const rest = subnets.filter((released) => !unknown.includes(released))
  const inUse = rest.flatMap((released): readonly SubnetInUse[] => {
    const { occupants = [] } = released.subnet
    return occupants.length === 0 ? [] : [{ ...released, usedBy: describeOccupants(occupants) }]
  })
  const free = rest.filter(({ subnet }) => (subnet.occupants ?? []).length === 0)
  const groups = unusedGroups(free, search)
  const { project } = search.owner
  return {
    free,
    inUse,
    kept: [...unknown.map(({ subnet }) => keptSubnet(subnet)), ...keptGroups(free, groups, search)],
    groups,
    changes: [
      ...free.map(({ subnet }) => subnetChange('delete', subnet)),
      ...groups.map((group) => groupChange(group, project)),
      ...inUse.map(({ subnet, usedBy }) => subnetChange('keep', subnet, `In use by ${usedBy}.`)),
    ],
    warnings: [
      ...missing,
      ...lostWithRelease(free, groups, search.declared),
      ...neededWarnings(free, search),
    ],
  }
}

/** The owner's subnets to consider. */
function candidates(search: ReleaseSearch): {
  readonly found: readonly ActualSubnet[]
  readonly warnings: readonly string[]
} {
  const { network, owner, only, names } = search
  if (only === undefined) {
    const found = candidatesIn(search).filter(({ id }) => !isByo(id, search))
    for (const subnet of found) refuseForeign(evidenceOf(subnet, search), owner)
    return { found, warnings: [] }
  }
  const named = only.map((name) => ({
    name,
    subnet: network.subnets.find((subnet) => hasName(subnet, name, names)),
  }))
  const found = named.flatMap(({ subnet }) => subnet ?? [])
  for (const subnet of found) refuseNotOwn(subnet, search)
  const missing = named.filter(
    ({ name, subnet }) => subnet === undefined && orphanOf(name, search).length === 0,
  )
  return {
    found: [...new Set(found)],
    warnings: missing.map(({ name }) => `There is no subnet '${name}' in VNet '${network.name}'.`),
  }
}

const isByo = (id: string, { byo }: ReleaseSearch): boolean => byo.some((other) => sameText(other, id))

function refuseNotOwn(subnet: ActualSubnet, search: ReleaseSearch): void {
  const { owner } = search
  if (isByo(subnet.id, search)) {
    throw new UserError({
      what: `Subnet '${subnet.name}' is a bring-your-own subnet of ${theOwner(owner.project)} and is never released.`,
      why: 'A document names it by its resource id: it belongs to somebody else.',
      fix: "Leave it out of the input 'subnets'.",
    })
  }
  refuseForeign(evidenceOf(subnet, search), owner)
  if (ownerInName(subnet.name) === owner.project || hasOwnGroup(subnet, search)) return
  throw new UserError({
    what: `Subnet '${subnet.name}' does not belong to ${whoIs(owner.project)}.`,
    why: `It does not have a name of ${theOwner(owner.project)}, nor the network security group that ${theOwner(owner.project)} would have created for it.`,
    fix: "Leave it out of the input 'subnets'.",
  })
}

/** A name without an owner proves nothing, and anybody may attach a group of the owner to a subnet. */
const hasOwnGroup = (subnet: ActualSubnet, { groups, names, owner }: ReleaseSearch): boolean =>
  groups.some(
    (group) =>
      sameText(group.id, subnet.networkSecurityGroupId ?? '') &&
      sameText(group.name, names.networkSecurityGroup(subnet.name)) &&
      isOurs({ groups: [group] }, owner),
  )

const hasEvidence = ({ subnet }: ReleasedSubnet, search: ReleaseSearch): boolean =>
  isOurs(evidenceOf(subnet, search), search.owner)

/** Groups of the owner that no subnet has once the free ones are deleted, also those left by a run that was killed. */
function unusedGroups(free: readonly ReleasedSubnet[], search: ReleaseSearch): readonly UsedSecurityGroup[] {
  const { only, owner, groups } = search
  const gone = free.map(({ subnet }) => subnet.id)
  const named = only?.flatMap((name) => orphanOf(name, search))
  return groups.filter((group) => {
    if (!isGroupOfOwner(group, search) || !isOurs({ groups: [group] }, owner)) return false
    const { subnetIds, hasInterfaces } = group
    if (hasInterfaces || !subnetIds.every((id) => gone.some((other) => sameText(id, other)))) return false
    if (subnetIds.length > 0) return true
    return named === undefined ? !marksOwner(group, gone, search) : named.includes(group)
  })
}

/** Is it there to say whose a subnet is that stays, and that has the group of somebody else? */
const marksOwner = ({ name }: UsedSecurityGroup, gone: readonly string[], search: ReleaseSearch): boolean =>
  search.network.subnets.some(
    (subnet) =>
      ownerInName(subnet.name) === search.owner.project &&
      !gone.some((id) => sameText(id, subnet.id)) &&
      sameText(name, search.names.networkSecurityGroup(keyOf(subnet, search))),
  )

/** The group that a subnet of this name would have, when no subnet has it. */
const orphanOf = (subnet: string, { groups, names, declared }: ReleaseSearch): readonly UsedSecurityGroup[] =>
  groups.filter(
    ({ name, subnetIds }) =>
      subnetIds.length === 0 &&
      [subnet, ...keysOf(declared).filter((key) => sameText(names.subnet(key), names.subnet(subnet)))].some(
        (key) => sameText(name, names.networkSecurityGroup(key)),
      ),
  )

const subnetChange = (
  change: 'delete' | 'keep',
  { name, id, addressPrefixes }: ActualSubnet,
  reason?: string,
): Change => ({
  change,
  kind: 'subnet',
  name,
  scope: id,
  reason: reason ?? `It is empty; ${addressPrefixes.join(' and ')} becomes free.`,
})

const groupChange = ({ name, id }: UsedSecurityGroup, project: string): Change => ({
  change: 'delete',
  kind: 'network security group',
  name,
  scope: id,
  reason: `It belongs to ${theOwner(project)}, and nothing uses it any more.`,
})

function neededWarnings(
  free: readonly ReleasedSubnet[],
  { needed, owner }: ReleaseSearch,
): readonly string[] {
  const again = free.filter(({ subnet }) => needed.some((name) => sameText(name, subnet.name)))
  if (again.length === 0) return []
  const names = again.map(({ subnet }) => `'${subnet.name}'`).join(', ')
  const createdAgain = `the next delivery would create ${again.length === 1 ? 'it' : 'them'} again`
  if (owner.project === commonOwner)
    return [`The common area of ${owner.environment} still needs ${names}: ${createdAgain}.`]
  return [
    `The manifest of project ${owner.project} still requests ${names}: ${createdAgain}. If the project is leaving ${owner.environment}, change the manifest next.`,
  ]
}
