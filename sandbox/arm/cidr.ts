/** A range of IPv4 addresses as numbers, the last one included. */
export interface Range {
  readonly first: number
  readonly last: number
  readonly length: number
}

const notation = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/

/** A range from CIDR notation: `malformed` when it is none, `host-bits` when the address is not the range's first. */
export function parseCidr(value: string): Range | 'malformed' | 'host-bits' {
  const match = notation.exec(value)
  if (match === null) return 'malformed'
  const [a = 0, b = 0, c = 0, d = 0, length = 0] = match.slice(1).map(Number)
  if ([a, b, c, d].some((byte) => byte > 255) || length > 32) return 'malformed'
  const address = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d
  const size = 2 ** (32 - length)
  return address % size === 0 ? { first: address, last: address + size - 1, length } : 'host-bits'
}

/** CIDR notation of the range that a notation with host bits lies in. */
export function networkOf(value: string): string {
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

/** Whether two ranges have an address in common. */
export function overlap(one: Range, other: Range): boolean {
  return one.first <= other.last && other.first <= one.last
}

/** Whether a range lies wholly in another. */
export function inside(inner: Range, outer: Range): boolean {
  return inner.first >= outer.first && inner.last <= outer.last
}
