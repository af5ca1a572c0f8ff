import { openResources } from '../../azure/resources.ts'
import { openVirtualNetworks } from '../../azure/virtual-networks.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { SubnetInUse } from '../../network/release.ts'
import { FailureWithReport } from '../../plan/report.ts'
import { runSteps } from '../apply-steps.ts'
import { connect } from '../connect.ts'
import type { Operation } from '../operation.ts'
import { refuseLackingRights } from '../rights-guard.ts'
import type { ReleaseOptions } from './options.ts'
import { readRelease } from './read-release.ts'
import { reportRelease } from './release-report.ts'
import { appliedPlan, type Deleted, releaseSteps } from './release-steps.ts'
import { releaseRights } from './step-rights.ts'
import { subnetTarget } from './targets.ts'

/** Deletes an owner's empty subnets and their network security groups, or in mode `plan-release` shows which. */
export const releaseSubnets: Operation<ReleaseOptions> = async (options, context) => {
  const target = await subnetTarget(options.target, context)
  const session = await connect(target.factory, options.target, context)
  const [resources, { read }] = [await openResources(session), await openVirtualNetworks(session)]
  const networkId = options.vnetId ?? target.virtualNetworkId
  const network = await read(networkId)
  const plan = await readRelease(network, target, options, resources)
  const findings = { action: context.action, options, network, target }

  if (options.mode === 'plan-release') return reportRelease({ ...findings, plan, outcome: 'planned' })
  await refuseLackingRights(session, releaseRights(plan))
  const deleted: Deleted = { subnets: [], groups: [], inUse: [...plan.inUse], refused: new Map() }
  const report = () => reportRelease({ ...findings, plan: appliedPlan(plan, deleted), outcome: 'applied' })
  try {
    await runSteps(releaseSteps(plan, deleted, resources, context.info), context.info)
    if (deleted.inUse.length > 0 && options.mode === 'release') throw inUseError(deleted.inUse)
  } catch (error) {
    throw new FailureWithReport(error, report())
  }
  return report()
}

function inUseError(inUse: readonly SubnetInUse[]): UserError {
  const fix = 'Remove what is in it, then run again. A deleted Foundry account has to be purged too.'
  const each = inUse.map(({ subnet, usedBy }) => `'${subnet.name}' by ${usedBy}`)
  return new UserError({
    what: `${inUse.length === 1 ? 'One subnet is' : `${inUse.length} subnets are`} still in use and kept: ${each.join(', ')}. What was empty has been deleted.`,
    fix,
    more: 'https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-subnet#delete-a-subnet',
    ...(inUse.length > 1 && {
      faults: each.map((one) => ({ what: `Still in use and kept: ${one}.`, fix })),
    }),
  })
}
