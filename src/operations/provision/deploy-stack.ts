import { hasChanges } from '../../plan/model.ts'
import { countSentence } from '../../plan/summary.ts'
import type { Phase } from './phase.ts'

/** Deploys the stack, when it or something in it differs, after purging what must not come back with it. */
export const deployStack: Phase = ({ target, stackPlan: { plan, purges, deploy } }) =>
  hasChanges(plan)
    ? [
        ...purges,
        {
          name: `Deploy ${target.names.project.resourceGroup}: ${countSentence(plan, 'planned')}`,
          apply: deploy,
        },
      ]
    : []
