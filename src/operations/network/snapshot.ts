import type { Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import { openVirtualNetworks } from '../../azure/virtual-networks.ts'
import { networkAccess } from '../../catalog/access-modes.ts'
import { contentsOf, tagsOf } from '../../compose/project-context.ts'
import { type Allocation, allocate } from '../../network/allocation.ts'
import type { AddressConstraints } from '../../network/blocked-ranges.ts'
import { refuseOverLimit } from '../../network/capacity/refuse-over-limit.ts'
import { choosePool } from '../../network/ipam-pools.ts'
import { byoSubnetIds, type SubnetRequest } from '../../network/requested-subnets.ts'
import { createSteps, subnetsToCreate } from '../../network/reserve.ts'
import { privateEndpointsOf } from '../../network/subnet-sizes.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import type { Change, Plan } from '../../plan/model.ts'
import { sameText } from '../../resource-id.ts'
import { ownerOf } from '../owner.ts'
import type { ProjectInEnvironment } from '../project.ts'
import { together } from '../together.ts'
import { refuseMissingAttachments } from './attachments.ts'
import { changesOfExisting, type NetworkStep } from './existing-changes.ts'
import type { LiveOptions } from './options.ts'
import { poolAccess } from './pool-access.ts'
import { projectPart, readByoSubnets } from './project-subnets.ts'
import { readNetwork } from './read-network.ts'
import { checkSubnetOwners } from './subnet-owners.ts'

/** A VNet as it was at one moment, where the project's subnets are or would be in it, and what has to be created. */
export interface Snapshot {
  readonly network: ActualNetwork
  readonly allocation: Allocation<string>
  readonly steps: readonly NetworkStep[]
}

/** What a snapshot is taken for. */
interface Search {
  readonly options: LiveOptions
  readonly target: ProjectInEnvironment
  readonly requests: readonly SubnetRequest<string>[]
  readonly constraints: AddressConstraints
}

/**
 * Takes a snapshot each time it is called: reads the VNet and the owners of its subnets, and plans what is missing.
 * Changes nothing.
 * @throws UserError before anything is created, when the identity may not do what mode `reserve` takes
 */
export async function snapshotReader(
  { options, target, requests, constraints }: Search,
  session: Session,
  resources: Resources,
): Promise<() => Promise<Snapshot>> {
  const networks = await openVirtualNetworks(session)
  const { project, ids } = target
  const changing = options.mode === 'reserve'
  const owner = ownerOf(project)
  return async () => {
    const network = await readNetwork(networks, target, options.vnetId)
    const clients = { networks, resources }
    const { byo, usedSubnetIds } = await readByoSubnets(byoSubnetIds(requests), network, target, clients)
    const [owners] = await together(
      checkSubnetOwners({ network, byo, requests, changing }, target, resources),
      refuseMissingAttachments(requests, target, { resources, location: network.location }),
    )
    const pool = options.allocation === 'pool' ? choosePool(network, requests) : undefined
    const poolId = pool === undefined ? {} : { poolId: pool.id }
    const problem = { network, constraints, requests, byo, ...poolId }
    const allocation = allocate({ ...problem, ...projectPart(target, usedSubnetIds) })
    const toCreate = subnetsToCreate(allocation, requests)
    if (options.specs === undefined) {
      refuseOverLimit({
        network,
        resourceGroupId: ids.resourceGroup,
        privateEndpoints: endpointCount(target),
        newSubnets: toCreate.length,
      })
    }
    const access = { factory: project.factory, ...poolId }
    const pools = toCreate.length === 0 ? noPools : await poolAccess(session, network, access)
    if (changing && pools.refusal !== undefined) throw pools.refusal
    const place = {
      virtualNetworkId: network.id,
      location: network.location,
      tags: tagsOf(project),
    }
    const existing = changesOfExisting(allocation, requests, { place, groups: owners.groups, owner })
    const created = createSteps(toCreate, place).filter(({ id }) => !owners.groups.has(id.toLowerCase()))
    const steps = [...existing.steps, ...created]
    const warnings = [
      ...otherNetworkWarnings(options, target),
      ...owners.warnings,
      ...pools.warnings,
      ...existing.warnings,
    ]
    const changes = [...existing.changes, ...createdGroups(steps)]
    return { network, allocation: withChanges(allocation, changes, warnings), steps }
  }
}

/** How many private endpoints the project has. */
const endpointCount = ({ project }: ProjectInEnvironment): number => {
  const { accessMode, allowedIps } = project.factory
  return networkAccess(accessMode, allowedIps).privateEndpoints ? privateEndpointsOf(contentsOf(project)) : 0
}

const noPools: Awaited<ReturnType<typeof poolAccess>> = { warnings: [] }

/** The network security groups that steps create, as a plan shows them. */
const createdGroups = (steps: readonly NetworkStep[]): readonly Change[] =>
  steps.flatMap((step): readonly Change[] =>
    'body' in step && step.kind === 'network security group'
      ? [{ change: 'create', kind: step.kind, name: step.name, scope: step.id }]
      : [],
  )

/** The allocation, whose plan also has what happens to network security groups, and more warnings. */
function withChanges(
  allocation: Allocation<string>,
  changes: readonly Change[],
  warnings: readonly string[],
): Allocation<string> {
  const plan: Plan = {
    ...allocation.plan,
    changes: [...allocation.plan.changes, ...changes],
    warnings: [...warnings, ...allocation.plan.warnings],
  }
  return { ...allocation, plan }
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
