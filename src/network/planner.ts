import { sizeOf } from '../cidr.ts'
import { BlockPool, freeBlocks } from './free-blocks.ts'
import { place } from './placing.ts'
import type { PlanningProblem, Shortage, SubnetPlan } from './planning.ts'
import { remediesFor } from './remedies.ts'

/**
 * Finds room for all requested subnets, or for none. Every prefix is used and every gap refilled; a subnet is cut from
 * the smallest aligned hole that holds it (the lowest of equals), the largest subnet first, so the largest free blocks
 * stay whole. Sizes are powers of two, so whatever can fit at all does fit this way. The same VNet and requests give the
 * same plan in whatever order they are listed.
 */
export function planSubnets<Key extends string>(
  problem: PlanningProblem<Key>,
): SubnetPlan<Key> | Shortage<Key> {
  const blocks = freeBlocks(problem.prefixes, [...problem.taken, ...problem.reserved])
  const pool = new BlockPool(blocks)
  const largestFree = pool.largest()
  const { subnets, missing } = place(pool, problem.requests)
  if (missing.length === 0) return { kind: 'plan', subnets }
  const largestLeft = pool.largest()
  return {
    kind: 'shortage',
    missing,
    largestFree,
    largestLeft,
    free: blocks.reduce((sum, block) => sum + sizeOf(block.prefixLength), 0),
    blocks: blocks.length,
    remedies: remediesFor(problem, missing, pool),
  }
}
