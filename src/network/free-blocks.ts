import { type Cidr, compareCidrs, endOf, networkAt, sizeOf } from '../cidr.ts'

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

/**
 * The free addresses of a VNet as the largest aligned blocks they consist of, by address. A block never spans two
 * address prefixes, even adjoining ones, because a subnet cannot either. Blocked networks may come in any order,
 * overlap, and lie outside the prefixes. Takes n log n time.
 */
export function freeBlocks(prefixes: readonly Cidr[], blocked: readonly Cidr[]): readonly Cidr[] {
  const blocks: Cidr[] = []
  const obstacles = outermost(blocked)
  let next = 0
  for (const prefix of outermost(prefixes)) {
    const end = endOf(prefix)
    let free = prefix.first
    for (; next < obstacles.length; next += 1) {
      const obstacle = obstacles[next]
      if (obstacle === undefined || obstacle.first >= end) break
      addBlocks(blocks, free, obstacle.first)
      free = Math.max(free, endOf(obstacle))
      // An obstacle that reaches beyond this prefix blocks the next one too.
      if (free > end) break
    }
    addBlocks(blocks, free, end)
  }
  return blocks
}

/** Cuts the range [start, end) into its largest aligned blocks. */
function addBlocks(blocks: Cidr[], start: number, end: number): void {
  let first = start
  while (first < end) {
    let prefixLength = alignmentOf(first)
    while (sizeOf(prefixLength) > end - first) prefixLength += 1
    blocks.push({ first, prefixLength })
    first += sizeOf(prefixLength)
  }
}

/** The prefix length of the largest network that can start at an address. */
const alignmentOf = (address: number): number => (address === 0 ? 0 : Math.clz32(address & -address) + 1)

/** Free blocks by size, from which networks are cut so that the largest blocks stay whole. */
export class BlockPool {
  /** By prefix length: the blocks of this size, in descending order of address, so that the lowest is popped. */
  readonly #bySize: number[][] = Array.from({ length: 33 }, () => [])

  /** The blocks must be in ascending order of address. */
  constructor(blocks: readonly Cidr[]) {
    for (let index = blocks.length - 1; index >= 0; index -= 1) {
      const block = blocks[index]
      if (block !== undefined) this.#of(block.prefixLength).push(block.first)
    }
  }

  /** Cuts a network from the lowest of the smallest blocks that hold it; `undefined` when none does. */
  take(prefixLength: number): Cidr | undefined {
    for (let length = prefixLength; length >= 0; length -= 1) {
      const first = this.#of(length).pop()
      if (first === undefined) continue
      // No block of the sizes between was there, so what remains keeps each list in order.
      for (let rest = length + 1; rest <= prefixLength; rest += 1) this.#of(rest).push(first + sizeOf(rest))
      return networkAt(first, prefixLength)
    }
    return undefined
  }

  /** The lowest of the largest blocks that are left. */
  largest(): Cidr | undefined {
    for (let prefixLength = 0; prefixLength <= 32; prefixLength += 1) {
      const first = this.#of(prefixLength).at(-1)
      if (first !== undefined) return { first, prefixLength }
    }
    return undefined
  }

  #of(prefixLength: number): number[] {
    const list = this.#bySize[prefixLength]
    if (list === undefined) throw new Error(`There is no network of prefix length ${prefixLength}.`)
    return list
  }
}
