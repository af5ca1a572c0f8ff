import type { StoredResource } from '../../contracts.ts'
import { parseAddress, sameId } from '../address.ts'
import { badRequest } from '../errors.ts'
import { at, record, text } from '../json.ts'
import { normaliseLocation } from '../locations.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { heldOfAccount, parentBusy } from './cognitive-services-busy.ts'
import { type Model, quotaOf, quotaTitle, skusIn, usageNameOf } from './models.ts'

const account = 'Microsoft.CognitiveServices/accounts'
const type = `${account}/deployments`

/** Deployments of models: of those that somebody offers, in a SKU that the region has, within the quota. */
export const modelDeploymentRules: readonly ResourceRules[] = [
  {
    type,
    location: 'none',
    required: ['properties.model.name', 'properties.model.format'],
    lock: (address) => heldOfAccount(address.parent, 'deployments'),
    busy: parentBusy,
    check: checkDeployment,
    complete: ({ properties, body }, world) => {
      const model = modelOf(properties['model'], world)
      const version = text(at(properties, 'model.version')) ?? model?.versions.at(-1)
      return {
        versionUpgradeOption: 'OnceNewDefaultVersionAvailable',
        ...properties,
        model: { ...record(properties['model']), ...(version === undefined ? {} : { version }) },
        ...(at(body, 'sku.capacity') === undefined ? {} : { currentCapacity: at(body, 'sku.capacity') }),
      }
    },
  },
]

/** The model that a deployment names, when somebody offers it. */
function modelOf(wanted: unknown, world: World): Model | undefined {
  return world.models.find(
    ({ name, format }) =>
      sameId(name, text(at(wanted, 'name'))) && sameId(format, text(at(wanted, 'format'))),
  )
}

function checkDeployment(write: Write, world: World): void {
  const wanted = write.properties['model']
  const [name = '', format = '', version] = ['name', 'format', 'version'].map((key) => text(at(wanted, key)))
  const model = modelOf(wanted, world)
  if (model === undefined || (version !== undefined && !model.versions.includes(version)))
    throw badRequest(
      'DeploymentModelNotSupported',
      `The model 'Publisher: , Format: ${format}, Name: ${name}, Version: ${version ?? ''}, Source: , SourceAccount: ' of account deployment is not supported.`,
    )
  const location = world.store.get(write.address.parent ?? '')?.location
  if (location === undefined) return
  const sku = text(at(write.body, 'sku.name')) ?? text(at(write.existing, 'sku.name')) ?? 'Standard'
  checkSku(model, version ?? model.versions.at(-1) ?? '', sku, location)
  checkQuota(write, model, sku, location, world)
}

function checkSku(model: Model, version: string, sku: string, location: string): void {
  if (skusIn(model, location).some((offered) => sameId(offered, sku))) return
  const isKnown = Object.keys(model.skus).some((offered) => sameId(offered, sku))
  throw badRequest(
    'InvalidResourceProperties',
    isKnown
      ? `The specified SKU '${sku}' for model '${model.name} ${version}' is not supported in this region '${location}'.`
      : `The specified SKU '${sku}' of account deployment is not supported by the model '${model.name}' version: '${version}'.`,
  )
}

function checkQuota(write: Write, model: Model, sku: string, location: string, world: World): void {
  const before = sameId(text(at(write.existing, 'sku.name')), sku) ? capacityOf(write.existing) : 0
  const added = capacityOf(write.body) - before
  const used = usedQuota(model, sku, write.address.subscriptionId ?? '', location, world)
  const limit = quotaOf(model, sku)
  if (added <= 0 || used + added <= limit) return
  const title = quotaTitle(model, sku)
  throw badRequest(
    'InsufficientQuota',
    `This operation require ${added} new capacity in quota ${title}, which is bigger than the current available capacity ${limit - used}. The current quota usage is ${used} and the quota limit is ${limit} for quota ${title}.`,
  )
}

const capacityOf = (deployment: unknown): number => {
  // The Azure CLI sends it as text.
  return Number(at(deployment, 'sku.capacity') ?? 1) || 0
}

/** What the deployments of a subscription take of a model in a region, in one SKU. */
export function usedQuota(
  model: Model,
  sku: string,
  subscriptionId: string,
  location: string,
  world: World,
): number {
  const isCounted = (deployment: StoredResource) => {
    const { parent, subscriptionId: own } = parseAddress(deployment.id) ?? {}
    return (
      sameId(own, subscriptionId) &&
      sameId(text(at(deployment, 'sku.name')) ?? 'Standard', sku) &&
      modelOf(at(deployment, 'properties.model'), world) === model &&
      normaliseLocation(world.store.get(parent ?? '')?.location ?? '') === normaliseLocation(location)
    )
  }
  return world.store
    .ofType(type)
    .filter(isCounted)
    .reduce((sum, deployment) => sum + capacityOf(deployment), 0)
}

/** https://learn.microsoft.com/rest/api/aiservices/accountmanagement/usages/list */
export function usagesOfModels(subscriptionId: string, location: string, world: World) {
  return world.models.flatMap((model) =>
    skusIn(model, location).map((sku) => ({
      name: { value: usageNameOf(model, sku), localizedValue: quotaTitle(model, sku) },
      currentValue: usedQuota(model, sku, subscriptionId, location, world),
      limit: quotaOf(model, sku),
      unit: 'Count',
    })),
  )
}

/** The models of a region, one entry for each version. https://learn.microsoft.com/rest/api/aiservices/accountmanagement/models/list */
export function modelsIn(location: string, world: World) {
  return world.models.flatMap((model) => {
    const skus = skusIn(model, location)
    if (skus.length === 0) return []
    return model.versions.map((version, position) => ({
      kind: model.format === 'OpenAI' ? 'OpenAI' : 'AIServices',
      skuName: 'S0',
      model: {
        format: model.format,
        name: model.name,
        version,
        isDefaultVersion: position === model.versions.length - 1,
        skus: skus.map((name) => ({
          name,
          usageName: usageNameOf(model, name),
          capacity: { minimum: 1, maximum: quotaOf(model, name), default: 1, step: 1 },
        })),
        lifecycleStatus: 'GenerallyAvailable',
      },
    }))
  })
}
