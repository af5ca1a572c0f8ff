import { type Cidr, compareCidrs, contains, networkAt, overlaps, sizeOf } from '../cidr.ts'
import { BlockPool, freeBlocks, outermost } from './free-blocks.ts'
import { place } from './placing.ts'
import {
  type PlanningProblem,
  type PlanRequest,
  type Remedy,
  smallestSubnetPrefixLength,
} from './planning.ts'

/** What would make the missing requests fit. The pool holds what the other requests left; it is used up. */
export function remediesFor<Key extends string>(
  problem: PlanningProblem<Key>,
  missing: readonly PlanRequest<Key>[],
  pool: BlockPool,
): readonly Remedy<Key>[] {
  const prefixLength = blockFor(missing)
  const remedies: Remedy<Key>[] = []
  const resize = smallerSubnets(missing, pool)
  if (resize !== undefined) remedies.push({ kind: 'resize', subnets: resize })
  if (prefixLength === undefined) return remedies
  const release = fewestToRelease(problem, prefixLength)
  if (release !== undefined) remedies.push({ kind: 'release', subnets: release })
  remedies.push({ kind: 'add-prefix', prefixLength })
  return remedies
}

/** The smallest block that holds all of them: powers of two fill one without waste. `undefined` beyond all of IPv4. */
function blockFor(requests: readonly PlanRequest[]): number | undefined {
  const addresses = requests.reduce((sum, { prefixLength }) => sum + sizeOf(prefixLength), 0)
  for (let prefixLength = smallestSubnetPrefixLength; prefixLength >= 0; prefixLength -= 1) {
    if (sizeOf(prefixLength) >= addresses) return prefixLength
  }
  return undefined
}

/** The missing subnets in the largest sizes that fit into what is left, or `undefined` when one does not fit at all. */
function smallerSubnets<Key extends string>(
  missing: readonly PlanRequest<Key>[],
  pool: BlockPool,
): readonly { key: Key; prefixLength: number }[] | undefined {
  const resized: { key: Key; prefixLength: number }[] = []
  for (const { key, prefixLength, smallestPrefixLength } of missing) {
    const longest = smallestPrefixLength ?? smallestSubnetPrefixLength
    let length = prefixLength + 1
    while (length <= longest && pool.take(length) === undefined) length += 1
    if (length > longest) return undefined
    resized.push({ key, prefixLength: length })
  }
  return resized
}

/** How many of the best candidates are tried: planning again costs a millisecond or two each. */
const candidatesTried = 20

/** The fewest existing subnets without which everything fits: those in one aligned block nothing reserved touches. */
function fewestToRelease(problem: PlanningProblem, prefixLength: number): readonly Cidr[] | undefined {
  const prefixes = outermost(problem.prefixes)
  const reserved = outermost(problem.reserved)
  return occupiedBlocks(problem.taken, prefixLength)
    .filter(
      ({ block }) =>
        prefixes.some((prefix) => contains(prefix, block)) &&
        !reserved.some((range) => overlaps(range, block)),
    )
    .sort(fewestFirst)
    .slice(0, candidatesTried)
    .find(({ subnets }) => fitsWithout(problem, subnets))?.subnets
}

interface OccupiedBlock {
  readonly block: Cidr
  readonly subnets: Cidr[]
}

/** The subnets by the aligned block they stand in; a subnet larger than that is a block of its own. */
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

const addressesOf = (subnets: readonly Cidr[]): number =>
  subnets.reduce((sum, { prefixLength }) => sum + sizeOf(prefixLength), 0)

/** Fewer subnets first, then fewer addresses, then the lower address. */
const fewestFirst = (a: OccupiedBlock, b: OccupiedBlock): number =>
  a.subnets.length - b.subnets.length ||
  addressesOf(a.subnets) - addressesOf(b.subnets) ||
  compareCidrs(a.block, b.block)

/** Would all requests fit if these subnets were gone? The room around them may be what another request needs. */
function fitsWithout(problem: PlanningProblem, released: readonly Cidr[]): boolean {
  const kept = problem.taken.filter((subnet) => !released.some((gone) => contains(gone, subnet)))
  const pool = new BlockPool(freeBlocks(problem.prefixes, [...kept, ...problem.reserved]))
  return place(pool, problem.requests).missing.length === 0
}
