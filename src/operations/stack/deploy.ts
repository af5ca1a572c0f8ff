import { hasChanges } from '../../plan/model.ts'
import { countSentence } from '../../plan/summary.ts'
import type { Step } from '../apply-steps.ts'
import type { ApplicablePlan } from './plan-recovering.ts'

/**
 * Deploys a stack, when it or something in it differs, after purging what must not come back with it.
 * @param what it is called in the log
 */
export const deploySteps = (
  what: string,
  { plan, purges, deploy }: Pick<ApplicablePlan, 'plan' | 'purges' | 'deploy'>,
): readonly Step[] =>
  hasChanges(plan)
    ? [...purges, { name: `Deploy ${what}: ${countSentence(plan, 'planned')}`, apply: deploy }]
    : []
