import type { StoredResource } from '../../contracts.ts'
import { lastSegment, sameId } from '../address.ts'
import { formatAddress, parseCidr, type Range4 } from '../cidr.ts'
import { badRequest } from '../errors.ts'
import { at, record, records, text } from '../json.ts'
import type { World } from '../rules.ts'
import { prefixesOf } from './prefixes.ts'

/** Addresses at a subnet's start and end that Azure keeps for itself. */
const reservedAtStart = 4
const largestSubnetSearched = 65_536

/** Microsoft.Network/networkInterfaces, those of private endpoints included. */
export const interfaceType = 'Microsoft.Network/networkInterfaces'

/** Who has which address of a subnet: ids of network interfaces by address. */
export function takenIn(subnetId: string, world: World): ReadonlyMap<string, string> {
  const taken = new Map<string, string>()
  for (const networkInterface of world.store.ofType(interfaceType))
    for (const configuration of records(at(networkInterface, 'properties.ipConfigurations'))) {
      const address = text(at(configuration, 'properties.privateIPAddress'))
      const inSubnet = sameId(text(at(configuration, 'properties.subnet.id')), subnetId)
      if (inSubnet && address !== undefined) taken.set(address, networkInterface.id)
    }
  return taken
}

/** The lowest addresses of a subnet that nobody has, nor is to have. @throws ArmError `SubnetIsFull` */
export function freeAddresses(
  subnet: StoredResource,
  count: number,
  reserved: ReadonlySet<string>,
  world: World,
): readonly string[] {
  const found = lowestFree(subnet, count, reserved, world)
  if (found.length >= count) return found
  throw badRequest(
    'SubnetIsFull',
    `Subnet ${lastSegment(subnet.id)} with address prefix ${prefixesOf(record(subnet.properties)).join(', ')} does not have enough capacity for ${count} IP addresses.`,
  )
}

/** The same, but when there are fewer, as many as there are. */
export function lowestFree(
  subnet: StoredResource,
  count: number,
  reserved: ReadonlySet<string>,
  world: World,
): readonly string[] {
  const taken = takenIn(subnet.id, world)
  const found: string[] = []
  for (const range of rangesOf(subnet)) {
    const last = Math.min(range.last - 1, range.first + largestSubnetSearched)
    for (let address = range.first + reservedAtStart; address <= last && found.length < count; address++) {
      const written = formatAddress(address)
      if (!taken.has(written) && !reserved.has(written)) found.push(written)
    }
  }
  return found
}

/** Where an address lies: in the subnet, among those of it that Azure keeps for itself, or outside. */
export function placeIn(subnet: StoredResource, address: string): 'inside' | 'reserved' | 'outside' {
  const host = parseCidr(`${address}/32`)
  if (typeof host === 'string' || host.family === 6) return 'outside'
  const range = rangesOf(subnet).find(({ first, last }) => host.first >= first && host.first <= last)
  if (range === undefined) return 'outside'
  return host.first < range.first + reservedAtStart || host.first === range.last ? 'reserved' : 'inside'
}

function rangesOf(subnet: StoredResource): readonly Range4[] {
  return prefixesOf(record(subnet.properties)).flatMap((prefix) => {
    const range = parseCidr(prefix)
    return typeof range === 'string' || range.family === 6 ? [] : [range]
  })
}
