import { hasChanges } from '../../plan/model.ts'
import { countSentence } from '../../plan/summary.ts'
import { runSteps, type Step } from '../apply-steps.ts'
import { deploySteps } from '../stack/deploy.ts'
import { retireSteps } from '../stack/retire.ts'
import { awaitRecords } from '../stack/zone-groups.ts'
import type { CommonDelivery } from './plan-common.ts'
import type { PlannedPart } from './plan-part.ts'

/**
 * All writes of a common area, in their order: providers, the network, the common subnets in it, and all that is in them.
 * What goes lets go of its subnets before these are released.
 */
export function commonSteps(delivery: CommonDelivery, info: (line: string) => void): readonly Step[] {
  const { providers, lettingGo, network, hub, common, subnets } = delivery
  const claims = subnets.changes.some(({ change }) => change === 'create' || change === 'modify')
  const releases = subnets.changes.some(({ change }) => change === 'delete')
  return [
    ...providers.steps,
    ...lettingGo.steps,
    ...hub.before,
    ...partSteps(network, delivery, info),
    ...hub.after,
    ...(claims ? [claimStep(delivery)] : []),
    ...partSteps(common, delivery, info),
    ...recordSteps(delivery),
    ...(releases ? [releaseStep(delivery)] : []),
  ]
}

const partSteps = (
  part: PlannedPart,
  { services, remarks }: CommonDelivery,
  info: (line: string) => void,
): readonly Step[] => [
  ...retireSteps(part.retiring, services, remarks),
  ...(part.answerable === 'everything'
    ? deploySteps(part.target.name, part.plan)
    : planningAgain(part, info)),
]

/** What Azure could not judge when the plan was made it judges now, before it is deployed. */
function planningAgain(part: PlannedPart, info: (line: string) => void): readonly Step[] {
  const { target, plan, again } = part
  if (!hasChanges(plan.plan)) return []
  return [
    {
      name: `Deploy ${target.name}: ${countSentence(plan.plan, 'planned')}`,
      apply: async () => {
        const now = await again()
        if (now.refusal !== undefined) throw now.refusal
        if (!hasChanges(now.plan)) return
        await runSteps(now.purges, info)
        await now.deploy()
      },
    },
  ]
}

const claimStep = ({ services, remarks }: CommonDelivery): Step => ({
  name: 'Claim the common subnets',
  apply: async () => {
    const { warnings } = await services.subnets.claim()
    remarks.push(...warnings)
  },
})

const releaseStep = ({ services, remarks }: CommonDelivery): Step => ({
  name: 'Release the common subnets that no part needs any more',
  apply: async () => {
    const released = await services.subnets.release('unneeded')
    remarks.push(
      ...(released?.warnings ?? []),
      ...(released?.inUse ?? []).map(
        ({ subnet, usedBy }) =>
          `Subnet '${subnet.name}' is kept as long as it is in use by ${usedBy}. The next run deletes it.`,
      ),
    )
  },
})

/** The records that a policy writes once the private endpoints are there. */
const recordSteps = ({ area, services, common }: CommonDelivery): readonly Step[] =>
  area.factory.dns.mode === 'policy' && common.template.zoneGroups.length > 0
    ? [
        {
          name: 'Verify the DNS records that a policy writes',
          apply: () => awaitRecords(common.template.zoneGroups, services),
        },
      ]
    : []
