import type { AssignedSubnet } from '../../catalog/assigned-subnets.ts'
import type { Cidr } from '../../cidr.ts'
import type { Allocation } from '../../network/allocation.ts'
import { vnetMapMarkdown } from '../../network/map/markdown.ts'
import { vnetMapSvg } from '../../network/map/svg.ts'
import { mapOf } from '../../network/map/vnet-map.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import { cell, table } from '../../plan/markdown.ts'
import { hasChanges } from '../../plan/model.ts'
import { planSummary } from '../../plan/summary.ts'
import type { Host } from '../../runtime/host.ts'
import { resultName, writeJson, writePlan, writeResult } from '../../runtime/result-files.ts'
import type { ActionResult } from '../../runtime/run-action.ts'
import type { LiveOptions, OfflineOptions } from './options.ts'

/** What the run found, and whether it created what was missing. */
interface Findings {
  readonly inputs: LiveOptions | OfflineOptions
  readonly network: ActualNetwork
  readonly reserved: readonly Cidr[]
  readonly allocation: Allocation<string>
  readonly applied: boolean
}

/** Writes the files, and makes the outputs and the summary. */
export function report(
  { inputs, network, reserved, allocation, applied }: Findings,
  host: Host,
): ActionResult {
  const { plan, subnets } = allocation
  const assigned = Object.values(subnets).filter((subnet) => subnet !== undefined)
  const map = mapOf(network, reserved, assigned)
  const extra = `${subnetTable(allocation)}\n\n${vnetMapMarkdown(map)}`
  const isOffline = inputs.kind === 'offline'
  const notice = noticeOf(allocation, applied, isOffline ? 'the given address space' : `VNet ${network.name}`)
  return {
    outputs: {
      changed: String(hasChanges(plan)),
      'plan-file': writePlan(host.environment, plan),
      subnets: JSON.stringify(subnets),
      'parameters-file': writeJson(
        host.environment,
        resultName(plan, 'parameters.json'),
        parameters(subnets),
      ),
      'map-file': writeResult(host.environment, resultName(plan, 'map.svg'), vnetMapSvg(map)),
    },
    warnings: plan.warnings,
    notice,
    ...(inputs.summary && {
      summary: planSummary(
        `Subnets in ${isOffline ? 'the given address space' : network.name}`,
        plan,
        applied,
        extra,
      ),
    }),
  }
}

/** A notice is one line; all ranges are in the summary and the outputs. */
const mostNamed = 20

/** Sizes are explained only where they can still be changed. A subnet may have any name, even `constructor`. */
function subnetTable({ subnets, sizeReasons }: Allocation<string>): string {
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
  return `${table(['Subnet', 'Addresses', 'State', 'Delegation'], rows)}${why}`
}

const addressesOf = ({ addressPrefix, attachments }: AssignedSubnet): string =>
  addressPrefix || `${attachments?.addressPools?.[0]?.numberOfIpAddresses ?? ''} addresses of the pool`

/** How it ended, in one sentence or two. */
function noticeOf({ subnets }: Allocation<string>, applied: boolean, place: string): string {
  const all = Object.values(subnets).filter((subnet) => subnet !== undefined)
  const created = all.filter(({ state }) => state !== 'existing')
  if (all.length === 0) return `No subnets are requested. Nothing to change in ${place}.`
  if (created.length === 0) {
    return `${allExist(all.length)}. Nothing ${applied ? 'was changed' : 'to change'} in ${place}.`
  }
  const places = created.slice(0, mostNamed).map((subnet) => `${subnet.name} ${addressesOf(subnet)}`)
  const others = created.length > mostNamed ? ` and ${created.length - mostNamed} more` : ''
  const missing = `${created.length} of ${all.length} ${all.length === 1 ? 'subnet' : 'subnets'}`
  return `${missing} ${applied ? 'created' : 'to create'} (${places.join(', ')}${others}) in ${place}.`
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
