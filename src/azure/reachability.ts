import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { readFailure } from './failure.ts'
import { withinTimeLimit } from './retry.ts'

/** What the name of a server resolves to on this machine. */
export type Resolution =
  | { readonly kind: 'private'; readonly addresses: readonly string[] }
  | { readonly kind: 'public'; readonly addresses: readonly string[] }
  | { readonly kind: 'unknown'; readonly code: string }

/** https://www.rfc-editor.org/rfc/rfc1918, rfc6598, rfc4193; and the machine itself */
const privateRanges = new BlockList()
privateRanges.addSubnet('10.0.0.0', 8)
privateRanges.addSubnet('172.16.0.0', 12)
privateRanges.addSubnet('192.168.0.0', 16)
privateRanges.addSubnet('100.64.0.0', 10)
privateRanges.addSubnet('127.0.0.0', 8)
privateRanges.addSubnet('fc00::', 7, 'ipv6')
privateRanges.addAddress('::1', 'ipv6')

const isPrivate = (address: string): boolean =>
  privateRanges.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Servers that do not answer are asked again and again by the system, for a minute and more. */
const timeLimit = 8_000

/** Resolves the name as connections of this process do. Nothing is connected to. */
export async function resolveHost(host: string): Promise<Resolution> {
  try {
    const addresses = (await withinTimeLimit(timeLimit, () => lookup(host, { all: true }))).map(
      ({ address }) => address,
    )
    return { kind: addresses.every(isPrivate) ? 'private' : 'public', addresses }
  } catch (error) {
    return { kind: 'unknown', code: readFailure(error).code }
  }
}
