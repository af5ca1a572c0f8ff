import type { DeploymentStacks } from '../../azure/deployment-stacks.ts'
import type { Resources } from '../../azure/resources.ts'
import type { StackRequest } from '../../azure/stack-request.ts'
import { runSteps, type Step } from '../apply-steps.ts'
import type { OperationContext } from '../operation.ts'
import {
  findKept,
  isKeptConflict,
  type Kept,
  keptSentence,
  purgeSteps,
  withKept,
  withRecovery,
} from './kept-softly.ts'
import { deployInSync } from './out-of-sync.ts'
import { type PlannedStack, planStack, type StackPlan } from './plan-stack.ts'

/** A plan, and how it is applied. */
export interface ApplicablePlan extends StackPlan {
  /** What Azure keeps and must not come back is purged before the deployment. */
  readonly purges: readonly Step[]
  /** Deploys the stack, with what brings back the rest. */
  readonly deploy: () => Promise<void>
}

/** What planning takes besides. */
interface Recovering {
  readonly resources: Resources
  /** Is the plan applied? What a service does not list can only be purged before it is planned. */
  readonly changing: boolean
}

/**
 * Plans a stack. Where Azure refuses the template because it keeps a deleted resource of a name in it, that one is
 * recovered, or purged when that is allowed.
 */
export async function planRecovering(
  stacks: DeploymentStacks,
  planned: PlannedStack & Recovering,
  context: OperationContext,
): Promise<ApplicablePlan> {
  const { request, resources, allowed, target } = planned
  const { subscriptionId } = target.project.factory
  const deploying = (asked: StackRequest) => () =>
    deployInSync({ stacks, request: asked, subscriptionId, allowed, info: context.info })
  try {
    return { ...(await planStack(stacks, planned, context)), purges: [], deploy: deploying(request) }
  } catch (error) {
    if (!isKeptConflict(error)) throw error
    const kept = await keptFor(planned)
    if (kept.length === 0) throw error
    for (const one of kept) context.info(keptSentence(one))
    const [listed, unlisted] = [kept.filter(isListed), kept.filter((one) => !isListed(one))]
    if (planned.changing) await runSteps(purgeSteps(unlisted, resources), context.info)
    const result = await planStack(stacks, { ...planned, request: withRecovery(request, listed) }, context)
    return {
      ...result,
      plan: { ...result.plan, changes: withKept(result.plan.changes, kept) },
      purges: purgeSteps(listed, resources),
      deploy: deploying(
        withRecovery(
          request,
          listed.filter(({ becomes }) => becomes === 'recover'),
        ),
      ),
    }
  }
}

const isListed = ({ deletedId }: Kept): boolean => deletedId !== undefined

const keptFor = ({
  request,
  resources,
  allowed,
  target,
}: PlannedStack & Recovering): Promise<readonly Kept[]> =>
  findKept(request, target.project.factory.subscriptionId, {
    resources,
    purge: allowed.includes('purge'),
  })
