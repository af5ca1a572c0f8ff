import { containerRegistry as registryName } from '../../naming/limits.ts'
import { containerRegistry as projectRegistry } from '../baseline/container-registry.ts'
import { registryEndpoint, registryResource } from '../registry.ts'
import { machineLearning } from '../services/machine-learning.ts'
import { defineCommonPart } from './define.ts'

/**
 * The registry that Machine Learning workspaces are attached to. A workspace builds its images there and pulls them with roles
 * of the older mode: with a registry that knows repositories nobody has tried it.
 */
export const machineLearningRegistry = defineCommonPart({
  key: 'machineLearningRegistry',
  title: 'Container registry of Machine Learning',
  documentation:
    'https://learn.microsoft.com/azure/machine-learning/how-to-identity-based-service-authentication#azure-container-registry-and-identity-types',
  stack: 'common',
  enabled: true,
  existing: 'machineLearningRegistry',
  usedByProjects: ['Microsoft.ContainerRegistry/registries'],
  decidedBy: ({ sharedContainerRegistry }) => (sharedContainerRegistry ? undefined : { kind: 'off' }),
  notNeeded: ({ servicesOff }) => servicesOff.includes(machineLearning.key),
  resources: {
    machineLearningRegistry: {
      type: 'Microsoft.ContainerRegistry/registries',
      name: { ...registryName, pattern: 'acrcommonml{salt}{location}{instance}{env}' },
    },
  },
  subnets: {},
  privateEndpoints: [{ resource: 'machineLearningRegistry', ...registryEndpoint }],
  logs: [{ resource: 'machineLearningRegistry' }],
  options: {},
  defaults: { dev: {}, stage: {}, prod: {} },
  data: projectRegistry.data,
  inside: projectRegistry.inside,
  prices: projectRegistry.prices,
  template: ({ names, location, tags, access }) => [
    registryResource({
      name: names.machineLearningRegistry,
      location,
      tags,
      access,
      mode: 'LegacyRegistryPermissions',
    }),
  ],
})
