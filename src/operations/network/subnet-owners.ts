import { isForbidden } from '../../azure/failure.ts'
import type { ExistingResource, Resources } from '../../azure/resources.ts'
import type { ExistingSubnet } from '../../azure/subnets.ts'
import type { ExistingVirtualNetwork } from '../../azure/virtual-networks.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { ownerInName, projectOfSubnet } from '../../naming/names.ts'
import { checkOwners, type OwnershipEvidence, refuseForeign } from '../../network/ownership.ts'
import { type SubnetRequest, securityGroupId } from '../../network/requested-subnets.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import { together } from '../together.ts'
import type { SubnetTarget } from './subnet-target.ts'

/** The network security groups of an owner's subnets, and warnings about their owners. */
export interface SubnetOwners {
  readonly warnings: readonly string[]
  /** The network security groups that exist, by their ids in small letters. */
  readonly groups: ReadonlyMap<string, ExistingResource>
}

interface Places {
  readonly network: ExistingVirtualNetwork
  /** Bring-your-own subnets of other VNets. */
  readonly byo: readonly ExistingSubnet[]
  readonly requests: readonly SubnetRequest<string>[]
  /** Is something going to be changed? Then an owner that cannot be read is an error, not a warning. */
  readonly changing: boolean
}

/**
 * Makes sure, before anything is changed, that the subnets and network security groups which exist under the owner's
 * names belong to it, and that its bring-your-own subnets do not belong to another.
 * @throws UserError that names the owner, or the missing right
 */
export async function checkSubnetOwners(
  places: Places,
  { owner }: Pick<SubnetTarget, 'owner'>,
  resources: Resources,
): Promise<SubnetOwners> {
  const groups = groupReader(resources, places.changing)
  const own: OwnershipEvidence[] = []
  const subjects = places.requests.flatMap((request) => subjectOf(request, places) ?? [])
  await groups.read(subjects.flatMap((subject) => subject.groups))
  for (const subject of subjects) {
    const { name, subnet, isFree } = subject
    const seen = await groups.read(subject.groups)
    if (seen === undefined) continue
    const evidence = { name, subnet: subnet && { inUse: subnet.occupants.length > 0 }, groups: seen }
    if (isFree) refuseForeign(evidence, owner)
    else own.push(evidence)
  }
  return { warnings: [...groups.warnings(), ...checkOwners(own, owner)], groups: groups.existing() }
}

/** A subnet whose owner matters. */
interface Subject {
  readonly name: string
  readonly subnet: ExistingSubnet | undefined
  /** Ids of the network security groups whose tags name the owner. */
  readonly groups: readonly string[]
  /** May everybody use it unless it belongs to another owner? */
  readonly isFree: boolean
}

function subjectOf(request: SubnetRequest<string>, { network, byo }: Places): Subject | undefined {
  if (request.kind === 'own') {
    const subnet = network.subnets.find(({ name }) => sameText(name, request.name))
    const expected = securityGroupId(network.id, request)
    return {
      name: request.name,
      subnet,
      groups: [subnet?.networkSecurityGroupId, expected].filter((id) => id !== undefined),
      // One with a name that Azure prescribes, e.g. AzureBastionSubnet, is shared by all who use the VNet.
      isFree: ownerInName(request.name) === undefined,
    }
  }
  const subnet = [...network.subnets, ...byo].find(({ id }) => sameText(id, request.id))
  // A subnet without the name of a project belongs to the network team, or to all.
  if (subnet === undefined || projectOfSubnet(subnet.name) === undefined) return undefined
  const groups = [subnet.networkSecurityGroupId].filter((id) => id !== undefined)
  return { name: subnet.name, subnet, groups, isFree: true }
}

/** Reads each network security group once. */
function groupReader(resources: Resources, changing: boolean) {
  const known = new Map<string, ExistingResource>()
  const missing = new Set<string>()
  const hidden = new Map<string, string>()
  const readOne = async (key: string, id: string): Promise<void> => {
    try {
      const group = await resources.read(id, apiVersion)
      if (group === undefined) missing.add(key)
      else known.set(key, group)
    } catch (error) {
      if (!isForbidden(error)) throw error
      if (changing) throw hiddenError(id, error)
      hidden.set(key, id)
    }
  }
  return {
    /** Those that exist; undefined when one of them may not be read. */
    read: async (ids: readonly string[]): Promise<readonly ExistingResource[] | undefined> => {
      const distinct = new Map(ids.map((id) => [id.toLowerCase(), id]))
      const isRead = (key: string): boolean => known.has(key) || missing.has(key) || hidden.has(key)
      const unread = [...distinct].filter(([key]) => !isRead(key))
      await together(...unread.map(([key, id]) => readOne(key, id)))
      const keys = [...distinct.keys()]
      return keys.some((key) => hidden.has(key)) ? undefined : keys.flatMap((key) => known.get(key) ?? [])
    },
    existing: (): ReadonlyMap<string, ExistingResource> => known,
    warnings: () => [...hidden.values()].map(hiddenWarning),
  }
}

const apiVersion = apiVersions['Microsoft.Network/networkSecurityGroups']

const readAction = 'Microsoft.Network/networkSecurityGroups/read'

const hiddenError = (id: string, cause: unknown): UserError =>
  new UserError({
    what: `Cannot determine who owns network security group '${lastSegment(id)}' and its subnet. Nothing was changed.`,
    why: `The tags of ${id} name the owner, and the identity that is signed in may not read them.`,
    fix: `Grant the identity ${readAction} on it, e.g. with the role Network Contributor on the resource group of the VNet.`,
    cause,
  })

const hiddenWarning = (id: string): string =>
  `Cannot determine whether network security group '${lastSegment(id)}' exists and who owns its subnet. Before anything is changed, the identity needs ${readAction} on ${id}.`
