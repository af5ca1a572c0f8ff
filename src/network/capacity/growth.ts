import { countFits } from '../planner/count-fits.ts'
import type { Forecast } from './forecast.ts'
import type { WallKey } from './walls.ts'

/** What one more address prefix would bring. */
export interface AnotherPrefix {
  readonly prefixLength: number
  /** Projects more than fit now. */
  readonly more: number
  /** The wall that comes next; `addresses` when they run out again before any other. */
  readonly nextWall: WallKey
}

/** A prefix larger than this is rarely to be had, and one smaller than that rarely worth the work. */
const largestPrefixLength = 16
const smallestPrefixLength = 24

/**
 * The smallest address prefix that takes a VNet as far as its next wall, or a /16 when none does.
 * @returns undefined when addresses are not what is missing, or not even a /16 would hold one more project
 */
export function anotherPrefix({ demand, walls, more }: Forecast): AnotherPrefix | undefined {
  const [first, next] = walls
  if (first?.wall !== 'addresses' || (next !== undefined && next.more <= more)) return undefined
  const wanted = next === undefined ? Number.POSITIVE_INFINITY : next.more - more
  for (let prefixLength = smallestPrefixLength; prefixLength >= largestPrefixLength; prefixLength -= 1) {
    const fits = countFits(emptyPrefix(prefixLength), anywhere(demand.subnets))
    if (fits >= wanted && next !== undefined) return { prefixLength, more: wanted, nextWall: next.wall }
    if (prefixLength === largestPrefixLength && fits > 0)
      return { prefixLength, more: fits, nextWall: 'addresses' }
  }
  return undefined
}

const emptyPrefix = (prefixLength: number) => ({
  prefixes: [{ first: 0, prefixLength }],
  taken: [],
  reserved: [],
})

/** Nobody knows yet where the prefix will be, and it will not be where a service refuses it. */
const anywhere = (subnets: Forecast['demand']['subnets']): Forecast['demand']['subnets'] =>
  subnets.map(({ key, prefixLength }) => ({ key, prefixLength }))
