import { openResources, type Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import type { ExistingSubnet, SubnetOccupant } from '../../azure/subnets.ts'
import { openVirtualNetworks } from '../../azure/virtual-networks.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { addressConstraints } from '../../network/blocked-ranges.ts'
import { publicAddressWarnings } from '../../network/public-addresses.ts'
import type { ReleasePlan } from '../../network/release.ts'
import type { Change } from '../../plan/model.ts'
import { lastSegment } from '../../resource-id.ts'
import { runSteps } from '../apply-steps.ts'
import { refuseAddressConflicts } from './address-conflicts.ts'
import { commonTarget } from './common-target.ts'
import { networkToCome } from './network-to-come.ts'
import type { ClaimOptions } from './options.ts'
import { readRelease } from './read-release.ts'
import { appliedPlan, type Deleted, releaseSteps } from './release-steps.ts'
import { reserve } from './reserve.ts'
import { type Snapshot, snapshotReader } from './snapshot.ts'
import type { SubnetTarget } from './subnet-target.ts'

/** Which of the common subnets go: those that no part needs any more, or all, with the common area. */
export type ReleaseExtent = 'unneeded' | 'all'

/** Does something that is in a subnet go before the subnet does? */
export type IsGoing = (occupant: SubnetOccupant) => boolean

/** What becomes of the common subnets and their network security groups. */
export interface CommonSubnetPlan extends Pick<Snapshot, 'network' | 'steps'> {
  /** By key; those to come too. */
  readonly subnets: Snapshot['allocation']['subnets']
  readonly changes: readonly Change[]
  readonly warnings: readonly string[]
}

/**
 * The common subnets of an environment, which are claimed between the two stacks of its common area: after the VNet is
 * there, and before what has to be in them.
 */
export interface CommonSubnets {
  /**
   * What will be claimed and changed. Changes nothing. The VNet may be one that is still to come.
   * @throws UserError when they do not fit, or one belongs to somebody else or cannot be used
   */
  readonly plan: () => Promise<CommonSubnetPlan>
  /**
   * Claims what is missing and changes what lacks something; a second time it changes nothing. The VNet has to be there.
   * @throws UserError that says what was claimed until then
   */
  readonly claim: () => Promise<CommonSubnetPlan>
  /**
   * Which can be released; undefined when there is no VNet and only those that are not needed are asked for.
   * @param isGoing is it gone when their turn comes? What is in a subnet then keeps it no more.
   */
  readonly planRelease: (extent: ReleaseExtent, isGoing?: IsGoing) => Promise<ReleasePlan | undefined>
  /** Deletes those that are empty. @returns the plan as it was applied: what is in use is kept, and says by what */
  readonly release: (extent: ReleaseExtent) => Promise<ReleasePlan | undefined>
}

/** Opens the common subnets of an environment. @param info writes a line to the log for each step */
export async function openCommonSubnets(
  session: Session,
  area: CommonArea,
  info: (line: string) => void,
): Promise<CommonSubnets> {
  const target = commonTarget(area)
  const [networks, resources] = [await openVirtualNetworks(session), await openResources(session)]
  const planRelease: CommonSubnets['planRelease'] = async (extent, isGoing = () => false) => {
    const found = await networks.find(target.virtualNetworkId)
    // A run that was cut off may have left network security groups of a VNet that is gone.
    if (found === undefined && extent !== 'all') return undefined
    const { subnets = [], ...rest } = found ?? nowhere(target.virtualNetworkId)
    const network = { ...rest, subnets: subnets.map((subnet) => without(subnet, isGoing)) }
    return extent === 'all'
      ? readRelease(
          network,
          { ...target, requested: () => [] },
          { mode: 'release', names: undefined },
          resources,
        )
      : readRelease(network, target, { mode: 'release-unneeded', names: undefined }, resources)
  }
  return {
    plan: async () => {
      const present = await networks.find(target.virtualNetworkId)
      const unseen = await refuseAddressConflicts(
        area,
        await networkToCome(networks, target),
        present,
        networks,
      )
      const read = await reader('plan', target, session, resources)
      const claimed = planOf(await read())
      return { ...claimed, warnings: [...unseen, ...publicAddresses(area), ...claimed.warnings] }
    },
    claim: async () => {
      const refresh = await reader('reserve', target, session, resources)
      return planOf(await reserve(await refresh(), { resources, session, refresh }))
    },
    planRelease,
    release: async (extent) => {
      const plan = await planRelease(extent)
      if (plan === undefined) return undefined
      const deleted: Deleted = { subnets: [], groups: [], inUse: [...plan.inUse], refused: new Map() }
      await runSteps(releaseSteps(plan, deleted, resources, info), info)
      return appliedPlan(plan, deleted)
    },
  }
}

const publicAddresses = ({ factory: { environment, network } }: CommonArea): readonly string[] =>
  network.source.kind === 'existing'
    ? []
    : publicAddressWarnings(network.source.addressSpace, `environments.${environment}.network.addressSpace`)

const nowhere = (id: string) => ({ id, name: lastSegment(id), addressPrefixes: [], subnets: [] })

const without = (subnet: ExistingSubnet, isGoing: IsGoing): ExistingSubnet => ({
  ...subnet,
  occupants: subnet.occupants.filter((occupant) => !isGoing(occupant)),
})

/** Planned in the VNet as it will be, claimed in the VNet as it is. */
const reader = (
  mode: ClaimOptions['mode'],
  target: SubnetTarget,
  session: Session,
  resources: Resources,
): Promise<() => Promise<Snapshot>> =>
  snapshotReader(
    {
      options: { mode, vnetId: undefined, specs: undefined, allocation: 'planner' },
      target,
      requests: target.requested(),
      constraints: addressConstraints(target.factory, []),
      ...(mode === 'plan' && { network: (networks) => networkToCome(networks, target) }),
    },
    session,
    resources,
  )

const planOf = ({ network, steps, allocation: { subnets, plan } }: Snapshot): CommonSubnetPlan => ({
  network,
  steps,
  subnets,
  changes: plan.changes,
  warnings: plan.warnings,
})
