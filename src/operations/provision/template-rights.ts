import { control, type Right } from '../../azure/granted-rights.ts'
import { writtenResources } from '../../compose/template-summary.ts'
import type { JsonObject } from '../../json.ts'
import { resourceGroupIdOf, sameText } from '../../resource-id.ts'

const resourceGroups = 'Microsoft.Resources/resourceGroups'

/** What deploying a template as a stack takes: the stack itself, and each resource where it is. */
export function templateRights(template: JsonObject, subscriptionId: string): readonly Right[] {
  const subscription = `/subscriptions/${subscriptionId}`
  return [
    ...control(subscription, 'Microsoft.Resources/deploymentStacks/write'),
    ...writtenResources(template, subscriptionId).flatMap(({ id, type }) =>
      sameText(type, resourceGroups)
        ? control(id, 'Microsoft.Resources/subscriptions/resourceGroups/write')
        : control(resourceGroupIdOf(id), `${type}/write`),
    ),
  ]
}
