import { explaining } from './errors.ts'
import { managementOptions, type Session } from './session.ts'

/** How much there is of what a subscription holds a limited number of. */
export interface SubscriptionUsage {
  readonly resourceGroups: () => Promise<number>
  /** Those at the scope of the subscription itself. */
  readonly deploymentStacks: () => Promise<number>
}

/** How many items a list has, all its pages. */
async function countOf(list: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of list) count += 1
  return count
}

/** Opens the counts of a subscription. */
export async function openSubscriptionUsage(
  session: Session,
  subscriptionId: string,
): Promise<SubscriptionUsage> {
  const [{ DeploymentStacksClient }, { ResourceManagementClient }] = await Promise.all([
    import('@azure/arm-resourcesdeploymentstacks'),
    import('@azure/arm-resources'),
  ])
  const options = managementOptions(session)
  const { deploymentStacks } = new DeploymentStacksClient(session.credential, subscriptionId, {
    ...options,
    $host: session.cloud.resourceManager,
    credentialScopes: options.credentials.scopes,
  })
  const { resourceGroups } = new ResourceManagementClient(session.credential, subscriptionId, options)
  return {
    resourceGroups: () =>
      explaining('Counting the resource groups of the subscription', () => countOf(resourceGroups.list())),
    deploymentStacks: () =>
      explaining('Counting the deployment stacks of the subscription', () =>
        countOf(deploymentStacks.listAtSubscription()),
      ),
  }
}
