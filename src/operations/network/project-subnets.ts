import { unlessForbidden } from '../../azure/failure.ts'
import { openResources, type Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import type { ExistingSubnet } from '../../azure/subnets.ts'
import {
  type ExistingVirtualNetwork,
  openVirtualNetworks,
  type VirtualNetworks,
} from '../../azure/virtual-networks.ts'
import type { AssignedSubnets } from '../../catalog/assigned-subnets.ts'
import { partsOf } from '../../catalog/contents.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { catalogue, isResourceKey } from '../../catalog/index.ts'
import { contentsOf } from '../../compose/project-context.ts'
import { type AllocationProblem, allocate } from '../../network/allocation.ts'
import { addressConstraints } from '../../network/blocked-ranges.ts'
import { findExisting } from '../../network/existing-subnets.ts'
import { byoSubnetIds, subnetRequests } from '../../network/requested-subnets.ts'
import type { ExistingOwn } from '../../network/subnet-updates.ts'
import { networkIdOf, sameText } from '../../resource-id.ts'
import type { ProjectInEnvironment } from '../project.ts'
import { together } from '../together.ts'
import { refuseMissingAttachments } from './attachments.ts'
import { poolAccess } from './pool-access.ts'
import { readNetwork } from './read-network.ts'
import { checkSubnetOwners } from './subnet-owners.ts'

/** What an allocation depends on of the project. */
export const projectPart = (
  { project, ids }: ProjectInEnvironment,
  usedSubnetIds?: readonly string[],
): Required<Pick<AllocationProblem<string>, 'home' | 'project' | 'environment'>> => {
  const { factory, number, environment } = project
  return {
    home: {
      location: factory.location,
      resourceGroupId: ids.resourceGroup,
      where: factory.network.at(factory.network.source.kind === 'existing' ? 'vnetId' : 'addressSpace'),
      ...(usedSubnetIds && { usedSubnetIds }),
    },
    project: number,
    environment,
  }
}

/** A subnet of another VNet, as it was read. */
interface ByoSubnet extends ExistingSubnet {
  /** Azure region of its VNet. */
  readonly location: string
}

/** The bring-your-own subnets of a project. */
export interface ByoSubnets {
  /** The subnets of other VNets than the environment's; none of a VNet that does not exist. */
  readonly byo: readonly ByoSubnet[]
  /** Resource ids of the subnets that services of the project are in; absent when that is not needed or may not be read. */
  readonly usedSubnetIds?: readonly string[]
}

/** Reads the VNets of bring-your-own subnets, and what they do not show: which of them the project itself uses. */
export async function readByoSubnets(
  wanted: readonly string[],
  network: ExistingVirtualNetwork,
  target: ProjectInEnvironment,
  { networks: { find }, resources }: { readonly networks: VirtualNetworks; readonly resources: Resources },
): Promise<ByoSubnets> {
  const networkIds = wanted.map(networkIdOf)
  const others = new Map(
    networkIds.filter((id) => !sameText(id, network.id)).map((id) => [id.toLowerCase(), id]),
  )
  const found = await Promise.all([...others.values()].map(find))
  const byo = found.flatMap((other) =>
    other === undefined ? [] : other.subnets.map((subnet) => ({ ...subnet, location: other.location })),
  )
  const inUse = [...network.subnets, ...byo].some(
    ({ id, occupants }) =>
      wanted.some((other) => sameText(other, id)) && occupants.some(({ kind }) => kind === 'service'),
  )
  const usedSubnetIds = inUse ? await injectedSubnets(target, resources) : undefined
  return { byo, ...(usedSubnetIds === undefined ? {} : { usedSubnetIds }) }
}

/** The subnets that services of a project are injected into, undefined when that may not be read: subnets do not say it. */
async function injectedSubnets(
  { project, ids }: ProjectInEnvironment,
  resources: Resources,
): Promise<readonly string[] | undefined> {
  const injections = partsOf(contentsOf(project))
    .flatMap(({ subnets }) => Object.values(subnets))
    .flatMap(({ injected }) =>
      injected !== undefined && isResourceKey(injected.resource)
        ? [{ ...injected, resource: injected.resource }]
        : [],
    )
  return unlessForbidden(async () => {
    const found = await Promise.all(
      injections.map(async ({ resource, subnetIds }) => {
        const existing = await resources.read(ids[resource], apiVersions[catalogue.resources[resource].type])
        return subnetIds(existing?.properties ?? {})
      }),
    )
    return found.flat()
  }, undefined)
}

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
  const [networks, resources] = [await openVirtualNetworks(session), await openResources(session)]
  const network = await readNetwork(networks, target)
  const requests = subnetRequests(project, names.project)
  const clients = { networks, resources }
  const { byo, usedSubnetIds } = await readByoSubnets(byoSubnetIds(requests), network, target, clients)
  const [owners, unseen] = await together(
    checkSubnetOwners({ network, byo, requests, changing }, target, resources),
    refuseMissingAttachments(requests, target, { resources, location: network.location }),
  )
  if (given !== undefined) {
    const { home } = projectPart(target, usedSubnetIds)
    const { found, warnings } = findExisting({ network, byo, requests, home })
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
  const { subnets, planned, plan, existing } = allocate({ ...problem, ...projectPart(target, usedSubnetIds) })
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
