import type { Session } from '../azure/session.ts'
import { type ExistingVirtualNetwork, openVirtualNetworks } from '../azure/virtual-networks.ts'
import { cidr } from '../network/cidr.ts'
import { findRoom, type Room } from '../network/find-room.ts'
import type { ActualSubnet, SubnetRequest } from '../network/network.ts'
import { noRoomError } from '../network/no-room.ts'
import { subnetRequests } from '../network/requests.ts'
import type { SubnetKey } from '../vocabulary.ts'
import type { ProjectInEnvironment } from './project.ts'

/** The VNet as it was read, and a place in it for every subnet of the project. */
export interface ProjectSubnets {
  readonly network: ExistingVirtualNetwork
  readonly room: Room<SubnetKey>
}

const networkOf = (subnetId: string): string => subnetId.split('/subnets/')[0] ?? subnetId

/** The brought-along subnets that stand in other VNets than the project's, as they are. */
async function readBrought(
  read: (id: string) => Promise<ExistingVirtualNetwork>,
  requests: readonly SubnetRequest[],
  home: ExistingVirtualNetwork,
): Promise<readonly ActualSubnet[]> {
  const ids = requests.flatMap((request) => (request.kind === 'brought' ? [networkOf(request.id)] : []))
  const elsewhere = [...new Set(ids)].filter((id) => id.toLowerCase() !== home.id.toLowerCase())
  const networks = await Promise.all(elsewhere.map(read))
  return networks.flatMap(({ subnets }) => subnets)
}

/**
 * Reads the VNet of the project's environment and finds a place for each of its subnets: those that exist keep theirs.
 * Changes nothing.
 * @throws UserError when there is no room, or the VNet cannot be read
 */
export async function findProjectSubnets(
  session: Session,
  { project, names, ids }: ProjectInEnvironment,
): Promise<ProjectSubnets> {
  const { read } = await openVirtualNetworks(session)
  const network = await read(ids.virtualNetwork)
  const requests = subnetRequests(project, names.project)
  const outcome = findRoom({
    network,
    requests,
    reserved: project.factory.network.reserved.map(cidr),
    brought: await readBrought(read, requests, network),
    project: project.number,
    environment: project.environment,
  })
  if (outcome.kind === 'shortage') throw noRoomError(outcome.shortage, network, requests)
  return { network, room: outcome }
}
