import { networkOf, overlap, parseCidr, type Range } from '../cidr.ts'
import { badRequest } from '../errors.ts'
import { type Json, text, texts } from '../json.ts'

/**
 * What no network may have in its address space.
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq#what-address-ranges-can-i-use-in-my-virtual-networks
 */
const forbidden = [
  ['224.0.0.0/4', 'multicast'],
  ['255.255.255.255/32', 'broadcast'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['168.63.129.16/32', 'internal DNS, DHCP, and Azure Load Balancer health probe'],
] as const

/** A range of an address prefix; throws Azure's refusal when it is no CIDR notation. */
export function parsePrefix(prefix: string, resourceId: string): Range {
  const range = parseCidr(prefix)
  if (range === 'malformed')
    throw badRequest(
      'InvalidAddressPrefixFormat',
      `Address prefix ${prefix} of resource ${resourceId} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.`,
    )
  if (range === 'host-bits')
    throw badRequest(
      'InvalidCIDRNotation',
      `The address prefix ${prefix} in resource ${resourceId} has an invalid CIDR notation. For the given prefix length, the address prefix should be ${networkOf(prefix)}.`,
    )
  return range
}

/** Throws when a range has an address that Azure needs for something else. */
export function checkAllowed(prefix: string, resourceId: string): void {
  const range = parsePrefix(prefix, resourceId)
  const clash = forbidden.find(([reserved]) => overlap(range, parsePrefix(reserved, resourceId)))
  if (clash !== undefined)
    throw badRequest(
      'NetcfgInvalidIPAddressPrefix',
      `The address prefix ${prefix} of resource ${resourceId} is not valid because it overlaps with ${clash[0]} (${clash[1]}).`,
    )
}

/** All prefixes of a subnet, whichever of the two properties it was written with. */
export function prefixesOf(properties: Json): readonly string[] {
  const single = text(properties['addressPrefix'])
  const many = texts(properties['addressPrefixes'])
  return many.length > 0 ? many : single === undefined ? [] : [single]
}
