import { placeAll, poolFor } from './placing.ts'
import type { AddressRoom, PlanRequest } from './planning.ts'

/**
 * How many times a set of requests fits into a VNet, each time all of it: what planning it again and again, taking what
 * was planned, comes to. Each time costs microseconds, because one pool is cut from.
 * @param most stops there, e.g. at the number of projects that a factory can have
 * @returns `most` when nothing is requested
 */
export function countFits(
  room: AddressRoom,
  requests: readonly PlanRequest[],
  most: number = Number.POSITIVE_INFINITY,
): number {
  if (requests.length === 0) return most
  let pool = poolFor(room, requests)
  for (let count = 0; count < most; count += 1) {
    const found = placeAll(pool, requests)
    if (found === undefined) return count
    pool = found.pool
  }
  return most
}
