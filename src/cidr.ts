import { printable, quoted } from './diagnostics/escape.ts'

/**
 * Networks in CIDR notation, read as strictly as Azure reads them. The libraries on npm accept `10.0.0.300/24`,
 * `10.0/16` or `10.0.0.5/24`, or read `010.` as octal; here each is refused with the reason.
 */

/** An IPv4 network: aligned, without host bits. */
export interface Cidr {
  /** The first address as a number, 0 to 2^32 - 1, a multiple of the network's size. */
  readonly first: number
  /** 0 (all addresses) to 32 (one address). */
  readonly prefixLength: number
}

/** A text that is no network. */
export interface NetworkFault {
  readonly kind: 'fault'
  /** What is wrong with it, one or two sentences that begin in lower case. */
  readonly reason: string
  /** The reason with the text before it. Fit for a log, whatever the text is. */
  readonly message: string
  /** The network that was probably meant, when there are bits behind the prefix. */
  readonly meant?: string
}

/** What a text turned out to be. IPv6 is checked, so that it can safely be left out of IPv4 planning. */
export type ParsedNetwork =
  | { readonly kind: 'ipv4'; readonly cidr: Cidr }
  | { readonly kind: 'ipv6'; readonly text: string }
  | NetworkFault

const sizes = Array.from({ length: 33 }, (_, prefixLength) => 2 ** (32 - prefixLength))

/** How many addresses a network of this prefix length has. @throws RangeError unless it is 0 to 32 */
export function sizeOf(prefixLength: number): number {
  // Looked up, because raising to powers would take most of the time of a plan.
  const size = sizes[prefixLength]
  if (size === undefined) throw new RangeError(`There is no IPv4 network of prefix length ${prefixLength}.`)
  return size
}

/** How many addresses networks have together; those that overlap count twice. */
export const totalSizeOf = (networks: readonly Pick<Cidr, 'prefixLength'>[]): number =>
  networks.reduce((sum, { prefixLength }) => sum + sizeOf(prefixLength), 0)

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
export const formatAddress = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`

/** A network in CIDR notation, e.g. `10.1.0.0/16`. */
export const formatCidr = ({ first, prefixLength }: Cidr): string => `${formatAddress(first)}/${prefixLength}`

/** Orders networks by first address, the larger one first. */
export const compareCidrs = (a: Cidr, b: Cidr): number => a.first - b.first || a.prefixLength - b.prefixLength

const fault = (text: string, reason: string): NetworkFault => ({
  kind: 'fault',
  reason,
  message: `${quoted(text)} is not a network: ${reason}`,
})

const bitsBehind = (text: string, prefixLength: number, meant: string): NetworkFault => ({
  ...fault(text, `the address lies inside a /${prefixLength}. Probably ${meant} was meant.`),
  meant,
})

/**
 * Reads a network in CIDR notation: an address, a slash, a prefix length, no spaces, no bits behind the prefix. IPv4 is
 * four decimal octets without leading zeros and a prefix length of 0 to 32; IPv6 is checked by the rules of RFC 4291.
 */
export function parseNetwork(text: string): ParsedNetwork {
  if (/\s/.test(text)) return fault(text, 'it contains a space.')
  const slash = text.indexOf('/')
  if (slash !== text.lastIndexOf('/')) return fault(text, 'it has more than one slash.')
  const address = slash < 0 ? text : text.slice(0, slash)
  const length = slash < 0 ? undefined : text.slice(slash + 1)
  return text.includes(':') ? parseIpv6(text, address, length) : parseIpv4(text, address, length)
}

function parseIpv4(text: string, address: string, length: string | undefined): ParsedNetwork {
  const first = parseAddress(address)
  if (typeof first === 'string') return fault(text, first)
  if (length === undefined) return fault(text, `it says no size. For this one address write ${address}/32.`)
  const prefixLength = parsePrefixLength(length, 32)
  if (typeof prefixLength === 'string') return fault(text, prefixLength)
  const network = networkAt(first, prefixLength)
  if (network.first !== first) return bitsBehind(text, prefixLength, formatCidr(network))
  return { kind: 'ipv4', cidr: network }
}

/** The number of an IPv4 address in dotted decimal form, or the reason why it is none. */
export function parseAddress(text: string): number | string {
  const octets = text.split('.')
  if (octets.length !== 4) return 'an IPv4 address has four numbers, as in 10.1.0.0.'
  let address = 0
  for (const octet of octets) {
    const value = Number(octet)
    // Any other way to write a number, even one that some read as octal, gives another text when it is written again.
    const isOctet = value >= 0 && value <= 255 && String(value) === octet
    if (!isOctet) return whyNoOctet(octet)
    address = address * 256 + value
  }
  return address
}

function whyNoOctet(text: string): string {
  if (text === '') return 'a number is missing.'
  if (!/^\d+$/.test(text)) return `${quoted(text)} is no decimal number.`
  return text.startsWith('0') ? `${quoted(text)} has a leading zero.` : `${quoted(text)} is greater than 255.`
}

function parsePrefixLength(text: string, longest: number): number | string {
  if (!/^\d+$/.test(text)) return `the size after the slash must be a number from 0 to ${longest}.`
  if (text.length > 1 && text.startsWith('0')) return `the size ${quoted(text)} has a leading zero.`
  const value = Number(text)
  return value > longest ? `the size /${printable(text)} is greater than /${longest}.` : value
}

function parseIpv6(text: string, address: string, length: string | undefined): ParsedNetwork {
  const groups = parseIpv6Address(address)
  if (typeof groups === 'string') return fault(text, groups)
  if (length === undefined) return fault(text, `it says no size. For this one address write ${address}/128.`)
  const prefixLength = parsePrefixLength(length, 128)
  if (typeof prefixLength === 'string') return fault(text, prefixLength)
  const network = groups.map((group, index) => group & groupMask(prefixLength - 16 * index))
  if (network.some((group, index) => group !== groups[index])) {
    return bitsBehind(text, prefixLength, `${formatIpv6(network)}/${prefixLength}`)
  }
  return { kind: 'ipv6', text }
}

/** The first so many bits of a group of sixteen. */
const groupMask = (bits: number): number => 0xffff & ~(0xffff >> Math.min(16, Math.max(0, bits)))

/**
 * The eight groups of an IPv6 address, or the reason why it is none. One `::` stands for one or more groups of zeros, and
 * the last two groups may be an IPv4 address. https://www.rfc-editor.org/rfc/rfc4291#section-2.2
 */
function parseIpv6Address(text: string): readonly number[] | string {
  if (text.includes('%')) return 'a network has no zone, which is what % begins.'
  const halves = text.split('::')
  if (halves.length > 2) return "an IPv6 address has '::' at most once."
  const read: (readonly number[])[] = []
  for (const [index, half] of halves.entries()) {
    const groups = half === '' ? [] : parseGroups(half.split(':'), index === halves.length - 1)
    if (typeof groups === 'string') return groups
    read.push(groups)
  }
  const [before = [], after] = read
  const missing = 8 - before.length - (after ?? []).length
  if (after === undefined ? missing !== 0 : missing < 1)
    return "an IPv6 address has eight groups, or '::' for some."
  return [...before, ...Array.from({ length: missing }, () => 0), ...(after ?? [])]
}

/** Groups of hexadecimal digits. Where the address ends, the last may be an IPv4 address, which makes two. */
function parseGroups(groups: readonly string[], atEnd: boolean): readonly number[] | string {
  const numbers: number[] = []
  for (const [index, group] of groups.entries()) {
    if (atEnd && index === groups.length - 1 && group.includes('.')) {
      const address = parseAddress(group)
      if (typeof address === 'string') return address
      numbers.push(Math.floor(address / 0x10000), address % 0x10000)
    } else if (/^[0-9a-f]{1,4}$/i.test(group)) numbers.push(Number.parseInt(group, 16))
    else
      return `${group === '' ? 'a group is missing' : `${quoted(group)} is no group of one to four hexadecimal digits`}.`
  }
  return numbers
}

/** As RFC 5952 has it: lower case, and `::` for the longest run of two or more groups of zeros, the first of equals. */
function formatIpv6(groups: readonly number[]): string {
  const text = groups.map((group) => group.toString(16)).join(':')
  const runs = text.match(/\b0(?::0)+\b/g) ?? []
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '')
  if (longest === '') return text
  const start = text.search(new RegExp(`\\b${longest}\\b`))
  const [before, after] = [text.slice(0, start), text.slice(start + longest.length)]
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`
}

/** Reads one IPv4 network from a text known to be one, e.g. from a test or a table. @throws Error when it is none */
export function cidr(text: string): Cidr {
  const parsed = parseNetwork(text)
  if (parsed.kind === 'ipv4') return parsed.cidr
  throw new Error(parsed.kind === 'fault' ? parsed.message : `${quoted(text)} is an IPv6 network.`)
}
