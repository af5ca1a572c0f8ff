import { openResources, type Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import { openVirtualNetworks } from '../../azure/virtual-networks.ts'
import type { Cidr } from '../../cidr.ts'
import { tagsOf } from '../../compose/project-context.ts'
import { type AddressConstraints, addressConstraints, blockedRanges } from '../../network/blocked-ranges.ts'
import { choosePool } from '../../network/ipam-pools.ts'
import { requestsFromSpecs, type SubnetRequest, subnetRequests } from '../../network/requested-subnets.ts'
import { createSteps, subnetsToCreate } from '../../network/reserve.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import type { Change, Plan } from '../../plan/model.ts'
import { sameText } from '../../resource-id.ts'
import type { Host } from '../../runtime/host.ts'
import type { ActionResult } from '../../runtime/run-action.ts'
import { connectAs } from '../connect.ts'
import { type ProjectInEnvironment, readProject } from '../project.ts'
import type { LiveOptions, OfflineOptions } from './options.ts'
import { poolAccess } from './pool-access.ts'
import { allocateIn, readByoSubnets } from './project-subnets.ts'
import { report } from './report.ts'
import { reserve, type Snapshot } from './reserve.ts'
import { checkSubnetOwners } from './subnet-owners.ts'

/** Allocates the subnets in a VNet that the inputs describe. Calls nothing. */
export function findOffline(inputs: OfflineOptions, host: Host): ActionResult {
  const { network } = inputs
  const context = inputs.project && readProject(inputs.project)
  const requests = requestsOf(inputs, context)
  const constraints = addressConstraints(context?.project.factory, inputs.reserved)
  const allocation = allocateIn(network, { requests, constraints, context })
  return report(
    { inputs, network, reserved: blockedCidrs(network, constraints), allocation, applied: false },
    host,
  )
}

/** Allocates the subnets in a VNet in Azure, and creates them in mode `reserve`. */
export async function findLive(inputs: LiveOptions, host: Host): Promise<ActionResult> {
  const context = readProject(inputs.project)
  const requests = requestsOf(inputs, context)
  const constraints = addressConstraints(context.project.factory, inputs.reserved)
  const session = await connectAs('ip-calc', context.project.factory, inputs.project.azureCloud, host)
  const resources = await openResources(session)
  const refresh = await snapshotReader({ inputs, context, requests, constraints }, session, resources)
  const first = await refresh()
  const applied = inputs.mode === 'reserve'
  const { network, allocation } = applied ? await reserve(first, { resources, session, refresh }) : first
  return report({ inputs, network, reserved: blockedCidrs(network, constraints), allocation, applied }, host)
}

const blockedCidrs = (network: ActualNetwork, constraints: AddressConstraints): readonly Cidr[] =>
  blockedRanges(network, constraints).map(({ cidr }) => cidr)

const requestsOf = (
  { specs }: LiveOptions | OfflineOptions,
  context: ProjectInEnvironment | undefined,
): readonly SubnetRequest<string>[] => {
  if (specs !== undefined) return requestsFromSpecs(specs, context?.names.project)
  if (context === undefined) throw new Error('Without requested subnets there is a project.')
  return subnetRequests(context.project, context.names.project)
}

/** What a snapshot is taken for. */
interface Search {
  readonly inputs: LiveOptions
  readonly context: ProjectInEnvironment
  readonly requests: readonly SubnetRequest<string>[]
  readonly constraints: AddressConstraints
}

/** Takes a snapshot each time it is called: reads the VNet and the owners of its subnets, and plans what is missing. */
async function snapshotReader(
  { inputs, context, requests, constraints }: Search,
  session: Session,
  resources: Resources,
): Promise<() => Promise<Snapshot>> {
  const networks = await openVirtualNetworks(session)
  const { project, names, ids } = context
  const changing = inputs.mode === 'reserve'
  return async () => {
    const network = await networks.read(inputs.vnetId ?? ids.virtualNetwork)
    const byoSubnets = await readByoSubnets(requests, network, context, { networks, resources })
    const { byo } = byoSubnets
    const owners = await checkSubnetOwners({ network, byo, requests, changing }, context, resources)
    const pool = inputs.allocation === 'pool' ? choosePool(network, requests) : undefined
    const poolId = pool === undefined ? {} : { poolId: pool.id }
    const allocation = allocateIn(network, { requests, constraints, context, ...byoSubnets, ...poolId })
    const toCreate = subnetsToCreate(allocation, requests)
    const pools =
      toCreate.length === 0
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
    const steps = createSteps(toCreate, place).filter(({ id }) => !owners.groups.has(id.toLowerCase()))
    const groups = steps
      .filter(({ kind }) => kind === 'network security group')
      .map(({ kind, name, id }): Change => ({ change: 'create', kind, name, scope: id }))
    const plan: Plan = {
      ...allocation.plan,
      changes: [...allocation.plan.changes, ...groups],
      warnings: [
        ...otherNetworkWarnings(inputs, context),
        ...owners.warnings,
        ...pools.warnings,
        ...allocation.plan.warnings,
      ],
    }
    return { network, allocation: { ...allocation, plan }, steps }
  }
}

/** A delivery does not find subnets in another VNet. */
const otherNetworkWarnings = (
  { mode, vnetId }: LiveOptions,
  { project: { environment }, ids }: ProjectInEnvironment,
): readonly string[] =>
  mode === 'plan' || vnetId === undefined || sameText(vnetId, ids.virtualNetwork)
    ? []
    : [
        `The subnets are reserved in ${vnetId}, but provision-project deploys into ${ids.virtualNetwork}. To deploy into the former, set environments.${environment}.network.vnetId to it in factory.yml.`,
      ]
