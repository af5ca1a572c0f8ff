import type { SubnetRule } from '../../catalog/types.ts'
import { type Cidr, cidr, compareCidrs, formatCidr, overlaps } from '../../cidr.ts'
import { type AddressSpace, BlockPool, freeBlocks, type Place, type RangeSet } from './free-blocks.ts'

/** Azure's smallest subnet. https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
export const smallestSubnetPrefixLength = 29

/** A subnet to place. */
export interface PlanRequest<Key extends string = string> {
  /** Distinct among the requests of one plan. */
  readonly key: Key
  /** 0 to 32. */
  readonly prefixLength: number
  /** The smallest subnet (largest prefix length) that would still work; Azure's smallest, /29, when absent. */
  readonly smallestPrefixLength?: number
  /** Ranges it must not overlap, though others may. */
  readonly forbidden?: readonly Cidr[]
  /** Ranges it does not overlap as long as there is space elsewhere. */
  readonly avoided?: readonly Cidr[]
}

/** A request with its place. */
export interface PlannedRequest<Key extends string = string> {
  readonly key: Key
  readonly cidr: Cidr
  /** The avoided ranges that it overlaps, because there was no space elsewhere. Mostly empty. */
  readonly touches: readonly Cidr[]
}

/**
 * The ranges that a subnet for this purpose must not overlap, and those that it should not.
 * @param within the address space in question: where a service works in some ranges only, the rest of it is forbidden
 */
export function rangesOf(
  rule: SubnetRule | undefined,
  within: readonly Cidr[],
): Required<Pick<PlanRequest, 'forbidden' | 'avoided'>> {
  const { forbidden = [], avoided = [], onlyIn } = rule ?? {}
  const elsewhere = onlyIn === undefined ? [] : freeBlocks(within, onlyIn.ranges.map(cidr))
  return {
    forbidden: [...forbidden.map(({ range }) => cidr(range)), ...elsewhere],
    avoided: avoided.map(({ range }) => cidr(range)),
  }
}

/** A request, and the ranges of the pool that it keeps out of. */
interface ConstrainedRequest<Key extends string> {
  readonly request: PlanRequest<Key>
  readonly barred: RangeSet
}

/** Where each request goes, the largest first, and what is free then. */
export interface Arrangement<Key extends string> {
  readonly subnets: readonly PlannedRequest<Key>[]
  readonly pool: BlockPool
}

/** Which requests were placed, and which were not, the largest first. */
export interface Attempt<Key extends string> extends Arrangement<Key> {
  readonly missing: readonly PlanRequest<Key>[]
}

/** The free blocks of a VNet, divided at the ranges that some of the requests must not or should not use. */
export function poolFor(space: AddressSpace, requests: readonly PlanRequest[]): BlockPool {
  const ranges = requests.flatMap(({ forbidden = [], avoided = [] }) => [...forbidden, ...avoided])
  const inside = ranges.filter((range) => space.prefixes.some((prefix) => overlaps(prefix, range)))
  const distinct = new Map(inside.map((range) => [formatCidr(range), range]))
  return BlockPool.of(space, [...distinct.values()].sort(compareCidrs))
}

/**
 * Places all requests or none. Avoided ranges are kept out of as far as all requests fit, the smallest subnets first, so
 * that the fewest have to overlap one. The pool is left as it is.
 */
export function placeAll<Key extends string>(
  pool: BlockPool,
  requests: readonly PlanRequest<Key>[],
): Arrangement<Key> | undefined {
  const sorted = [...requests].sort(largestFirst)
  const avoided = sorted.map((request) => pool.setOf(request.avoided ?? []))
  const needed = sorted.map((request) => ({ request, barred: pool.setOf(request.forbidden ?? []) }))
  const preferred = needed.map(({ request, barred }, index) => ({
    request,
    barred: barred | at(avoided, index),
  }))
  const found = arrange(pool, preferred)
  if (found !== undefined || avoided.every((set) => set === 0n)) return found
  return keptOut(pool, needed, avoided)
}

/** Places as many of the requests as fit, the largest first, ignoring avoided ranges. */
export function placeSome<Key extends string>(
  pool: BlockPool,
  requests: readonly PlanRequest<Key>[],
): Attempt<Key> {
  const sorted = [...requests].sort(largestFirst)
  return inOrder(
    pool,
    sorted.map((request) => ({ request, barred: pool.setOf(request.forbidden ?? []) })),
  )
}

/** Bars one avoided range after the other from one request after the other, wherever all requests still fit. */
function keptOut<Key extends string>(
  pool: BlockPool,
  needed: readonly ConstrainedRequest<Key>[],
  avoided: readonly RangeSet[],
): Arrangement<Key> | undefined {
  let wanted = needed
  let best = arrange(pool, wanted)
  if (best === undefined) return undefined
  for (let index = needed.length - 1; index >= 0; index -= 1) {
    for (const range of membersOf(at(avoided, index))) {
      const stricter = wanted.map((one, other) =>
        other === index ? { ...one, barred: one.barred | range } : one,
      )
      const found = arrange(pool, stricter)
      if (found === undefined) continue
      wanted = stricter
      best = found
    }
  }
  return best
}

/** How many cuts the search tries. It ends long before that unless many requests have ranges that cross each other. */
const cutsTried = 1000

/**
 * A place for every request, if there is one. In order, each in the zone that is least useful to the others, finds it
 * whenever of two requests one may go wherever the other may, and no request is larger than a range. For all else the
 * other zones are tried too.
 */
function arrange<Key extends string>(
  pool: BlockPool,
  wanted: readonly ConstrainedRequest<Key>[],
): Arrangement<Key> | undefined {
  const attempt = inOrder(pool, wanted)
  if (attempt.missing.length === 0) return attempt
  if (wanted.every(({ barred }) => barred === 0n)) return undefined
  const unrestricted = wanted.map(({ request }) => ({ request, barred: 0n }))
  if (inOrder(pool, unrestricted).missing.length > 0) return undefined
  return search(pool, wanted, 0, { left: cutsTried })
}

/** One request after the other, each at its best place. */
function inOrder<Key extends string>(
  pool: BlockPool,
  wanted: readonly ConstrainedRequest<Key>[],
): Attempt<Key> {
  const left = pool.copy()
  const subnets: PlannedRequest<Key>[] = []
  const missing: PlanRequest<Key>[] = []
  for (const { request, barred } of wanted) {
    const [best] = bestFirst(left, request.prefixLength, barred, wanted)
    if (best === undefined) {
      missing.push(request)
      continue
    }
    left.cut(best)
    subnets.push(planned(request, best))
  }
  return { subnets, missing, pool: left }
}

/** All requests from the index on, going back to the next best place when one finds none. */
function search<Key extends string>(
  pool: BlockPool,
  wanted: readonly ConstrainedRequest<Key>[],
  index: number,
  cuts: { left: number },
): Arrangement<Key> | undefined {
  const next = wanted[index]
  if (next === undefined) return { subnets: [], pool }
  for (const place of distinct(bestFirst(pool, next.request.prefixLength, next.barred, wanted))) {
    if (cuts.left === 0) return undefined
    cuts.left -= 1
    const left = pool.copy()
    left.cut(place)
    const rest = search(left, wanted, index + 1, cuts)
    if (rest !== undefined) return { ...rest, subnets: [planned(next.request, place), ...rest.subnets] }
  }
  return undefined
}

/** Places in one zone are as good as each other for all that is not larger, so the best of them will do. */
const distinct = (places: readonly Place[]): readonly Place[] =>
  places.filter(
    (place, index) =>
      !place.even || !places.slice(0, index).some(({ even, touches }) => even && touches === place.touches),
  )

/** The zone that is least useful to the others first, then the smallest free block, then the lowest address. */
function bestFirst(
  pool: BlockPool,
  prefixLength: number,
  barred: RangeSet,
  wanted: readonly ConstrainedRequest<string>[],
): readonly Place[] {
  const places = pool.places(prefixLength, barred)
  if (places.length < 2) return places
  const use = (touches: RangeSet): number =>
    wanted.reduce((sum, other) => sum + ((other.barred & touches) === 0n ? 1 : 0), 0)
  return places
    .map((place) => ({ place, use: place.even ? use(place.touches) : pool.mean(place.cidr, use) }))
    .sort(
      (a, b) =>
        a.use - b.use ||
        b.place.block.prefixLength - a.place.block.prefixLength ||
        b.place.part.prefixLength - a.place.part.prefixLength ||
        a.place.cidr.first - b.place.cidr.first,
    )
    .map(({ place }) => place)
}

const planned = <Key extends string>(
  { key, avoided = [] }: PlanRequest<Key>,
  { cidr }: Place,
): PlannedRequest<Key> => ({ key, cidr, touches: avoided.filter((range) => overlaps(range, cidr)) })

const at = (sets: readonly RangeSet[], index: number): RangeSet => sets[index] ?? 0n

/** Each range of a set as a set of its own. */
function membersOf(set: RangeSet): readonly RangeSet[] {
  const members: RangeSet[] = []
  for (let member = 1n; member <= set; member <<= 1n) if ((set & member) !== 0n) members.push(member)
  return members
}

/** The largest first; equal sizes by key, so that the order of the list does not matter. */
const largestFirst = (a: PlanRequest, b: PlanRequest): number =>
  a.prefixLength - b.prefixLength || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

/**
 * How many times a set of requests fits into a VNet, each time all of it: what planning it again and again, taking what
 * was planned, comes to. Each time costs microseconds, because one pool is cut from.
 * @param most stops there, e.g. at the number of projects that a factory can have
 * @returns `most` when nothing is requested
 */
export function countFits(
  space: AddressSpace,
  requests: readonly PlanRequest[],
  most: number = Number.POSITIVE_INFINITY,
): number {
  if (requests.length === 0) return most
  let pool = poolFor(space, requests)
  for (let count = 0; count < most; count += 1) {
    const found = placeAll(pool, requests)
    if (found === undefined) return count
    pool = found.pool
  }
  return most
}
