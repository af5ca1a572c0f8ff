import { openResources, type Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import { openVirtualNetworks } from '../../azure/virtual-networks.ts'
import type { Cidr } from '../../cidr.ts'
import { tagsOf } from '../../compose/project-context.ts'
import { type AddressKnowledge, addressKnowledge, blockedRanges } from '../../network/blocked-ranges.ts'
import { choosePool } from '../../network/ipam-pools.ts'
import { requestsOfWishes, type SubnetRequest, subnetRequests } from '../../network/requested-subnets.ts'
import { claimedSubnets, claimSteps } from '../../network/reserve.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import type { Change, Plan } from '../../plan/model.ts'
import { sameText } from '../../resource-id.ts'
import type { Host } from '../../runtime/host.ts'
import type { ActionResult } from '../../runtime/run-action.ts'
import { connectAs } from '../connect.ts'
import { type ProjectInEnvironment, readProject } from '../project.ts'
import type { LiveOptions, OfflineOptions } from './options.ts'
import { poolAccess } from './pool-access.ts'
import { readBrought, roomIn } from './project-subnets.ts'
import { report } from './report.ts'
import { reserve, type Survey } from './reserve.ts'
import { checkSubnetOwners } from './subnet-owners.ts'

/** Finds room for the subnets in a VNet as it is told. Calls nothing. */
export function findOffline(inputs: OfflineOptions, host: Host): ActionResult {
  const { network } = inputs
  const context = inputs.project && readProject(inputs.project)
  const requests = requestsOf(inputs, context)
  const knowledge = addressKnowledge(context?.project.factory, inputs.reserved)
  const room = roomIn(network, { requests, knowledge, context })
  return report({ inputs, network, reserved: blockedCidrs(network, knowledge), room, claimed: false }, host)
}

/** Finds room for the subnets in a VNet in Azure, and claims it in mode `reserve`. */
export async function findLive(inputs: LiveOptions, host: Host): Promise<ActionResult> {
  const context = readProject(inputs.project)
  const requests = requestsOf(inputs, context)
  const knowledge = addressKnowledge(context.project.factory, inputs.reserved)
  const session = await connectAs('ip-calc', context.project.factory, inputs.project.azureCloud, host)
  const resources = await openResources(session)
  const look = await surveyor({ inputs, context, requests, knowledge }, session, resources)
  const first = await look()
  const claimed = inputs.mode === 'reserve'
  const { network, room } = claimed ? await reserve(first, { resources, session, look }) : first
  return report({ inputs, network, reserved: blockedCidrs(network, knowledge), room, claimed }, host)
}

const blockedCidrs = (network: ActualNetwork, knowledge: AddressKnowledge): readonly Cidr[] =>
  blockedRanges(network, knowledge).map(({ cidr }) => cidr)

const requestsOf = (
  { wishes }: LiveOptions | OfflineOptions,
  context: ProjectInEnvironment | undefined,
): readonly SubnetRequest<string>[] => {
  if (wishes !== undefined) return requestsOfWishes(wishes, context?.names.project)
  if (context === undefined) throw new Error('Without wishes there is a project.')
  return subnetRequests(context.project, context.names.project)
}

/** What is looked for. */
interface Search {
  readonly inputs: LiveOptions
  readonly context: ProjectInEnvironment
  readonly requests: readonly SubnetRequest<string>[]
  readonly knowledge: AddressKnowledge
}

/** Reads the VNet and whose its subnets are, and plans what is missing: as often as it is asked to. Changes nothing. */
async function surveyor(
  { inputs, context, requests, knowledge }: Search,
  session: Session,
  resources: Resources,
): Promise<() => Promise<Survey>> {
  const networks = await openVirtualNetworks(session)
  const { project, names, ids } = context
  const changing = inputs.mode === 'reserve'
  return async () => {
    const network = await networks.read(inputs.vnetId ?? ids.virtualNetwork)
    const along = await readBrought(requests, network, context, { networks, resources })
    const { brought } = along
    const owners = await checkSubnetOwners({ network, brought, requests, changing }, context, resources)
    const pool = inputs.allocation === 'pool' ? choosePool(network, requests) : undefined
    const poolId = pool === undefined ? {} : { poolId: pool.id }
    const room = roomIn(network, { requests, knowledge, context, ...along, ...poolId })
    const claimed = claimedSubnets(room, requests)
    const pools =
      claimed.length === 0
        ? { warnings: [] }
        : await poolAccess(session, network, { clientId: project.factory.clientId, ...poolId })
    if (changing && pools.refusal !== undefined) throw pools.refusal
    const place = {
      virtualNetworkId: network.id,
      names: names.project,
      location: network.location,
      tags: tagsOf(project),
    }
    // A network security group that exists stays as it is.
    const steps = claimSteps(claimed, place).filter(({ id }) => !owners.groups.has(id.toLowerCase()))
    const groups = steps
      .filter(({ kind }) => kind === 'network security group')
      .map(({ kind, name, id }): Change => ({ change: 'create', kind, name, scope: id }))
    const plan: Plan = {
      ...room.plan,
      changes: [...room.plan.changes, ...groups],
      warnings: [
        ...otherNetworkWarnings(inputs, context),
        ...owners.warnings,
        ...pools.warnings,
        ...room.plan.warnings,
      ],
    }
    return { network, room: { ...room, plan }, steps }
  }
}

/** The subnets are of no use to a delivery that looks for them in another VNet. */
const otherNetworkWarnings = (
  { mode, vnetId }: LiveOptions,
  { project: { environment }, ids }: ProjectInEnvironment,
): readonly string[] =>
  mode === 'plan' || vnetId === undefined || sameText(vnetId, ids.virtualNetwork)
    ? []
    : [
        `The subnets are reserved in ${vnetId}, while provision-project deploys into ${ids.virtualNetwork}. To deliver into the former, put it into factory.yml as environments.${environment}.network.vnetId.`,
      ]
