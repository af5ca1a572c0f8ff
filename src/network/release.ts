import { UserError } from '../diagnostics/user-error.ts'
import { projectOfSubnet } from '../naming/names.ts'
import type { ProjectNames } from '../naming/types.ts'
import type { Change } from '../plan/model.ts'
import { lastSegment, networkIdOf, sameText } from '../resource-id.ts'
import { subnetKeys } from '../vocabulary.ts'
import { occupantsInWords } from './occupants.ts'
import { type ExistingSecurityGroup, isOurs, type Owner, refuseForeign } from './ownership.ts'
import type { ActualNetwork, ActualSubnet } from './vnet.ts'

/** A network security group that exists, with what uses it. */
export interface UsedSecurityGroup extends ExistingSecurityGroup {
  /** Resource id. */
  readonly id: string
  /** Resource ids of the subnets that have it. */
  readonly subnetIds: readonly string[]
  /** Does a network interface use it? */
  readonly hasInterfaces: boolean
}

/** What is to be freed, and where. */
export interface ReleaseSearch {
  readonly network: ActualNetwork
  readonly owner: Owner
  readonly names: Pick<ProjectNames, 'subnet' | 'networkSecurityGroup'>
  /** Those of the VNet's resource group, and those that the project's subnets have. */
  readonly groups: readonly UsedSecurityGroup[]
  /** Resource ids of the subnets that the project brings along: they are somebody else's. */
  readonly byo: readonly string[]
  /** Names of the subnets that the next delivery of the project would make again. */
  readonly needed: readonly string[]
  /** Only these, by key or name; all of the project's when absent. */
  readonly only: readonly string[] | undefined
}

/** One of the project's subnets that goes, or could. */
export interface ReleasedSubnet {
  readonly key: string
  readonly subnet: ActualSubnet
}

/** One that has to stay. */
export interface SubnetInUse extends ReleasedSubnet {
  /** What is in it, half a sentence that follows "in use by". */
  readonly usedBy: string
}

/** What can be freed, and what not. */
export interface ReleasePlan {
  readonly free: readonly ReleasedSubnet[]
  readonly inUse: readonly SubnetInUse[]
  /** Network security groups of the project that nothing uses when those subnets are gone. */
  readonly groups: readonly UsedSecurityGroup[]
  readonly changes: readonly Change[]
  readonly warnings: readonly string[]
}

/**
 * Decides which of a project's subnets can be freed: those that are its own and empty. Pure.
 * @throws UserError when a subnet is another project's or brought along
 */
export function planRelease(search: ReleaseSearch): ReleasePlan {
  const { found, warnings: missing } = candidates(search)
  const subnets = found.map((subnet): ReleasedSubnet => ({ key: keyOf(subnet, search), subnet }))
  const unknown = subnets.filter((released) => search.only === undefined && !hasEvidence(released, search))
  const rest = subnets.filter((released) => !unknown.includes(released))
  const inUse = rest.flatMap((released): readonly SubnetInUse[] => {
    const { occupants = [] } = released.subnet
    return occupants.length === 0 ? [] : [{ ...released, usedBy: occupantsInWords(occupants) }]
  })
  const free = rest.filter(({ subnet }) => (subnet.occupants ?? []).length === 0)
  const groups = unusedGroups(free, search)
  return {
    free,
    inUse,
    groups,
    changes: [
      ...free.map(({ subnet }) => subnetChange('delete', subnet)),
      ...groups.map(groupChange),
      ...inUse.map(({ subnet, usedBy }) => subnetChange('keep', subnet, `In use by ${usedBy}.`)),
    ],
    warnings: [
      ...missing,
      ...unknown.map(
        ({ subnet }) =>
          `Subnet '${subnet.name}' is kept: nothing says that this factory made it. If it did, name it in the input 'subnets'.`,
      ),
      ...sharedGroupWarnings(free, groups, search),
      ...neededWarnings(free, search),
    ],
  }
}

/** The subnets of a VNet that are in question: those that are called like the project's, or those that are named. */
export const inQuestion = ({
  network,
  owner,
  names,
  only,
}: Pick<ReleaseSearch, 'network' | 'owner' | 'names' | 'only'>): readonly ActualSubnet[] =>
  network.subnets.filter((subnet) =>
    only === undefined
      ? projectOfSubnet(subnet.name) === owner.project
      : only.some((name) => isCalled(subnet, name, names)),
  )

const isCalled = (subnet: ActualSubnet, name: string, names: ReleaseSearch['names']): boolean =>
  sameText(subnet.name, name) || sameText(subnet.name, names.subnet(name))

/** The project's own subnets that are in question. */
function candidates(search: ReleaseSearch): {
  readonly found: readonly ActualSubnet[]
  readonly warnings: readonly string[]
} {
  const { network, owner, only, names } = search
  if (only === undefined) {
    const found = inQuestion(search).filter(({ id }) => !isByo(id, search))
    for (const subnet of found) refuseForeign(evidenceOf(subnet, search), owner)
    return { found, warnings: [] }
  }
  const wanted = only.map((name) => ({
    name,
    subnet: network.subnets.find((subnet) => isCalled(subnet, name, names)),
  }))
  const found = wanted.flatMap(({ subnet }) => subnet ?? [])
  for (const subnet of found) refuseNotOwn(subnet, search)
  const missing = wanted.filter(
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
      what: `Subnet '${subnet.name}' is brought along by the project, and never released.`,
      why: "The project's manifest names it by its resource id: it is somebody else's.",
      fix: "Leave it out of the input 'subnets'.",
    })
  }
  refuseForeign(evidenceOf(subnet, search), owner)
  if (projectOfSubnet(subnet.name) === owner.project || hasOwnGroup(subnet, search)) return
  throw new UserError({
    what: `Subnet '${subnet.name}' is not one of project ${owner.project}.`,
    why: 'It is not called like one, and does not have the network security group that the project would have made for it.',
    fix: "Leave it out of the input 'subnets'.",
  })
}

/** A name that is not a project's says nothing, and anybody may put a group of the project on a subnet. */
const hasOwnGroup = (subnet: ActualSubnet, { groups, names, owner }: ReleaseSearch): boolean =>
  groups.some(
    (group) =>
      sameText(group.id, subnet.networkSecurityGroupId ?? '') &&
      sameText(group.name, names.networkSecurityGroup(subnet.name)) &&
      isOurs({ groups: [group] }, owner),
  )

const evidenceOf = (subnet: ActualSubnet, search: ReleaseSearch) => ({
  name: subnet.name,
  subnet: undefined,
  groups: search.groups.filter(
    ({ id, name }) =>
      sameText(id, subnet.networkSecurityGroupId ?? '') ||
      sameText(name, search.names.networkSecurityGroup(keyOf(subnet, search))),
  ),
})

const hasEvidence = ({ subnet }: ReleasedSubnet, search: ReleaseSearch): boolean =>
  isOurs(evidenceOf(subnet, search), search.owner)

/** The key that it has in the output of `reserve`: that of the catalogue, or what stands behind the project in its name. */
function keyOf({ name }: ActualSubnet, { names, owner }: ReleaseSearch): string {
  const key = subnetKeys.find((candidate) => sameText(names.subnet(candidate), name))
  if (key !== undefined) return key
  return projectOfSubnet(name) === owner.project ? name.slice(names.subnet('x').length - 1) : name
}

/** Groups of the project that no subnet has any more when the free ones are gone, also those of a run that was cut off. */
function unusedGroups(free: readonly ReleasedSubnet[], search: ReleaseSearch): readonly UsedSecurityGroup[] {
  const { only, owner, groups } = search
  const gone = free.map(({ subnet }) => subnet.id)
  const named = only?.flatMap((name) => orphanOf(name, search))
  return groups.filter((group) => {
    if (!isGroupOfProject(group, search) || !isOurs({ groups: [group] }, owner)) return false
    const { subnetIds, hasInterfaces } = group
    if (hasInterfaces || !subnetIds.every((id) => gone.some((other) => sameText(id, other)))) return false
    return subnetIds.length > 0 || named === undefined || named.includes(group)
  })
}

/** A subnet as a person knows it; subnets of a project have the same name in every VNet. */
function subnetOf(id: string, networkId: string): string {
  const itsNetwork = networkIdOf(id)
  const elsewhere = sameText(itsNetwork, networkId) ? '' : ` of VNet '${lastSegment(itsNetwork)}'`
  return `subnet '${lastSegment(id)}'${elsewhere}`
}

/** Groups of the project that stay, because not only the free subnets use them. */
function sharedGroupWarnings(
  free: readonly ReleasedSubnet[],
  going: readonly UsedSecurityGroup[],
  search: ReleaseSearch,
): readonly string[] {
  const gone = (id: string): boolean => free.some(({ subnet }) => sameText(subnet.id, id))
  return search.groups
    .filter(
      (group) => group.subnetIds.some(gone) && isGroupOfProject(group, search) && !going.includes(group),
    )
    .map(({ name, subnetIds, hasInterfaces }) => {
      const others = subnetIds.filter((id) => !gone(id)).map((id) => subnetOf(id, search.network.id))
      const users = [...others, ...(hasInterfaces ? ['network interfaces'] : [])]
      const reason =
        users.length === 0
          ? "its tags do not say that it is the project's"
          : `it is in use by ${users.join(' and ')} too`
      return `Network security group '${name}' is kept: ${reason}.`
    })
}

/** The group that a subnet of this name would have, when no subnet has it. */
const orphanOf = (wanted: string, { groups, names }: ReleaseSearch): readonly UsedSecurityGroup[] =>
  groups.filter(
    ({ name, subnetIds }) =>
      subnetIds.length === 0 &&
      [wanted, ...subnetKeys.filter((key) => sameText(names.subnet(key), names.subnet(wanted)))].some((key) =>
        sameText(name, names.networkSecurityGroup(key)),
      ),
  )

/** Is it called like those of the project, whatever the subnet? */
const isGroupOfProject = ({ name }: UsedSecurityGroup, { names }: ReleaseSearch): boolean =>
  name.toLowerCase().endsWith(names.networkSecurityGroup('x').slice(1).toLowerCase())

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

const groupChange = ({ name, id }: UsedSecurityGroup): Change => ({
  change: 'delete',
  kind: 'network security group',
  name,
  scope: id,
  reason: "It is the project's, and nothing uses it any more.",
})

function neededWarnings(
  free: readonly ReleasedSubnet[],
  { needed, owner }: ReleaseSearch,
): readonly string[] {
  const again = free.filter(({ subnet }) => needed.some((name) => sameText(name, subnet.name)))
  if (again.length === 0) return []
  const names = again.map(({ subnet }) => `'${subnet.name}'`).join(', ')
  return [
    `The manifest of project ${owner.project} still asks for ${names}: the next delivery would make ${again.length === 1 ? 'it' : 'them'} again. If the project is leaving ${owner.environment}, change the manifest next.`,
  ]
}
