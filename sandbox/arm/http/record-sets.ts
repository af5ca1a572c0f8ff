import { badRequest } from '../errors.ts'
import { recordSetsOf } from '../providers/record-sets.ts'
import { type Handler, requireRight } from './context.ts'
import { checkGroup } from './lists.ts'
import { page } from './paging.ts'
import { checkSubscription } from './resources.ts'

const every = /^(.*\/providers\/Microsoft\.Network\/privateDnsZones\/[^/]+)\/ALL$/i

/** All record sets of a private zone, whatever their type. https://learn.microsoft.com/rest/api/dns/privatedns/record-sets/list */
export const recordSetHandler: Handler = async (request, context) => {
  const [, zone] = request.method === 'GET' ? (every.exec(request.path) ?? []) : []
  if (zone === undefined) return undefined
  checkSubscription(/^\/subscriptions\/([^/]+)/i.exec(zone)?.[1], context)
  checkGroup(zone, context)
  requireRight(context, request.caller, zone, 'Microsoft.Network/privateDnsZones/ALL/read')
  if (context.engine.get(zone) === undefined)
    throw badRequest(
      'ParentResourceNotFound',
      `Failed to perform 'read' on resource(s) of type 'privateDnsZones/ALL', because the parent resource '${zone}' could not be found.`,
    )
  return page(recordSetsOf(zone, context.world).map(context.engine.render), request.exchange)
}
