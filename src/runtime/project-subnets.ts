import { openResources } from '../azure/resources.ts'
import type { Session } from '../azure/session.ts'
import type { ExistingSubnet } from '../azure/subnets.ts'
import { openVirtualNetworks, type VirtualNetworks } from '../azure/virtual-networks.ts'
import type { AssignedSubnet, AssignedSubnets } from '../catalog/assigned-subnets.ts'
import {
  type AddressKnowledge,
  addressKnowledge,
  addressWarnings,
  blockedRanges,
  misplacedWarnings,
  nothingLeft,
} from '../network/conflicts.ts'
import type { ProjectHome, StandingSubnet } from '../network/existing-subnets.ts'
import { findRoom, type Room } from '../network/find-room.ts'
import { type ActualNetwork, type SubnetRequest, sameText } from '../network/network.ts'
import { noRoomError } from '../network/no-room.ts'
import { subnetRequests } from '../network/requests.ts'
import { poolAccess } from './pool-access.ts'
import type { ProjectInEnvironment } from './project.ts'
import { checkSubnetOwners } from './subnet-owners.ts'

/** What is looked for in a VNet. */
interface Needs<Key extends string> {
  readonly requests: readonly SubnetRequest<Key>[]
  readonly knowledge: AddressKnowledge
  readonly context: ProjectInEnvironment | undefined
  readonly brought?: readonly StandingSubnet[]
  /** The pool that is to choose the addresses; they are planned when it is absent. */
  readonly poolId?: string
}

/**
 * A place in the VNet for every subnet that is asked for: those that exist keep theirs. Its plan also warns of what is odd
 * about the VNet's addresses.
 * @throws UserError when there is no room for all of them, or one that exists cannot be used
 */
export function roomIn<Key extends string>(
  network: ActualNetwork,
  { requests, knowledge, context, brought = [], poolId }: Needs<Key>,
): Room<Key> {
  const blocked = blockedRanges(network, knowledge)
  const found = findRoom({
    network,
    reserved: blocked.map(({ cidr }) => cidr),
    requests,
    brought,
    ...(poolId === undefined ? {} : { poolId }),
    ...(context && {
      home: homeOf(context),
      project: context.project.number,
      environment: context.project.environment,
    }),
  })
  if (found.kind === 'shortage') {
    throw nothingLeft(network, blocked) ?? noRoomError(found.shortage, network, requests)
  }
  const all = Object.values<AssignedSubnet | undefined>(found.subnets).filter((one) => one !== undefined)
  const warnings = [
    ...addressWarnings(network, knowledge),
    ...misplacedWarnings(all, blocked),
    ...found.plan.warnings,
  ]
  return { ...found, plan: { ...found.plan, warnings } }
}

const homeOf = ({ project: { factory }, names }: ProjectInEnvironment): ProjectHome => ({
  location: factory.location,
  resourceGroupId: `/subscriptions/${factory.subscriptionId}/resourceGroups/${names.project.resourceGroup}`,
  where: factory.network.at(factory.network.source.kind === 'existing' ? 'vnetId' : 'addressSpace'),
})

/** A subnet of another VNet, as it was read. */
export interface BroughtSubnet extends ExistingSubnet {
  /** Azure region of its VNet. */
  readonly location: string
}

/** The subnets of the other VNets that subnets are brought along from; none of a VNet that does not exist. */
export async function broughtSubnets(
  requests: readonly SubnetRequest<string>[],
  network: ActualNetwork,
  find: VirtualNetworks['find'],
): Promise<readonly BroughtSubnet[]> {
  const networkIds = requests.flatMap((request) =>
    request.kind === 'brought' ? (request.id.split(/\/subnets\//i)[0] ?? []) : [],
  )
  const others = new Map(
    networkIds.filter((id) => !sameText(id, network.id)).map((id) => [id.toLowerCase(), id]),
  )
  const networks = await Promise.all([...others.values()].map(find))
  return networks.flatMap((other) =>
    other === undefined ? [] : other.subnets.map((subnet) => ({ ...subnet, location: other.location })),
  )
}

/** The subnets of a project, and what a reader should know of them. */
interface ProjectSubnets {
  readonly subnets: AssignedSubnets
  readonly warnings: readonly string[]
}

/** How the subnets of a project are looked for. */
interface Looking {
  /** The places, when they are decided already. */
  readonly given?: AssignedSubnets
  /** Is something going to be changed? Then what cannot be seen is an error, not a warning. */
  readonly changing: boolean
}

/**
 * Reads the VNet of the project's environment, makes sure that what exists under the project's names is the project's,
 * and finds a place for each of its subnets. Changes nothing.
 * @throws UserError when there is no room, a subnet is another project's or cannot be used, or the VNet cannot be read
 */
export async function findProjectSubnets(
  session: Session,
  context: ProjectInEnvironment,
  { given, changing }: Looking,
): Promise<ProjectSubnets> {
  const { project, names, ids } = context
  const { read, find } = await openVirtualNetworks(session)
  const network = await read(ids.virtualNetwork)
  const requests = subnetRequests(project, names.project)
  const brought = await broughtSubnets(requests, network, find)
  const owners = await checkSubnetOwners(
    { network, brought, requests, changing },
    context,
    await openResources(session),
  )
  if (given !== undefined) return { subnets: given, warnings: owners.warnings }
  const knowledge = addressKnowledge(project.factory, [])
  const { subnets, planned, plan } = roomIn(network, { requests, knowledge, context, brought })
  const pools =
    planned.length === 0
      ? { warnings: [] }
      : await poolAccess(session, network, { clientId: project.factory.clientId })
  return { subnets, warnings: [...owners.warnings, ...pools.warnings, ...plan.warnings] }
}
