import { everything, type ProjectContents, partsOf, subnetsNeeded } from '../catalog/contents.ts'
import {
  type Catalogue,
  catalogue,
  endpointSubnet,
  type ServiceKey,
  type SubnetKey,
} from '../catalog/index.ts'
import type { PrivateEndpointDefinition, SubnetDefinition, SubnetRule, SubnetSize } from '../catalog/types.ts'
import { sizeOf } from '../cidr.ts'
import type { UserErrorParts } from '../diagnostics/user-error.ts'
import type { SubnetProfile } from '../vocabulary.ts'
import { smallestSubnetPrefixLength } from './planner/placement.ts'

/** Azure reserves this many addresses in every subnet. https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
export const addressesAzureReserves = 5

/** The smallest subnet (largest prefix length) that has this many usable addresses: 0 to 29. */
export const prefixLengthFor = (addresses: number): number =>
  Math.min(smallestSubnetPrefixLength, 32 - Math.ceil(Math.log2(addresses + addressesAzureReserves)))

/** A size, and why it is this one: a sentence. */
export interface SubnetSizing {
  readonly prefixLength: number
  readonly reason: string
}

/** A subnet of a project with its size. */
export interface SizedSubnet extends SubnetSizing {
  readonly key: SubnetKey
}

/** How many private endpoints a project has. */
export const privateEndpointsOf = (contents: ProjectContents, from: Catalogue = catalogue): number =>
  endpointsOf(contents, from).length

/** How many addresses the private endpoints of a project take: several of them take more than one. */
export const endpointAddressesOf = (contents: ProjectContents, from: Catalogue = catalogue): number =>
  endpointsOf(contents, from).reduce((sum, { addresses }) => sum + addresses, 0)

const endpointsOf = (contents: ProjectContents, from: Catalogue): readonly PrivateEndpointDefinition[] =>
  partsOf(contents, from).flatMap(({ privateEndpoints }) => privateEndpoints)

/** The subnets that a project with these services needs, each in the size of the profile, in the catalogue's order. */
export const projectSubnets = (
  services: readonly ServiceKey[],
  profile: SubnetProfile,
  from: Catalogue = catalogue,
): readonly SizedSubnet[] =>
  subnetsNeeded(services, from).map((key) => ({ key, ...subnetSize(from.subnets[key], profile, from) }))

/**
 * The size of a subnet of the catalogue in a profile. It does not depend on which services are on today: Azure resizes
 * only empty subnets, so a subnet must be large enough for what the project switches on later.
 */
export const subnetSize = (
  definition: SubnetDefinition,
  profile: SubnetProfile,
  from: Catalogue = catalogue,
): SubnetSizing => sizeInProfile(definition, demandOf(definition, from), profile)

/** The size of a subnet in a profile, when so much is in it. */
export function sizeInProfile(
  { prefixLength: usual, rule }: Pick<SubnetDefinition, 'prefixLength' | 'rule'>,
  { addresses, sentence }: Demand,
  profile: SubnetProfile,
): SubnetSizing {
  const enough = prefixLengthFor(addresses)
  if (profile === 'standard') {
    const prefixLength = Math.min(usual, enough)
    return { prefixLength, reason: `${sentence}; the profile standard has ${usable(prefixLength)} for them.` }
  }
  const prefixLength = Math.min(rule.smallest.prefixLength, enough)
  return {
    prefixLength,
    reason: `${sentence}; a /${prefixLength} has ${usable(prefixLength)}, since Azure reserves ${addressesAzureReserves}.${drawbackOf(rule, prefixLength)}`,
  }
}

const usable = (prefixLength: number): number => sizeOf(prefixLength) - addressesAzureReserves

/**
 * The smallest size that works for a subnet of a project: what its service accepts, and enough for the private
 * endpoints that it has now.
 */
export function smallestSizeFor(
  { key, rule }: SubnetDefinition,
  contents: ProjectContents,
  from: Catalogue = catalogue,
): SubnetSize {
  if (key !== endpointSubnet) return rule.smallest
  return smallestForEndpoints(rule, {
    endpoints: privateEndpointsOf(contents, from),
    addresses: endpointAddressesOf(contents, from),
  })
}

/** Private endpoints in a subnet. */
export interface EndpointLoad {
  readonly endpoints: number
  /** Several of them take more than one. */
  readonly addresses: number
}

/** The smallest size that works for a subnet with these private endpoints. */
export function smallestForEndpoints(rule: SubnetRule, { endpoints, addresses }: EndpointLoad): SubnetSize {
  const prefixLength = prefixLengthFor(addresses)
  if (prefixLength >= rule.smallest.prefixLength) return rule.smallest
  return {
    prefixLength,
    because: `${endpoints} private endpoints take ${addresses} addresses, and Azure reserves ${addressesAzureReserves}`,
    source: rule.load.source,
  }
}

/** What takes addresses in a subnet. */
export interface Demand {
  readonly addresses: number
  /** Without full stop. */
  readonly sentence: string
}

function demandOf({ key, rule: { load } }: SubnetDefinition, from: Catalogue): Demand {
  if (key === endpointSubnet) {
    const contents = everything(from)
    const addresses = endpointAddressesOf(contents, from)
    const endpoints = privateEndpointsOf(contents, from)
    return {
      addresses,
      sentence: `With every service and a registry of its own a project has ${endpoints} private endpoints, which take ${addresses} addresses`,
    }
  }
  return usualDemand(load)
}

/** What is usually in a subnet of a kind. */
export function usualDemand(load: SubnetRule['load']): Demand {
  const varying = load.count * load.each
  const fixed = load.fixed === 0 ? '' : `, and the service itself takes ${load.fixed}`
  return {
    addresses: load.fixed + varying,
    sentence: `${load.count} ${load.unit} take ${varying} addresses${fixed}`,
  }
}

/** The drawback of a size below the recommended one, as one more sentence; empty otherwise. */
const drawbackOf = ({ recommended }: SubnetRule, prefixLength: number): string =>
  prefixLength <= recommended.prefixLength
    ? ''
    : ` Microsoft recommends a /${recommended.prefixLength}, because ${recommended.because}.`

const inWords = (prefixLength: number): string => `a /${prefixLength} (${sizeOf(prefixLength)} addresses)`

/**
 * Why the service refuses a requested size, as a sentence that follows the name of the subnet; undefined when it does not.
 * @param smallest the smallest size that works here: that of the rule, or a larger one
 */
export function sizeFault(
  prefixLength: number,
  { title, largest }: SubnetRule,
  smallest: SubnetSize,
): UserErrorParts | undefined {
  if (prefixLength > smallest.prefixLength) {
    return {
      what: `requests a /${prefixLength}, which is too small for: ${title}.`,
      why: `The smallest subnet that works is ${inWords(smallest.prefixLength)}, because ${smallest.because}.`,
      fix: `Request a /${smallest.prefixLength} or larger, that is prefixLength ${smallest.prefixLength} or less.`,
      more: smallest.source,
    }
  }
  if (largest !== undefined && prefixLength < largest.prefixLength) {
    return {
      what: `requests a /${prefixLength}, which is too large for: ${title}.`,
      why: `The largest subnet that works is ${inWords(largest.prefixLength)}, because ${largest.because}.`,
      fix: `Request a /${largest.prefixLength} or smaller, that is prefixLength ${largest.prefixLength} or more.`,
      more: largest.source,
    }
  }
  return undefined
}
