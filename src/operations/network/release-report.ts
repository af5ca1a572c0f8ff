import type { AssignedSubnet } from '../../catalog/assigned-subnets.ts'
import { vnetMapMarkdown } from '../../network/map/markdown.ts'
import { vnetMapSvg } from '../../network/map/svg.ts'
import { mapOf } from '../../network/map/vnet-map.ts'
import { whoIs } from '../../network/ownership.ts'
import type { ReleasePlan } from '../../network/release.ts'
import { keptWarnings } from '../../network/release-kept.ts'
import type { ReleasedSubnet } from '../../network/release-search.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import { cell, table } from '../../plan/markdown.ts'
import { hasChanges, type Outcome, type Plan } from '../../plan/model.ts'
import { type Report, resultName } from '../../plan/report.ts'
import { planSummary } from '../../plan/summary.ts'
import { sameText } from '../../resource-id.ts'
import type { ReleaseOptions } from './options.ts'
import { planOwner, type SubnetTarget } from './subnet-target.ts'

/** What was found, and whether the empty subnets were deleted. */
interface Findings {
  readonly action: string
  readonly options: ReleaseOptions
  readonly network: ActualNetwork
  readonly target: Pick<SubnetTarget, 'owner' | 'factory'>
  readonly plan: ReleasePlan
  readonly outcome: Outcome
}

/** Reports the subnets that were or can be released, and those in use. */
export function reportRelease(findings: Findings): Report {
  const { action, options, network, target, outcome } = findings
  const released = outcome === 'applied'
  const { free, inUse } = findings.plan
  const plan: Plan = {
    version: 1,
    action,
    ...planOwner(target),
    changes: findings.plan.changes,
    warnings: [...findings.plan.warnings, ...keptWarnings(findings.plan.kept), ...leftWarnings(findings)],
  }
  const state = released ? 'released' : 'releasable'
  const subnets = Object.fromEntries([
    ...free.map((subnet) => [subnet.key, outputOf(subnet, state)] as const),
    ...inUse.map((subnet) => [subnet.key, outputOf(subnet, 'existing')] as const),
  ])
  const map = mapOf(released ? without(network, free) : network, [], [...free, ...inUse].map(drawn))
  return {
    plan,
    outcome,
    outputs: { subnets: JSON.stringify(subnets) },
    files: {
      'map-file': { name: resultName({ ...plan, action: options.mode }, 'map.svg'), text: vnetMapSvg(map) },
    },
    summary: summaryOf(findings, plan, vnetMapMarkdown(map)),
    ...(inUse.length > 0 && options.mode === 'release' ? {} : { notice: noticeOf(findings) }),
  }
}

/** A delivery does not fail because of what Azure still holds: services let go of subnets up to days after they are deleted. */
const leftWarnings = ({ plan: { inUse }, options }: Findings): readonly string[] =>
  options.mode !== 'release-unneeded'
    ? []
    : inUse.map(
        ({ subnet, usedBy }) =>
          `Subnet '${subnet.name}' is no longer needed and still in use by ${usedBy}. The next delivery releases it.`,
      )

const addressesOf = ({ subnet }: ReleasedSubnet): string => subnet.addressPrefixes.join(', ')

const outputOf = (released: ReleasedSubnet, state: 'releasable' | 'released' | 'existing') => ({
  name: released.subnet.name,
  addressPrefix: addressesOf(released),
  state,
  delegation: released.subnet.delegations?.[0] ?? '',
  id: released.subnet.id,
})

const drawn = ({ subnet }: ReleasedSubnet): AssignedSubnet => ({
  name: subnet.name,
  addressPrefix: subnet.addressPrefixes[0] ?? '',
  state: 'existing',
  delegation: '',
  id: subnet.id,
})

const without = (network: ActualNetwork, gone: readonly ReleasedSubnet[]): ActualNetwork => ({
  ...network,
  subnets: network.subnets.filter(({ id }) => !gone.some(({ subnet }) => sameText(subnet.id, id))),
})

function noticeOf({ network, plan: { free, groups, inUse, changes }, outcome }: Findings): string {
  if (changes.length === 0) {
    return `Nothing to release in VNet ${network.name}.`
  }
  const names = free.map((subnet) => `${subnet.subnet.name} ${addressesOf(subnet)}`)
  const counts = [
    `${free.length} ${free.length === 1 ? 'subnet' : 'subnets'}`,
    `${groups.length} ${groups.length === 1 ? 'network security group' : 'network security groups'}`,
  ]
  const kept = inUse.length === 0 ? '' : ` ${inUse.length} in use and kept.`
  return `${counts.join(' and ')} ${outcome === 'applied' ? 'released' : 'to release'}${names.length === 0 ? '' : ` (${names.join(', ')})`} in VNet ${network.name}.${kept}`
}

function summaryOf({ network, plan: { inUse }, outcome, target }: Findings, plan: Plan, map: string): string {
  const title = `Release of the subnets of ${whoIs(target.owner.project)} in ${network.name}`
  const rows = inUse.map((subnet) => [subnet.subnet.name, addressesOf(subnet), subnet.usedBy])
  const kept =
    rows.length === 0
      ? ''
      : `Kept, because something is in them:\n\n${table(['Subnet', 'Addresses', 'In use by'], rows)}\n\n`
  if (hasChanges(plan)) return planSummary(title, plan, outcome, { details: `${kept}${map}` })
  const isUndone = plan.changes.length > inUse.length
  const ending = isUndone ? 'Nothing was released: the run ended before that.' : 'Nothing to release.'
  return `## ${cell(title)}\n\n${ending}\n\n${kept}${map}\n`
}
