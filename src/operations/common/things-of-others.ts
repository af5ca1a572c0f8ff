import { unlessForbidden } from '../../azure/failure.ts'
import type { Resources } from '../../azure/resources.ts'
import type { ExistingVirtualNetwork } from '../../azure/virtual-networks.ts'
import { recordsOfGroup } from '../../compose/zone-groups.ts'
import { textAt } from '../../manifest/reading.ts'
import { describeOccupants } from '../../network/occupants.ts'
import type { ReleasePlan } from '../../network/release.ts'
import { lastSegment, resourceGroupIdOf, sameText } from '../../resource-id.ts'
import { apiVersionOf, type Piece } from '../removal/piece.ts'

/** Something that others have in what goes: it would go too, or keep Azure from deleting it after the rest is gone. */
export interface ThingOfOthers {
  readonly id: string
  /** E.g. `subnet 'AzureBastionSubnet' of VNet 'vnt-esmlcmn-sdc-dev-001'`. */
  readonly what: string
}

/** What was found, and what could not be looked at, in sentences. */
export interface ThingsOfOthers {
  readonly found: readonly ThingOfOthers[]
  readonly unseen: readonly string[]
}

/** What goes, as it was read. */
interface Going {
  /** All that the deployment stacks delete. */
  readonly pieces: readonly Piece[]
  readonly network: ExistingVirtualNetwork | undefined
  readonly subnets: ReleasePlan | undefined
}

const zoneType = 'Microsoft.Network/privateDnsZones'

/** Finds what others have put into the VNet, its subnets, and the private DNS zones of a common area. */
export async function thingsOfOthers(going: Going, resources: Resources): Promise<ThingsOfOthers> {
  const zones = await thingsInZones(going.pieces, () => ownRecords(going.pieces, resources), resources)
  return { found: [...inSubnets(going), ...inNetwork(going), ...zones.found], unseen: zones.unseen }
}

/** The common subnets go also out of a VNet that stays. */
const inSubnets = ({ subnets }: Going): readonly ThingOfOthers[] =>
  (subnets?.inUse ?? []).map(({ subnet: { id, name, occupants = [] }, usedBy }) => ({
    // Azure hides what some services have in a subnet, and shows no more than its type.
    id: occupants.find((one) => one.id.startsWith('/'))?.id ?? id,
    what: `subnet '${name}', which is in use by ${usedBy}`,
  }))

/** A VNet takes its subnets and its side of each peering along, also those that it was given by hand. */
function inNetwork({ pieces, network, subnets }: Going): readonly ThingOfOthers[] {
  const isGoing = (id: string): boolean => pieces.some((piece) => sameText(piece.id, id))
  if (network === undefined || !isGoing(network.id)) return []
  const own = [...(subnets?.free ?? []), ...(subnets?.inUse ?? [])]
  const others = network.subnets.filter(({ id }) => !own.some(({ subnet }) => sameText(subnet.id, id)))
  return [
    ...others.map(({ id, name, occupants }) => ({
      id,
      what: `subnet '${name}' of VNet '${network.name}'${occupants.length === 0 ? '' : `, which is in use by ${describeOccupants(occupants)}`}`,
    })),
    ...network.peerings
      .map((peering) => ({ ...peering, id: `${network.id}/virtualNetworkPeerings/${peering.name}` }))
      .filter(({ id }) => !isGoing(id))
      .map(({ id, name, remoteId }) => ({
        id,
        what: `peering '${name}' of VNet '${network.name}' with '${lastSegment(remoteId)}', whose own side would be left disconnected`,
      })),
  ]
}

/**
 * Finds what others have in the private DNS zones among what goes: links, and records.
 * @param readOwn reads the ids of the record sets that are not theirs
 */
export async function thingsInZones(
  pieces: readonly Piece[],
  readOwn: () => Promise<readonly string[]>,
  resources: Resources,
): Promise<ThingsOfOthers> {
  const zones = pieces.filter(({ type }) => sameText(type, zoneType))
  const [first] = zones
  if (first === undefined) return { found: [], unseen: [] }
  const listed = await resources.list(
    `${resourceGroupIdOf(first.id)}/providers/${zoneType}`,
    apiVersionOf(zoneType),
  )
  const present = listed.filter(({ id }) => zones.some((zone) => sameText(zone.id, id)))
  const [links, own] = await Promise.all([
    Promise.all(present.map(({ id }) => linksOfOthers(id, pieces, resources))),
    readOwn(),
  ])
  const filled = present.filter(({ properties }) => properties['numberOfRecordSets'] !== onlyStartOfAuthority)
  const records = await Promise.all(
    filled.map(async ({ id, name }) => {
      const found = await unlessForbidden(() => recordsOfOthers(id, own, resources), undefined)
      return (
        found ?? { id, unseen: `Which records others have in zone '${name}', which goes, may not be read.` }
      )
    }),
  )
  return {
    found: [...links.flat(), ...records.flatMap((one) => ('unseen' in one ? [] : one))],
    unseen: records.flatMap((one) => ('unseen' in one ? [one.unseen] : [])),
  }
}

/** Every zone has this record set, and nobody can delete it. */
const onlyStartOfAuthority = 1

/** Azure deletes no zone that a VNet resolves through. https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links */
async function linksOfOthers(
  zoneId: string,
  pieces: readonly Piece[],
  resources: Resources,
): Promise<readonly ThingOfOthers[]> {
  const links = await resources.list(`${zoneId}/virtualNetworkLinks`, apiVersionOf(zoneType))
  return links
    .filter(({ id }) => !pieces.some((piece) => sameText(piece.id, id)))
    .map(({ id, name, properties }) => ({
      id,
      what: `link '${name}' of zone '${lastSegment(zoneId)}', through which VNet '${lastSegment(textAt(properties, ['virtualNetwork', 'id']) ?? '')}' resolves names`,
    }))
}

/** Records of private endpoints of others, or written by hand: a zone takes them along. */
async function recordsOfOthers(
  zoneId: string,
  own: readonly string[],
  resources: Resources,
): Promise<readonly ThingOfOthers[]> {
  const records = await resources.list(`${zoneId}/ALL`, apiVersionOf(zoneType))
  return records
    .filter(({ id }) => !/\/SOA\/@$/i.test(id) && !own.some((one) => sameText(one, id)))
    .map(({ id, name }) => ({ id, what: `record '${name}' in zone '${lastSegment(zoneId)}'` }))
}

/** Those that the zone groups of private endpoints write that go. */
async function ownRecords(pieces: readonly Piece[], resources: Resources): Promise<readonly string[]> {
  const endpoints = pieces.filter(({ type }) => sameText(type, 'Microsoft.Network/privateEndpoints'))
  const groups = await Promise.all(
    endpoints.map(({ id, type }) => resources.list(`${id}/privateDnsZoneGroups`, apiVersionOf(type))),
  )
  return groups.flat().flatMap(({ properties }) => recordsOfGroup(properties))
}
