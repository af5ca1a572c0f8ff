import { unlessForbidden } from '../../azure/failure.ts'
import type { Resources } from '../../azure/resources.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { textAt } from '../../manifest/reading.ts'
import { lastSegment, resourceGroupIdOf, sameText } from '../../resource-id.ts'
import { named } from '../removal/loss.ts'
import { apiVersionOf, type Piece } from '../removal/piece.ts'

/** Something that others have in what goes: it would go too, or keep Azure from deleting it after the rest is gone. */
export interface ThingOfOthers {
  readonly id: string
  /** E.g. `subnet 'AzureBastionSubnet' of VNet 'vnt-esmlcmn-sdc-dev-001'`. */
  readonly what: string
}

/** What was found, and where nobody could look. */
export interface ThingsOfOthers {
  readonly found: readonly ThingOfOthers[]
  /** Ids of the private DNS zones whose records may not be read. */
  readonly hiddenZones: readonly string[]
}

const zoneType = 'Microsoft.Network/privateDnsZones'

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
  if (first === undefined) return { found: [], hiddenZones: [] }
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
    filled.map(async ({ id }) => ({
      id,
      others: await unlessForbidden(() => recordsOfOthers(id, own, resources), undefined),
    })),
  )
  return {
    found: [...links.flat(), ...records.flatMap(({ others }) => others ?? [])],
    hiddenZones: records.flatMap(({ id, others }) => (others === undefined ? [id] : [])),
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

/**
 * Why zones do not go whose records may not be read: nobody knows whether they are those of others. Undefined when all could
 * be read.
 * @param of whose zones, e.g. `the common area of dev`
 */
export function refuseHiddenRecords(of: string, zones: readonly string[]): UserError | undefined {
  const [first] = zones
  if (first === undefined) return undefined
  return new UserError({
    what: `Private DNS zones of ${of} would go, and whether others have records in them could not be looked at: ${named(zones.map(lastSegment))}.`,
    why: 'The identity that is signed in may not read their records, and names that are only there would lead to no private address.',
    fix: `Nothing was changed. Assign it a role with the action ${zoneType}/ALL/read on resource group '${lastSegment(resourceGroupIdOf(first))}' (Reader has it), then run again.`,
  })
}
