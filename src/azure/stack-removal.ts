import { z } from 'zod'
import { openArm } from './arm.ts'
import { azureError } from './errors.ts'
import { AzureError, failureOf, isMissing } from './failure.ts'
import type { Session } from './session.ts'
import type { OnUnmanage } from './stack-what-if.ts'

/** A resource that a deployment stack could not delete. */
export interface StillManaged {
  readonly id: string
  /** Azure's reason, one or two sentences. */
  readonly reason: string
}

/** What is to be deleted, and how. */
export interface StackRemoval {
  readonly subscriptionId: string
  readonly name: string
  /** Goes on although Azure is not sure that its list of the stack's resources is right. */
  readonly bypassOutOfSync: boolean
  /** What becomes of its resources. */
  readonly resources: OnUnmanage
}

const failedSchema = z.object({
  properties: z.object({
    failedResources: z
      .array(z.object({ id: z.string().nullish(), error: z.looseObject({}).nullish() }))
      .nullish(),
  }),
})

const apiVersion = '2024-03-01'

/**
 * Deletes a deployment stack, with its resources unless they are detached, and leaves resource groups: Azure would delete one with all that is in
 * it, also what others have put there. A stack that is not there is no error.
 * https://learn.microsoft.com/rest/api/resources/deployment-stacks/delete-at-subscription
 * @returns what could not be deleted, which the stack goes on managing; none when the stack is gone
 */
export async function removeStack(
  session: Session,
  { subscriptionId, name, bypassOutOfSync, resources }: StackRemoval,
): Promise<readonly StillManaged[]> {
  const arm = await openArm(session)
  const doing = `Deleting deployment stack '${name}'`
  const stack = {
    path: `/subscriptions/${subscriptionId}/providers/Microsoft.Resources/deploymentStacks/${name}`,
    apiVersion,
  }
  const query = {
    'unmanageAction.Resources': resources,
    'unmanageAction.ResourceGroups': 'detach',
    'unmanageAction.ManagementGroups': 'detach',
    ...(bypassOutOfSync && { bypassStackOutOfSyncError: 'true' }),
  }
  try {
    await arm.delete({ ...stack, query, waitingFor: 'the deletion of the deployment stack' })
    return []
  } catch (error) {
    if (isMissing(error)) return []
    // An operation that was accepted and failed says little; the stack keeps the reasons.
    if (!(error instanceof AzureError) || error.failure.status !== undefined) throw azureError(error, doing)
    const { failedResources } = (await arm.get(stack, failedSchema)).properties
    const left = (failedResources ?? []).flatMap(({ id, error: reason }) =>
      id ? [{ id, reason: azureError(failureIn(reason ?? {}), `Deleting '${id}'`).parts.what }] : [],
    )
    if (left.length === 0) throw azureError(error, doing)
    return left
  }
}

const failureIn = (error: object): AzureError =>
  new AzureError(failureOf({ header: () => undefined, body: { error } }))
