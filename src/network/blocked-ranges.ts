import { azureForbiddenRanges } from '../catalog/facts/subnet-rules.ts'
import { type Cidr, cidr, contains, formatCidr, overlaps } from '../cidr.ts'
import { enumeration } from '../diagnostics/enumeration.ts'
import { type Location, UserError } from '../diagnostics/user-error.ts'
import type { FactoryNetwork, ResolvedFactory } from '../manifest/resolved.ts'
import { lastSegment } from '../resource-id.ts'
import type { AccessMode } from '../vocabulary.ts'
import { type ActualNetwork, ipv4Networks, type Peering } from './vnet.ts'

/** A range that is kept free of subnets. */
export interface ReservedRange {
  readonly cidr: Cidr
  /** Its place in factory.yml; absent when it comes from an input of the action. */
  readonly where?: Location
}

/** The one reason for a blocked range that can be changed here. */
const reserved = 'it is reserved'

/** What constrains the addresses of subnets besides the VNet itself. */
export interface AddressConstraints {
  readonly reserved: readonly ReservedRange[]
  /** The factory's other environments; they matter when their VNets are to be peered. */
  readonly others?: FactoryNetwork['others']
  /** CIDRs on-premises, which no subnet may have. */
  readonly onPremises?: readonly ReservedRange[]
  /** Absent when there is no factory. */
  readonly accessMode?: AccessMode
}

/**
 * What constrains the addresses in one environment of a factory, or without a factory.
 * @param input what an input of the action reserves in addition
 */
export const addressConstraints = (
  factory: Pick<ResolvedFactory, 'network' | 'accessMode'> | undefined,
  input: readonly Cidr[],
): AddressConstraints => ({
  reserved: [...input.map((range) => ({ cidr: range })), ...(factory ? listed(factory, 'reserved') : [])],
  ...(factory && {
    others: factory.network.others,
    onPremises: listed(factory, 'onPremises'),
    accessMode: factory.accessMode,
  }),
})

/** The ranges that a list of factory.yml has, with their places. */
const listed = (
  { network }: Pick<ResolvedFactory, 'network'>,
  key: 'reserved' | 'onPremises',
): readonly ReservedRange[] =>
  network[key].flatMap((text, index) =>
    ipv4Networks([text]).map((range) => ({ cidr: range, where: network.at(`${key}.${index}`) })),
  )

/** A range of the VNet in which no subnet may be placed. */
export interface BlockedRange {
  readonly cidr: Cidr
  /** Half a sentence that follows "because", e.g. `it belongs to the peered VNet 'hub'`. */
  readonly because: string
  /** The place in a document to change. */
  readonly where?: Location
}

/** A range that software uses inside virtual machines and clusters unless it is configured otherwise. */
export interface DefaultRange {
  /** CIDR. */
  readonly range: string
  /** What uses it. */
  readonly title: string
  /** What does not work when a VNet has it too, a sentence. */
  readonly breaks: string
  /** What to do then. */
  readonly fix: string
  readonly source: string
}

/** Ranges that a VNet should not use. */
export const defaultRanges: readonly DefaultRange[] = [
  {
    range: '172.17.0.0/16',
    title: 'the bridge of Docker',
    breaks:
      'Containers on machine learning compute and on virtual machines cannot connect to anything in it.',
    fix: "Add it to 'reserved' so that no subnet is placed there",
    source: 'https://learn.microsoft.com/azure/machine-learning/how-to-secure-workspace-vnet',
  },
  {
    range: '10.0.0.0/16',
    title: 'the default service range of Kubernetes clusters',
    breaks: 'Such a cluster cannot connect to anything in it.',
    fix: 'Use another service range for clusters in this VNet and in the VNets it is peered with',
    source:
      'https://learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update#containerservicenetworkprofile',
  },
]

const peeringRules = 'https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering'

const place = (where: Location | undefined): string =>
  where === undefined ? '' : ` (${where.file}:${where.line})`

/** The other environments' ranges, when the VNets of the factory are to be peered. */
const peeredEnvironments = ({ others = [], accessMode }: AddressConstraints): FactoryNetwork['others'] =>
  accessMode === 'private-peered' ? others : []

const nameOf = ({ name, remoteId }: Peering): string => lastSegment(remoteId) || name

/**
 * The ranges of a VNet in which no subnet may be placed, and why: what is reserved, what belongs to peered VNets and to
 * the other environments, and what Azure reserves for itself. Ranges outside the VNet are left out. One range may occur
 * for several reasons, and ranges may overlap.
 */
export function blockedRanges(
  network: ActualNetwork,
  constraints: AddressConstraints,
): readonly BlockedRange[] {
  const prefixes = ipv4Networks(network.addressPrefixes)
  const all: readonly BlockedRange[] = [
    ...constraints.reserved.map((range) => ({ ...range, because: reserved })),
    ...(constraints.onPremises ?? []).map((range) => ({ ...range, because: 'it is on-premises' })),
    ...(network.peerings ?? []).flatMap((peering) =>
      ipv4Networks(peering.remoteAddressPrefixes).map((range) => ({
        cidr: range,
        because: `it belongs to the peered VNet '${nameOf(peering)}'`,
      })),
    ),
    ...peeredEnvironments(constraints).flatMap(({ environment, addressSpace }) =>
      ipv4Networks(addressSpace).map((range) => ({
        cidr: range,
        because: `it belongs to the VNet of ${environment}, with which this one is to be peered`,
      })),
    ),
    ...azureForbiddenRanges.map(({ range, because }) => ({ cidr: cidr(range), because })),
  ]
  return all.filter((blocked) => prefixes.some((prefix) => overlaps(prefix, blocked.cidr)))
}

/**
 * Problems with a VNet's address space, and what they break; each names both ranges and the fix. A reserved range inside
 * the VNet, or outside it, is no problem: that is what reserving is for.
 */
export function addressWarnings(network: ActualNetwork, constraints: AddressConstraints): readonly string[] {
  const prefixes = ipv4Networks(network.addressPrefixes)
  const clashes = <T>(range: Cidr, describe: (prefix: Cidr) => T): readonly T[] =>
    prefixes.filter((prefix) => overlaps(prefix, range)).map(describe)
  const of = (prefix: Cidr): string => `${formatCidr(prefix)} of VNet '${network.name}'`
  return [
    ...constraints.reserved.flatMap((range) =>
      clashes(range.cidr, (prefix) => coveredPrefix(range, prefix, of(prefix))).flatMap((text) => text ?? []),
    ),
    ...(constraints.onPremises ?? []).flatMap(({ cidr: range, where }) =>
      clashes(
        range,
        (prefix) =>
          `${formatCidr(range)}${place(where)} is on-premises and overlaps ${of(prefix)}. Traffic to the addresses they share does not leave the VNet, so no subnet is placed there. Change the address space of one of the two.`,
      ),
    ),
    ...(network.peerings ?? []).flatMap((peering) =>
      ipv4Networks(peering.remoteAddressPrefixes).flatMap((range) =>
        clashes(
          range,
          (prefix) =>
            `The peered VNet '${nameOf(peering)}' has ${formatCidr(range)}, which overlaps ${of(prefix)}. Traffic to the addresses they share does not leave the VNet, so no subnet is placed there. Change the address space of one of the two. More: ${peeringRules}`,
        ),
      ),
    ),
    ...peeredEnvironments(constraints).flatMap(({ environment, addressSpace }) =>
      ipv4Networks(addressSpace).flatMap((range) =>
        clashes(
          range,
          (prefix) =>
            `The VNet of ${environment} has ${formatCidr(range)}, which overlaps ${of(prefix)}. The access mode private-peered peers them, with each other or with one hub, which Azure refuses when they overlap. No subnet is placed there. Change the address space of one of the two, or the access mode. More: ${peeringRules}`,
        ),
      ),
    ),
    ...defaultRangeWarnings(network, constraints, prefixes),
    ...outsideWarnings(network, prefixes),
    ...peeringStateWarnings(network, constraints),
  ]
}

function coveredPrefix(
  { cidr: range, where }: ReservedRange,
  prefix: Cidr,
  name: string,
): string | undefined {
  if (!contains(range, prefix)) return undefined
  return `The reserved range ${formatCidr(range)}${place(where)} covers all of ${name}, so no subnet is placed there. If that is not intended, reserve a smaller range.`
}

const mostNamed = 5

/** Azure has no such subnets, but a description of a VNet can be wrong: a new subnet could then overlap a real one. */
function outsideWarnings({ name, subnets }: ActualNetwork, prefixes: readonly Cidr[]): readonly string[] {
  const outside = subnets.flatMap((subnet) =>
    ipv4Networks(subnet.addressPrefixes)
      .filter((range) => !prefixes.some((prefix) => contains(prefix, range)))
      .map((range) => `'${subnet.name}' (${formatCidr(range)})`),
  )
  if (outside.length === 0) return []
  return [
    `Not inside the address prefixes of VNet '${name}': ${enumeration(outside, mostNamed)}. A subnet is always inside one prefix, so either its addresses or the prefixes are wrong. Correct them, or leave out the subnets of other VNets.`,
  ]
}

/** None for ranges in which no subnet is placed anyway. */
function defaultRangeWarnings(
  network: ActualNetwork,
  constraints: AddressConstraints,
  prefixes: readonly Cidr[],
): readonly string[] {
  const blocked = blockedRanges(network, constraints)
  return defaultRanges.flatMap(({ range: text, title, breaks, fix, source }) => {
    const range = cidr(text)
    return prefixes
      .filter((prefix) => overlaps(prefix, range))
      .map((prefix) => ({ prefix, shared: contains(prefix, range) ? range : prefix }))
      .filter(({ shared }) => !blocked.some((other) => contains(other.cidr, shared)))
      .map(
        ({ prefix }) =>
          `${formatCidr(prefix)} of VNet '${network.name}' overlaps ${text}, ${title}. ${breaks} ${fix}. More: ${source}`,
      )
  })
}

/** A peering that is not connected matters where people connect through it. */
function peeringStateWarnings(
  { name, peerings = [] }: ActualNetwork,
  { accessMode }: AddressConstraints,
): readonly string[] {
  if (accessMode !== 'private-peered') return []
  return peerings
    .filter(({ state }) => state !== '' && state !== 'Connected')
    .map(
      (peering) =>
        `The peering '${peering.name}' of VNet '${name}' with '${nameOf(peering)}' is ${peering.state}, not Connected: nothing in the VNet is reached through it. ${peering.state === 'Initiated' ? 'Create the peering from the other side too.' : 'Delete it on both sides and create it again.'} More: ${peeringRules}`,
    )
}

/** Existing subnets of the project in a range in which none would be placed today, e.g. because a pool chose it. */
export const misplacedWarnings = (
  subnets: readonly { readonly name: string; readonly addressPrefix: string }[],
  blocked: readonly BlockedRange[],
): readonly string[] =>
  subnets.flatMap(({ name, addressPrefix }) =>
    ipv4Networks(addressPrefix === '' ? [] : [addressPrefix]).flatMap((range) =>
      blocked
        .filter((other) => overlaps(other.cidr, range))
        .map(
          ({ cidr: other, because, where }) =>
            `Subnet '${name}' has ${addressPrefix}, but ${formatCidr(other)}${place(where)} must stay free of subnets, because ${because}.`,
        ),
    ),
  )

/**
 * The error when subnets may be placed nowhere in a VNet, whatever is free: clearer than that the subnets did not fit.
 * Undefined when some range is left.
 */
export function fullyBlockedError(
  network: ActualNetwork,
  blocked: readonly BlockedRange[],
): UserError | undefined {
  const prefixes = ipv4Networks(network.addressPrefixes)
  const covering = prefixes.map((prefix) => blocked.find((range) => contains(range.cidr, prefix)))
  const [first] = covering
  if (first === undefined || covering.includes(undefined)) return undefined
  const reasons = [...new Set(covering.flatMap((range) => range ?? []))].map(
    (range) => `${formatCidr(range.cidr)}${place(range.where)}, because ${range.because}`,
  )
  return new UserError({
    what: `Subnets cannot be placed anywhere in VNet '${network.name}' (${prefixes.map(formatCidr).join(', ')}). Nothing was planned.`,
    ...(first.where === undefined ? {} : { where: first.where }),
    why: `All of it must stay free: ${reasons.join('; ')}.`,
    fix: reasons.every((reason) => reason.endsWith(reserved))
      ? 'Reserve a smaller range, or add an address prefix outside it to the VNet.'
      : 'Add an address prefix outside it to the VNet.',
  })
}
