import { ofType } from '../catalog/api-versions.ts'
import type { ArmResource } from '../catalog/types.ts'
import { type ResourceGroupScope, resourceId } from './identifiers.ts'
import { literalResource } from './literal.ts'

/**
 * Resources of one resource group inside a template at subscription scope. They are evaluated on their own ("inner"), so
 * that nothing outside can be meant by accident. What they wait for is kept only where it is in the same deployment:
 * the rest exists already.
 */
export function nestedDeployment(
  name: string,
  scope: ResourceGroupScope,
  resources: readonly ArmResource[],
  dependsOn: readonly string[],
): ArmResource {
  const inside = new Set(resources.map((resource) => resourceId(scope, resource)))
  return {
    ...ofType('Microsoft.Resources/deployments'),
    name,
    subscriptionId: scope.subscriptionId,
    resourceGroup: scope.resourceGroup,
    ...(dependsOn.length > 0 && { dependsOn }),
    properties: {
      mode: 'Incremental',
      expressionEvaluationOptions: { scope: 'inner' },
      template: {
        $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
        contentVersion: '1.0.0.0',
        resources: resources.map((resource) =>
          literalResource({
            ...resource,
            dependsOn: (resource.dependsOn ?? []).filter((id) => inside.has(id)),
          }),
        ),
      },
    },
  }
}

/** The id of a nested deployment, for what waits for it. */
export const deploymentId = (name: string, scope: ResourceGroupScope): string =>
  resourceId(scope, { type: 'Microsoft.Resources/deployments', name })
