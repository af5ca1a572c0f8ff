import { azureForbiddenRanges } from '../catalog/facts/subnet-rules.ts'
import type { SubnetRange, SubnetRule, SubnetSize } from '../catalog/types.ts'
import { type Cidr, cidr, contains, formatCidr, overlaps } from '../cidr.ts'
import { enumeration } from '../diagnostics/enumeration.ts'
import type { UserErrorParts } from '../diagnostics/user-error.ts'
import { isWithin, sameText } from '../resource-id.ts'
import type { OwnSubnetRequest, SubnetRequest } from './requested-subnets.ts'
import { canBeDelegated } from './subnet-updates.ts'
import { type ActualSubnet, ipv4Networks, type SubnetOccupant } from './vnet.ts'

/** What is wrong with an existing subnet, and warnings about it. */
export interface SubnetFindings {
  readonly faults: readonly UserErrorParts[]
  readonly warnings: readonly string[]
}

/** A subnet that exists and what it is to be used for. */
export interface Case {
  readonly request: SubnetRequest<string>
  readonly existing: ActualSubnet
  /** Its first IPv4 range; absent when it has none. */
  readonly range: Cidr | undefined
  readonly home: ProjectResources | undefined
}

/** What identifies the project's own resources in a subnet. */
export interface ProjectResources {
  /** Resource id of the project's own resource group. */
  readonly resourceGroupId: string
  /** Resource ids of the subnets that services of the project are in; absent when that is unknown. */
  readonly usedSubnetIds?: readonly string[]
}

/** Checks one aspect of a subnet. */
export type Check = (subject: Case) => Partial<SubnetFindings>

/**
 * Checks an existing subnet against everything its service needs. The next delivery fixes a subnet of the project's own
 * where it can; a bring-your-own subnet is left unchanged, so it has to be right already.
 * @param home what the project has; undefined when there is no project
 */
export function checkSubnet(
  request: SubnetRequest<string>,
  existing: ActualSubnet,
  home: ProjectResources | undefined,
): SubnetFindings {
  const [range] = ipv4Networks(existing.addressPrefixes)
  const found = checks.map((check) => check({ request, existing, range, home }))
  return {
    faults: found
      .flatMap(({ faults = [] }) => faults)
      .map((fault) => ({ ...fault, ...(request.where === undefined ? {} : { where: request.where }) })),
    warnings: found.flatMap(({ warnings = [] }) => warnings),
  }
}

const delegationCheck: Check = ({ request: { delegation, kind }, existing }) => {
  const { name, delegations } = existing
  if (delegations === undefined) return {}
  if (kind === 'own' && delegation !== '' && canBeDelegated(existing)) return {}
  if (delegation === '' ? delegations.length === 0 : delegations.includes(delegation)) return {}
  const actual = delegations.length === 0 ? 'not delegated' : `delegated to ${delegations.join(', ')}`
  const onlyCapitals = delegations.some((other) => other.toLowerCase() === delegation.toLowerCase())
  const needed = delegation === '' ? 'a subnet without delegation' : `a delegation to exactly ${delegation}`
  return {
    faults: [
      {
        what: `Subnet '${name}' exists and is ${actual}, but its purpose needs ${needed}.`,
        why: onlyCapitals
          ? 'The two differ only in upper and lower case. Azure accepts either, but the service compares them exactly and refuses the subnet.'
          : 'A service refuses a subnet with any other delegation, compared with upper and lower case.',
        fix:
          kind === 'own'
            ? 'Change the delegation in Azure, or delete the subnet if it is empty and run again.'
            : 'Change the delegation in Azure, or use another subnet.',
        more: 'https://learn.microsoft.com/azure/virtual-network/subnet-delegation-overview',
      },
    ],
  }
}

const prefixCheck: Check = ({ existing: { name }, range }) =>
  range === undefined
    ? {
        faults: [
          {
            what: `Subnet '${name}' exists but has no IPv4 address prefix.`,
            fix: 'If its addresses come from an IPAM pool, run again once Azure has allocated them. Otherwise add a prefix, or delete the subnet so that it is created again.',
          },
        ],
      }
    : {}

const rangeCheck: Check = ({ request: { rule }, existing: { name }, range }) => {
  if (range === undefined || rule === undefined) return {}
  const { onlyIn } = rule
  const outside =
    onlyIn !== undefined && !onlyIn.ranges.some((allowed) => contains(cidr(allowed), range)) ? [onlyIn] : []
  const fix = 'Use a subnet in another range.'
  return {
    faults: [
      ...outside.map(({ ranges, because, source }) => ({
        what: `Subnet '${name}' has ${formatCidr(range)}, where ${rule.title} do not work.`,
        why: `They work only in ${ranges.join(', ')}, because ${because}.`,
        fix,
        more: source,
      })),
      ...overlapping(range, [...rule.forbidden, ...azureForbiddenRanges]).map((clash) => ({
        what: `Subnet '${name}' has ${formatCidr(range)}, where ${rule.title} do not work.`,
        why: `It overlaps ${clash.range}: ${clash.because}.`,
        fix,
        more: clash.source,
      })),
    ],
    warnings: avoidedWarnings(name, range, rule),
  }
}

/** Ranges that a subnet should not overlap, though its service works there. */
export const avoidedWarnings = (name: string, range: Cidr, rule: SubnetRule | undefined): readonly string[] =>
  overlapping(range, rule?.avoided ?? []).map(
    (clash) =>
      `Subnet '${name}' (${formatCidr(range)}) overlaps ${clash.range}: ${clash.because}. More: ${clash.source}`,
  )

const overlapping = (range: Cidr, ranges: readonly SubnetRange[]): readonly SubnetRange[] =>
  ranges.filter((other) => overlaps(range, cidr(other.range)))

/** Does it have a size that works? */
const sizeCheck: Check = ({ request, existing: { name }, range }) => {
  if (range === undefined) return {}
  const { prefixLength } = range
  if (request.kind === 'own') {
    // The drawback of the requested size was reported when it could still be changed, and the size that a profile has for
    // new subnets is no objection to one that exists.
    const isTooSmall = prefixLength > (request.smallestPrefixLength ?? 32)
    const isAsRequested = prefixLength === request.prefixLength || request.sizeReason !== undefined
    return isAsRequested && !isTooSmall ? {} : { warnings: [otherSizeWarning(request, name, prefixLength)] }
  }
  const warnings = smallWarnings(request, name, prefixLength)
  if (request.rule === undefined) return { warnings }
  const { rule, smallest = rule.smallest } = request
  if (prefixLength > smallest.prefixLength)
    return { faults: [wrongSizeFault(name, prefixLength, rule, smallest, 'small')] }
  const { largest } = rule
  return largest !== undefined && prefixLength < largest.prefixLength
    ? { faults: [wrongSizeFault(name, prefixLength, rule, largest, 'large')] }
    : { warnings }
}

function wrongSizeFault(
  name: string,
  prefixLength: number,
  { title }: SubnetRule,
  limit: SubnetSize,
  found: 'small' | 'large',
): UserErrorParts {
  const [extreme, direction] = found === 'small' ? ['smallest', 'larger'] : ['largest', 'smaller']
  return {
    what: `Subnet '${name}' is /${prefixLength}, which is too ${found} for: ${title}.`,
    why: `The ${extreme} subnet that works is a /${limit.prefixLength}, because ${limit.because}.`,
    fix: `Use a subnet of /${limit.prefixLength} or ${direction}. Azure resizes a subnet only while it is empty.`,
    more: limit.source,
  }
}

/** The drawback of a size below the recommended one. A size that comes from a profile is explained where it is shown. */
export function smallWarnings(
  request: SubnetRequest<string>,
  name: string,
  prefixLength: number,
): readonly string[] {
  const drawback = drawbackOf(request.rule, prefixLength)
  const explained = request.kind === 'own' && request.sizeReason !== undefined
  return drawback === undefined || explained ? [] : [`Subnet '${name}' is /${prefixLength}. ${drawback}`]
}

const drawbackOf = (rule: SubnetRule | undefined, prefixLength: number): string | undefined =>
  rule === undefined || prefixLength <= rule.recommended.prefixLength
    ? undefined
    : `Microsoft recommends a /${rule.recommended.prefixLength} or larger for ${rule.title}, because ${rule.recommended.because}.`

function otherSizeWarning(
  { prefixLength: requested, smallestPrefixLength = 32, rule }: OwnSubnetRequest<string>,
  name: string,
  prefixLength: number,
): string {
  const drawback = drawbackOf(rule, prefixLength)
  const consequence =
    prefixLength > smallestPrefixLength
      ? `Its service requires at least a /${smallestPrefixLength} and will refuse it.`
      : `It is kept, because Azure resizes only empty subnets.${drawback === undefined ? '' : ` ${drawback}`}`
  return `Subnet '${name}' is a /${prefixLength}, but a /${requested} was requested. ${consequence}`
}

/** The next delivery attaches the network security group of a project's own subnet. */
const securityGroupCheck: Check = ({
  request: { kind, rule },
  existing: { name, networkSecurityGroupId, occupants },
}) => {
  // Where the contents of a subnet are known, so is what is attached to it.
  if (kind === 'own' || rule === undefined || occupants === undefined) return {}
  const { networkSecurityGroup: attachment, title, documentation: more } = rule
  if (networkSecurityGroupId === undefined) {
    if (attachment === 'refused') return {}
    const what = `Subnet '${name}' has no network security group`
    const fix = 'Attach one that allows the traffic of the service.'
    return attachment === 'required'
      ? { faults: [{ what: `${what}, which ${title} require.`, fix, more }] }
      : {
          warnings: [
            `${what}, so its traffic is not filtered. It is a bring-your-own subnet and left unchanged.`,
          ],
        }
  }
  if (attachment !== 'refused') return {}
  return {
    faults: [
      {
        what: `Subnet '${name}' has a network security group, which ${title} do not support.`,
        fix: `Detach ${networkSecurityGroupId}, or use another subnet.`,
        more,
      },
    ],
  }
}

/** Who owns something in a subnet, as far as that is known: Azure hides the ids of most services. */
function ownerOf(
  { kind, id }: SubnetOccupant,
  { request, existing, home }: Case,
): 'ours' | 'others' | 'hidden' {
  if (home !== undefined && isWithin(id, home.resourceGroupId)) return 'ours'
  if (kind === 'private endpoint' || /\/providers\/Microsoft\.CognitiveServices\/accounts\//i.test(id))
    return 'others'
  if (request.kind === 'own' || kind !== 'service' || home?.usedSubnetIds === undefined) return 'hidden'
  return home.usedSubnetIds.some((id) => sameText(id, existing.id)) ? 'ours' : 'others'
}

/** Is something in it with which its service cannot share it? */
const exclusivityCheck: Check = (subject) => {
  const { kind, rule } = subject.request
  const { name, occupants = [] } = subject.existing
  if (rule?.exclusiveTo === undefined) return {}
  const { title, exclusiveTo, documentation: more } = rule
  const endpoints = occupants.filter((occupant) => occupant.kind === 'private endpoint')
  const services = occupants.filter((occupant) => occupant.kind !== 'private endpoint')
  const others = services.filter((occupant) => ownerOf(occupant, subject) === 'others')
  const hidden = services.filter((occupant) => ownerOf(occupant, subject) === 'hidden')
  const endpointFault = {
    what: `Subnet '${name}' contains private endpoints: ${listed(endpoints)}.`,
    why: `${title} need a dedicated subnet.`,
    fix: 'Move the private endpoints to another subnet, or use another subnet.',
    more,
  }
  const otherFault = {
    what: `Subnet '${name}' is in use by ${listed(others)}, which does not belong to this project.`,
    why: `It can be used by ${exclusiveTo} only.`,
    fix: 'Use another subnet, or let the project have one of its own.',
    more,
  }
  const warning = `Subnet '${name}' is in use by ${listed(hidden)}, and Azure does not report the owner. If it does not belong to this project, the deployment fails: the subnet can be used by ${exclusiveTo} only.`
  return {
    faults: [...(endpoints.length > 0 ? [endpointFault] : []), ...(others.length > 0 ? [otherFault] : [])],
    // A subnet of the project's own is identified by its tags; what is in it belongs to the project.
    warnings: kind === 'own' || hidden.length === 0 ? [] : [warning],
  }
}

const listed = (occupants: readonly SubnetOccupant[]): string =>
  enumeration(
    occupants.map(({ id }) => id),
    3,
  )

const checks: readonly Check[] = [
  prefixCheck,
  delegationCheck,
  sizeCheck,
  rangeCheck,
  exclusivityCheck,
  securityGroupCheck,
]
