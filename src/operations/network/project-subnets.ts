import { isForbidden } from '../../azure/failure.ts'
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
import { type Allocation, allocate } from '../../network/allocation.ts'
import { type AddressConstraints, addressConstraints } from '../../network/blocked-ranges.ts'
import type { ProjectLocation, RemoteSubnet } from '../../network/existing-subnets.ts'
import { type SubnetRequest, subnetRequests } from '../../network/requested-subnets.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import { networkIdOf, sameText } from '../../resource-id.ts'
import type { ProjectInEnvironment } from '../project.ts'
import { poolAccess } from './pool-access.ts'
import { checkSubnetOwners } from './subnet-owners.ts'

/** The requested subnets, and what constrains where they can be. */
interface AllocationInputs<Key extends string> {
  readonly requests: readonly SubnetRequest<Key>[]
  readonly constraints: AddressConstraints
  readonly context: ProjectInEnvironment | undefined
  readonly byo?: readonly RemoteSubnet[]
  /** Resource ids of the subnets that services of the project are in; absent when that is unknown. */
  readonly usedSubnetIds?: readonly string[]
  /** The pool that is to allocate the addresses; absent when they are planned here. */
  readonly poolId?: string
}

/**
 * Allocates every requested subnet in the VNet: those that exist keep their range. The plan also warns of problems with
 * the VNet's addresses.
 * @throws UserError when they do not all fit, or one that exists cannot be used
 */
export function allocateIn<Key extends string>(
  network: ActualNetwork,
  { requests, constraints, context, byo = [], usedSubnetIds, poolId }: AllocationInputs<Key>,
): Allocation<Key> {
  return allocate({
    network,
    constraints,
    requests,
    byo,
    ...(poolId === undefined ? {} : { poolId }),
    ...(context && {
      home: { ...homeOf(context), ...(usedSubnetIds && { usedSubnetIds }) },
      project: context.project.number,
      environment: context.project.environment,
    }),
  })
}

const homeOf = ({ project: { factory }, ids }: ProjectInEnvironment): ProjectLocation => ({
  location: factory.location,
  resourceGroupId: ids.resourceGroup,
  where: factory.network.at(factory.network.source.kind === 'existing' ? 'vnetId' : 'addressSpace'),
})

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
  requests: readonly SubnetRequest<string>[],
  network: ExistingVirtualNetwork,
  context: ProjectInEnvironment,
  { networks: { find }, resources }: { readonly networks: VirtualNetworks; readonly resources: Resources },
): Promise<ByoSubnets> {
  const wanted = requests.flatMap((request) => (request.kind === 'byo' ? [request.id] : []))
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
  const usedSubnetIds = inUse ? await injectedSubnets(context, resources) : undefined
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
  try {
    const found = await Promise.all(
      injections.map(async ({ resource, subnetIds }) => {
        const existing = await resources.read(ids[resource], apiVersions[catalogue.resources[resource].type])
        return subnetIds(existing?.properties ?? {})
      }),
    )
    return found.flat()
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}

/** The subnets of a project, and warnings about them. */
interface ProjectSubnets {
  readonly subnets: AssignedSubnets
  readonly warnings: readonly string[]
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
  context: ProjectInEnvironment,
  { given, changing }: FindOptions,
): Promise<ProjectSubnets> {
  const { project, names, ids } = context
  const [networks, resources] = [await openVirtualNetworks(session), await openResources(session)]
  const network = await networks.read(ids.virtualNetwork)
  const requests = subnetRequests(project, names.project)
  const byoSubnets = await readByoSubnets(requests, network, context, { networks, resources })
  const { byo } = byoSubnets
  const owners = await checkSubnetOwners({ network, byo, requests, changing }, context, resources)
  if (given !== undefined) return { subnets: given, warnings: owners.warnings }
  const constraints = addressConstraints(project.factory, [])
  const { subnets, planned, plan } = allocateIn(network, { requests, constraints, context, ...byoSubnets })
  const pools =
    planned.length === 0
      ? { warnings: [] }
      : await poolAccess(session, network, { clientId: project.factory.clientId })
  return { subnets, warnings: [...owners.warnings, ...pools.warnings, ...plan.warnings] }
}
