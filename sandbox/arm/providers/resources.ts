import type { ResourceRules } from '../rules.ts'

/** Microsoft.Resources: resource groups. */
export const resourcesRules: readonly ResourceRules[] = [
  {
    type: 'Microsoft.Resources/resourceGroups',
    location: 'required',
    complete: () => ({ provisioningState: 'Succeeded' }),
  },
]
