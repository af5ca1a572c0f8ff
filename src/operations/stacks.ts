import type { ListedResource, Resources } from '../azure/resources.ts'

/** https://learn.microsoft.com/rest/api/resources/deployment-stacks/list-at-subscription */
export const stacksVersion = '2024-03-01'

/** The id of the deployment stacks of a subscription. */
export const stacksOf = (subscriptionId: string): string =>
  `/subscriptions/${subscriptionId}/providers/Microsoft.Resources/deploymentStacks`

/** All deployment stacks of a subscription. */
export const listStacks = (
  subscriptionId: string,
  { list }: Pick<Resources, 'list'>,
): Promise<readonly ListedResource[]> => list(stacksOf(subscriptionId), stacksVersion)
