import { type Cidr, compareCidrs, endOf, sizeOf } from '../../cidr.ts'

/** Orders networks by first address, larger first, and drops those inside another. */
export function outermost(networks: readonly Cidr[]): readonly Cidr[] {
  const result: Cidr[] = []
  let end = -1
  for (const network of [...networks].sort(compareCidrs)) {
    if (network.first < end) continue
    result.push(network)
    end = endOf(network)
  }
  return result
}

/** Is shown a block: its first address and its prefix length. */
export type SeeBlock = (first: number, prefixLength: number) => void

/**
 * Shows the free addresses of a VNet as the largest aligned blocks they consist of, by address. A block never spans two
 * address prefixes, even adjoining ones, because a subnet cannot either. Blocked networks may come in any order,
 * overlap, and lie outside the prefixes. Takes n log n time.
 */
export function eachFreeBlock(prefixes: readonly Cidr[], blocked: readonly Cidr[], see: SeeBlock): void {
  const obstacles = outermost(blocked)
  let next = 0
  for (const prefix of outermost(prefixes)) {
    const end = endOf(prefix)
    let free = prefix.first
    for (; next < obstacles.length; next += 1) {
      const obstacle = obstacles[next]
      if (obstacle === undefined || obstacle.first >= end) break
      eachBlockOf(free, obstacle.first, see)
      free = Math.max(free, endOf(obstacle))
      // An obstacle that reaches beyond this prefix blocks the next one too.
      if (free > end) break
    }
    eachBlockOf(free, end, see)
  }
}

/** The same as a list. */
export function freeBlocks(prefixes: readonly Cidr[], blocked: readonly Cidr[]): readonly Cidr[] {
  const blocks: Cidr[] = []
  eachFreeBlock(prefixes, blocked, (first, prefixLength) => blocks.push({ first, prefixLength }))
  return blocks
}

/** Cuts the range [start, end) into its largest aligned blocks. */
function eachBlockOf(start: number, end: number, see: SeeBlock): void {
  let first = start
  while (first < end) {
    let prefixLength = alignmentOf(first)
    let size = sizeOf(prefixLength)
    while (size > end - first) {
      prefixLength += 1
      size /= 2
    }
    see(first, prefixLength)
    first += size
  }
}

/** The prefix length of the largest network that can start at an address. */
const alignmentOf = (address: number): number => (address === 0 ? 0 : Math.clz32(address & -address) + 1)
