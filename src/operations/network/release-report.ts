import type { AssignedSubnet } from '../../catalog/assigned-subnets.ts'
import type { ResolvedProject } from '../../manifest/resolved.ts'
import { vnetMapMarkdown } from '../../network/map/markdown.ts'
import { vnetMapSvg } from '../../network/map/svg.ts'
import { mapOf } from '../../network/map/vnet-map.ts'
import type { ReleasedSubnet, ReleasePlan } from '../../network/release.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import { cell, table } from '../../plan/markdown.ts'
import { hasChanges, type Plan } from '../../plan/model.ts'
import { planSummary } from '../../plan/summary.ts'
import { sameText } from '../../resource-id.ts'
import type { Host } from '../../runtime/host.ts'
import { writePlan, writeResult } from '../../runtime/result-files.ts'
import type { ActionResult } from '../../runtime/run-action.ts'
import type { ReleaseOptions } from './options.ts'

/** What was found, and whether the empty subnets were deleted. */
interface Findings {
  readonly inputs: ReleaseOptions
  readonly network: ActualNetwork
  readonly project: ResolvedProject
  readonly plan: ReleasePlan
  readonly released: boolean
}

/** Writes the files, and makes the outputs and the summary. */
export function reportRelease(findings: Findings, host: Host): ActionResult {
  const { inputs, network, project, released } = findings
  const { free, inUse, changes, warnings } = findings.plan
  const { number, environment } = project
  const plan: Plan = { version: 1, action: 'ip-calc', project: number, environment, changes, warnings }
  const state = released ? 'released' : 'releasable'
  const subnets = Object.fromEntries([
    ...free.map((subnet) => [subnet.key, outputOf(subnet, state)] as const),
    ...inUse.map((subnet) => [subnet.key, outputOf(subnet, 'existing')] as const),
  ])
  const map = mapOf(released ? without(network, free) : network, [], [...free, ...inUse].map(drawn))
  return {
    outputs: {
      changed: String(hasChanges(plan)),
      'plan-file': writePlan(host.environment, plan),
      subnets: JSON.stringify(subnets),
      'map-file': writeResult(
        host.environment,
        `prj${number}.${environment}.${inputs.mode}.map.svg`,
        vnetMapSvg(map),
      ),
    },
    warnings,
    ...(inUse.length > 0 && released ? {} : { notice: noticeOf(findings) }),
    ...(inputs.summary && { summary: summaryOf(findings, plan, vnetMapMarkdown(map)) }),
  }
}

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

function noticeOf({ network, plan: { free, groups, inUse, changes }, released }: Findings): string {
  if (changes.length === 0) {
    return `Nothing to release in VNet ${network.name}.`
  }
  const names = free.map((subnet) => `${subnet.subnet.name} ${addressesOf(subnet)}`)
  const counts = [
    `${free.length} ${free.length === 1 ? 'subnet' : 'subnets'}`,
    `${groups.length} ${groups.length === 1 ? 'network security group' : 'network security groups'}`,
  ]
  const kept = inUse.length === 0 ? '' : ` ${inUse.length} in use and kept.`
  return `${counts.join(' and ')} ${released ? 'released' : 'to release'}${names.length === 0 ? '' : ` (${names.join(', ')})`} in VNet ${network.name}.${kept}`
}

function summaryOf(
  { network, plan: { inUse }, released, inputs }: Findings,
  plan: Plan,
  map: string,
): string {
  const title = `Release of the subnets of project ${inputs.project.project} in ${network.name}`
  const rows = inUse.map((subnet) => [subnet.subnet.name, addressesOf(subnet), subnet.usedBy])
  const kept =
    rows.length === 0
      ? ''
      : `Kept, because something is in them:\n\n${table(['Subnet', 'Addresses', 'In use by'], rows)}\n\n`
  if (hasChanges(plan)) return planSummary(title, plan, released, `${kept}${map}`)
  const isUndone = plan.changes.length > inUse.length
  const outcome = isUndone ? 'Nothing was released: the run ended before that.' : 'Nothing to release.'
  return `## ${cell(title)}\n\n${outcome}\n\n${kept}${map}\n`
}
