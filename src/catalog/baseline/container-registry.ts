import { containerRegistry as registryName } from '../../naming/limits.ts'
import { definePart } from '../define.ts'
import { identities, peopleInDev } from '../grants.ts'
import { registryEndpoint, registryResource } from '../registry.ts'
import { projectIdentities } from './identities.ts'

/**
 * The registry of a project: the factory's, which all share, or its own, where the factory does not share one. A
 * shared one that knows repositories honours other roles than those below, on the project's repositories only:
 * facts/registry-roles.ts has them.
 *
 * People only pull: in a shared registry that does not, whoever pushes can overwrite another project's images, so images are
 * pushed by the project's pipeline. Nobody may list the names of all repositories: that cannot be limited to a project.
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
  privateEndpoints: [{ resource: 'containerRegistry', ...registryEndpoint }],
  roles: [
    ...peopleInDev(['lead', 'dataScientist', 'aiEngineer', 'agentDeveloper'], 'AcrPull', 'containerRegistry'),
    ...identities(['projectIdentity'], 'AcrPush', 'containerRegistry'),
    ...identities(['appsIdentity'], 'AcrPull', 'containerRegistry'),
  ],
  rights: [
    {
      key: 'containerRegistry',
      title: 'Azure Container Registry',
      offers: [{ role: 'AcrPull', on: 'containerRegistry' }],
    },
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
    // Workspaces are attached to it, which nobody has tried with a registry that knows repositories.
    registryResource({
      name: names.containerRegistry,
      location,
      tags,
      access,
      mode: 'LegacyRegistryPermissions',
    }),
  ],
})
