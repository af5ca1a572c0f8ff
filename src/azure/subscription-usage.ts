import { z } from 'zod'
import { openArm } from './arm.ts'
import { explaining } from './errors.ts'
import type { Session } from './session.ts'

/** How much there is of what a subscription holds a limited number of. */
export interface SubscriptionUsage {
  readonly resourceGroups: () => Promise<number>
  /** Those at the scope of the subscription itself. */
  readonly deploymentStacks: () => Promise<number>
}

/** Opens the counts of a subscription. */
export async function openSubscriptionUsage(
  session: Session,
  subscriptionId: string,
): Promise<SubscriptionUsage> {
  const arm = await openArm(session)
  const count = (what: string, collection: string, apiVersion: string): Promise<number> =>
    explaining(`Counting the ${what} of the subscription`, async () => {
      const path = `/subscriptions/${subscriptionId}/${collection}`
      return (await arm.list({ path, apiVersion }, z.object({ id: z.string() }))).length
    })
  return {
    resourceGroups: () => count('resource groups', 'resourcegroups', '2025-04-01'),
    deploymentStacks: () =>
      count('deployment stacks', 'providers/Microsoft.Resources/deploymentStacks', '2024-03-01'),
  }
}
