import { openSubscriptionUsage } from '../../azure/subscription-usage.ts'
import { type ExistingVirtualNetwork, openVirtualNetworks } from '../../azure/virtual-networks.ts'
import type { Used } from '../../network/capacity/forecast.ts'
import { type CountedLimitKey, limits, raisedLimitsOf } from '../../network/capacity/limits.ts'
import { grouped } from '../../plan/numbers.ts'
import { attempt, known, privateEndpointsIn } from '../network/measure.ts'
import { type Finding, unchecked } from './finding.ts'
import type { Situation } from './situation.ts'

/** The limits that one more project may reach. */
const checkedLimits = [
  'privateEndpoints',
  'subnets',
  'roleAssignments',
  'deploymentStacks',
  'resourceGroups',
] as const satisfies readonly CountedLimitKey[]
type CheckedLimit = (typeof checkedLimits)[number]

/** How much more of each limit the delivery takes. */
type Demands = Readonly<Record<CheckedLimit, number>>
type Usage = Readonly<Record<CheckedLimit, Used>>

/** Does the delivery fit the limits of the subscription and of the VNet? */
export async function checkLimits(situation: Situation): Promise<readonly Finding[]> {
  const { session, target, resources, existing, desired, requests } = situation
  const [{ hasGroup, has }, networks] = await Promise.all([existing(), openVirtualNetworks(session)])
  const network = await networks.read(target.ids.virtualNetwork)
  const used = await measured(situation, network)
  const endpoints = resources.filter(
    ({ type, id }) => type === 'Microsoft.Network/privateEndpoints' && !has(id),
  )
  const names = network.subnets.map(({ name }) => name.toLowerCase())
  const demands: Demands = {
    privateEndpoints: endpoints.length,
    subnets: requests.filter((one) => one.kind === 'own' && !names.includes(one.name.toLowerCase())).length,
    // Which of its assignments exist is not asked here: what has a group already is taken to have them.
    roleAssignments: hasGroup ? 0 : desired.assignments.filter(({ plane }) => plane === 'azure').length,
    deploymentStacks: hasGroup ? 0 : 1,
    resourceGroups: hasGroup ? 0 : 1,
  }
  const findings = limitFindings(demands, used, raisedLimitsOf(network))
  if (findings.length > 0) return findings
  return [{ severity: 'good', what: 'The delivery fits the limits of the subscription and of the VNet.' }]
}

async function measured(
  { session, services, stacks, target }: Situation,
  network: ExistingVirtualNetwork,
): Promise<Usage> {
  const { subscriptionId } = target.project.factory
  const usage = await openSubscriptionUsage(session, subscriptionId)
  const assignments = () => services.roleAssignments.listWithin(`/subscriptions/${subscriptionId}`)
  const [roleAssignments, deploymentStacks, resourceGroups] = await Promise.all([
    attempt(async () => (await assignments()).length),
    attempt(async () => (await stacks()).length),
    attempt(usage.resourceGroups),
  ])
  return {
    roleAssignments,
    deploymentStacks,
    resourceGroups,
    privateEndpoints: privateEndpointsIn(network),
    subnets: known(network.subnets.length),
  }
}

/** The limits that the delivery would exceed, and those of which nobody knows how much is used. Pure. */
export const limitFindings = (demands: Demands, used: Usage, raised: Partial<Demands>): readonly Finding[] =>
  checkedLimits.flatMap((key): readonly Finding[] => {
    const [needed, now] = [demands[key], used[key]]
    const { title, noun, max: standard, help, source } = limits[key]
    if (needed === 0) return []
    if (now.kind === 'unknown')
      return [unchecked(`Whether ${needed} more ${noun} fit (${title}): not checked.`, now.reason)]
    const max = raised[key] ?? standard
    if (now.used + needed <= max) return []
    return [
      {
        severity: 'fault',
        what: `The delivery needs ${needed} more ${noun}, and ${grouped(Math.max(0, max - now.used))} of ${grouped(max)} are left.`,
        why: `The limit: ${title}.`,
        fix: help,
        ...(source && { more: source }),
      },
    ]
  })
