import type { StoredResource } from '../../contracts.ts'
import { lastSegment, sameId } from '../address.ts'
import { conflict } from '../errors.ts'
import { at, guidOf, text } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { addStartOfAuthority, recordSetRules, recordSetsOf } from './record-sets.ts'

const zoneType = 'Microsoft.Network/privateDnsZones'
const linkType = `${zoneType}/virtualNetworkLinks`

/** Microsoft.Network/privateDnsZones: zones, their links to networks, and record sets. */
export const privateDnsRules: readonly ResourceRules[] = [
  {
    type: zoneType,
    location: 'required',
    complete: ({ address, properties }) => ({
      ...properties,
      internalId: guidOf(address.id),
      maxNumberOfRecordSets: 25_000,
      maxNumberOfVirtualNetworkLinks: 1_000,
      maxNumberOfVirtualNetworkLinksWithRegistration: 100,
    }),
    applied: (_write, zone, world) => {
      addStartOfAuthority(zone, world)
      return undefined
    },
    render: (zone, world) => ({
      ...zone,
      properties: {
        ...zone.properties,
        numberOfRecordSets: recordSetsOf(zone.id, world).length,
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
  ...recordSetRules,
]

/** A network that goes takes its links along. */
export function removeLinks(network: StoredResource, world: World): void {
  for (const link of linksOf(network.id, world)) world.store.delete(link.id)
}

function linksOf(networkId: string, world: World): readonly StoredResource[] {
  return world.store
    .ofType(linkType)
    .filter((link) => sameId(text(at(link, 'properties.virtualNetwork.id')), networkId))
}

/**
 * A network sees one zone of a name only: a second link to the same zone, or to a zone of the same name, is refused. It
 * registers its machines in one zone.
 */
function checkLink({ address, properties }: Write, world: World): void {
  const network = text(at(properties, 'virtualNetwork.id')) ?? ''
  const zone = lastSegment(address.parent ?? '')
  const others = linksOf(network, world).filter((link) => !sameId(link.id, address.id))
  if (others.some((link) => link.id.split('/').at(-3)?.toLowerCase() === zone.toLowerCase()))
    throw conflict(
      'Conflict',
      `A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link virtual network '${network}' with '${zone}' and '${zone}' zones.`,
    )
  const isRegistering = (link: unknown) => at(link, 'properties.registrationEnabled') === true
  if (properties['registrationEnabled'] === true && others.some(isRegistering))
    throw conflict(
      'Conflict',
      `A virtual network can only be linked to 1 Private DNS zone(s) with auto-registration enabled; conflicting Private DNS zone is '${others.find(isRegistering)?.id.split('/').at(-3) ?? ''}'.`,
    )
}
