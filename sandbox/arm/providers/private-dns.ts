import { lastSegment, sameId } from '../address.ts'
import { badRequest, conflict } from '../errors.ts'
import { at, guidOf, text } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'

const zoneType = 'Microsoft.Network/privateDnsZones'
const linkType = `${zoneType}/virtualNetworkLinks`
const recordTypes = ['A', 'AAAA', 'CNAME', 'MX', 'PTR', 'SRV', 'TXT'] as const

/** Microsoft.Network/privateDnsZones: zones, their links to networks, and record sets. */
export const privateDnsRules: readonly ResourceRules[] = [
  {
    type: zoneType,
    location: 'required',
    check: ({ address }) => {
      if (!/^([a-z0-9_*-]{1,63}\.)+[a-z0-9_-]{1,63}$/i.test(address.name))
        throw badRequest('BadRequest', `The zone name '${address.name}' is not a valid domain name.`)
    },
    complete: ({ address, properties }) => ({
      ...properties,
      internalId: guidOf(address.id),
      maxNumberOfRecordSets: 25_000,
      maxNumberOfVirtualNetworkLinks: 1_000,
      maxNumberOfVirtualNetworkLinksWithRegistration: 100,
    }),
    render: (zone, world) => ({
      ...zone,
      properties: {
        ...zone.properties,
        numberOfRecordSets:
          1 + recordTypes.flatMap((kind) => world.store.children(zone.id, `${zoneType}/${kind}`)).length,
        numberOfVirtualNetworkLinks: world.store.children(zone.id, linkType).length,
      },
    }),
    checkRemoval: (zone, world) => {
      if (world.store.children(zone.id, linkType).length > 0)
        throw conflict(
          'CannotDeleteResource',
          `Can not delete resource before nested resources are deleted. Zone '${zone.name}' still has virtual network links.`,
        )
    },
  },
  {
    type: linkType,
    location: 'required',
    required: ['properties.virtualNetwork.id'],
    fixed: ['properties.virtualNetwork.id'],
    check: checkLink,
    complete: ({ properties }) => ({
      registrationEnabled: false,
      ...properties,
      virtualNetworkLinkState: 'Completed',
    }),
  },
  ...recordTypes.map((kind) => ({
    type: `${zoneType}/${kind}`,
    location: 'none' as const,
  })),
]

/** A network sees one zone of a name only: a second link to the same zone, or to a zone of the same name, is refused. */
function checkLink({ address, properties }: Write, world: World): void {
  const network = text(at(properties, 'virtualNetwork.id')) ?? ''
  const zone = lastSegment(address.parent ?? '')
  const clash = world.store.ofType(linkType).find((link) => {
    const other = link.id.split('/').at(-3) ?? ''
    return (
      other.toLowerCase() === zone.toLowerCase() &&
      !sameId(link.id, address.id) &&
      sameId(text(at(link, 'properties.virtualNetwork.id')), network)
    )
  })
  if (clash !== undefined)
    throw conflict(
      'Conflict',
      `A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link virtual network '${network}' with '${zone}' and '${zone}' zones.`,
    )
}
