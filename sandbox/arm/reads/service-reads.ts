import { sameId } from '../address.ts'
import { at, text } from '../json.ts'
import { regions } from '../locations.ts'
import { cognitiveKinds } from '../providers/cognitive-services.ts'
import { modelsIn, usagesOfModels, usedQuota } from '../providers/model-deployments.ts'
import { quotaOf, skusIn } from '../providers/models.ts'
import type { World } from '../rules.ts'
import { countedIn, type Place, type Read, usage } from './read.ts'

const everywhere = regions.map(([name]) => name.toUpperCase())
const search = 'Microsoft.Search/searchServices'
/** https://learn.microsoft.com/azure/search/search-limits-quotas-capacity#subscription-limits */
const searchServices: Readonly<Record<string, number>> = {
  free: 1,
  basic: 16,
  standard: 16,
  standard2: 8,
  standard3: 6,
  storageOptimizedL1: 6,
  storageOptimizedL2: 6,
}
const storageSkus = [
  'Standard_LRS',
  'Standard_ZRS',
  'Standard_GRS',
  'Standard_RAGRS',
  'Standard_GZRS',
  'Standard_RAGZRS',
  'Premium_LRS',
  'Premium_ZRS',
]

const searchUsages = (place: Place, world: World) =>
  Object.entries(searchServices).map(([sku, limit]) => ({
    id: `${place.subscription}/providers/Microsoft.Search/locations/${place.location}/usages/${sku}`,
    ...usage(
      sku,
      sku,
      countedIn(search, place, world).filter((service) =>
        sameId(skuOf(service), sku.replace('storageOptimized', 'storage_optimized_')),
      ).length,
      limit,
    ),
  }))
const skuOf = (resource: unknown) => text(at(resource, 'sku.name'))

/** What is left of a model, in each SKU of the region or of all regions. */
const capacities = (place: Place, world: World) => {
  const wanted = (key: string) => place.query.get(key)
  const models = world.models.filter(
    ({ format, name, versions }) =>
      sameId(format, wanted('modelFormat') ?? format) &&
      sameId(name, wanted('modelName') ?? name) &&
      (wanted('modelVersion') === null || versions.includes(wanted('modelVersion') ?? '')),
  )
  const places = place.location === '' ? regions.map(([name]) => name) : [place.location]
  return places.flatMap((location) =>
    models.flatMap((model) =>
      skusIn(model, location).map((skuName) => ({
        id: `${place.subscription}/providers/Microsoft.CognitiveServices/locations/${location}/models/${model.format}.${model.name}/skus/${skuName}`,
        type: 'Microsoft.CognitiveServices/locations/models/skus',
        name: skuName,
        location,
        properties: {
          model: {
            format: model.format,
            name: model.name,
            version: wanted('modelVersion') ?? model.versions.at(-1),
          },
          skuName,
          availableCapacity:
            quotaOf(model, skuName) - usedQuota(model, skuName, place.subscriptionId, location, world),
        },
      })),
    ),
  )
}

/** What the services of projects say of a region: models, SKUs, usages. */
export const serviceReads: readonly Read[] = [
  {
    path: 'Microsoft.CognitiveServices/locations/models',
    answer: ({ location }, world) => modelsIn(location, world),
  },
  {
    path: 'Microsoft.CognitiveServices/locations/usages',
    answer: ({ subscriptionId, location }, world) => usagesOfModels(subscriptionId, location, world),
  },
  { path: 'Microsoft.CognitiveServices/locations/modelCapacities', answer: capacities },
  { path: 'Microsoft.CognitiveServices/modelCapacities', answer: capacities },
  {
    path: 'Microsoft.CognitiveServices/skus',
    answer: () =>
      cognitiveKinds.map((kind) => ({
        resourceType: 'accounts',
        name: 'S0',
        tier: 'Standard',
        kind,
        locations: everywhere,
        restrictions: [],
      })),
  },
  { path: 'Microsoft.Search/locations/usages', answer: searchUsages },
  {
    path: 'Microsoft.Storage/locations/usages',
    answer: (place, world) => [
      usage(
        'StorageAccounts',
        'Storage Accounts',
        countedIn('Microsoft.Storage/storageAccounts', place, world).length,
        250,
      ),
    ],
  },
  { path: 'Microsoft.Storage/deletedAccounts', answer: () => [] },
  {
    path: 'Microsoft.Storage/skus',
    answer: () =>
      everywhere.flatMap((location) =>
        storageSkus.map((name) => ({
          resourceType: 'storageAccounts',
          name,
          tier: name.split('_')[0],
          kind: name.startsWith('Premium') ? 'BlockBlobStorage' : 'StorageV2',
          locations: [location.toLowerCase()],
          capabilities: [],
          restrictions: [],
        })),
      ),
  },
  {
    path: 'Microsoft.App/locations/usages',
    answer: (place, world) => [
      usage(
        'ManagedEnvironmentCount',
        'Managed Environment Count',
        countedIn('Microsoft.App/managedEnvironments', place, world).length,
        50,
      ),
    ],
  },
]
