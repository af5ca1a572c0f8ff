import { ofType } from '../facts/api-versions.ts'
import { identities, peopleInDev } from '../grants.ts'
import type { PartDefinition, RoleGrant } from '../types.ts'

/**
 * Who uses the registry, shared or not. People only pull: in a shared registry, whoever pushes can overwrite another
 * project's images, so images are pushed by the project's pipeline.
 */
export const containerRegistryRoles: readonly RoleGrant[] = [
  ...peopleInDev(
    ['lead', 'dataScientist', 'aiEngineer', 'frontendDeveloper'],
    'AcrPull',
    'containerRegistry',
  ),
  ...identities(['projectIdentity'], 'AcrPush', 'containerRegistry'),
  ...identities(['appsIdentity'], 'AcrPull', 'containerRegistry'),
]

/**
 * A registry of the project's own, for factories that do not share one. Premium, because only that has private endpoints.
 * https://learn.microsoft.com/azure/container-registry/container-registry-skus
 */
export const ownContainerRegistry: PartDefinition = {
  title: 'Azure Container Registry',
  documentation: 'https://learn.microsoft.com/azure/container-registry/container-registry-intro',
  privateEndpoints: [
    {
      resource: 'containerRegistry',
      group: 'registry',
      zones: ['privatelink.azurecr.io'],
      // The registry and the data of its region. https://learn.microsoft.com/azure/container-registry/container-registry-private-endpoints#plan-subnet-ip-capacity-for-private-endpoints
      addresses: 2,
    },
  ],
  roles: [],
  resources: ({ names, location, tags, access }) => [
    {
      ...ofType('Microsoft.ContainerRegistry/registries'),
      name: names.containerRegistry,
      location,
      tags,
      sku: { name: 'Premium' },
      properties: {
        adminUserEnabled: false,
        // AcrPull and AcrPush mean nothing in the other mode, which is to become the default.
        roleAssignmentMode: 'LegacyRegistryPermissions',
        anonymousPullEnabled: false,
        dataEndpointEnabled: true,
        networkRuleBypassOptions: 'AzureServices',
        publicNetworkAccess: access.publicNetwork,
        networkRuleSet: {
          defaultAction: access.defaultAction,
          ipRules: access.allowedIps.map((value) => ({ value, action: 'Allow' })),
        },
      },
    },
  ],
}
