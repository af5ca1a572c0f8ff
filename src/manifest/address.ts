import { type Cidr, cidr, overlaps, parseAddress, parseNetwork } from '../cidr.ts'

/** A network, or what the text would have to be, in words that follow "must be". */
export type NetworkReading = Cidr | { readonly fault: string }

const octet = '(?:0|[1-9][0-9]{0,2})'

/** The exact notation of an IPv4 network, for editors: four octets without leading zeros, a slash, the length. */
export const networkPattern = `^${octet}(?:\\.${octet}){3}/(?:0|[1-9][0-9]?)$`

/** Reads an IPv4 network such as `172.16.0.0/16` strictly. */
export function readNetwork(text: string): NetworkReading {
  const parsed = parseNetwork(text)
  if (parsed.kind === 'ipv4') return parsed.cidr
  const example = 'an IPv4 network such as 172.16.0.0/16'
  if (parsed.kind === 'ipv6') return { fault: example }
  if (parsed.meant !== undefined) return { fault: `the first address of its network: ${parsed.meant}` }
  return { fault: `${example} (${parsed.reason.replace(/\.$/, '')})` }
}

/** Networks that do not exist on the internet. https://www.rfc-editor.org/rfc/rfc1918 */
const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(cidr)

/**
 * What is wrong with an address for a service's firewall, or nothing. Firewalls know addresses of the internet, and
 * networks up to /30; a single address is written without a length.
 * https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations
 */
export function firewallFault(text: string): string | undefined {
  const single = parseAddress(text)
  const network = typeof single === 'string' ? readNetwork(text) : { first: single, prefixLength: 32 }
  if ('fault' in network) return 'an IPv4 address such as 203.0.113.7, or a network such as 203.0.113.0/24'
  if (typeof single === 'string' && network.prefixLength > 30)
    return 'written as single addresses when smaller than a /30'
  if (privateNetworks.some((other) => overlaps(other, network)))
    return 'public: private addresses never reach a firewall'
  return undefined
}
