import { openResources } from '../../azure/resources.ts'
import { openVirtualNetworks } from '../../azure/virtual-networks.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { planRelease, type SubnetInUse } from '../../network/release.ts'
import { candidatesIn } from '../../network/release-search.ts'
import { byoSubnetIds, subnetRequests } from '../../network/requested-subnets.ts'
import { FailureWithReport } from '../../plan/report.ts'
import { runSteps } from '../apply-steps.ts'
import { connect } from '../connect.ts'
import type { Operation } from '../operation.ts'
import { askedFor } from '../orphan.ts'
import { ownerOf } from '../owner.ts'
import type { ProjectInEnvironment } from '../project.ts'
import { together } from '../together.ts'
import type { ReleaseOptions } from './options.ts'
import { reportRelease } from './release-report.ts'
import { appliedPlan, type Deleted, releaseSteps } from './release-steps.ts'
import { listSecurityGroups, readSecurityGroups } from './security-groups.ts'

/** Deletes the project's empty subnets and their network security groups, or in mode `plan-release` shows which. */
export const releaseSubnets: Operation<ReleaseOptions> = async (options, context) => {
  const target = await askedFor(options.project, context)
  const { project } = target
  const session = await connect(project.factory, options.project, context)
  const [resources, { read }] = [await openResources(session), await openVirtualNetworks(session)]
  const networkId = options.vnetId ?? target.ids.virtualNetwork
  const [network, listed] = await together(read(networkId), listSecurityGroups(networkId, resources))
  const search = {
    network,
    owner: ownerOf(project),
    names: target.names.project,
    only: options.names,
    unneededOnly: options.mode === 'release-unneeded',
    ...neededSubnets(target),
  }
  const groups = await readSecurityGroups(listed, candidatesIn(search), resources)
  const plan = planRelease({ ...search, groups })
  const findings = { action: context.action, options, network, project }

  if (options.mode === 'plan-release') return reportRelease({ ...findings, plan, outcome: 'planned' })
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

/** The project's bring-your-own subnets, and those that its manifest still requests. */
function neededSubnets({ project, names }: ProjectInEnvironment): {
  readonly byo: readonly string[]
  readonly needed: readonly string[]
} {
  const requests = subnetRequests(project, names.project)
  return {
    byo: byoSubnetIds(requests),
    needed: requests.flatMap((request) => (request.kind === 'own' ? [request.name] : [])),
  }
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
