import { type ProjectType, type ServiceKey, serviceKeys } from '../vocabulary.ts'
import { aiFoundry } from './services/ai-foundry.ts'
import { aiSearch } from './services/ai-search.ts'
import { applicationInsights } from './services/application-insights.ts'
import { containerRegistryRoles, ownContainerRegistry } from './services/container-registry.ts'
import { cosmosDb } from './services/cosmos-db.ts'
import { projectIdentities } from './services/identities.ts'
import { keyVault } from './services/key-vault.ts'
import { machineLearning } from './services/machine-learning.ts'
import { storage } from './services/storage.ts'
import type { PartDefinition, ServiceDefinition } from './types.ts'

/** Everything that can be switched on in a project. */
export const services: Readonly<Record<ServiceKey, ServiceDefinition>> = {
  aiFoundry,
  aiSearch,
  cosmosDb,
  machineLearning,
}

/** The services that a project of this type has unless somebody says otherwise. */
export const defaultServicesOf = (type: ProjectType): readonly ServiceKey[] =>
  serviceKeys.filter((key) => services[key].defaultFor.includes(type))

const baselineParts: readonly PartDefinition[] = [projectIdentities, storage, keyVault, applicationInsights]

/** What every project has, whatever its type: two identities, two storage accounts, a key vault, Application Insights. */
export const baseline: PartDefinition = {
  title: 'Baseline',
  documentation:
    'https://learn.microsoft.com/azure/architecture/ai-ml/architecture/baseline-microsoft-foundry-chat',
  privateEndpoints: baselineParts.flatMap(({ privateEndpoints }) => privateEndpoints),
  roles: [...baselineParts.flatMap(({ roles }) => roles), ...containerRegistryRoles],
  resources: (context) => baselineParts.flatMap(({ resources }) => resources(context)),
}

/** What a project is made of. */
export interface ProjectContents {
  readonly services: readonly ServiceKey[]
  /** Does the project have a container registry of its own, instead of the factory's? */
  readonly ownContainerRegistry: boolean
}

/** The parts of a project in the order of the catalogue, whatever order they are asked for in. */
export const partsOf = (contents: ProjectContents): readonly PartDefinition[] => [
  baseline,
  ...(contents.ownContainerRegistry ? [ownContainerRegistry] : []),
  ...Object.values(services).filter(({ key }) => contents.services.includes(key)),
]
