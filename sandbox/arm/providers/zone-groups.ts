import type { StoredResource } from '../../contracts.ts'
import { lastSegment, sameId } from '../address.ts'
import { badRequest, conflict } from '../errors.ts'
import { at, isRecord, type Json, record, records, text, texts } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { nameIn } from './record-sets.ts'

const type = 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups'
const recordType = 'Microsoft.Network/privateDnsZones/A'
/** https://learn.microsoft.com/azure/private-link/private-endpoint-dns: zones of one group. */
const largestZoneCount = 5

/** Microsoft.Network/privateEndpoints/privateDnsZoneGroups: they write the endpoint's names into private zones. */
export const zoneGroupRules: ResourceRules = {
  type,
  location: 'none',
  required: ['properties.privateDnsZoneConfigs'],
  check: checkZoneGroup,
  applied: (write, group, world) => {
    removeRecords(write.existing, world)
    return {
      privateDnsZoneConfigs: records(write.properties['privateDnsZoneConfigs']).map((config) =>
        writeRecords(config, group, world),
      ),
    }
  },
  allocates: true,
  previewed: ({ existing, properties }) => {
    const before = record(existing?.properties)
    const same = zoneIds(before).join().toLowerCase() === zoneIds(properties).join().toLowerCase()
    return existing !== undefined && same ? { privateDnsZoneConfigs: before['privateDnsZoneConfigs'] } : {}
  },
  removed: removeRecords,
}

/** Writes the names of an endpoint anew into the zones of its group, after they changed. */
export function refreshRecords(endpointId: string, world: World): void {
  for (const group of world.store.children(endpointId, type)) {
    removeRecords(group, world)
    const configs = records(at(group, 'properties.privateDnsZoneConfigs')).map((config) =>
      writeRecords(config, group, world),
    )
    world.store.set({ ...group, properties: { ...group.properties, privateDnsZoneConfigs: configs } })
  }
}

function zoneIds(properties: Json): readonly string[] {
  return records(properties['privateDnsZoneConfigs']).map(
    (config) => text(at(config, 'properties.privateDnsZoneId')) ?? '',
  )
}

function checkZoneGroup({ address, properties }: Write, world: World): void {
  const zones = zoneIds(properties)
  if (zones.length > largestZoneCount)
    throw badRequest(
      'PrivateDnsZoneGroupHasTooManyZones',
      `Private DNS zone group ${address.id} has ${zones.length} zones, more than the limit of ${largestZoneCount}.`,
    )
  const other = world.store
    .children(address.parent ?? '', type)
    .find((group) => !sameId(group.id, address.id))
  if (other !== undefined)
    throw conflict(
      'MultiplePrivateDnsZoneGroupsNotAllowed',
      `Private endpoint ${address.parent ?? ''} has the private DNS zone group ${other.id} already; only one is allowed.`,
    )
}

/** Writes the names of the endpoint that belong into the zone, and answers with the configuration as Azure shows it. */
function writeRecords(config: Json, group: StoredResource, world: World): Json {
  const zoneId = text(at(config, 'properties.privateDnsZoneId')) ?? ''
  const zone = lastSegment(zoneId)
  const endpoint = world.store.get(
    group.id.slice(0, group.id.toLowerCase().lastIndexOf('/privatednszonegroups/')),
  )
  const suffix = `.${zone.replace(/^privatelink\./i, '')}`.toLowerCase()
  const recordSets = records(at(endpoint, 'properties.customDnsConfigs')).flatMap((dns) => {
    const fqdn = text(dns['fqdn'])?.toLowerCase() ?? ''
    if (!fqdn.endsWith(suffix)) return []
    const name = fqdn.slice(0, -suffix.length)
    const ipAddresses = texts(dns['ipAddresses'])
    setRecord(`${zoneId}/A/${name}`, zone, ipAddresses, group, world)
    return [
      {
        recordType: 'A',
        recordSetName: name,
        fqdn: `${name}.${zone}`,
        ttl: 10,
        ipAddresses,
        provisioningState: 'Succeeded',
      },
    ]
  })
  return {
    ...config,
    id: `${group.id}/privateDnsZoneConfigs/${text(config['name']) ?? ''}`,
    type: `${type}/privateDnsZoneConfigs`,
    properties: { ...record(config['properties']), provisioningState: 'Succeeded', recordSets },
  }
}

function setRecord(
  id: string,
  zone: string,
  addresses: readonly string[],
  group: StoredResource,
  world: World,
): void {
  const name = lastSegment(id)
  world.store.set({
    id,
    name,
    type: recordType,
    properties: {
      fqdn: nameIn(zone, name),
      ttl: 10,
      isAutoRegistered: false,
      metadata: { creator: `created by private endpoint zone group ${group.id}` },
      aRecords: addresses.map((ipv4Address) => ({ ipv4Address })),
    },
  })
}

function removeRecords(group: StoredResource | undefined, world: World): void {
  for (const config of records(at(group, 'properties.privateDnsZoneConfigs'))) {
    const zone = text(at(config, 'properties.privateDnsZoneId')) ?? ''
    const sets = at(config, 'properties.recordSets')
    for (const set of Array.isArray(sets) ? sets.filter(isRecord) : []) {
      world.store.delete(`${zone}/A/${text(set['recordSetName']) ?? ''}`)
    }
  }
}
