import type { SubnetRange, SubnetRule } from '../../catalog/facts/subnet-rule.ts'
import { azureForbiddenRanges } from '../../catalog/facts/subnet-rules.ts'
import { type Cidr, cidr, contains, formatCidr, overlaps } from '../../cidr.ts'
import { type ActualSubnet, ipv4Networks, type SubnetRequest } from '../network.ts'
import type { Belongings, Check, SubnetFindings } from './subnet-check.ts'
import { sizeCheck } from './subnet-size-check.ts'
import { exclusivityCheck, securityGroupCheck } from './subnet-use-checks.ts'

/**
 * Holds a subnet that exists against what its service needs of it, all at once. A subnet of the project's own is made
 * right by the next delivery where that is possible; one that is brought along is left as it is, so more is asked of it.
 * @param home what the project has; absent when there is no project
 */
export function checkSubnet(
  request: SubnetRequest<string>,
  existing: ActualSubnet,
  home: Belongings | undefined,
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

const checks: readonly Check[] = [
  prefixCheck,
  delegationCheck,
  sizeCheck,
  rangeCheck,
  exclusivityCheck,
  securityGroupCheck,
]
