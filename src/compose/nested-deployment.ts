import { ofType } from '../catalog/facts/api-versions.ts'
import type { ArmResource } from '../catalog/types.ts'
import { type ResourceGroupScope, resourceId } from './identifiers.ts'
import { literalResource } from './literal.ts'

/** Where a nested deployment goes, and when. */
export interface NestedDeploymentPlace {
  readonly name: string
  readonly scope: ResourceGroupScope
  /** The subscription that the whole template is deployed to. */
  readonly homeSubscriptionId: string
  /** What the whole deployment waits for. */
  readonly dependsOn: readonly string[]
}

/**
 * Resources of one resource group inside a template at subscription scope. They are evaluated on their own ("inner"), so
 * that nothing outside can be meant by accident. What they wait for is kept only where it is in the same deployment:
 * the rest exists already.
 */
export function nestedDeployment(
  { name, scope, homeSubscriptionId, dependsOn }: NestedDeploymentPlace,
  resources: readonly ArmResource[],
): ArmResource {
  const inside = new Set(resources.map((resource) => resourceId(scope, resource)))
  return {
    ...ofType('Microsoft.Resources/deployments'),
    name,
    ...(scope.subscriptionId !== homeSubscriptionId && { subscriptionId: scope.subscriptionId }),
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
