import { cidr, contains, formatCidr } from '../cidr.ts'
import { ipv4Networks } from './vnet.ts'

/** Addresses that nobody has on the Internet. https://www.rfc-editor.org/rfc/rfc1918 https://www.rfc-editor.org/rfc/rfc6598 */
const notPublic = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(cidr)

/** What is said of prefixes of a VNet that others may have on the Internet. */
export const publicAddressWarnings = (prefixes: readonly string[], key: string): readonly string[] =>
  ipv4Networks(prefixes)
    .filter((prefix) => !notPublic.some((range) => contains(range, prefix)))
    .map(
      (prefix) =>
        `${formatCidr(prefix)} in '${key}' is not a private network: whatever has these addresses on the Internet cannot be reached from the VNet. Use private addresses such as 172.16.0.0/16, unless these are yours.`,
    )
