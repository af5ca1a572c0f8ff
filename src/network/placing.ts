import type { Cidr } from '../cidr.ts'
import type { BlockPool } from './free-blocks.ts'
import type { PlanRequest } from './planning.ts'

/** Which requests found a place in the pool, and which did not. Both the largest first. */
export interface Placement<Key extends string> {
  readonly subnets: readonly { readonly key: Key; readonly cidr: Cidr }[]
  readonly missing: readonly PlanRequest<Key>[]
}

/** Cuts the requested networks out of the pool, the largest first, as many as fit. */
export function place<Key extends string>(
  pool: BlockPool,
  requests: readonly PlanRequest<Key>[],
): Placement<Key> {
  const subnets: { key: Key; cidr: Cidr }[] = []
  const missing: PlanRequest<Key>[] = []
  for (const request of [...requests].sort(largestFirst)) {
    const cidr = pool.take(request.prefixLength)
    if (cidr === undefined) missing.push(request)
    else subnets.push({ key: request.key, cidr })
  }
  return { subnets, missing }
}

/** The largest first; equal sizes by key, so that the order of the list does not matter. */
const largestFirst = (a: PlanRequest, b: PlanRequest): number =>
  a.prefixLength - b.prefixLength || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
