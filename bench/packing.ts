import { type Cidr, cidr } from '../src/cidr.ts'
import { countFits, type PlanRequest } from '../src/network/planner/placement.ts'
import { planSubnets } from '../src/network/planner/planner.ts'
import { appendOnly } from './append-only.ts'

/** The subnets of one project, or `undefined` when they do not all fit. */
type Method = (
  prefix: string,
  taken: readonly Cidr[],
  requests: readonly PlanRequest[],
) => readonly Cidr[] | undefined

const planned: Method = (prefix, taken, requests) => {
  const plan = planSubnets({ prefixes: [cidr(prefix)], taken, reserved: [], requests })
  return plan.kind === 'plan' ? plan.subnets.map((subnet) => subnet.cidr) : undefined
}

const appended: Method = (prefix, taken, requests) => {
  const answer = appendOnly([cidr(prefix)], taken, requests)
  if (answer.kind === 'endless' || answer.subnets.size < requests.length) return undefined
  return [...answer.subnets.values()]
}

/** The two methods that choose addresses. */
const methods = { planned, appended } as const

const firstSubnet = (prefix: string) => ({ ...cidr(prefix), prefixLength: 24 })

/** How many projects fit a VNet whose first /24 is in use. */
export function projectsIn(
  prefix: string,
  requests: readonly PlanRequest[],
  method: keyof typeof methods,
): number {
  const taken = [firstSubnet(prefix)]
  if (method === 'planned') return countFits({ prefixes: [cidr(prefix)], taken, reserved: [] }, requests)
  for (let count = 0; ; count += 1) {
    const subnets = appended(prefix, taken, requests)
    if (subnets === undefined) return count
    taken.push(...subnets)
  }
}

/**
 * How many projects are taken in until one finds no room, when twenty live at a time: then the oldest is retired before
 * the next one comes.
 */
export function projectsUntilFull(
  prefix: string,
  requests: readonly PlanRequest[],
  method: keyof typeof methods,
  most: number,
): number {
  const live: (readonly Cidr[])[] = []
  for (let count = 0; count < most; count += 1) {
    if (live.length === 20) live.shift()
    const subnets = methods[method](prefix, [firstSubnet(prefix), ...live.flat()], requests)
    if (subnets === undefined) return count
    live.push(subnets)
  }
  return most
}
