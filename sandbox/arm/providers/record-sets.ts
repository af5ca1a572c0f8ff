import { isIPv4, isIPv6 } from 'node:net'
import type { StoredResource } from '../../contracts.ts'
import { lastSegment } from '../address.ts'
import { badRequest } from '../errors.ts'
import { isRecord, type Json, records, text } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'

const zoneType = 'Microsoft.Network/privateDnsZones'
const apex = '@'
const largestTtl = 2 ** 31 - 1
/** https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-dns-limits */
const largestSet = 20

/** Kinds of record sets, with the property that holds the records of each. */
const kinds = {
  A: 'aRecords',
  AAAA: 'aaaaRecords',
  CNAME: 'cnameRecord',
  MX: 'mxRecords',
  PTR: 'ptrRecords',
  SOA: 'soaRecord',
  SRV: 'srvRecords',
  TXT: 'txtRecords',
} as const
type Kind = keyof typeof kinds
const everyKind = Object.keys(kinds) as Kind[]

/** Record sets of private zones. https://learn.microsoft.com/azure/dns/dns-zones-records */
export const recordSetRules: readonly ResourceRules[] = everyKind.map((kind) => ({
  type: `${zoneType}/${kind}`,
  location: 'none' as const,
  stateless: true,
  check: (write, world) => checkSet(write, kind, world),
  complete: ({ properties, address }) => {
    const zone = lastSegment(address.parent ?? '')
    return { ...properties, fqdn: nameIn(zone, address.name), isAutoRegistered: false }
  },
  ...(kind === 'SOA'
    ? {
        checkRemoval: () => {
          throw badRequest(
            'BadRequest',
            'The record set of type SOA at the apex of a zone cannot be deleted.',
          )
        },
      }
    : {}),
}))

/** Every record set of a zone. */
export function recordSetsOf(zoneId: string, world: World): readonly StoredResource[] {
  return everyKind.flatMap((kind) => world.store.children(zoneId, `${zoneType}/${kind}`))
}

/** Gives a new zone its start of authority. */
export function addStartOfAuthority(zone: StoredResource, world: World): void {
  const id = `${zone.id}/SOA/${apex}`
  if (world.store.get(id) !== undefined) return
  world.store.set({
    id,
    name: apex,
    type: `${zoneType}/SOA`,
    properties: {
      fqdn: `${zone.name}.`,
      ttl: 3_600,
      isAutoRegistered: false,
      soaRecord: {
        host: 'azureprivatedns.net',
        email: 'azureprivatedns-host.microsoft.com',
        serialNumber: 1,
        refreshTime: 3_600,
        retryTime: 300,
        expireTime: 2_419_200,
        minimumTtl: 10,
      },
    },
  })
}

/** The full name of a record set, with the dot at its end. */
export const nameIn = (zone: string, name: string): string =>
  name === apex ? `${zone}.` : `${name}.${zone}.`

const refuse = (message: string) => badRequest('BadRequest', message)

function checkSet({ address, properties, existing }: Write, kind: Kind, world: World): void {
  const { name, parent = '' } = address
  const foreign = everyKind.find((other) => other !== kind && hasRecords(properties[kinds[other]]))
  if (foreign !== undefined)
    throw refuse(`The record set '${name}' is of type '${kind}' and cannot have '${kinds[foreign]}'.`)
  const ttl = properties['ttl']
  if (!Number.isInteger(ttl) || Number(ttl) < 0 || Number(ttl) > largestTtl)
    throw refuse(`The TTL of record set '${name}' must be a number of seconds from 0 to ${largestTtl}.`)
  if (kind === 'SOA' && existing === undefined)
    throw refuse(`The zone has a record set of type SOA at '${apex}' only.`)
  if (kind === 'CNAME' && name === apex)
    throw refuse(`A record set of type CNAME cannot be at the apex '${apex}' of a zone.`)
  const clash = recordSetsOf(parent, world).find(
    (other) =>
      other.name.toLowerCase() === name.toLowerCase() && other.type.endsWith('/CNAME') !== (kind === 'CNAME'),
  )
  if (clash !== undefined)
    throw refuse(
      `The record set '${name}' of type '${kind}' cannot be beside '${clash.id}': a CNAME is alone with its name.`,
    )
  checkRecords(name, kind, properties)
}

const hasRecords = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : isRecord(value))

function checkRecords(name: string, kind: Kind, properties: Json): void {
  const entries = records(properties[kinds[kind]])
  if (entries.length > largestSet)
    throw refuse(
      `The record set '${name}' has ${entries.length} records, more than the limit of ${largestSet}.`,
    )
  const invalid = entries.find(
    (entry) =>
      (kind === 'A' && !isIPv4(text(entry['ipv4Address']) ?? '')) ||
      (kind === 'AAAA' && !isIPv6(text(entry['ipv6Address']) ?? '')),
  )
  if (invalid !== undefined)
    throw refuse(`The record set '${name}' has an invalid address: ${JSON.stringify(invalid)}.`)
}
