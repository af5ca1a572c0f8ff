import type { AssignedSubnets } from '../catalog/assigned-subnets.ts'
import { partsOf } from '../catalog/contents.ts'
import { ofType } from '../catalog/facts/api-versions.ts'
import type { AzureCloudName } from '../catalog/facts/private-dns.ts'
import { type Catalogue, catalogue, endpointSubnet } from '../catalog/index.ts'
import type { ArmResource } from '../catalog/types.ts'
import type { ResolvedProject } from '../manifest/resolved.ts'
import { resourceGroupReference, scopeOf } from './identifiers.ts'
import { literalResource } from './literal.ts'
import { nestedDeployment } from './nested-deployment.ts'
import { privateEndpoint } from './private-endpoints.ts'
import {
  contentsOf,
  type Names,
  type ProjectContext,
  partContext,
  projectContext,
  zonesOf,
} from './project-context.ts'
import type { SubscriptionTemplate } from './subscription-template.ts'

/**
 * The template of what a project has in one environment: its resource group, and its services with their private
 * endpoints. The same input gives the same bytes. Role assignments are not in it: those of
 * identities are a phase of provision-project, those of people add-member's. Subnets are
 * only referred to: a stack that wrote them would take away what others attached, and be in the way of other stacks.
 *
 * @param subnets all subnets the project needs
 * @param cloud decides the names of private DNS zones; clouds of one's own use those of AzureCloud
 */
export function composeProject(
  project: ResolvedProject,
  names: Names,
  subnets: AssignedSubnets,
  cloud: AzureCloudName = 'AzureCloud',
  from: Catalogue = catalogue,
): SubscriptionTemplate {
  const context = projectContext(project, names, subnets, cloud, from)
  const homeSubscriptionId = project.factory.subscriptionId
  const scope = scopeOf(context.ids.resourceGroup)
  const resourceGroup = literalResource({
    ...ofType('Microsoft.Resources/resourceGroups'),
    name: scope.resourceGroup,
    location: context.location,
    tags: context.tags,
  })
  return {
    $schema: 'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources: [
      resourceGroup,
      nestedDeployment(
        {
          name: names.project.nestedDeployment('resources'),
          scope,
          homeSubscriptionId,
          dependsOn: [resourceGroupReference(scope)],
        },
        projectResources(project, names, context, from),
      ),
    ],
    outputs: {
      resourceGroup: { type: 'string', value: scope.resourceGroup },
      resourceGroupId: { type: 'string', value: context.ids.resourceGroup },
      virtualNetworkId: { type: 'string', value: context.ids.virtualNetwork },
    },
  }
}

function projectResources(
  project: ResolvedProject,
  names: Names,
  context: ProjectContext,
  from: Catalogue,
): readonly ArmResource[] {
  const scope = scopeOf(context.ids.resourceGroup)
  const parts = partsOf(contentsOf(project), from)
  const resources = parts.flatMap((part) => part.template(partContext(part, context, project, from)))
  const zones = zonesOf(project.factory, names.common)
  const endpoints = context.access.privateEndpoints
    ? parts
        .flatMap((part) => part.privateEndpoints)
        .flatMap((definition) =>
          privateEndpoint(definition, context, {
            scope,
            resources,
            zones,
            subnetId: context.subnetId(endpointSubnet),
          }),
        )
    : []
  return [...resources, ...endpoints]
}
