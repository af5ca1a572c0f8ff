import { keysOf } from '../by-key.ts'
import { applicationInsights } from './baseline/application-insights.ts'
import { containerRegistry } from './baseline/container-registry.ts'
import { projectIdentities } from './baseline/identities.ts'
import { keyVault } from './baseline/key-vault.ts'
import { privateEndpoints } from './baseline/private-endpoints.ts'
import { storage } from './baseline/storage.ts'
import { buildCatalogue } from './catalogue.ts'
import { aiFoundry } from './services/ai-foundry.ts'
import { aiSearch } from './services/ai-search.ts'
import { cosmosDb } from './services/cosmos-db.ts'
import { machineLearning } from './services/machine-learning.ts'

/** What every project has, whatever its type. */
export const baseline = [
  privateEndpoints,
  projectIdentities,
  storage,
  keyVault,
  applicationInsights,
  containerRegistry,
] as const

/** What can be switched on in a project, in the order in which people see it. */
export const services = {
  aiFoundry,
  aiSearch,
  cosmosDb,
  machineLearning,
}

/** The catalogue of this release. */
export const catalogue = buildCatalogue(baseline, services)

/** A catalogue that has at least what this release has. */
export type Catalogue = typeof catalogue
/** A service that a project can have switched on. */
export type ServiceKey = keyof Catalogue['services']
/** A subnet that a project may have. */
export type SubnetKey = keyof Catalogue['subnets']
/** A resource that names, ids, roles or other resources refer to. */
export type ResourceKey = keyof Catalogue['resources']

/** The keys of all services, in the order of the catalogue. */
export const serviceKeys: readonly ServiceKey[] = keysOf(catalogue.services)
/** The keys of all subnets, in the order of the catalogue. */
export const subnetKeys: readonly SubnetKey[] = keysOf(catalogue.subnets)

/** Is this the key of a subnet of the catalogue? */
export const isSubnetKey = (key: string): key is SubnetKey => Object.hasOwn(catalogue.subnets, key)

/** The subnet that the private endpoints of a project are in. */
export const endpointSubnet: SubnetKey = 'genai'

/** Is this the key of a resource of the catalogue? */
export const isResourceKey = (key: string): key is ResourceKey => Object.hasOwn(catalogue.resources, key)
