import { containerRegistry as registryName } from '../../naming/limits.ts'
import { containerRegistry as projectRegistry } from '../baseline/container-registry.ts'
import { ofType } from '../facts/api-versions.ts'
import { defineCommonPart } from './define.ts'

/** The registry that all projects share, unless each has one of its own. */
export const containerRegistry = defineCommonPart({
  key: 'containerRegistry',
  title: 'Shared container registry',
  documentation: projectRegistry.documentation,
  stack: 'common',
  enabled: true,
  existing: 'containerRegistry',
  decidedBy: ({ sharedContainerRegistry }) => (sharedContainerRegistry ? undefined : { kind: 'off' }),
  resources: {
    containerRegistry: {
      type: 'Microsoft.ContainerRegistry/registries',
      name: { ...registryName, pattern: 'acrcommon{salt}{location}{instance}{env}' },
    },
  },
  subnets: {},
  privateEndpoints: [
    {
      resource: 'containerRegistry',
      group: 'registry',
      zones: ['privatelink.azurecr.io'],
      addresses: 2,
    },
  ],
  logs: [{ resource: 'containerRegistry' }],
  options: {},
  defaults: { dev: {}, stage: {}, prod: {} },
  data: projectRegistry.data,
  inside: projectRegistry.inside,
  prices: projectRegistry.prices,
  template: ({ names, location, tags }) => [
    {
      ...ofType('Microsoft.ContainerRegistry/registries'),
      name: names.containerRegistry,
      location,
      tags,
      sku: { name: 'Premium' },
      properties: {
        adminUserEnabled: false,
        anonymousPullEnabled: false,
        dataEndpointEnabled: true,
        networkRuleBypassOptions: 'AzureServices',
        publicNetworkAccess: 'Disabled',
        networkRuleSet: { defaultAction: 'Deny', ipRules: [] },
      },
    },
  ],
})
