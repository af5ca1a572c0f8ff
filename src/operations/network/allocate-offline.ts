import { allocate } from '../../network/allocation.ts'
import { addressConstraints, blockedRanges } from '../../network/blocked-ranges.ts'
import { requestedSubnets } from '../../network/subnets-from-input.ts'
import type { Report } from '../../plan/report.ts'
import { readProject } from '../project.ts'
import type { OfflineOptions } from './options.ts'
import { projectTarget } from './project-target.ts'
import { reportSubnets } from './subnet-report.ts'
import { ownersPart } from './subnet-target.ts'

/** Allocates the subnets in a VNet that the inputs describe. Calls nothing. */
export function allocateOffline(options: OfflineOptions): Report {
  const { network } = options
  const target = options.project && readProject(options.project)
  const requests = requestedSubnets(options.specs, target)
  const owner = target && projectTarget(target)
  const constraints = addressConstraints(target?.project.factory, options.reserved)
  const allocation = allocate({ network, constraints, requests, ...(owner && ownersPart(owner)) })
  const blocked = blockedRanges(network, constraints).map(({ cidr }) => cidr)
  return reportSubnets({ isGiven: true, network, blocked, allocation, outcome: 'planned' })
}
