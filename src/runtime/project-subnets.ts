import { openResources } from '../azure/resources.ts'
import type { Session } from '../azure/session.ts'
import type { ExistingSubnet } from '../azure/subnets.ts'
import { type ExistingVirtualNetwork, openVirtualNetworks } from '../azure/virtual-networks.ts'
import type { AssignedSubnets } from '../catalog/assigned-subnets.ts'
import type { Cidr } from '../cidr.ts'
import { findRoom, type Room } from '../network/find-room.ts'
import {
  type ActualNetwork,
  type ActualSubnet,
  ipv4Networks,
  type SubnetRequest,
} from '../network/network.ts'
import { noRoomError } from '../network/no-room.ts'
import { subnetRequests } from '../network/requests.ts'
import type { ProjectInEnvironment } from './project.ts'
import { checkSubnetOwners } from './subnet-owners.ts'

/** What is looked for in a VNet. */
interface Needs<Key extends string> {
  readonly requests: readonly SubnetRequest<Key>[]
  readonly reserved: readonly Cidr[]
  readonly context: ProjectInEnvironment | undefined
  readonly brought?: readonly ActualSubnet[]
}

/**
 * A place in the VNet for every subnet that is asked for: those that exist keep theirs.
 * @throws UserError when there is no room for all of them
 */
export function roomIn<Key extends string>(
  network: ActualNetwork,
  { requests, reserved, context, brought = [] }: Needs<Key>,
): Room<Key> {
  const project = context?.project
  const found = findRoom({
    network,
    reserved,
    requests,
    brought,
    ...(project && { project: project.number, environment: project.environment }),
  })
  if (found.kind === 'shortage') throw noRoomError(found.shortage, network, requests)
  return found
}

/** The subnets of the other VNets that subnets are brought along from. */
export async function broughtSubnets(
  requests: readonly SubnetRequest<string>[],
  network: ActualNetwork,
  read: (id: string) => Promise<ExistingVirtualNetwork>,
): Promise<readonly ExistingSubnet[]> {
  const networkIds = requests.flatMap((request) =>
    request.kind === 'brought' ? (request.id.split(/\/subnets\//i)[0] ?? []) : [],
  )
  const others = new Map(
    networkIds
      .filter((id) => id.toLowerCase() !== network.id.toLowerCase())
      .map((id) => [id.toLowerCase(), id]),
  )
  const networks = await Promise.all([...others.values()].map(read))
  return networks.flatMap(({ subnets }) => subnets)
}

/** The subnets of a project, and what a reader should know of them. */
interface ProjectSubnets {
  readonly subnets: AssignedSubnets
  readonly warnings: readonly string[]
}

/**
 * Reads the VNet of the project's environment, makes sure that what exists under the project's names is the project's,
 * and finds a place for each of its subnets. Changes nothing.
 * @param given the places, when they are decided already
 * @throws UserError when there is no room, a subnet is another project's, or the VNet cannot be read
 */
export async function findProjectSubnets(
  session: Session,
  context: ProjectInEnvironment,
  given?: AssignedSubnets,
): Promise<ProjectSubnets> {
  const { project, names, ids } = context
  const { read } = await openVirtualNetworks(session)
  const network = await read(ids.virtualNetwork)
  const requests = subnetRequests(project, names.project)
  const brought = await broughtSubnets(requests, network, read)
  const { warnings } = await checkSubnetOwners(
    { network, brought, requests },
    context,
    await openResources(session),
  )
  if (given !== undefined) return { subnets: given, warnings }
  const reserved = ipv4Networks(project.factory.network.reserved)
  const { subnets, plan } = roomIn(network, { requests, reserved, context, brought })
  return { subnets, warnings: [...warnings, ...plan.warnings] }
}
