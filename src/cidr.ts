/**
 * IPv4 networks in CIDR notation, read as strictly as Azure reads them. The libraries on npm accept `10.0.0.300/24`,
 * `10.0/16` or `10.0.0.5/24`, or read `010.` as octal; here each is refused with the reason.
 */

/** An IPv4 network: aligned, without host bits. */
export interface Cidr {
  /** The first address as a number, 0 to 2^32 - 1, a multiple of the network's size. */
  readonly first: number
  /** 0 (all addresses) to 32 (one address). */
  readonly prefixLength: number
}

/** What a text turned out to be. IPv6 is recognised so that it can be left out of IPv4 planning. */
export type ParsedNetwork =
  | { readonly kind: 'ipv4'; readonly cidr: Cidr }
  | { readonly kind: 'ipv6'; readonly text: string }
  | { readonly kind: 'fault'; readonly message: string }

/** How many addresses a network of this prefix length has. */
export const sizeOf = (prefixLength: number): number => 2 ** (32 - prefixLength)

/** The address after the last one of a network; 2^32 at most. */
export const endOf = ({ first, prefixLength }: Cidr): number => first + sizeOf(prefixLength)

/** Do two networks share an address? */
export const overlaps = (a: Cidr, b: Cidr): boolean => a.first < endOf(b) && b.first < endOf(a)

/** Is every address of the inner network in the outer one? */
export const contains = (outer: Cidr, inner: Cidr): boolean =>
  outer.first <= inner.first && endOf(inner) <= endOf(outer)

/** The network of this prefix length that holds an address. */
export const networkAt = (address: number, prefixLength: number): Cidr => ({
  first: address - (address % sizeOf(prefixLength)),
  prefixLength,
})

/** An address in dotted decimal form. */
export function formatAddress(address: number): string {
  return [address / 2 ** 24, address / 2 ** 16, address / 2 ** 8, address]
    .map((part) => Math.floor(part) % 256)
    .join('.')
}

/** A network in CIDR notation, e.g. `10.1.0.0/16`. */
export const formatCidr = ({ first, prefixLength }: Cidr): string => `${formatAddress(first)}/${prefixLength}`

/** Orders networks by first address, the larger one first. */
export const compareCidrs = (a: Cidr, b: Cidr): number => a.first - b.first || a.prefixLength - b.prefixLength

/** Untrusted text, made fit for an error message: control characters visible, and not endless. */
export function quote(text: string): string {
  const shown = JSON.stringify(text).slice(1, -1)
  return `'${shown.length > 60 ? `${shown.slice(0, 57)}...` : shown}'`
}

const fault = (text: string, reason: string): ParsedNetwork => ({
  kind: 'fault',
  message: `${quote(text)} is not a network: ${reason}`,
})

/**
 * Reads a network in CIDR notation: four decimal octets without leading zeros, a slash, a prefix length of 0 to 32, no
 * spaces, no host bits. A well-formed IPv6 network is recognised, not read.
 */
export function parseNetwork(text: string): ParsedNetwork {
  if (/\s/.test(text)) return fault(text, 'it contains a space.')
  if (text.includes(':')) return parseIpv6(text)
  const [address = '', length, ...more] = text.split('/')
  if (more.length > 0) return fault(text, 'it has more than one slash.')
  const first = parseAddress(address)
  if (typeof first === 'string') return fault(text, first)
  if (length === undefined) return fault(text, `it says no size. For this one address write ${address}/32.`)
  const prefixLength = parsePrefixLength(length, 32)
  if (typeof prefixLength === 'string') return fault(text, prefixLength)
  const network = networkAt(first, prefixLength)
  if (network.first !== first) {
    return fault(
      text,
      `the address lies inside a /${prefixLength}. Probably ${formatCidr(network)} was meant.`,
    )
  }
  return { kind: 'ipv4', cidr: network }
}

/** The address as a number, or the reason why it is none. */
function parseAddress(text: string): number | string {
  const octets = text.split('.')
  if (octets.length !== 4) return 'an IPv4 address has four numbers, as in 10.1.0.0.'
  let address = 0
  for (const octet of octets) {
    if (!/^\d+$/.test(octet))
      return `${octet === '' ? 'a number is missing' : `${quote(octet)} is no decimal number`}.`
    if (octet.length > 1 && octet.startsWith('0')) return `${quote(octet)} has a leading zero.`
    const value = Number(octet)
    if (value > 255) return `${quote(octet)} is greater than 255.`
    address = address * 256 + value
  }
  return address
}

function parsePrefixLength(text: string, longest: number): number | string {
  if (!/^\d+$/.test(text)) return `the size after the slash must be a number from 0 to ${longest}.`
  if (text.length > 1 && text.startsWith('0')) return `the size ${quote(text)} has a leading zero.`
  const value = Number(text)
  return value > longest ? `the size /${quote(text).slice(1, -1)} is greater than /${longest}.` : value
}

function parseIpv6(text: string): ParsedNetwork {
  const [address = '', length, ...more] = text.split('/')
  if (length === undefined || more.length > 0) return fault(text, 'an IPv6 network has one slash and a size.')
  const prefixLength = parsePrefixLength(length, 128)
  if (typeof prefixLength === 'string') return fault(text, prefixLength)
  return isIpv6Address(address) ? { kind: 'ipv6', text } : fault(text, 'its IPv6 address is malformed.')
}

/** Eight groups of hexadecimal digits, where one `::` may stand for any number of zero groups. RFC 4291, 2.2. */
function isIpv6Address(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false
  return halves.length === 2 ? groups.length < 8 : groups.length === 8
}

/** Reads one IPv4 network from a text known to be one, e.g. from a test or a table. @throws Error when it is none */
export function cidr(text: string): Cidr {
  const parsed = parseNetwork(text)
  if (parsed.kind === 'ipv4') return parsed.cidr
  throw new Error(parsed.kind === 'fault' ? parsed.message : `${quote(text)} is an IPv6 network.`)
}
