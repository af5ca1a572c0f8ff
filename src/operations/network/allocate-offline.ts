import { allocate } from '../../network/allocation.ts'
import { addressConstraints, blockedRanges } from '../../network/blocked-ranges.ts'
import { requestedSubnets } from '../../network/subnets-from-input.ts'
import type { Report } from '../../plan/report.ts'
import type { OfflineOptions } from './options.ts'
import { reportSubnets } from './subnet-report.ts'
import { ownersPart } from './subnet-target.ts'
import { subnetTargetOffline } from './targets.ts'

/** Allocates the subnets in a VNet that the inputs describe. Calls nothing. */
export function allocateOffline(options: OfflineOptions): Report {
  const { network } = options
  const target = options.target && subnetTargetOffline(options.target)
  const requests = target?.requested(options.specs) ?? requestedSubnets(options.specs, undefined)
  const constraints = addressConstraints(target?.factory, options.reserved)
  const allocation = allocate({ network, constraints, requests, ...(target && ownersPart(target)) })
  const blocked = blockedRanges(network, constraints).map(({ cidr }) => cidr)
  return reportSubnets({ isGiven: true, network, blocked, allocation, outcome: 'planned' })
}
