import type { SubnetRule } from '../../catalog/facts/subnet-rule.ts'
import { type Cidr, cidr } from '../../cidr.ts'
import { freeBlocks } from './free-blocks.ts'
import type { PlanRequest } from './planning.ts'

/**
 * Where a subnet of this purpose must not be, and where it had better not be.
 * @param within the address space that matters: of what a service works in only, all else in it is forbidden
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
