import { openResources } from '../../src/azure/resources.ts'
import type { Session } from '../../src/azure/session.ts'
import { openVirtualNetworks } from '../../src/azure/virtual-networks.ts'
import { tagsOf } from '../../src/compose/project-context.ts'
import type { Cidr } from '../../src/network/cidr.ts'
import { claimSteps } from '../../src/network/claim.ts'
import { asReserved, findRoom, type PlannedSubnet, type Room } from '../../src/network/find-room.ts'
import {
  type ActualNetwork,
  type ActualSubnet,
  ipv4Networks,
  type SubnetRequest,
} from '../../src/network/network.ts'
import { noRoomError } from '../../src/network/no-room.ts'
import { requestsOfWishes, subnetRequests } from '../../src/network/requests.ts'
import { connectAs } from '../../src/runtime/connect.ts'
import type { Host } from '../../src/runtime/host.ts'
import { type ProjectInEnvironment, readProject } from '../../src/runtime/project.ts'
import type { ActionResult } from '../../src/runtime/run-action.ts'
import { UserError } from '../../src/user-error.ts'
import { type SubnetKey, subnetKeys } from '../../src/vocabulary.ts'
import type { Inputs } from './inputs.ts'
import { report } from './report.ts'

/** Finds room for the subnets, and claims it in mode `reserve`. */
export async function run(inputs: Inputs, host: Host): Promise<ActionResult> {
  const context = inputs.project === undefined ? undefined : readProject(inputs.project)
  const requests = requestsOf(inputs, context)
  const reserved = [...inputs.reserved, ...ipv4Networks(context?.project.factory.network.reserved ?? [])]
  if (inputs.kind === 'offline') {
    const room = roomIn(inputs.network, { requests, reserved, context })
    return report({ inputs, network: inputs.network, reserved, room, claimed: false }, host)
  }
  if (context === undefined) throw new Error('A live run has a project.')
  const session = await connectAs('ip-calc', context.project.factory, inputs.project.azureCloud, host)
  const { read } = await openVirtualNetworks(session)
  const network = await read(inputs.vnetId ?? context.ids.virtualNetwork)
  const brought = await broughtSubnets(requests, network, read)
  const room = roomIn(network, { requests, reserved, context, brought })
  if (inputs.mode === 'reserve') await claim(room.planned, network, context, session)
  const subnets = inputs.mode === 'reserve' ? asReserved(room.subnets) : room.subnets
  return report(
    { inputs, network, reserved, room: { ...room, subnets }, claimed: inputs.mode === 'reserve' },
    host,
  )
}

const requestsOf = (
  { wishes }: Inputs,
  context: ProjectInEnvironment | undefined,
): readonly SubnetRequest<string>[] => {
  if (wishes !== undefined) return requestsOfWishes(wishes, context?.names.project)
  if (context === undefined) throw new Error('Without wishes there is a project.')
  return subnetRequests(context.project, context.names.project)
}

interface Needs {
  readonly requests: readonly SubnetRequest<string>[]
  readonly reserved: readonly Cidr[]
  readonly context: ProjectInEnvironment | undefined
  readonly brought?: readonly ActualSubnet[]
}

/** @throws UserError when there is no room for all of them */
function roomIn(network: ActualNetwork, { requests, reserved, context, brought = [] }: Needs): Room<string> {
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
async function broughtSubnets(
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
  const subnets: ActualSubnet[] = []
  for (const id of others.values()) subnets.push(...(await read(id)).subnets)
  return subnets
}

/** Creates the planned subnets one after the other; a network security group that exists stays as it is. */
async function claim(
  planned: readonly PlannedSubnet<string>[],
  network: ActualNetwork,
  { project, names }: ProjectInEnvironment,
  session: Session,
): Promise<void> {
  const steps = claimSteps(planned.map(ofCatalogue), {
    virtualNetworkId: network.id,
    names: names.project,
    location: project.factory.location,
    tags: tagsOf(project),
  })
  if (steps.length === 0) return
  const resources = await openResources(session)
  for (const [index, { kind, name, id, apiVersion, body }] of steps.entries()) {
    const exists = kind === 'network security group' && (await resources.read(id, apiVersion)) !== undefined
    session.progress(`${index + 1}/${steps.length} ${kind} ${name}${exists ? ' exists' : ''}`)
    if (!exists) await resources.put(id, apiVersion, body)
  }
}

/** @throws UserError for a subnet that only the input names: nothing says what would have to be in it */
function ofCatalogue(subnet: PlannedSubnet<string>): PlannedSubnet<SubnetKey> {
  const key = subnetKeys.find((candidate) => candidate === subnet.key)
  if (key !== undefined) return { ...subnet, key }
  throw new UserError({
    what: `Subnet '${subnet.name}' cannot be reserved.`,
    why: 'Mode reserve creates subnets of the catalogue, whose rules it knows.',
    fix: `Name it ${subnetKeys.join(' or ')} in the input 'subnets', or use mode plan.`,
  })
}
