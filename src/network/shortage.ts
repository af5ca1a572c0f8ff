import { type Cidr, cidr, contains, formatCidr, overlaps } from '../cidr.ts'
import { type Location, UserError } from '../diagnostics/user-error.ts'
import type { Shortage, Suggestion } from './planner/planner.ts'
import type { SubnetRequest } from './requested-subnets.ts'
import { type ActualNetwork, type ActualSubnet, ipv4Networks } from './vnet.ts'

/**
 * The error for a shortage: every subnet that did not fit, what is free, and each change that alone would fix it.
 * @param prefixKey the key of factory.yml with the VNet's prefixes, when the factory makes the VNet
 */
export function shortageError<Key extends string>(
  shortage: Shortage<Key>,
  network: ActualNetwork,
  requests: readonly SubnetRequest<Key>[],
  prefixKey?: string,
): UserError {
  const nameOf = (key: Key): string => {
    const request = requests.find((candidate) => candidate.key === key)
    return `'${request?.kind === 'own' ? request.name : key}'`
  }
  const missing = shortage.missing.map(({ key, prefixLength }) => `${nameOf(key)} (/${prefixLength})`)
  const where = placeOf(shortage, requests)
  return new UserError({
    what: `VNet '${network.name}' does not have enough free address space for ${missing.length === 1 ? 'subnet' : 'subnets'} ${listed(missing)}. Nothing was planned.`,
    ...(where === undefined ? {} : { where }),
    why: whatIsFree(shortage),
    fix: oneOf(
      shortage.suggestions.map((suggestion) =>
        inWords(suggestion, { network, nameOf, only: onlyIn(shortage, requests), prefixKey }),
      ),
    ),
  })
}

const placeOf = <Key extends string>(
  { missing }: Shortage<Key>,
  requests: readonly SubnetRequest<Key>[],
): Location | undefined => requests.find(({ key }) => key === missing[0]?.key)?.where

function whatIsFree(shortage: Shortage): string {
  const { inTheWay } = shortage
  const free = freeBlocksOf(shortage)
  if (inTheWay.length === 0) return free
  const refused = `${listed(inTheWay.map(formatCidr))}, which ${shortage.missing.length === 1 ? 'its service does not support' : 'their services do not support'}`
  return `${free} All would fit if not for ${refused}.`
}

function freeBlocksOf({ largestFree, largestLeft, free, blocks }: Shortage): string {
  if (largestFree === undefined) return 'No address of the VNet is free.'
  const inBlocks = blocks === 1 ? 'in one block' : `in ${blocks} blocks`
  const addresses = free === 1 ? '1 address is' : `${free} addresses are`
  const now = `The largest free block is ${formatCidr(largestFree)}; ${addresses} free ${inBlocks}.`
  if (largestLeft?.first === largestFree.first && largestLeft.prefixLength === largestFree.prefixLength)
    return now
  const left =
    largestLeft === undefined ? 'nothing is left' : `the largest block left is ${formatCidr(largestLeft)}`
  return `${now} After the subnets that do fit, ${left}.`
}

/** The ranges in which alone the services of all missing subnets work; `undefined` when they work in any. */
function onlyIn<Key extends string>(
  { missing }: Shortage<Key>,
  requests: readonly SubnetRequest<Key>[],
): readonly Cidr[] | undefined {
  const keys = new Set(missing.map(({ key }) => key))
  const lists = requests.flatMap(({ key, rule }) =>
    keys.has(key) && rule?.onlyIn !== undefined ? [rule.onlyIn.ranges.map(cidr)] : [],
  )
  const [first, ...others] = lists
  return others.reduce(
    (common, list) =>
      common?.flatMap((range) =>
        list.flatMap((other) => (contains(range, other) ? [other] : contains(other, range) ? [range] : [])),
      ),
    first,
  )
}

/** What the wording of a suggestion depends on. */
interface SuggestionContext<Key extends string> {
  readonly network: ActualNetwork
  readonly nameOf: (key: Key) => string
  /** The only ranges in which a new prefix helps; `undefined` for anywhere. */
  readonly only: readonly Cidr[] | undefined
  readonly prefixKey: string | undefined
}

/** What to do, without capital letter and full stop. */
function inWords<Key extends string>(
  suggestion: Suggestion<Key>,
  { network, nameOf, only, prefixKey }: SuggestionContext<Key>,
): string {
  switch (suggestion.kind) {
    case 'resize':
      return `shrink ${listed(suggestion.subnets.map(({ key, prefixLength }) => `${nameOf(key)} to a /${prefixLength}`))}`
    case 'release':
      return removal(subnetsIn(suggestion.subnets, network))
    case 'add-prefix':
      return `add an address prefix of at least /${suggestion.prefixLength}${placeFor(suggestion.outside, only)} to ${prefixKey === undefined ? 'the VNet' : `'${prefixKey}' in factory.yml`}`
  }
}

/** What lies outside the only ranges anyway is not mentioned. */
function placeFor(outside: readonly Cidr[], only: readonly Cidr[] | undefined): string {
  const inside = only === undefined ? '' : ` inside ${listed(only.map(formatCidr), 'or')}`
  const refused =
    only === undefined ? outside : outside.filter((range) => only.some((other) => overlaps(other, range)))
  return `${inside}${refused.length === 0 ? '' : ` outside ${listed(refused.map(formatCidr))}`}`
}

const subnetsIn = (released: readonly Cidr[], network: ActualNetwork): readonly ActualSubnet[] =>
  network.subnets.filter(({ addressPrefixes }) =>
    ipv4Networks(addressPrefixes).some((cidr) => released.some((gone) => contains(gone, cidr))),
  )

/** A subnet that an input describes may not be empty; one that was read is, but may be reserved for something. */
function removal(subnets: readonly ActualSubnet[]): string {
  const names = subnets.map(({ name }) => `'${name}'`)
  const which =
    names.length > 5 ? `${names.length} subnets (${names.slice(0, 5).join(', ')}, …)` : listed(names)
  if (!subnets.every(({ occupants }) => occupants !== undefined)) return `delete ${which}`
  return names.length === 1
    ? `delete ${which}, which is empty, if it is not needed`
    : `delete ${which}, which are empty, if they are not needed`
}

/** Longer lists are not read, and GitHub truncates messages with thousands. A project has far fewer subnets. */
const mostListed = 50

function listed(all: readonly string[], word: 'and' | 'or' = 'and'): string {
  const items =
    all.length > mostListed ? [...all.slice(0, mostListed), `${all.length - mostListed} more`] : all
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`
}

/** Without a suggestion, more is requested than IPv4 has addresses. */
function oneOf(ways: readonly string[]): string {
  if (ways.length === 0) return 'Request fewer or smaller subnets.'
  const text = ways.length < 2 ? ways.join('') : `${ways.slice(0, -1).join('; ')}; or ${ways.at(-1)}`
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
