import type { StoredResource } from '../../contracts.ts'
import { parseAddress, sameId } from '../address.ts'
import { formatRange, type Range } from '../cidr.ts'
import { badRequest, resourceNotFound } from '../errors.ts'
import { at, record, records, text, texts } from '../json.ts'
import type { Limits } from '../limits.ts'
import { normaliseLocation } from '../locations.ts'
import { poolType, rangesOf, spaceOfPool } from '../providers/pool-allocations.ts'
import { freeBlocks, sizeOf } from '../providers/pool-space.ts'
import { prefixesOf } from '../providers/prefixes.ts'
import type { World } from '../rules.ts'
import { type ArmContext, type ArmRequest, type Handler, requireRight } from './context.ts'
import { page } from './paging.ts'
import { checkSubscription } from './resources.ts'

const ofLocation = /^(\/subscriptions\/([^/]+))\/providers\/Microsoft\.Network\/locations\/([^/]+)\/usages$/i
const ofNetwork = /^(.+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+)\/usages$/i
const ofPool =
  /^(.+\/providers\/Microsoft\.Network\/networkManagers\/[^/]+\/ipamPools\/[^/]+)\/getPoolUsage$/i
/** Addresses of each subnet that Azure keeps for itself. */
const reserved = 5

/** What the network provider counts: https://learn.microsoft.com/rest/api/virtualnetwork/usages */
const counted: readonly { type: string; value: string; localizedValue: string; limit: keyof Limits }[] = [
  {
    type: 'Microsoft.Network/virtualNetworks',
    value: 'VirtualNetworks',
    localizedValue: 'Virtual Networks',
    limit: 'virtualNetworksPerSubscription',
  },
  {
    type: 'Microsoft.Network/networkSecurityGroups',
    value: 'NetworkSecurityGroups',
    localizedValue: 'Network Security Groups',
    limit: 'networkSecurityGroupsPerSubscription',
  },
  {
    type: 'Microsoft.Network/routeTables',
    value: 'RouteTables',
    localizedValue: 'Route Tables',
    limit: 'routeTablesPerSubscription',
  },
  {
    type: 'Microsoft.Network/privateEndpoints',
    value: 'PrivateEndpoints',
    localizedValue: 'Private Endpoints',
    limit: 'privateEndpointsPerSubscription',
  },
]

/** How much is used: of a region, of the subnets of a network, of a pool. */
export const usageHandler: Handler = async (request, context) => {
  const region = ofLocation.exec(request.path)
  if (request.method === 'GET' && region !== null) return usagesOfRegion(region, request, context)
  const network = ofNetwork.exec(request.path)?.[1]
  if (request.method === 'GET' && network !== undefined)
    return page(usagesOfNetwork(read(network, 'usages/read', request, context)), request.exchange)
  const pool = ofPool.exec(request.path)?.[1]
  if (request.method === 'POST' && pool !== undefined)
    return Response.json(usageOfPool(read(pool, 'getPoolUsage/action', request, context), context.world))
  return undefined
}

function read(id: string, verb: string, request: ArmRequest, context: ArmContext): StoredResource {
  const address = parseAddress(id)
  checkSubscription(address?.subscriptionId, context)
  requireRight(context, request.caller, id, `${address?.type ?? ''}/${verb}`)
  const found = context.engine.get(id)
  if (found !== undefined) return found
  throw address === undefined ? badRequest('InvalidResourceId', id) : resourceNotFound(address)
}

function usagesOfRegion(match: RegExpExecArray, request: ArmRequest, context: ArmContext): Response {
  const [, scope = '', subscription, location = ''] = match
  checkSubscription(subscription, context)
  requireRight(context, request.caller, scope, 'Microsoft.Network/locations/usages/read')
  const isThere = ({ id, location: place = '' }: StoredResource) =>
    id.toLowerCase().startsWith(`${scope.toLowerCase()}/`) &&
    normaliseLocation(place) === normaliseLocation(location)
  const usages = counted.map(({ type, limit, ...name }) => ({
    id: `${scope}/providers/Microsoft.Network/locations/${location}/usages/${name.value}`,
    unit: 'Count',
    currentValue: context.world.store.ofType(type).filter(isThere).length,
    limit: context.world.limits[limit],
    name,
  }))
  return page(usages, request.exchange)
}

function usagesOfNetwork(network: StoredResource) {
  return records(at(network, 'properties.subnets')).map((subnet) => {
    const properties = record(subnet['properties'])
    const ranges = rangesOf(prefixesOf(properties)).filter(({ family }) => family === 4)
    return {
      id: subnet['id'],
      unit: 'Count',
      currentValue: records(properties['ipConfigurations']).length,
      limit: ranges.reduce((sum, range) => sum + sizeOf([range]) - reserved, 0),
      name: { value: 'SubnetSpace', localizedValue: 'Subnet size and usage' },
    }
  })
}

function usageOfPool(pool: StoredResource, world: World) {
  const space = spaceOfPool(pool, world)
  const available = freeBlocks(space)
  const children = world.store
    .children(parseAddress(pool.id)?.parent ?? '', poolType)
    .filter((child) => sameId(text(at(child, 'properties.parentPoolName')), pool.name))
  return {
    addressPrefixes: texts(at(pool, 'properties.addressPrefixes')),
    childPools: children.map(({ id, properties }) => ({
      resourceId: id,
      addressPrefixes: texts(at(properties, 'addressPrefixes')),
    })),
    allocatedAddressPrefixes: written(space.taken),
    reservedAddressPrefixes: [],
    availableAddressPrefixes: written(available),
    totalNumberOfIPAddresses: String(sizeOf(space.ranges)),
    numberOfAllocatedIPAddresses: String(sizeOf(space.taken)),
    numberOfReservedIPAddresses: '0',
    numberOfAvailableIPAddresses: String(sizeOf(available)),
  }
}

function written(ranges: readonly Range[]): readonly string[] {
  return ranges.flatMap((range) => (range.family === 4 ? [formatRange(range)] : []))
}
