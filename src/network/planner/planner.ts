import {
  type Cidr,
  compareCidrs,
  contains,
  formatCidr,
  networkAt,
  overlaps,
  sizeOf,
  totalSizeOf,
} from '../../cidr.ts'
import { type AddressSpace, type BlockPool, freeBlocks, outermost } from './free-blocks.ts'
import {
  type PlannedRequest,
  type PlanRequest,
  placeAll,
  placeSome,
  poolFor,
  smallestSubnetPrefixLength,
} from './placement.ts'

/** One change that would make every requested subnet fit. */
export type Suggestion<Key extends string = string> =
  /** Add an address prefix of this size, or a larger one, to the VNet: one that overlaps none of the ranges. */
  | { readonly kind: 'add-prefix'; readonly prefixLength: number; readonly outside: readonly Cidr[] }
  /** Request smaller subnets: the largest sizes that fit. */
  | {
      readonly kind: 'resize'
      readonly subnets: readonly { readonly key: Key; readonly prefixLength: number }[]
    }
  /** Delete these subnets, the fewest that free one block large enough. */
  | { readonly kind: 'release'; readonly subnets: readonly Cidr[] }

/** The addresses of a VNet, and the subnets to place in it. */
export interface PlanningProblem<Key extends string = string> extends AddressSpace {
  readonly requests: readonly PlanRequest<Key>[]
  /** Those of the taken subnets that are in use, so that they cannot be deleted; absent when none is known to be. */
  readonly inUse?: readonly Cidr[]
}

/** Where each requested subnet goes, the largest first. */
export interface SubnetPlan<Key extends string = string> {
  readonly kind: 'plan'
  readonly subnets: readonly PlannedRequest<Key>[]
}

/** Why there is no plan. */
export interface Shortage<Key extends string = string> {
  readonly kind: 'shortage'
  /** Every request that did not fit after the others were placed, the largest first. */
  readonly missing: readonly PlanRequest<Key>[]
  /** The largest aligned block that is free now, before any request is placed. */
  readonly largestFree: Cidr | undefined
  /** The largest aligned block left after the requests that do fit. */
  readonly largestLeft: Cidr | undefined
  /** Free addresses now. */
  readonly free: number
  /** How many aligned blocks the free addresses are in. */
  readonly blocks: number
  /** The ranges in the VNet that the missing requests must not overlap, when all would fit without these; else empty. */
  readonly inTheWay: readonly Cidr[]
  /** Each of these alone would make everything fit. */
  readonly suggestions: readonly Suggestion<Key>[]
}

/**
 * Places all requested subnets, or none. Every prefix is used and every gap refilled; a subnet is cut from
 * the smallest aligned hole that holds it (the lowest of equals), the largest subnet first, so the largest free blocks
 * stay whole. Sizes are powers of two, so whatever can fit at all does fit this way. A request that may go anywhere goes
 * first where others must not. The same VNet and requests result in the same plan, in whatever order they are listed.
 */
export function planSubnets<Key extends string>(
  problem: PlanningProblem<Key>,
): SubnetPlan<Key> | Shortage<Key> {
  const pool = poolFor(problem, problem.requests)
  const found = placeAll(pool, problem.requests)
  return found === undefined ? shortageOf(problem, pool) : { kind: 'plan', subnets: found.subnets }
}

function shortageOf<Key extends string>(problem: PlanningProblem<Key>, pool: BlockPool): Shortage<Key> {
  const blocks = freeBlocks(problem.prefixes, [...problem.taken, ...problem.reserved])
  const unrestricted = problem.requests.map(({ key, prefixLength }) => ({ key, prefixLength }))
  const fitsWithoutRanges = placeAll(pool, unrestricted) !== undefined
  const { missing, pool: left } = placeSome(pool, problem.requests)
  const forbidden = forbiddenTo(missing).filter((range) =>
    problem.prefixes.some((prefix) => overlaps(prefix, range)),
  )
  return {
    kind: 'shortage',
    missing,
    largestFree: pool.largest(),
    largestLeft: left.largest(),
    free: totalSizeOf(blocks),
    blocks: blocks.length,
    inTheWay: fitsWithoutRanges ? forbidden : [],
    suggestions: suggestionsFor(problem, missing, left),
  }
}

/**
 * What would make the missing requests fit.
 * @param left the pool after the other requests have their places
 */
function suggestionsFor<Key extends string>(
  problem: PlanningProblem<Key>,
  missing: readonly PlanRequest<Key>[],
  left: BlockPool,
): readonly Suggestion<Key>[] {
  const prefixLength = blockFor(missing)
  const suggestions: Suggestion<Key>[] = []
  const resize = smallerSubnets(problem, missing, left)
  if (resize !== undefined) suggestions.push({ kind: 'resize', subnets: resize })
  if (prefixLength === undefined) return suggestions
  const outside = forbiddenTo(missing)
  const release = fewestToRelease(problem, prefixLength, outside)
  if (release !== undefined) suggestions.push({ kind: 'release', subnets: release })
  suggestions.push({ kind: 'add-prefix', prefixLength, outside })
  return suggestions
}

/** The ranges that some of the requests must not overlap, each once, by address. */
const forbiddenTo = (requests: readonly PlanRequest[]): readonly Cidr[] =>
  outermost(requests.flatMap(({ forbidden = [] }) => forbidden))

/** The smallest block that holds all of them: powers of two fill one without waste. `undefined` beyond all of IPv4. */
function blockFor(requests: readonly PlanRequest[]): number | undefined {
  const addresses = totalSizeOf(requests)
  for (let prefixLength = smallestSubnetPrefixLength; prefixLength >= 0; prefixLength -= 1) {
    if (sizeOf(prefixLength) >= addresses) return prefixLength
  }
  return undefined
}

/** The missing subnets in the largest sizes that fit beside the others, or `undefined` when one does not fit at all. */
function smallerSubnets<Key extends string>(
  problem: PlanningProblem<Key>,
  missing: readonly PlanRequest<Key>[],
  left: BlockPool,
): readonly { key: Key; prefixLength: number }[] | undefined {
  const resized = new Map<Key, PlanRequest<Key>>()
  let pool = left
  for (const request of missing) {
    const smaller = largestThatFits(request, pool)
    if (smaller === undefined) return undefined
    resized.set(request.key, smaller.request)
    pool = smaller.pool
  }
  const requests = problem.requests.map((request) => resized.get(request.key) ?? request)
  if (!fits({ ...problem, requests })) return undefined
  return [...resized.values()].map(({ key, prefixLength }) => ({ key, prefixLength }))
}

/** The request in the largest smaller size that fits, and what is free then. */
function largestThatFits<Key extends string>(
  request: PlanRequest<Key>,
  pool: BlockPool,
): { readonly request: PlanRequest<Key>; readonly pool: BlockPool } | undefined {
  const longest = request.smallestPrefixLength ?? smallestSubnetPrefixLength
  for (let prefixLength = request.prefixLength + 1; prefixLength <= longest; prefixLength += 1) {
    const smaller = { ...request, prefixLength }
    const found = placeAll(pool, [smaller])
    if (found !== undefined) return { request: smaller, pool: found.pool }
  }
  return undefined
}

/** How many of the best candidates are tried: planning again costs a millisecond or two each. */
const candidatesTried = 20

/** The fewest existing subnets without which everything fits, of those nothing is in: all in one aligned block of use. */
function fewestToRelease(
  problem: PlanningProblem,
  prefixLength: number,
  outside: readonly Cidr[],
): readonly Cidr[] | undefined {
  const prefixes = outermost(problem.prefixes)
  const unusable = outermost([...problem.reserved, ...outside])
  const inUse = new Set(problem.inUse?.map(formatCidr))
  return occupiedBlocks(problem.taken, prefixLength)
    .filter(
      ({ block, subnets }) =>
        prefixes.some((prefix) => contains(prefix, block)) &&
        !unusable.some((range) => overlaps(range, block)) &&
        !subnets.some((subnet) => inUse.has(formatCidr(subnet))),
    )
    .sort(fewestFirst)
    .slice(0, candidatesTried)
    .find(({ subnets }) => fitsWithout(problem, subnets))?.subnets
}

interface OccupiedBlock {
  readonly block: Cidr
  readonly subnets: Cidr[]
}

/** The subnets by the aligned block they are in; a subnet larger than that is a block of its own. */
function occupiedBlocks(taken: readonly Cidr[], prefixLength: number): OccupiedBlock[] {
  const blocks = new Map<number, OccupiedBlock>()
  for (const subnet of outermost(taken)) {
    const block = subnet.prefixLength <= prefixLength ? subnet : networkAt(subnet.first, prefixLength)
    const entry = blocks.get(block.first)
    if (entry === undefined) blocks.set(block.first, { block, subnets: [subnet] })
    else entry.subnets.push(subnet)
  }
  return [...blocks.values()]
}

/** Fewer subnets first, then fewer addresses, then the lower address. */
const fewestFirst = (a: OccupiedBlock, b: OccupiedBlock): number =>
  a.subnets.length - b.subnets.length ||
  totalSizeOf(a.subnets) - totalSizeOf(b.subnets) ||
  compareCidrs(a.block, b.block)

/** Would all requests fit without these subnets? The space around them may be what another request needs. */
const fitsWithout = (problem: PlanningProblem, released: readonly Cidr[]): boolean =>
  fits({
    ...problem,
    taken: problem.taken.filter((subnet) => !released.some((gone) => contains(gone, subnet))),
  })

const fits = (problem: PlanningProblem): boolean =>
  placeAll(poolFor(problem, problem.requests), problem.requests) !== undefined
