import type { AssignedSubnet } from '../../catalog/assigned-subnets.ts'
import type { Cidr } from '../../cidr.ts'
import { enumeration } from '../../diagnostics/enumeration.ts'
import type { Allocation } from '../../network/allocation.ts'
import { vnetMapMarkdown } from '../../network/map/markdown.ts'
import { narrowMapSvg } from '../../network/map/narrow.ts'
import { vnetMapSvg } from '../../network/map/svg.ts'
import { mapOf } from '../../network/map/vnet-map.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import { cell, table } from '../../plan/markdown.ts'
import type { Outcome } from '../../plan/model.ts'
import { jsonFile, planReport, type Report, resultName } from '../../plan/report.ts'

/** What was found, and what became of it. */
interface Findings {
  /** Is the address space given, and not that of a VNet in Azure? */
  readonly isGiven: boolean
  readonly network: ActualNetwork
  /** Ranges in which no subnet may be placed. */
  readonly blocked: readonly Cidr[]
  readonly allocation: Allocation<string>
  readonly outcome: Outcome
}

/** Reports where each subnet is or would be, with a map of the VNet. */
export function reportSubnets({ isGiven, network, blocked, allocation, outcome }: Findings): Report {
  const { plan, subnets } = allocation
  const assigned = Object.values(subnets).filter((subnet) => subnet !== undefined)
  const map = mapOf(network, blocked, assigned)
  return {
    ...planReport({
      title: `Subnets in ${isGiven ? 'the given address space' : network.name}`,
      plan,
      outcome,
      details: `${subnetTable(allocation)}\n\n${vnetMapMarkdown(map)}`,
      outputs: { subnets: JSON.stringify(subnets) },
      files: {
        'parameters-file': jsonFile(resultName(plan, 'parameters.json'), parameters(subnets)),
        'map-file': { name: resultName(plan, 'map.svg'), text: vnetMapSvg(map) },
        'map-narrow-file': { name: resultName(plan, 'narrow-map.svg'), text: narrowMapSvg(map) },
      },
    }),
    notice: noticeOf(
      allocation,
      outcome === 'applied',
      isGiven ? 'the given address space' : `VNet ${network.name}`,
    ),
  }
}

/** A notice is one line; all ranges are in the summary and the outputs. */
const mostNamed = 20

/** Sizes are explained only where they can still be changed. A subnet may have any name, even `constructor`. */
function subnetTable({ subnets, sizeReasons, existing }: Allocation<string>): string {
  const all = Object.entries(subnets).flatMap(([key, subnet]) =>
    subnet === undefined
      ? []
      : [{ ...subnet, reason: Object.hasOwn(sizeReasons, key) ? (sizeReasons[key] ?? '') : '' }],
  )
  const rows = all.map((subnet) => [subnet.name, addressesOf(subnet), subnet.state, subnet.delegation])
  const reasons = all
    .filter(({ reason }) => reason !== '')
    .slice(0, mostNamed)
    .map(({ name, reason }) => `- ${cell(name)}: ${cell(reason, 1_000)}`)
  const why = reasons.length === 0 ? '' : `\n\nWhy these sizes:\n\n${reasons.join('\n')}`
  const kept = existing
    .filter((subnet) => subnet.kept.length > 0)
    .slice(0, mostNamed)
    .map((subnet) => `- ${cell(subnet.name)}: ${cell(subnet.kept.join(', '), 1_000)}`)
  const others = kept.length === 0 ? '' : `\n\nKept as others have set it:\n\n${kept.join('\n')}`
  return `${table(['Subnet', 'Addresses', 'State', 'Delegation'], rows)}${why}${others}`
}

const addressesOf = ({ addressPrefix, attachments }: AssignedSubnet): string =>
  addressPrefix || `${attachments?.addressPools?.[0]?.numberOfIpAddresses ?? ''} addresses of the pool`

/** How it ended, in one sentence or two. */
function noticeOf({ subnets, plan }: Allocation<string>, applied: boolean, place: string): string {
  const all = Object.values(subnets).filter((subnet) => subnet !== undefined)
  const created = all.filter(({ state }) => state !== 'existing')
  if (all.length === 0) return `No subnets are requested. Nothing to change in ${place}.`
  const modified = plan.changes.filter(({ change }) => change === 'modify').map(({ name }) => name)
  const changes = `${modified.slice(0, mostNamed).join(', ')} ${applied ? 'changed' : 'to change'}`
  if (created.length === 0) {
    const what = modified.length === 0 ? `Nothing ${applied ? 'was changed' : 'to change'}` : changes
    return `${allExist(all.length)}. ${what} in ${place}.`
  }
  const places = created.map((subnet) => `${subnet.name} ${addressesOf(subnet)}`)
  const missing = `${created.length} of ${all.length} ${all.length === 1 ? 'subnet' : 'subnets'}`
  const rest = modified.length === 0 ? '' : ` ${changes}.`
  return `${missing} ${applied ? 'created' : 'to create'} (${enumeration(places, mostNamed)}) in ${place}.${rest}`
}

function allExist(count: number): string {
  if (count === 1) return 'The subnet exists'
  return count === 2 ? 'Both subnets exist' : `All ${count} subnets exist`
}

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/parameter-files */
const parameters = (subnets: Allocation<string>['subnets']) => ({
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#',
  contentVersion: '1.0.0.0',
  parameters: { subnets: { value: subnets } },
})
