import { hasChanges } from '../../plan/model.ts'
import { countSentence } from '../../plan/summary.ts'
import type { Phase } from './phase.ts'

/** Deploys the stack, when it or something in it differs. */
export const deployStack: Phase = ({ target, services, request, stackPlan: { plan } }) =>
  hasChanges(plan)
    ? [
        {
          name: `Deploy ${target.names.project.resourceGroup}: ${countSentence(plan, 'planned')}`,
          apply: async () => {
            await services.stacks.apply(request)
          },
        },
      ]
    : []
