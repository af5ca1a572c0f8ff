import { type Cidr, cidr } from '../../cidr.ts'
import { defaultRanges } from '../conflicts.ts'
import { planSubnets } from '../planner/planner.ts'

/**
 * The private ranges of IPv4 (RFC 1918), in the order in which they are tried: the middle one is the least used by
 * company networks and homes, and every region's Foundry agents accept it.
 * https://learn.microsoft.com/azure/foundry/agents/how-to/virtual-networks
 */
const privateRanges: readonly Cidr[] = ['172.16.0.0/12', '10.0.0.0/8', '192.168.0.0/16'].map(cidr)

/**
 * Disjoint address spaces of the same sizes for some VNets, all from one private range where one has room, and the
 * prefixes of one VNet close to each other.
 * @param blocked ranges that none may touch
 * @returns one list of prefixes for each VNet, or undefined when there is no room for all
 */
export function placeNetworks(
  count: number,
  prefixLengths: readonly number[],
  blocked: readonly Cidr[],
): readonly (readonly Cidr[])[] | undefined {
  const reserved = [...defaultRanges.map(({ range }) => cidr(range)), ...blocked]
  for (const prefixes of [...privateRanges.map((range) => [range]), privateRanges]) {
    const places = placedIn(prefixes, reserved, count, prefixLengths)
    if (places !== undefined) return places
  }
  return undefined
}

function placedIn(
  prefixes: readonly Cidr[],
  reserved: readonly Cidr[],
  count: number,
  prefixLengths: readonly number[],
): readonly (readonly Cidr[])[] | undefined {
  const requests = prefixLengths.map((prefixLength, part) => ({ key: String(part), prefixLength }))
  const places: (readonly Cidr[])[] = []
  while (places.length < count) {
    const plan = planSubnets({ prefixes, taken: places.flat(), reserved, requests })
    if (plan.kind === 'shortage') return undefined
    places.push(plan.subnets.map((subnet) => subnet.cidr))
  }
  return places
}
