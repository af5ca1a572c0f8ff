import { overlap, type Range, type Range4, rangeAt } from '../cidr.ts'

/** Where addresses can come from, and which of them are gone. */
export interface Space {
  readonly ranges: readonly Range[]
  readonly taken: readonly Range[]
}

/** The smallest range that is handed out: what a subnet needs at least. */
const smallest = 8

/**
 * Ranges with enough space for a number of addresses, rounded up to a power of two: the first one that is large enough, or
 * else several smaller ones, as IPAM hands out what is fragmented. `undefined` when there is not enough space.
 */
export function allocate(count: number, { ranges, taken }: Space): readonly Range4[] | undefined {
  const found: Range4[] = []
  let missing = 2 ** Math.ceil(Math.log2(Math.max(count, smallest)))
  for (let size = missing; size >= smallest && missing > 0; size /= 2) {
    while (missing >= size) {
      const block = firstFree(size, { ranges, taken: [...taken, ...found] })
      if (block === undefined) break
      found.push(block)
      missing -= size
    }
  }
  return missing === 0 ? found : undefined
}

/** How many addresses some ranges have together. */
export function sizeOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, range) => sum + Number(range.last) - Number(range.first) + 1, 0)
}

/** The free blocks of a space, largest first at each place. */
export function freeBlocks({ ranges, taken }: Space): readonly Range4[] {
  const split = (range: Range4): readonly Range4[] => {
    const inRange = taken.filter((other) => overlap(range, other))
    if (inRange.length === 0) return [range]
    if (range.length === 32 || inRange.some((other) => other.family === 4 && contains(other, range)))
      return []
    const middle = range.first + 2 ** (31 - range.length)
    return [range.first, middle].flatMap((first) => split(rangeAt(first, range.length + 1)))
  }
  return ranges.filter((range) => range.family === 4).flatMap(split)
}

function contains(outer: Range4, inner: Range4): boolean {
  return outer.first <= inner.first && inner.last <= outer.last
}

function firstFree(size: number, { ranges, taken }: Space): Range4 | undefined {
  const length = 32 - Math.log2(size)
  const obstacles = taken.filter((range) => range.family === 4).sort((one, other) => one.first - other.first)
  for (const range of ranges) {
    if (range.family === 6) continue
    let candidate = aligned(range.first, size)
    for (const obstacle of obstacles)
      if (overlap(rangeAt(candidate, length), obstacle)) candidate = aligned(obstacle.last + 1, size)
    if (candidate + size - 1 <= range.last) return rangeAt(candidate, length)
  }
  return undefined
}

/** The next address that a block of this size can begin at. */
function aligned(address: number, size: number): number {
  return Math.ceil(address / size) * size
}
