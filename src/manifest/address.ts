/** An IPv4 network: its first address as a number, and its prefix length. */
export interface Ipv4Network {
  readonly first: number
  readonly prefixLength: number
}

/** A network, or what the text would have to be, in words that follow "must be". */
export type Ipv4Reading = Ipv4Network | { readonly fault: string }

const octet = '(?:0|[1-9][0-9]{0,2})'
const address = new RegExp(`^${octet}(?:\\.${octet}){3}$`)

/** The exact notation of an IPv4 network, for editors: four octets without leading zeros, a slash, the length. */
export const networkPattern = `^${octet}(?:\\.${octet}){3}/(?:0|[1-9][0-9]?)$`

/** Reads `172.16.0.0/16` strictly: four octets, no leading zeros, no bits set behind the prefix. */
export function readNetwork(text: string): Ipv4Reading {
  const [host = '', length, ...rest] = text.split('/')
  const first = readAddress(host)
  if (length === undefined || rest.length > 0 || first === undefined) {
    return {
      fault: 'an IPv4 network such as 172.16.0.0/16: four numbers from 0 to 255 without leading zeros',
    }
  }
  const prefixLength = /^(?:0|[1-9][0-9]?)$/.test(length) ? Number(length) : 33
  if (prefixLength > 32) return { fault: 'an IPv4 network whose prefix length is from 0 to 32' }
  const aligned = first - (first % 2 ** (32 - prefixLength))
  if (aligned !== first) {
    return { fault: `the first address of its network: ${formatAddress(aligned)}/${prefixLength}` }
  }
  return { first, prefixLength }
}

/** The number of an IPv4 address written strictly, or nothing. */
export function readAddress(text: string): number | undefined {
  if (!address.test(text)) return undefined
  const octets = text.split('.').map(Number)
  return octets.some((value) => value > 255) ? undefined : octets.reduce((sum, value) => sum * 256 + value, 0)
}

/** Do two networks share an address? */
export function overlap(a: Ipv4Network, b: Ipv4Network): boolean {
  const size = 2 ** (32 - Math.min(a.prefixLength, b.prefixLength))
  return Math.floor(a.first / size) === Math.floor(b.first / size)
}

/** Networks that do not exist on the internet. https://www.rfc-editor.org/rfc/rfc1918 */
const privateNetworks: readonly Ipv4Network[] = [
  { first: 10 * 2 ** 24, prefixLength: 8 },
  { first: (172 * 256 + 16) * 2 ** 16, prefixLength: 12 },
  { first: (192 * 256 + 168) * 2 ** 16, prefixLength: 16 },
]

/**
 * What is wrong with an address for a service's firewall, or nothing. Firewalls know addresses of the internet, and
 * networks up to /30; a single address is written without a length.
 * https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations
 */
export function firewallFault(text: string): string | undefined {
  const single = readAddress(text)
  const network = single === undefined ? readNetwork(text) : { first: single, prefixLength: 32 }
  if ('fault' in network) return 'an IPv4 address such as 203.0.113.7, or a network such as 203.0.113.0/24'
  if (single === undefined && network.prefixLength > 30)
    return 'written as single addresses when smaller than a /30'
  if (privateNetworks.some((other) => overlap(other, network)))
    return 'public: private addresses never reach a firewall'
  return undefined
}

function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join('.')
}
