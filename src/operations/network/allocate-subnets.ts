import { openResources } from '../../azure/resources.ts'
import { addressConstraints, blockedRanges } from '../../network/blocked-ranges.ts'
import { connect } from '../connect.ts'
import type { Operation } from '../operation.ts'
import { refuseLackingRights } from '../rights-guard.ts'
import type { LiveOptions } from './options.ts'
import { reserve } from './reserve.ts'
import { snapshotReader } from './snapshot.ts'
import { stepRights } from './step-rights.ts'
import { reportSubnets } from './subnet-report.ts'
import { subnetTarget } from './targets.ts'

/** Allocates the subnets of a project, or of the common area, in a VNet in Azure, and creates them in mode `reserve`. */
export const allocateSubnets: Operation<LiveOptions> = async (options, context) => {
  const target = await subnetTarget(options.target, context)
  const { factory } = target
  const requests = target.requested(options.specs)
  const constraints = addressConstraints(factory, options.reserved)
  const session = await connect(factory, options.target, context)
  const resources = await openResources(session)
  const refresh = await snapshotReader({ options, target, requests, constraints }, session, resources)
  const first = await refresh()

  const isApplied = options.mode === 'reserve'
  if (isApplied) await refuseLackingRights(session, stepRights(first))
  const { network, allocation } = isApplied ? await reserve(first, { resources, session, refresh }) : first
  const blocked = blockedRanges(network, constraints).map(({ cidr }) => cidr)
  const outcome = isApplied ? 'applied' : 'planned'
  return reportSubnets({ isGiven: false, network, blocked, allocation, outcome })
}
