import type { StoredResource } from '../../contracts.ts'
import { parseAddress } from '../address.ts'
import { resourceNotFound } from '../errors.ts'
import { at, text } from '../json.ts'
import { modelsIn } from '../providers/model-deployments.ts'
import { skusIn } from '../providers/models.ts'
import { groupsOf, namesOf } from '../providers/private-link.ts'
import type { World } from '../rules.ts'
import { type Handler, requireRight } from './context.ts'
import { page } from './paging.ts'
import { checkSubscription } from './resources.ts'

/** Lists that belong to a resource and hold none: by what the address ends with. `undefined` when the type has no such list. */
const reads: Readonly<
  Record<string, (resource: StoredResource, world: World) => readonly unknown[] | undefined>
> = {
  privatelinkresources: (resource) =>
    groupsOf(resource.type)?.map((group) => privateLinkResource(resource, group)),
  models: (resource, world) =>
    isAccount(resource) ? modelsIn(resource.location ?? '', world).map(({ model }) => model) : undefined,
  listusages: (resource) => (isRegistry(resource) ? registryUsages : undefined),
  usages: (resource) => (isAccount(resource) ? [] : undefined),
  skus: (resource, world) => skusOf(resource, world),
}

const isAccount = ({ type }: StoredResource) => /^Microsoft\.CognitiveServices\/accounts$/i.test(type)

const isRegistry = ({ type }: StoredResource) => /^Microsoft\.ContainerRegistry\/registries$/i.test(type)

/** https://learn.microsoft.com/azure/container-registry/container-registry-skus */
const registryUsages = [
  { name: 'Size', limit: 536_870_912_000, currentValue: 0, unit: 'Bytes' },
  { name: 'Webhooks', limit: 500, currentValue: 0, unit: 'Count' },
]

function privateLinkResource(resource: StoredResource, group: string) {
  const names = namesOf(resource, group)
  return {
    id: `${resource.id}/privateLinkResources/${group}`,
    name: group,
    type: `${resource.type}/privateLinkResources`,
    properties: {
      groupId: group,
      requiredMembers:
        names.length === 0 ? [group] : names.map((_, index) => (index === 0 ? group : `${group}${index}`)),
      requiredZoneNames: [...new Set(names.map(({ suffix }) => `privatelink.${suffix}`))],
    },
  }
}

function skusOf(resource: StoredResource, world: World): readonly unknown[] | undefined {
  if (isAccount(resource)) return [{ resourceType: resource.type, sku: { name: 'S0', tier: 'Standard' } }]
  if (!/^Microsoft\.CognitiveServices\/accounts\/deployments$/i.test(resource.type)) return undefined
  const account = world.store.get(parseAddress(resource.id)?.parent ?? '')
  const model = world.models.find(({ name }) => name === text(at(resource, 'properties.model.name')))
  const names = model === undefined ? [] : skusIn(model, account?.location ?? '')
  return names.map((name) => ({
    resourceType: resource.type,
    sku: { name },
    capacity: { minimum: 1, default: 1 },
  }))
}

/** What a resource offers: groups for private endpoints, models, SKUs. */
export const resourceReadHandler: Handler = async (request, context) => {
  const cut = request.path.lastIndexOf('/')
  const read = reads[request.path.slice(cut + 1).toLowerCase()]
  const address = parseAddress(request.path.slice(0, cut))
  if (request.method !== 'GET' || read === undefined || address === undefined) return undefined
  checkSubscription(address.subscriptionId, context)
  requireRight(context, request.caller, address.id, `${address.type}/${request.path.slice(cut + 1)}/read`)
  const resource = context.engine.get(address.id)
  if (resource === undefined) throw resourceNotFound(address)
  const found = read(resource, context.world)
  return found === undefined ? undefined : page(found, request.exchange)
}
