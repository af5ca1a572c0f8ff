import { openResources, type Resources } from '../../src/azure/resources.ts'
import { openVirtualNetworks } from '../../src/azure/virtual-networks.ts'
import { isSubnetKey } from '../../src/catalog/subnets.ts'
import { tagsOf } from '../../src/compose/project-context.ts'
import { type ClaimStep, claimSteps } from '../../src/network/claim.ts'
import { asReserved, type PlannedSubnet, type Room } from '../../src/network/find-room.ts'
import { type ActualNetwork, ipv4Networks, type SubnetRequest } from '../../src/network/network.ts'
import { subnetRequests } from '../../src/network/requests.ts'
import { requestsOfWishes } from '../../src/network/wished-requests.ts'
import type { Change } from '../../src/plan/model.ts'
import { connectAs } from '../../src/runtime/connect.ts'
import type { Host } from '../../src/runtime/host.ts'
import { type ProjectInEnvironment, readProject } from '../../src/runtime/project.ts'
import { broughtSubnets, roomIn } from '../../src/runtime/project-subnets.ts'
import type { ActionResult } from '../../src/runtime/run-action.ts'
import { checkSubnetOwners, type SubnetOwners } from '../../src/runtime/subnet-owners.ts'
import { UserError } from '../../src/user-error.ts'
import { type SubnetKey, subnetKeys } from '../../src/vocabulary.ts'
import type { LiveInputs, OfflineInputs } from './inputs.ts'
import { report } from './report.ts'

/** Finds room for the subnets, and claims it in mode `reserve`. */
export async function find(inputs: LiveInputs | OfflineInputs, host: Host): Promise<ActionResult> {
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
  const claimed = inputs.mode === 'reserve'
  const resources = await openResources(session)
  const owners = await checkSubnetOwners({ network, brought, requests }, context, resources)
  const found = roomIn(network, { requests, reserved, context, brought })
  const steps = missingSteps(found.planned, claimed, network, context, owners)
  const room = withFindings(found, steps, owners)
  if (!claimed) return report({ inputs, network, reserved, room, claimed }, host)
  await claim(steps, resources, host.info)
  const subnets = asReserved(room.subnets)
  return report({ inputs, network, reserved, room: { ...room, subnets }, claimed }, host)
}

const requestsOf = (
  { wishes }: LiveInputs | OfflineInputs,
  context: ProjectInEnvironment | undefined,
): readonly SubnetRequest<string>[] => {
  if (wishes !== undefined) return requestsOfWishes(wishes, context?.names.project)
  if (context === undefined) throw new Error('Without wishes there is a project.')
  return subnetRequests(context.project, context.names.project)
}

/** What has to be written for the planned subnets: a network security group that exists stays as it is. */
function missingSteps(
  planned: readonly PlannedSubnet<string>[],
  claimed: boolean,
  network: ActualNetwork,
  { project, names }: ProjectInEnvironment,
  { groups }: SubnetOwners,
): readonly ClaimStep[] {
  const known = claimed ? planned.map(ofCatalogue) : planned.filter(isOfCatalogue)
  const steps = claimSteps(known, {
    virtualNetworkId: network.id,
    names: names.project,
    location: project.factory.location,
    tags: tagsOf(project),
  })
  return steps.filter(({ id }) => !groups.has(id.toLowerCase()))
}

/** The plan with the network security groups that are made on the way, and what was seen of those that exist. */
function withFindings(
  room: Room<string>,
  steps: readonly ClaimStep[],
  { warnings }: SubnetOwners,
): Room<string> {
  const groups = steps
    .filter(({ kind }) => kind === 'network security group')
    .map(({ kind, name, id }): Change => ({ change: 'create', kind, name, scope: id }))
  const { plan } = room
  return {
    ...room,
    plan: { ...plan, changes: [...plan.changes, ...groups], warnings: [...warnings, ...plan.warnings] },
  }
}

/** Writes one after the other: a VNet takes one change at a time. */
async function claim(
  steps: readonly ClaimStep[],
  resources: Resources,
  progress: (line: string) => void,
): Promise<void> {
  for (const [index, { kind, name, id, apiVersion, body }] of steps.entries()) {
    progress(`${index + 1}/${steps.length} ${kind} ${name}`)
    await resources.put(id, apiVersion, body)
  }
}

const isOfCatalogue = (subnet: PlannedSubnet<string>): subnet is PlannedSubnet<SubnetKey> =>
  isSubnetKey(subnet.key)

/** @throws UserError for a subnet that only the input names: nothing says what would have to be in it */
function ofCatalogue(subnet: PlannedSubnet<string>): PlannedSubnet<SubnetKey> {
  if (isOfCatalogue(subnet)) return subnet
  throw new UserError({
    what: `Subnet '${subnet.name}' cannot be reserved.`,
    why: 'Mode reserve creates subnets of the catalogue, whose rules it knows.',
    fix: `Name it ${subnetKeys.join(' or ')} in the input 'subnets', or use mode plan.`,
  })
}
