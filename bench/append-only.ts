import { type Cidr, compareCidrs, endOf, formatAddress, sizeOf } from '../src/cidr.ts'
import type { PlanRequest } from '../src/network/planner/placement.ts'

/** What the append-only method answers. It never fails: what found no place is left out. */
export type AppendOnlyAnswer =
  | { readonly kind: 'answer'; readonly subnets: ReadonlyMap<string, Cidr> }
  /** The original would count on past the last address, and never come to an end. */
  | { readonly kind: 'endless' }

const mostJumps = 10

const firstTwoOctets = (address: number): string => formatAddress(address).split('.').slice(0, 2).join('.')

/**
 * How calculators that only append choose addresses, to measure ours against: after the highest subnet of the VNet, in
 * its first prefix, the largest subnet first. A start that is not aligned jumps to the next boundary, at most ten times,
 * and all ends where the first two octets change. Nothing before the highest subnet is ever looked at.
 */
export function appendOnly(
  prefixes: readonly Cidr[],
  taken: readonly Cidr[],
  requests: readonly PlanRequest[],
): AppendOnlyAnswer {
  const [prefix] = prefixes
  const highest = [...taken].sort(compareCidrs).at(-1)
  if (prefix === undefined || highest === undefined)
    throw new Error('The method needs a prefix and a subnet.')
  if (requests.some(({ prefixLength }) => prefixLength < prefix.prefixLength)) return { kind: 'endless' }
  const blocks = new Map(requests.map(({ prefixLength }) => [prefixLength, blocksOf(prefix, prefixLength)]))
  const subnets = new Map<string, Cidr>()
  let start = endOf(highest)
  for (const { key, prefixLength } of [...requests].sort((a, b) => a.prefixLength - b.prefixLength)) {
    for (let jumps = 0; jumps <= mostJumps; jumps += 1) {
      if (blocks.get(prefixLength)?.has(start)) {
        subnets.set(key, { first: start, prefixLength })
        start += sizeOf(prefixLength)
        break
      }
      if (jumps === mostJumps) break
      start = nextBoundary(start, prefixLength)
      if (firstTwoOctets(start) !== firstTwoOctets(prefix.first)) return { kind: 'answer', subnets }
    }
  }
  return { kind: 'answer', subnets }
}

/** The first addresses of all blocks of a size, one by one, as the method lists them for each size that is asked for. */
function blocksOf(prefix: Cidr, prefixLength: number): ReadonlySet<number> {
  const blocks = new Set<number>()
  for (let first = prefix.first; first < endOf(prefix); first += sizeOf(prefixLength)) blocks.add(first)
  return blocks
}

const nextBoundary = (address: number, prefixLength: number): number =>
  (Math.floor(address / sizeOf(prefixLength)) + 1) * sizeOf(prefixLength)
