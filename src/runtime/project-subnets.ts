import type { Session } from '../azure/session.ts'
import { openVirtualNetworks } from '../azure/virtual-networks.ts'
import type { AssignedSubnets } from '../catalog/assigned-subnets.ts'
import type { Cidr } from '../network/cidr.ts'
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
  read: (id: string) => Promise<ActualNetwork>,
): Promise<readonly ActualSubnet[]> {
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

/**
 * Reads the VNet of the project's environment and finds a place for each of its subnets. Changes nothing.
 * @throws UserError when there is no room, or the VNet cannot be read
 */
export async function findProjectSubnets(
  session: Session,
  context: ProjectInEnvironment,
): Promise<AssignedSubnets> {
  const { project, names, ids } = context
  const { read } = await openVirtualNetworks(session)
  const network = await read(ids.virtualNetwork)
  const requests = subnetRequests(project, names.project)
  const brought = await broughtSubnets(requests, network, read)
  return roomIn(network, {
    requests,
    reserved: ipv4Networks(project.factory.network.reserved),
    context,
    brought,
  }).subnets
}
