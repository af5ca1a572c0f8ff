import { type Cidr, compareCidrs, contains, endOf, networkAt, overlaps, sizeOf } from '../../cidr.ts'

/** The addresses of a VNet. All lists may be in any order, overlap, nest, and lie outside each other. */
export interface AddressSpace {
  /** The address prefixes of the VNet. */
  readonly prefixes: readonly Cidr[]
  /** Subnets that exist. */
  readonly taken: readonly Cidr[]
  /** Ranges that must stay free of subnets: on-premises networks, peered VNets, Kubernetes services. */
  readonly reserved: readonly Cidr[]
}

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

/** Receives a block: its first address and its prefix length. */
export type BlockVisitor = (first: number, prefixLength: number) => void

/**
 * Visits the free addresses of a VNet as the largest aligned blocks they consist of, by address. A block never spans two
 * address prefixes, even adjoining ones, because a subnet cannot either. Blocked networks may come in any order,
 * overlap, and lie outside the prefixes. Takes n log n time.
 */
function eachFreeBlock(prefixes: readonly Cidr[], blocked: readonly Cidr[], visit: BlockVisitor): void {
  const obstacles = outermost(blocked)
  let next = 0
  for (const prefix of outermost(prefixes)) {
    const end = endOf(prefix)
    let free = prefix.first
    for (; next < obstacles.length; next += 1) {
      const obstacle = obstacles[next]
      if (obstacle === undefined || obstacle.first >= end) break
      eachBlockOf(free, obstacle.first, visit)
      free = Math.max(free, endOf(obstacle))
      // An obstacle that reaches beyond this prefix blocks the next one too.
      if (free > end) break
    }
    eachBlockOf(free, end, visit)
  }
}

/** The free addresses of a VNet as a list of the largest aligned blocks they consist of, by address. */
export function freeBlocks(prefixes: readonly Cidr[], blocked: readonly Cidr[]): readonly Cidr[] {
  const blocks: Cidr[] = []
  eachFreeBlock(prefixes, blocked, (first, prefixLength) => blocks.push({ first, prefixLength }))
  return blocks
}

/** Cuts the range [start, end) into its largest aligned blocks. */
function eachBlockOf(start: number, end: number, visit: BlockVisitor): void {
  let first = start
  while (first < end) {
    let prefixLength = alignmentOf(first)
    let size = sizeOf(prefixLength)
    while (size > end - first) {
      prefixLength += 1
      size /= 2
    }
    visit(first, prefixLength)
    first += size
  }
}

/** The prefix length of the largest network that can start at an address. */
const alignmentOf = (address: number): number => (address === 0 ? 0 : Math.clz32(address & -address) + 1)

/** Some of a pool's ranges: bit i stands for range i. */
export type RangeSet = bigint

/** Where a network could be cut out of a pool. */
export interface Place {
  readonly cidr: Cidr
  /** The free block it would be cut from. */
  readonly block: Cidr
  /** The part of that block around it that lies in the same ranges throughout; the network itself when there is none. */
  readonly part: Cidr
  /** The ranges that it touches. */
  readonly touches: RangeSet
  /** Does it lie in the same ranges throughout? */
  readonly even: boolean
}

/** Blocks of one zone by prefix length, each list in descending order of address, so that the lowest is popped. */
type BySize = readonly number[][]

/**
 * The free blocks of a VNet, and the ranges that not every request may use. A zone is what lies in the same ranges.
 * Most blocks lie in one zone; those that reach over the edge of a range are whole too, until something smaller is cut
 * from them.
 */
export class BlockPool {
  readonly #ranges: readonly Cidr[]
  readonly #zones: Map<RangeSet, BySize>
  /** Blocks that lie in several zones, by address. At most one for each range. */
  #mixed: readonly Cidr[]

  private constructor(ranges: readonly Cidr[], zones: Map<RangeSet, BySize>, mixed: readonly Cidr[]) {
    this.#ranges = ranges
    this.#zones = zones
    this.#mixed = mixed
  }

  /**
   * A pool of the free blocks of a VNet.
   * @param ranges distinct
   */
  static of({ prefixes, taken, reserved }: AddressSpace, ranges: readonly Cidr[]): BlockPool {
    const mixed: Cidr[] = []
    const pool = new BlockPool(ranges, new Map(), mixed)
    let zone = 0n
    let lists = pool.#listsOf(zone)
    eachFreeBlock(prefixes, [...taken, ...reserved], (first, prefixLength) => {
      const { touches, even } = ranges.length === 0 ? nowhere : pool.#rangesOf({ first, prefixLength })
      if (!even) {
        mixed.push({ first, prefixLength })
        return
      }
      // Blocks come by address, and hundreds in a row lie in one zone.
      if (touches !== zone) lists = pool.#listsOf(touches)
      zone = touches
      listIn(lists, prefixLength).push(first)
    })
    for (const each of pool.#zones.values()) for (const list of each) list.reverse()
    return pool
  }

  /** A pool with the same blocks, from which others can be cut. */
  copy(): BlockPool {
    const zones = new Map<RangeSet, BySize>()
    for (const [zone, lists] of this.#zones)
      zones.set(
        zone,
        lists.map((list) => [...list]),
      )
    return new BlockPool(this.#ranges, zones, this.#mixed)
  }

  /** Those of the pool's ranges that are in the list. */
  setOf(ranges: readonly Cidr[]): RangeSet {
    let set = 0n
    for (const [index, range] of this.#ranges.entries()) {
      if (ranges.some((other) => compareCidrs(range, other) === 0)) set |= 1n << BigInt(index)
    }
    return set
  }

  /**
   * Places for a network that must not touch the barred ranges: the best of each zone, i.e. the lowest in the smallest
   * block that holds it, and each one that lies in several zones.
   */
  places(prefixLength: number, barred: RangeSet): readonly Place[] {
    const places: Place[] = []
    for (const [touches, lists] of this.#zones) {
      const block = (touches & barred) === 0n ? smallestHolding(lists, prefixLength) : undefined
      if (block === undefined) continue
      places.push({ cidr: networkAt(block.first, prefixLength), block, part: block, touches, even: true })
    }
    for (const block of this.#mixed) {
      for (const { part, touches, even } of this.#partsOf(block, prefixLength)) {
        if (part.prefixLength > prefixLength || (touches & barred) !== 0n) continue
        places.push({ cidr: networkAt(part.first, prefixLength), block, part, touches, even })
      }
    }
    return places
  }

  /** Cuts a network out, which must be one of the places. */
  cut({ cidr, block, touches }: Place): void {
    if (this.#mixed.includes(block)) this.#mixed = this.#mixed.filter((other) => other !== block)
    else listIn(this.#listsOf(touches), block.prefixLength).pop()
    let around = block
    while (around.prefixLength < cidr.prefixLength) {
      const [lower, upper] = halves(around)
      const inLower = contains(lower, cidr)
      this.#add(inLower ? upper : lower)
      around = inLower ? lower : upper
    }
  }

  /** The lowest of the largest free blocks. */
  largest(): Cidr | undefined {
    let largest = [...this.#mixed].sort(largestFirst)[0]
    for (const lists of this.#zones.values()) {
      const block = largestOf(lists)
      if (block !== undefined && (largest === undefined || largestFirst(block, largest) < 0)) largest = block
    }
    return largest
  }

  /** The mean of a figure over the zones that a network lies in, by the addresses in each. */
  mean(network: Cidr, figure: (touches: RangeSet) => number): number {
    let sum = 0
    for (const { part, touches } of this.#partsOf(network, 32))
      sum += figure(touches) * sizeOf(part.prefixLength)
    return sum / sizeOf(network.prefixLength)
  }

  /** The ranges that a network touches, and whether it lies in these throughout. */
  #rangesOf(network: Cidr): { readonly touches: RangeSet; readonly even: boolean } {
    let touches = 0n
    let even = true
    for (const [index, range] of this.#ranges.entries()) {
      if (!overlaps(range, network)) continue
      touches |= 1n << BigInt(index)
      even &&= contains(range, network)
    }
    return { touches, even }
  }

  /** The largest parts that lie in one zone each; a part of the prefix length is not divided any more. */
  #partsOf(
    block: Cidr,
    prefixLength: number,
  ): readonly { readonly part: Cidr; readonly touches: RangeSet; readonly even: boolean }[] {
    const { touches, even } = this.#rangesOf(block)
    if (even || block.prefixLength >= prefixLength) return [{ part: block, touches, even }]
    return halves(block).flatMap((half) => this.#partsOf(half, prefixLength))
  }

  #add(block: Cidr): void {
    const { touches, even } = this.#ranges.length === 0 ? nowhere : this.#rangesOf(block)
    if (!even) {
      this.#mixed = [...this.#mixed, block].sort(compareCidrs)
      return
    }
    const list = listIn(this.#listsOf(touches), block.prefixLength)
    let index = list.length
    while (index > 0 && (list[index - 1] ?? 0) < block.first) index -= 1
    if (index === list.length) list.push(block.first)
    else list.splice(index, 0, block.first)
  }

  #listsOf(zone: RangeSet): BySize {
    let lists = this.#zones.get(zone)
    if (lists === undefined) {
      lists = Array.from({ length: 33 }, () => [])
      this.#zones.set(zone, lists)
    }
    return lists
  }
}

function listIn(lists: BySize, prefixLength: number): number[] {
  const list = lists[prefixLength]
  if (list === undefined) throw new Error(`There is no network of prefix length ${prefixLength}.`)
  return list
}

const nowhere = { touches: 0n, even: true } as const

const halves = ({ first, prefixLength }: Cidr): readonly [lower: Cidr, upper: Cidr] => {
  const half = prefixLength + 1
  return [
    { first, prefixLength: half },
    { first: first + sizeOf(half), prefixLength: half },
  ]
}

const largestFirst = (a: Cidr, b: Cidr): number => a.prefixLength - b.prefixLength || a.first - b.first

function smallestHolding(lists: BySize, prefixLength: number): Cidr | undefined {
  for (let length = prefixLength; length >= 0; length -= 1) {
    const first = lists[length]?.at(-1)
    if (first !== undefined) return { first, prefixLength: length }
  }
  return undefined
}

function largestOf(lists: BySize): Cidr | undefined {
  for (let prefixLength = 0; prefixLength <= 32; prefixLength += 1) {
    const first = lists[prefixLength]?.at(-1)
    if (first !== undefined) return { first, prefixLength }
  }
  return undefined
}
