import { containerRegistry as registryName } from '../../naming/limits.ts'
import { definePart } from '../define.ts'
import { ofType } from '../facts/api-versions.ts'
import { identities, peopleInDev } from '../grants.ts'
import { projectIdentities } from './identities.ts'

/**
 * The registry of a project: the factory's, which all share, or its own, where the factory does not share one. The own one
 * is Premium, because only that has private endpoints. https://learn.microsoft.com/azure/container-registry/container-registry-skus
 *
 * People only pull: in a shared registry, whoever pushes can overwrite another project's images, so images are pushed by
 * the project's pipeline.
 */
export const containerRegistry = definePart({
  title: 'Azure Container Registry',
  documentation: 'https://learn.microsoft.com/azure/container-registry/container-registry-intro',
  resources: {
    containerRegistry: {
      type: 'Microsoft.ContainerRegistry/registries',
      shared: 'containerRegistry',
      name: { ...registryName, pattern: 'acrprj{project}genai{location}{salt}{env}{instance}' },
    },
  },
  subnets: {},
  connectsTo: [projectIdentities],
  privateEndpoints: [
    {
      resource: 'containerRegistry',
      group: 'registry',
      zones: ['privatelink.azurecr.io'],
      // The registry and the data of its region. https://learn.microsoft.com/azure/container-registry/container-registry-private-endpoints#plan-subnet-ip-capacity-for-private-endpoints
      addresses: 2,
    },
  ],
  roles: [
    ...peopleInDev(
      ['lead', 'dataScientist', 'aiEngineer', 'frontendDeveloper'],
      'AcrPull',
      'containerRegistry',
    ),
    ...identities(['projectIdentity'], 'AcrPush', 'containerRegistry'),
    ...identities(['appsIdentity'], 'AcrPull', 'containerRegistry'),
  ],
  data: { 'Microsoft.ContainerRegistry/registries': { holds: 'images' } },
  // Images are in no list of Azure Resource Manager.
  inside: {
    'Microsoft.ContainerRegistry/registries': {
      cacheRules: 'its settings',
      tokens: 'its settings',
      webhooks: 'its settings',
    },
  },
  prices: {
    'Microsoft.ContainerRegistry/registries': {
      kind: 'list',
      unit: 'registry',
      by: 'sku.name',
      // By the day: 1.667 dollars.
      perHour: { Premium: 1.667 / 24 },
      plus: 'images above 500 GB',
      asOf: '2026-11-29',
      source: 'https://azure.microsoft.com/pricing/details/container-registry/',
    },
  },
  template: ({ names, location, tags, access }) => [
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
})
