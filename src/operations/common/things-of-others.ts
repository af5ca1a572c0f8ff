import type { Resources } from '../../azure/resources.ts'
import type { ExistingVirtualNetwork } from '../../azure/virtual-networks.ts'
import { recordsOfGroup } from '../../compose/zone-groups.ts'
import { describeOccupants } from '../../network/occupants.ts'
import type { ReleasePlan } from '../../network/release.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import { type ThingOfOthers, type ThingsOfOthers, thingsInZones } from '../area/things-in-zones.ts'
import { apiVersionOf, type Piece } from '../removal/piece.ts'

/** What goes, as it was read. */
interface Going {
  /** All that the deployment stacks delete. */
  readonly pieces: readonly Piece[]
  readonly network: ExistingVirtualNetwork | undefined
  readonly subnets: ReleasePlan | undefined
}

/** Finds what others have put into the VNet, its subnets, and the private DNS zones of a common area. */
export async function thingsOfOthers(going: Going, resources: Resources): Promise<ThingsOfOthers> {
  const zones = await thingsInZones(going.pieces, () => ownRecords(going.pieces, resources), resources)
  return { found: [...inSubnets(going), ...inNetwork(going), ...zones.found], hiddenZones: zones.hiddenZones }
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

/** Those that the zone groups of private endpoints write that go. */
async function ownRecords(pieces: readonly Piece[], resources: Resources): Promise<readonly string[]> {
  const endpoints = pieces.filter(({ type }) => sameText(type, 'Microsoft.Network/privateEndpoints'))
  const groups = await Promise.all(
    endpoints.map(({ id, type }) => resources.list(`${id}/privateDnsZoneGroups`, apiVersionOf(type))),
  )
  return groups.flat().flatMap(({ properties }) => recordsOfGroup(properties))
}
