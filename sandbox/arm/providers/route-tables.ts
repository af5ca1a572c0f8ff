import { badRequest } from '../errors.ts'
import { guidOf, type Json, record, records, text } from '../json.ts'
import type { ResourceRules } from '../rules.ts'
import { amongSiblings, inlineChildren, replaceChildren } from './inline-children.ts'
import { parsePrefix } from './prefixes.ts'
import { isPrefix, isServiceTag } from './service-tags.ts'
import { refuseInUse, usesOf } from './subnet-associations.ts'

const type = 'Microsoft.Network/routeTables'
const routeType = `${type}/routes`

/** Microsoft.Network/routeTables and their routes. https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview */
export const routeTableRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    check: ({ address, properties }) => checkRoutes(address.id, records(properties['routes'])),
    complete: ({ properties, address }) => {
      const { routes: _routes, ...rest } = properties
      return { disableBgpRoutePropagation: false, ...rest, resourceGuid: guidOf(address.id) }
    },
    applied: (write, table, world) => {
      replaceChildren(write, table, 'routes', routeType, world)
      return undefined
    },
    previewed: (write) => ({ routes: inlineChildren(write, 'routes', routeType) }),
    render: (table, world) => ({
      ...table,
      properties: {
        ...table.properties,
        routes: world.store.children(table.id, routeType),
        ...usesOf('routeTable', table, world),
      },
    }),
    checkRemoval: (table, world) => refuseInUse('routeTable', 'InUseRouteTableCannotBeDeleted', table, world),
  },
  {
    type: routeType,
    location: 'none',
    check: (write, world) => checkRoutes(write.address.parent ?? '', amongSiblings(write, world)),
  },
]

function checkRoutes(tableId: string, routes: readonly Json[]): void {
  const seen = new Map<string, string>()
  for (const route of routes) {
    const name = text(route['name']) ?? ''
    const properties = record(route['properties'])
    const prefix = text(properties['addressPrefix']) ?? ''
    checkHop(`${tableId}/routes/${name}`, properties)
    if (!isServiceTag(prefix)) parsePrefix(prefix, `${tableId}/routes/${name}`)
    const other = seen.get(prefix.toLowerCase())
    if (other !== undefined)
      throw badRequest(
        'RouteConflict',
        `Route ${other} conflicts with route ${name}. Routes cannot have the same AddressPrefix ${prefix}.`,
      )
    seen.set(prefix.toLowerCase(), name)
  }
}

/** An appliance has an address, and nothing else has. */
function checkHop(id: string, properties: Json): void {
  const hop = text(properties['nextHopType'])
  const address = text(properties['nextHopIpAddress'])
  if (hop === undefined)
    throw badRequest('RouteNextHopTypeMissing', `Route ${id} lacks the required parameter 'nextHopType'.`)
  const needsAddress = hop.toLowerCase() === 'virtualappliance'
  const hasAddress = address !== undefined && address !== ''
  if (needsAddress !== hasAddress || (hasAddress && (!isPrefix(address) || address.includes('/'))))
    throw badRequest(
      'InvalidNextHopIpAddress',
      `Route ${id} with next hop type ${hop} has an invalid next hop IP address '${address ?? ''}': an address is needed for VirtualAppliance, and for no other type.`,
    )
}
