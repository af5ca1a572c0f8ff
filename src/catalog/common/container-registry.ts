import { containerRegistry as registryName } from '../../naming/limits.ts'
import { containerRegistry as projectRegistry } from '../baseline/container-registry.ts'
import { registryEndpoint, registryResource } from '../registry.ts'
import { defineCommonPart } from './define.ts'

/**
 * The registry that all projects share, unless each has one of its own. It knows repositories, so that each project reaches
 * its own ones only; one that somebody made in the older mode stays in it.
 */
export const containerRegistry = defineCommonPart({
  key: 'containerRegistry',
  title: 'Shared container registry',
  documentation: projectRegistry.documentation,
  stack: 'common',
  enabled: true,
  existing: 'containerRegistry',
  usedByProjects: ['Microsoft.ContainerRegistry/registries'],
  decidedBy: ({ sharedContainerRegistry }) => (sharedContainerRegistry ? undefined : { kind: 'off' }),
  resources: {
    containerRegistry: {
      type: 'Microsoft.ContainerRegistry/registries',
      name: { ...registryName, pattern: 'acrcommon{salt}{location}{instance}{env}' },
    },
  },
  subnets: {},
  privateEndpoints: [{ resource: 'containerRegistry', ...registryEndpoint }],
  logs: [{ resource: 'containerRegistry' }],
  options: {},
  defaults: { dev: {}, stage: {}, prod: {} },
  data: projectRegistry.data,
  inside: projectRegistry.inside,
  prices: projectRegistry.prices,
  template: ({ names, location, tags, access, registryMode }) => [
    registryResource({
      name: names.containerRegistry,
      location,
      tags,
      access,
      mode: registryMode,
      takesArmTokens: true,
    }),
  ],
})
