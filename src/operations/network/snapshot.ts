import type { Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import {
  type ExistingVirtualNetwork,
  openVirtualNetworks,
  type VirtualNetworks,
} from '../../azure/virtual-networks.ts'
import { type Allocation, allocate } from '../../network/allocation.ts'
import type { AddressConstraints } from '../../network/blocked-ranges.ts'
import { refuseOverLimit } from '../../network/capacity/refuse-over-limit.ts'
import { choosePool } from '../../network/ipam-pools.ts'
import { byoSubnetIds, type SubnetRequest } from '../../network/requested-subnets.ts'
import { createSteps, type SubnetToCreate, subnetsToCreate } from '../../network/reserve.ts'
import type { Change, Plan } from '../../plan/model.ts'
import { sameText } from '../../resource-id.ts'
import { together } from '../together.ts'
import { refuseMissingAttachments } from './attachments.ts'
import { readByoSubnets } from './byo-subnets.ts'
import { changesOfExisting, type NetworkStep } from './existing-changes.ts'
import type { ClaimOptions } from './options.ts'
import { poolAccess } from './pool-access.ts'
import { readNetwork } from './read-network.ts'
import { checkSubnetOwners, type SubnetOwners } from './subnet-owners.ts'
import { ownersPart, type SubnetTarget } from './subnet-target.ts'

/** A VNet as it was at one moment, where the owner's subnets are or would be in it, and what has to be created. */
export interface Snapshot {
  readonly network: ExistingVirtualNetwork
  readonly allocation: Allocation<string>
  readonly steps: readonly NetworkStep[]
}

/** What a snapshot is taken for. */
interface Search {
  readonly options: ClaimOptions
  readonly target: SubnetTarget
  readonly requests: readonly SubnetRequest<string>[]
  readonly constraints: AddressConstraints
  /** Reads the VNet as it is, or as it will be when subnets are claimed. */
  readonly network?: (networks: VirtualNetworks) => Promise<ExistingVirtualNetwork>
}

/**
 * Takes a snapshot each time it is called: reads the VNet and the owners of its subnets, and plans what is missing.
 * Changes nothing.
 * @throws UserError before anything is created, when the identity may not do what mode `reserve` takes
 */
export async function snapshotReader(
  { options, target, requests, constraints, network: read }: Search,
  session: Session,
  resources: Resources,
): Promise<() => Promise<Snapshot>> {
  const networks = await openVirtualNetworks(session)
  const clients = { networks, resources }
  const changing = options.mode === 'reserve'
  return async () => {
    const network = await (read?.(networks) ?? readNetwork(networks, target, options.vnetId))
    const { byo, usedSubnetIds } = await readByoSubnets(byoSubnetIds(requests), network, target, clients)
    const [owners] = await together(
      checkSubnetOwners({ network, byo, requests, changing }, target, resources),
      refuseMissingAttachments(requests, target, { resources, location: network.location }),
    )
    const pool = options.allocation === 'pool' ? choosePool(network, requests) : undefined
    const poolId = pool === undefined ? {} : { poolId: pool.id }
    const problem = { network, constraints, requests, byo, ...poolId }
    const allocation = allocate({ ...problem, ...ownersPart(target, usedSubnetIds) })
    const toCreate = subnetsToCreate(allocation, requests)
    if (options.specs === undefined) refuseOverLimit({ network, newSubnets: toCreate.length, ...target })
    const access = { factory: target.factory, ...poolId }
    const pools = toCreate.length === 0 ? noPools : await poolAccess(session, network, access)
    if (changing && pools.refusal !== undefined) throw pools.refusal
    const changes = changesIn({ network, allocation, toCreate, groups: owners.groups }, target, requests)
    const warnings = [
      ...otherNetworkWarnings(options, target),
      ...owners.warnings,
      ...pools.warnings,
      ...changes.warnings,
    ]
    return {
      network,
      allocation: withChanges(allocation, changes.changes, warnings),
      steps: changes.steps,
    }
  }
}

/** What was found in a VNet. */
interface Found {
  readonly network: ExistingVirtualNetwork
  readonly allocation: Allocation<string>
  readonly toCreate: readonly SubnetToCreate[]
  /** The network security groups that exist, by their ids in small letters. */
  readonly groups: SubnetOwners['groups']
}

/** What is written, those that exist first. */
function changesIn(
  { network, allocation, toCreate, groups }: Found,
  { tags, owner }: SubnetTarget,
  requests: readonly SubnetRequest<string>[],
) {
  const place = { virtualNetworkId: network.id, location: network.location, tags }
  const existing = changesOfExisting(allocation, requests, { place, groups, owner })
  const created = createSteps(toCreate, place).filter(({ id }) => !groups.has(id.toLowerCase()))
  const steps = [...existing.steps, ...created]
  return { steps, changes: [...existing.changes, ...createdGroups(steps)], warnings: existing.warnings }
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
  { mode, vnetId }: ClaimOptions,
  { factory: { environment }, virtualNetworkId }: SubnetTarget,
): readonly string[] =>
  mode === 'plan' || vnetId === undefined || sameText(vnetId, virtualNetworkId)
    ? []
    : [
        `The subnets are reserved in ${vnetId}, but provision-project deploys into ${virtualNetworkId}. To deploy into the former, set environments.${environment}.network.vnetId to it in factory.yml.`,
      ]
