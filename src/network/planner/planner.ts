import { overlaps, totalSizeOf } from '../../cidr.ts'
import type { BlockPool } from './block-pool.ts'
import { freeBlocks } from './free-blocks.ts'
import { placeAll, placeSome, poolFor } from './placing.ts'
import type { PlanningProblem, Shortage, SubnetPlan } from './planning.ts'
import { forbiddenTo, remediesFor } from './remedies.ts'

/**
 * Finds room for all requested subnets, or for none. Every prefix is used and every gap refilled; a subnet is cut from
 * the smallest aligned hole that holds it (the lowest of equals), the largest subnet first, so the largest free blocks
 * stay whole. Sizes are powers of two, so whatever can fit at all does fit this way. A request that may go anywhere goes
 * first where others may not. The same VNet and requests give the same plan in whatever order they are listed.
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
    remedies: remediesFor(problem, missing, left),
  }
}
