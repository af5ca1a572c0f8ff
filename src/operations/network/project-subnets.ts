import { openResources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import { type ExistingVirtualNetwork, openVirtualNetworks } from '../../azure/virtual-networks.ts'
import type { AssignedSubnets } from '../../catalog/assigned-subnets.ts'
import { allocate } from '../../network/allocation.ts'
import { addressConstraints } from '../../network/blocked-ranges.ts'
import { findExisting } from '../../network/existing-subnets.ts'
import { byoSubnetIds, subnetRequests } from '../../network/requested-subnets.ts'
import type { ExistingOwn } from '../../network/subnet-updates.ts'
import { sameText } from '../../resource-id.ts'
import type { ProjectInEnvironment } from '../project.ts'
import { together } from '../together.ts'
import { refuseMissingAttachments } from './attachments.ts'
import { type ByoSubnet, readByoSubnets } from './byo-subnets.ts'
import { poolAccess } from './pool-access.ts'
import { projectTarget } from './project-target.ts'
import { readNetwork } from './read-network.ts'
import { checkSubnetOwners } from './subnet-owners.ts'
import { ownersPart } from './subnet-target.ts'

/** The subnets of a project, and warnings about them. */
export interface ProjectSubnets {
  /** The VNet of the environment, as it was read. */
  readonly network: ExistingVirtualNetwork
  readonly subnets: AssignedSubnets
  /** Names of those that do not exist yet. */
  readonly missing: readonly string[]
  /** Those that exist, and what becomes of each in ip-calc's hands. */
  readonly existing: readonly ExistingOwn[]
  readonly warnings: readonly string[]
  /** Of what is to be attached to them, what may not be read. */
  readonly unseen: readonly string[]
}

/** How the subnets of a project are found. */
interface FindOptions {
  /** The subnets, when an input names them. */
  readonly given?: AssignedSubnets
  /** Is something going to be changed? Then what cannot be read is an error, not a warning. */
  readonly changing: boolean
}

/**
 * Reads the VNet of the project's environment, makes sure that what exists under the project's names belongs to it, and
 * allocates each of its subnets. Changes nothing.
 * @throws UserError when they do not fit, a subnet belongs to another project or cannot be used, or the VNet cannot be read
 */
export async function findProjectSubnets(
  session: Session,
  target: ProjectInEnvironment,
  { given, changing }: FindOptions,
): Promise<ProjectSubnets> {
  const { project, names } = target
  const owner = projectTarget(target)
  const [networks, resources] = [await openVirtualNetworks(session), await openResources(session)]
  const network = await readNetwork(networks, owner)
  const requests = subnetRequests(project, names.project)
  const clients = { networks, resources }
  const { byo, usedSubnetIds } = await readByoSubnets(byoSubnetIds(requests), network, owner, clients)
  const [owners, unseen] = await together(
    checkSubnetOwners({ network, byo, requests, changing }, owner, resources),
    refuseMissingAttachments(requests, owner, { resources, location: network.location }),
  )
  if (given !== undefined) {
    const { home } = ownersPart(owner, usedSubnetIds)
    const { found, warnings } = findExisting({ network, byo, requests, ...(home && { home }) })
    return {
      network,
      subnets: given,
      missing: missingNames(given, network, byo),
      existing: found.flatMap(({ own }) => own ?? []),
      warnings: [...owners.warnings, ...warnings],
      unseen,
    }
  }
  const constraints = addressConstraints(project.factory, [])
  const problem = { network, constraints, requests, byo }
  const { subnets, planned, plan, existing } = allocate({ ...problem, ...ownersPart(owner, usedSubnetIds) })
  const pools =
    planned.length === 0 ? { warnings: [] } : await poolAccess(session, network, { factory: project.factory })
  const missing = missingNames(subnets, network, byo)
  return {
    network,
    subnets,
    missing,
    existing,
    warnings: [...owners.warnings, ...pools.warnings, ...plan.warnings],
    unseen,
  }
}

/** Names of the subnets that are in none of the VNets. Offline, ip-calc has no ids. */
const missingNames = (
  subnets: AssignedSubnets,
  network: ExistingVirtualNetwork,
  byo: readonly ByoSubnet[],
): readonly string[] =>
  Object.values(subnets)
    .filter(({ id, name }) => {
      const wanted = id === '' ? `${network.id}/subnets/${name}` : id
      return ![...network.subnets, ...byo].some((existing) => sameText(existing.id, wanted))
    })
    .map(({ name }) => name)
