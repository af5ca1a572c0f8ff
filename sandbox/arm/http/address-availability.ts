import type { StoredResource } from '../../contracts.ts'
import { parseAddress } from '../address.ts'
import { badRequest, resourceNotFound } from '../errors.ts'
import { lowestFree, placeIn, takenIn } from '../providers/addresses.ts'
import type { World } from '../rules.ts'
import { type Handler, requireRight } from './context.ts'
import { checkSubscription } from './resources.ts'

const path =
  /^(?<network>.+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+)\/checkIPAddressAvailability$/i
const type = 'Microsoft.Network/virtualNetworks'
/** How many free addresses Azure names instead, when there are so many. */
const offered = 5

/**
 * Whether an address of a virtual network is free, and which are when it is not.
 * https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/check-ip-address-availability
 */
export const addressAvailabilityHandler: Handler = async (request, context) => {
  const address = parseAddress(path.exec(request.path)?.groups?.['network'] ?? '')
  if (request.method !== 'GET' || address === undefined) return undefined
  checkSubscription(address.subscriptionId, context)
  requireRight(context, request.caller, address.id, `${type}/checkIpAddressAvailability/read`)
  if (context.engine.get(address.id) === undefined) throw resourceNotFound(address)
  const wanted = request.query.get('ipAddress')
  if (wanted === null) throw badRequest('MissingIPAddress', 'The query parameter ipAddress is missing.')
  const subnets = context.world.store.children(address.id, `${type}/subnets`)
  return Response.json(answer(wanted, subnets, context.world))
}

function answer(wanted: string, subnets: readonly StoredResource[], world: World) {
  const subnet = subnets.find((one) => placeIn(one, wanted) !== 'outside')
  const isFree = subnet !== undefined && placeIn(subnet, wanted) === 'inside'
  if (isFree && !takenIn(subnet.id, world).has(wanted)) return { available: true }
  const place = subnet ?? subnets[0]
  return {
    available: false,
    availableIPAddresses: place === undefined ? [] : lowestFree(place, offered, new Set(), world),
  }
}
