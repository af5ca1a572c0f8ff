import { type Cidr, cidr, sizeOf, totalSizeOf } from '../../cidr.ts'
import { type Environment, environments, type ProjectType, type SubnetProfile } from '../../vocabulary.ts'
import { defaultRanges } from '../blocked-ranges.ts'
import { planSubnets } from '../planner/planner.ts'
import type { ProjectDemand } from './forecast.ts'
import { type CountedLimitKey, countedLimitKeys, type LimitKey, limits } from './limits.ts'

/** A subnet of the common area or of the hub's services, for which a proposal reserves addresses. */
export interface CommonSubnet {
  readonly name: string
  readonly prefixLength: number
  readonly purpose: string
}

/**
 * What a proposed VNet holds besides its projects: the four subnets of the common area, and those that a
 * firewall and a gateway need when there is no hub that has them. The names of the last four are Azure's own.
 * https://learn.microsoft.com/azure/bastion/configuration-settings#subnet
 * https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub
 * https://learn.microsoft.com/azure/firewall/firewall-faq
 */
export const commonSubnets: readonly CommonSubnet[] = [
  { name: 'common', prefixLength: 26, purpose: 'services of the common area' },
  { name: 'scoring', prefixLength: 26, purpose: 'shared compute' },
  { name: 'power-bi', prefixLength: 26, purpose: 'the gateway of Power BI' },
  { name: 'AzureBastionSubnet', prefixLength: 26, purpose: 'Azure Bastion' },
  { name: 'AzureFirewallSubnet', prefixLength: 26, purpose: 'Azure Firewall' },
  { name: 'AzureFirewallManagementSubnet', prefixLength: 26, purpose: 'Azure Firewall, forced tunnelling' },
  { name: 'GatewaySubnet', prefixLength: 27, purpose: 'a VPN or ExpressRoute gateway' },
]

/** Private endpoints of the common area itself: lake, key vaults, registry and monitoring, rounded up. */
const commonPrivateEndpoints = 10

/** Planned for this many more projects than requested, because factories grow. */
export const growth = 0.25

/** How many projects there are to be, and what each takes. */
export interface ProposalRequest {
  readonly profile: SubnetProfile
  readonly projects: Readonly<Partial<Record<ProjectType, number>>>
  /** What one project takes, by type, in this profile. */
  readonly demands: Readonly<Record<ProjectType, ProjectDemand>>
  /** Ranges that are in use elsewhere. */
  readonly reserved: readonly Cidr[]
}

/** Projects of one type. */
export interface ProjectCount {
  readonly type: ProjectType
  readonly count: number
}

/** A limit that all projects together exceed in one instance of the factory. */
export interface ExceededLimit {
  readonly limit: LimitKey
  readonly needed: number
  readonly max: number
}

/** The VNet of one environment of one instance. */
export interface ProposedNetwork {
  /** From 1. */
  readonly instance: number
  readonly environment: Environment
  readonly addressSpace: readonly Cidr[]
}

/** Address spaces for a factory that does not exist yet. */
export interface Proposal {
  readonly profile: SubnetProfile
  /** Planned for, growth included. */
  readonly projects: readonly ProjectCount[]
  /** How many instances of the factory it takes, each with a VNet and a subscription for each environment. */
  readonly instances: number
  /** Why it takes more than one, if it does. */
  readonly exceededLimits: readonly ExceededLimit[]
  /** What fits each instance. */
  readonly perInstance: readonly ProjectCount[]
  /** Addresses that the subnets of one VNet take, those of the common area included. */
  readonly addresses: number
  /** The sizes of the address prefixes of each VNet: one, or two where one would waste much. */
  readonly prefixLengths: readonly number[]
  /** Absent when the private ranges of IPv4 are too small for all of them beside what is reserved. */
  readonly networks?: readonly ProposedNetwork[]
}

/** Proposes disjoint address spaces for dev, stage and prod. The same request gives the same proposal. */
export function propose(request: ProposalRequest): Proposal {
  const { profile, demands, projects: requested } = request
  const projects = Object.values(demands).flatMap(({ type }): readonly ProjectCount[] => {
    const count = requested[type] ?? 0
    return count === 0 ? [] : [{ type, count: Math.ceil(count * (1 + growth)) }]
  })
  const exceededLimits = countedLimitKeys.flatMap((limit): readonly ExceededLimit[] => {
    const needed = neededAt(limit, projects, demands)
    const { max } = limits[limit]
    return needed > max ? [{ limit, needed, max }] : []
  })
  const { instances, perInstance } = shares(projects, demands)
  const addresses = addressesOf(perInstance, demands)
  const prefixLengths = prefixLengthsFor(addresses)
  const wanted = Array.from({ length: instances }, (_, index) => index + 1).flatMap((instance) =>
    environments.map((environment) => ({ instance, environment })),
  )
  const places = placeNetworks(wanted.length, prefixLengths, [...request.reserved, ...refused(demands)])
  return {
    profile,
    projects,
    instances,
    exceededLimits,
    perInstance,
    addresses,
    prefixLengths,
    ...(places && {
      networks: wanted.map((network, index) => ({ ...network, addressSpace: places[index] ?? [] })),
    }),
  }
}

type Demands = ProposalRequest['demands']

/** What the common area uses of the limits that it counts towards. */
const commonTakes: Readonly<Partial<Record<CountedLimitKey, number>>> = {
  subnets: commonSubnets.length,
  privateEndpoints: commonPrivateEndpoints,
  resourceGroups: 1,
  lakeEntries: 1,
}

const neededAt = (limit: CountedLimitKey, projects: readonly ProjectCount[], demands: Demands): number =>
  projects.reduce((sum, { type, count }) => sum + count * demands[type].takes[limit], commonTakes[limit] ?? 0)

/** The fewest instances among which the projects can be divided evenly so that each stays within every limit. */
function shares(projects: readonly ProjectCount[], demands: Demands) {
  for (let instances = 1; ; instances += 1) {
    const perInstance = projects.map(({ type, count }) => ({ type, count: Math.ceil(count / instances) }))
    const fits = countedLimitKeys.every((limit) => neededAt(limit, perInstance, demands) <= limits[limit].max)
    if (fits || perInstance.every(({ count }) => count === 1)) return { instances, perInstance }
  }
}

const addressesOf = (projects: readonly ProjectCount[], demands: Demands): number =>
  projects.reduce(
    (sum, { type, count }) => sum + count * totalSizeOf(demands[type].subnets),
    totalSizeOf(commonSubnets),
  )

/** Anything smaller is never assigned to a VNet, and would be full at once. */
const smallestPrefix = 24

const smallestHolding = (addresses: number): number => {
  let prefixLength = smallestPrefix
  while (sizeOf(prefixLength) < addresses) prefixLength -= 1
  return prefixLength
}

/** Two prefixes are more work than one; worth it when they save at least a quarter of the addresses. */
const worthTwo = 0.75

/**
 * Subnets have sizes of powers of two, so they fill an aligned block without a gap, the largest first. One block holds
 * them all, or one that they fill completely and another one for the rest.
 */
export function prefixLengthsFor(addresses: number): readonly number[] {
  const one = smallestHolding(addresses)
  if (one === smallestPrefix || sizeOf(one) === addresses) return [one]
  const full = one + 1
  const rest = smallestHolding(addresses - sizeOf(full))
  return sizeOf(full) + sizeOf(rest) <= worthTwo * sizeOf(one) ? [full, rest] : [one]
}

/** Ranges in which one of the project's services does not work, or not well. */
const refused = (demands: Demands): readonly Cidr[] =>
  Object.values(demands).flatMap(({ subnets }) =>
    subnets.flatMap(({ forbidden = [], avoided = [] }) => [...forbidden, ...avoided]),
  )

/**
 * The private ranges of IPv4 (RFC 1918), in the order in which they are tried: the middle one is the least used by
 * company networks and homes, and every region's Foundry agents accept it.
 * https://learn.microsoft.com/azure/foundry/agents/how-to/virtual-networks
 */
const privateRanges: readonly Cidr[] = ['172.16.0.0/12', '10.0.0.0/8', '192.168.0.0/16'].map(cidr)

/**
 * Disjoint address spaces of the same sizes for some VNets, all from one private range where they fit, and the
 * prefixes of one VNet close to each other.
 * @param blocked ranges that none may overlap
 * @returns one list of prefixes for each VNet, or undefined when they do not all fit
 */
function placeNetworks(
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
