import { isIPv6 } from 'node:net'

/** A range of IPv4 addresses as numbers, the last one included. */
export interface Range4 {
  readonly family: 4
  readonly first: number
  readonly last: number
  /** Prefix length. */
  readonly length: number
}

/** A range of IPv6 addresses, which are too large for numbers. */
interface Range6 {
  readonly family: 6
  readonly first: bigint
  readonly last: bigint
  readonly length: number
}

/** A range of addresses. */
export type Range = Range4 | Range6

const notation = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/

const largestMemory = 50_000
/** Results by notation: in a network of 3,000 subnets, each is compared with each. */
const parsed = new Map<string, ReturnType<typeof parseCidr>>()

/** A range from CIDR notation: `malformed` when it is none, `host-bits` when the address is not the range's first. */
export function parseCidr(value: string): Range | 'malformed' | 'host-bits' {
  const known = parsed.get(value)
  if (known !== undefined) return known
  if (parsed.size >= largestMemory) parsed.clear()
  const range = value.includes(':') ? parseCidr6(value) : parseCidr4(value)
  parsed.set(value, range)
  return range
}

function parseCidr4(value: string): Range4 | 'malformed' | 'host-bits' {
  const match = notation.exec(value)
  if (match === null) return 'malformed'
  const [a = 0, b = 0, c = 0, d = 0, length = 0] = match.slice(1).map(Number)
  if ([a, b, c, d].some((byte) => byte > 255) || length > 32) return 'malformed'
  const first = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d
  return first % 2 ** (32 - length) === 0 ? rangeAt(first, length) : 'host-bits'
}

function parseCidr6(value: string): Range6 | 'malformed' | 'host-bits' {
  const [, address = '', digits = ''] = /^([\da-f:]+)\/(\d{1,3})$/i.exec(value) ?? []
  const length = Number(digits)
  if (!isIPv6(address) || digits === '' || length > 128) return 'malformed'
  const [head = [], tail = []] = address.split('::').map((half) => half.split(':').filter(Boolean))
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  const words = address.includes('::') ? [...head, ...zeros, ...tail] : head
  const first = words.reduce((sum, word) => sum * 65_536n + BigInt(`0x${word}`), 0n)
  const size = 2n ** BigInt(128 - length)
  return first % size === 0n ? { family: 6, first, last: first + size - 1n, length } : 'host-bits'
}

/** The IPv4 range that begins at an address. */
export function rangeAt(first: number, length: number): Range4 {
  return { family: 4, first, last: first + 2 ** (32 - length) - 1, length }
}

/** CIDR notation of the IPv4 range that a notation with host bits lies in; the notation itself when it is IPv6. */
export function networkOf(value: string): string {
  if (value.includes(':')) return value
  const [address = '', length = '32'] = value.split('/')
  const bytes = address.split('.').map(Number)
  const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  const size = 2 ** (32 - Number(length))
  return `${formatAddress(number - (number % size))}/${length}`
}

/** Dotted notation of an address. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

/** CIDR notation of an IPv4 range. */
export function formatRange({ first, length }: Range4): string {
  return `${formatAddress(first)}/${length}`
}

/** Whether two ranges have an address in common. */
export function overlap(one: Range, other: Range): boolean {
  return one.family === other.family && one.first <= other.last && other.first <= one.last
}

/** Whether a range lies wholly in another. */
export function inside(inner: Range, outer: Range): boolean {
  return inner.family === outer.family && inner.first >= outer.first && inner.last <= outer.last
}
