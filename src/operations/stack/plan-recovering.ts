import type { DeploymentStacks } from '../../azure/deployment-stacks.ts'
import type { StackRequest } from '../../azure/stack-request.ts'
import type { Step } from '../apply-steps.ts'
import type { OperationContext } from '../operation.ts'
import { handOverStep } from './hand-over.ts'
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
  /** Lets the stack of an earlier release go of its subnets and network security groups. */
  readonly handOver: readonly Step[]
}

/**
 * Plans a stack, and changes nothing. Where Azure refuses the template because it keeps a deleted resource of a name in
 * it, that one is recovered, or purged when that is allowed. What comes back by a setting in the template is planned as
 * such, also what is purged first; the provider of anything else refuses its name until it is purged, so none is asked.
 */
export async function planRecovering(
  stacks: DeploymentStacks,
  planned: PlannedStack,
  context: OperationContext,
): Promise<ApplicablePlan> {
  const { request, resources, allowed, target } = planned
  const { subscriptionId } = target.factory
  const applicable = (result: StackPlan, asked: StackRequest, purges: readonly Step[]): ApplicablePlan => {
    const { keepingTags, letGo } = result
    const merged = { ...asked, template: keepingTags(asked.template) }
    const { workflow } = target.texts
    const deploying = { stacks, request: merged, subscriptionId, allowed, workflow, info: context.info }
    return {
      ...result,
      purges,
      deploy: async () => {
        await deployInSync(deploying)
      },
      handOver: letGo.length > 0 ? [handOverStep(deploying, { letGo, keepingTags })] : [],
    }
  }
  const recovering = async (kept: readonly Kept[]): Promise<ApplicablePlan> => {
    for (const one of kept) context.info(keptSentence(one))
    const result = await planStack(stacks, { ...planned, ...asPlanned(request, kept) }, context)
    const recovered = kept.filter(({ becomes }) => becomes === 'recover')
    return applicable(
      { ...result, plan: { ...result.plan, changes: withKept(result.plan.changes, kept) } },
      withRecovery(request, recovered),
      purgeSteps(kept, resources),
    )
  }
  // Who asks no provider is refused by none: what Azure keeps has to be looked for.
  if (planned.unasked === true) return recovering(await keptFor(planned))
  try {
    return applicable(await planStack(stacks, planned, context), request, [])
  } catch (error) {
    if (!isKeptConflict(error)) throw error
    const kept = await keptFor(planned)
    if (kept.length === 0) throw error
    return recovering(kept)
  }
}

/** The request as Azure accepts it while it still keeps all that is purged first. */
function asPlanned(
  request: StackRequest,
  kept: readonly Kept[],
): Pick<PlannedStack, 'request' | 'unvalidated'> {
  const asked = withRecovery(request, kept.filter(isListed))
  if (kept.every(isListed)) return { request: asked }
  return {
    request: { ...asked, validationLevel: 'Template' },
    unvalidated: 'what Azure keeps of a name is purged first.',
  }
}

const isListed = ({ deletedId }: Kept): boolean => deletedId !== undefined

const keptFor = ({ request, resources, allowed, target }: PlannedStack): Promise<readonly Kept[]> =>
  findKept(request, target.factory.subscriptionId, {
    resources,
    purge: allowed.includes('purge'),
  })
