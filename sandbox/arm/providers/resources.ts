import { tagRules } from '../governance/tags.ts'
import type { ResourceRules } from '../rules.ts'

/** Microsoft.Resources: resource groups, and tags of any scope. */
export const resourcesRules: readonly ResourceRules[] = [
  {
    type: 'Microsoft.Resources/resourceGroups',
    location: 'required',
    complete: () => ({ provisioningState: 'Succeeded' }),
  },
  tagRules,
]
