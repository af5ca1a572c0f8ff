import type { SubnetRange, SubnetRule, SubnetSize } from '../catalog/facts/subnet-rule.ts'
import { azureForbiddenRanges } from '../catalog/facts/subnet-rules.ts'
import { type Cidr, cidr, contains, formatCidr, overlaps } from '../cidr.ts'
import type { UserErrorParts } from '../diagnostics/user-error.ts'
import { isWithin, sameText } from '../resource-id.ts'
import type { OwnSubnetRequest, SubnetRequest } from './requested-subnets.ts'
import { type ActualSubnet, ipv4Networks, type SubnetOccupant } from './vnet.ts'

/** What is wrong with a subnet that exists, and what a reader should know of it. */
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

/** By what the things in a subnet are told from those of others. */
export interface ProjectResources {
  /** Resource id of the project's own resource group. */
  readonly resourceGroupId: string
  /** Resource ids of the subnets that services of the project are in; absent when that is unknown. */
  readonly usedSubnetIds?: readonly string[]
}

/** Looks at one side of a subnet. */
export type Check = (subject: Case) => Partial<SubnetFindings>

/**
 * Holds a subnet that exists against what its service needs of it, all at once. A subnet of the project's own is made
 * right by the next delivery where that is possible; one that is brought along is left as it is, so more is asked of it.
 * @param home what the project has; absent when there is no project
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

const delegationCheck: Check = ({ request: { delegation, kind }, existing: { name, delegations } }) => {
  if (delegations === undefined) return {}
  if (delegation === '' ? delegations.length === 0 : delegations.includes(delegation)) return {}
  const actual = delegations.length === 0 ? 'not delegated' : `delegated to ${delegations.join(', ')}`
  const onlyCapitals = delegations.some((other) => other.toLowerCase() === delegation.toLowerCase())
  const needed = delegation === '' ? 'a subnet without delegation' : `a delegation to exactly ${delegation}`
  return {
    faults: [
      {
        what: `Subnet '${name}' exists and is ${actual}, but its purpose needs ${needed}.`,
        why: onlyCapitals
          ? 'The two differ only in capital letters. Azure takes either spelling, but the service compares them letter by letter and refuses the subnet.'
          : 'A service refuses a subnet whose delegation is not its own, capital letters included.',
        fix:
          kind === 'own'
            ? 'Change the delegation in Azure, or remove the subnet when it is empty and run again.'
            : 'Change the delegation in Azure, or bring along another subnet.',
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
            fix: 'If its addresses come from a pool, run again when Azure has chosen them. Else give it one, or delete it so that it is made anew.',
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
      ...touched(range, [...rule.forbidden, ...azureForbiddenRanges]).map((clash) => ({
        what: `Subnet '${name}' has ${formatCidr(range)}, where ${rule.title} do not work.`,
        why: `It touches ${clash.range}: ${clash.because}.`,
        fix,
        more: clash.source,
      })),
    ],
    warnings: avoidedWarnings(name, range, rule),
  }
}

/** What a subnet clashes with where its service works all the same. */
export const avoidedWarnings = (name: string, range: Cidr, rule: SubnetRule | undefined): readonly string[] =>
  touched(range, rule?.avoided ?? []).map(
    (clash) =>
      `Subnet '${name}' (${formatCidr(range)}) touches ${clash.range}: ${clash.because}. More: ${clash.source}`,
  )

const touched = (range: Cidr, ranges: readonly SubnetRange[]): readonly SubnetRange[] =>
  ranges.filter((other) => overlaps(range, cidr(other.range)))

/** Is it of a size that will do? */
const sizeCheck: Check = ({ request, existing: { name }, range }) => {
  if (range === undefined) return {}
  const { prefixLength } = range
  if (request.kind === 'own') {
    // What is lost with the size that was asked for was told when it could still be changed, and a size that a profile
    // chose for new subnets says nothing against one that exists.
    const isTooSmall = prefixLength > (request.smallestPrefixLength ?? 32)
    const isAsWanted = prefixLength === request.prefixLength || request.sizeReason !== undefined
    return isAsWanted && !isTooSmall ? {} : { warnings: [otherSizeWarning(request, name, prefixLength)] }
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
    fix: `Bring along a subnet of /${limit.prefixLength} or ${direction}. Azure resizes a subnet only while it is empty.`,
    more: limit.source,
  }
}

/** What is lost with a size below the recommended one. A size that a profile chose is explained where it is shown. */
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
  { prefixLength: asked, smallestPrefixLength = 32, rule }: OwnSubnetRequest<string>,
  name: string,
  prefixLength: number,
): string {
  const drawback = drawbackOf(rule, prefixLength)
  const consequence =
    prefixLength > smallestPrefixLength
      ? `Its service takes no less than /${smallestPrefixLength} and will refuse it.`
      : `It is kept, because Azure resizes only empty subnets.${drawback === undefined ? '' : ` ${drawback}`}`
  return `Subnet '${name}' is /${prefixLength} where /${asked} is asked for. ${consequence}`
}

/** The network security group of a subnet of one's own is put on it by the next delivery. */
const securityGroupCheck: Check = ({
  request: { kind, rule },
  existing: { name, networkSecurityGroupId, occupants },
}) => {
  // Who knows what is in a subnet, knows what is attached to it.
  if (kind === 'own' || rule === undefined || occupants === undefined) return {}
  const has = networkSecurityGroupId !== undefined
  switch (rule.networkSecurityGroup) {
    case 'required':
      return has
        ? {}
        : {
            faults: [
              {
                what: `Subnet '${name}' has no network security group, which ${rule.title} cannot do without.`,
                fix: 'Attach one that lets the traffic of the service pass.',
                more: rule.documentation,
              },
            ],
          }
    case 'refused':
      return has
        ? {
            faults: [
              {
                what: `Subnet '${name}' has a network security group, and ${rule.title} take no subnet with one.`,
                fix: `Detach ${networkSecurityGroupId}, or bring along another subnet.`,
                more: rule.documentation,
              },
            ],
          }
        : {}
    case 'allowed':
    case 'prescribed':
      return has
        ? {}
        : {
            warnings: [
              `Subnet '${name}' has no network security group: nothing filters what goes in and out. It is brought along, so it is left as it is.`,
            ],
          }
  }
}

/** Whose something in a subnet is, as far as that can be known: Azure hides the ids of most services. */
function whose(
  { kind, id }: SubnetOccupant,
  { request, existing, home }: Case,
): 'ours' | 'others' | 'hidden' {
  if (home !== undefined && isWithin(id, home.resourceGroupId)) return 'ours'
  if (kind === 'private endpoint' || /\/providers\/Microsoft\.CognitiveServices\/accounts\//i.test(id))
    return 'others'
  if (request.kind === 'own' || kind !== 'service' || home?.usedSubnetIds === undefined) return 'hidden'
  return home.usedSubnetIds.some((id) => sameText(id, existing.id)) ? 'ours' : 'others'
}

/** Is something in it that its service does not share it with? */
const exclusivityCheck: Check = (subject) => {
  const { kind, rule } = subject.request
  const { name, occupants = [] } = subject.existing
  if (rule?.exclusiveTo === undefined) return {}
  const endpoints = occupants.filter((occupant) => occupant.kind === 'private endpoint')
  const others = occupants.filter(
    (occupant) => occupant.kind !== 'private endpoint' && whose(occupant, subject) === 'others',
  )
  const hidden = occupants.filter((occupant) => whose(occupant, subject) === 'hidden')
  const more = rule.documentation
  return {
    faults: [
      ...(endpoints.length === 0
        ? []
        : [
            {
              what: `Subnet '${name}' holds private endpoints: ${listed(endpoints)}.`,
              why: `${rule.title} need a subnet that nothing else is in.`,
              fix: 'Move the private endpoints to another subnet, or bring along another one.',
              more,
            },
          ]),
      ...(others.length === 0
        ? []
        : [
            {
              what: `Subnet '${name}' is in use by ${listed(others)}, which is not this project's.`,
              why: `It can be used by ${rule.exclusiveTo} only.`,
              fix: 'Bring along another subnet, or let the project have one of its own.',
              more,
            },
          ]),
    ],
    // A subnet of the project's own is known by its tags; what is in it is the project's.
    warnings:
      kind === 'own' || hidden.length === 0
        ? []
        : [
            `Subnet '${name}' is in use by ${listed(hidden)}, and Azure does not say whose that is. If it is not this project's, the delivery will fail: the subnet can be used by ${rule.exclusiveTo} only.`,
          ],
  }
}

const listed = (occupants: readonly SubnetOccupant[]): string => {
  const names = occupants.map(({ id }) => id)
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}

const checks: readonly Check[] = [
  prefixCheck,
  delegationCheck,
  sizeCheck,
  rangeCheck,
  exclusivityCheck,
  securityGroupCheck,
]
