import { isSeq, LineCounter, parseDocument, visit } from 'yaml'
import { z } from 'zod'
import { type Cidr, parseNetwork, quote } from '../cidr.ts'
import { UserError } from '../user-error.ts'
import type { ActualSubnet } from './network.ts'
import { smallestSubnetPrefixLength } from './planning.ts'
import { prefixLengthFor } from './sizes.ts'

/** What is wrong with one line of an input. */
interface LineFault {
  readonly line: number
  readonly message: string
}

const mostFaultsShown = 10

/** Refuses an input with all that is wrong with it. Does nothing without faults. */
function refuse(input: string, faults: readonly LineFault[], fix: string): void {
  if (faults.length === 0) return
  const shown = faults.slice(0, mostFaultsShown).map(({ line, message }) => `Line ${line}: ${message}`)
  const more = faults.length - shown.length
  throw new UserError({
    what: `Input '${input}' cannot be read. ${shown.join(' ')}${more > 0 ? ` And ${more} more.` : ''}`,
    fix,
  })
}

const linesOf = (text: string): readonly (readonly [line: number, text: string])[] =>
  text
    .split(/\r\n|\r|\n/)
    .map((line, index) => [index + 1, line.trim()] as const)
    .filter(([, line]) => line !== '')

/**
 * Reads a list of networks: one per line, or separated by commas. IPv6 networks are left out.
 * @throws UserError with the line of every entry that is no network
 */
export function readNetworkList(input: string, text: string): readonly Cidr[] {
  const faults: LineFault[] = []
  const networks: Cidr[] = []
  for (const [line, content] of linesOf(text)) {
    for (const entry of content.split(',').map((part) => part.trim())) {
      if (entry === '') continue
      const parsed = parseNetwork(entry)
      if (parsed.kind === 'fault') faults.push({ line, message: parsed.message })
      else if (parsed.kind === 'ipv4') networks.push(parsed.cidr)
    }
  }
  refuse(input, faults, 'Write networks like 10.1.0.0/16, one per line or separated by commas.')
  return networks
}

const existingSubnetsFix =
  'Write one subnet per line as "name 10.1.0.0/24", or a JSON list of {"name", "addressPrefix"}, as "az network vnet subnet list" prints it.'

/**
 * Reads subnets that exist: lines `name cidr`, or a JSON list of objects with `name` and `addressPrefix` or
 * `addressPrefixes`; other keys, as the Azure CLI prints them, are ignored.
 * @throws UserError with the line of every fault
 */
export function readExistingSubnets(input: string, text: string): readonly ActualSubnet[] {
  return text.trimStart().startsWith('[') ? subnetsFromJson(input, text) : subnetsFromLines(input, text)
}

function subnetsFromLines(input: string, text: string): readonly ActualSubnet[] {
  const faults: LineFault[] = []
  const subnets: ActualSubnet[] = []
  for (const [line, content] of linesOf(text)) {
    const [name = '', ...prefixes] = content.split(/[\s,]+/).filter((word) => word !== '')
    if (prefixes.length === 0) {
      faults.push({ line, message: `${quote(content)} is not a name followed by a network.` })
    }
    faults.push(...prefixFaults(prefixes).map((message) => ({ line, message })))
    subnets.push({ id: '', name, addressPrefixes: prefixes })
  }
  refuse(input, faults, existingSubnetsFix)
  return subnets
}

const prefixFaults = (prefixes: readonly string[]): readonly string[] =>
  prefixes.flatMap((prefix) => {
    const parsed = parseNetwork(prefix)
    return parsed.kind === 'fault' ? [parsed.message] : []
  })

const existingSubnet = z.object({
  name: z.string().min(1),
  addressPrefix: z.string().nullish(),
  addressPrefixes: z.array(z.string()).nullish(),
  delegations: z.array(z.object({ serviceName: z.string() })).nullish(),
})

function subnetsFromJson(input: string, text: string): readonly ActualSubnet[] {
  const faults: LineFault[] = []
  const subnets = entriesOf(input, text, existingSubnetsFix).map(({ line, value }): ActualSubnet => {
    const parsed = existingSubnet.safeParse(value)
    if (!parsed.success) {
      faults.push(...issuesOf(parsed.error).map((message) => ({ line, message })))
      return { id: '', name: '', addressPrefixes: [] }
    }
    const { name, addressPrefix, addressPrefixes, delegations } = parsed.data
    const prefixes = addressPrefixes?.length ? addressPrefixes : addressPrefix == null ? [] : [addressPrefix]
    if (prefixes.length === 0) {
      faults.push({ line, message: `${quote(name)} has neither 'addressPrefix' nor 'addressPrefixes'.` })
    }
    faults.push(...prefixFaults(prefixes).map((message) => ({ line, message })))
    return {
      id: '',
      name,
      addressPrefixes: prefixes,
      ...(delegations == null ? {} : { delegations: delegations.map(({ serviceName }) => serviceName) }),
    }
  })
  refuse(input, faults, existingSubnetsFix)
  return subnets
}

/** One entry of the `subnets` input. */
export interface SubnetWish {
  /** A subnet key of the catalogue, or any subnet name. */
  readonly name: string
  readonly prefixLength: number
  /** The service it is for. */
  readonly service?: string
  /** Line of the input. */
  readonly line: number
}

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork */
const subnetName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9_.-]{0,78}[a-z0-9_])?$/i, 'must be a subnet name of at most 80 characters')

const namedSubnet = z.union([subnetName, z.object({ name: subnetName }).transform(({ name }) => name)])

const wish = z
  .strictObject({
    name: subnetName,
    prefixLength: z.int().min(1).max(smallestSubnetPrefixLength).optional(),
    addresses: z
      .int()
      .min(1)
      .max(2 ** 24)
      .optional(),
    service: z.string().optional(),
  })
  .refine(
    ({ prefixLength, addresses }) => (prefixLength === undefined) !== (addresses === undefined),
    "needs either 'prefixLength' or 'addresses'",
  )

const wishesFix =
  'Write a YAML or JSON list of {name, prefixLength} or {name, addresses}, with an optional service.'

/**
 * Reads the `subnets` input: a YAML or JSON list. Addresses are those the team can use; Azure's own five come on top.
 * @throws UserError with the line of every fault
 */
export function readSubnetWishes(input: string, text: string): readonly SubnetWish[] {
  const faults: LineFault[] = []
  const wishes: SubnetWish[] = []
  for (const { line, value } of entriesOf(input, text, wishesFix)) {
    const parsed = wish.safeParse(value)
    if (!parsed.success) {
      faults.push(...issuesOf(parsed.error).map((message) => ({ line, message })))
      continue
    }
    const { name, prefixLength, addresses = 1, service } = parsed.data
    if (wishes.some((other) => other.name.toLowerCase() === name.toLowerCase())) {
      faults.push({ line, message: `${quote(name)} is there twice.` })
    }
    wishes.push({
      name,
      prefixLength: prefixLength ?? prefixLengthFor(addresses),
      ...(service === undefined ? {} : { service }),
      line,
    })
  }
  refuse(input, faults, wishesFix)
  return wishes
}

const namesFix = 'Write names of subnets, one per line or separated by commas.'

/**
 * Reads the `subnets` input where only names matter: one per line, separated by commas, or a YAML or JSON list of names
 * or of objects with a `name`, so that what was reserved can be freed with the same text. At least one.
 * @throws UserError with the line of every fault
 */
export function readSubnetNames(input: string, text: string): readonly string[] {
  const isList = /^\s*[-[]/.test(text)
  const entries: readonly Entry[] = isList
    ? entriesOf(input, text, namesFix)
    : linesOf(text).flatMap(([line, content]) =>
        content.split(',').flatMap((part) => (part.trim() === '' ? [] : [{ line, value: part.trim() }])),
      )
  const faults: LineFault[] = []
  const names = entries.flatMap(({ line, value }) => {
    const parsed = namedSubnet.safeParse(value)
    if (parsed.success) return [parsed.data]
    const shown = typeof value === 'string' ? value : JSON.stringify(value)
    faults.push({ line, message: `${quote(shown)} is not a name of a subnet.` })
    return []
  })
  if (entries.length === 0) faults.push({ line: 1, message: 'There is no name.' })
  refuse(input, faults, namesFix)
  return names
}

const issuesOf = (error: z.ZodError): readonly string[] =>
  error.issues.map(
    ({ path, message }) => `${path.length === 0 ? 'The entry' : quote(path.join('.'))}: ${message}.`,
  )

interface Entry {
  readonly line: number
  readonly value: unknown
}

/** The entries of a YAML or JSON list with their lines. */
function entriesOf(input: string, text: string, fix: string): readonly Entry[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const faults = document.errors.map(({ message, pos }) => ({ line: lines.linePos(pos[0]).line, message }))
  visit(document, {
    Alias: (_key, alias) => {
      const { line } = lines.linePos(startOf(alias))
      faults.push({ line, message: `The alias ${quote(`*${alias.source}`)} is not allowed here.` })
    },
  })
  refuse(input, faults, fix)
  const list = document.contents
  if (!isSeq(list)) throw new UserError({ what: `Input '${input}' is not a list.`, fix })
  const values: unknown = document.toJS()
  if (!Array.isArray(values)) throw new UserError({ what: `Input '${input}' is not a list.`, fix })
  const starts = list.items.map((item) => startOf(item))
  return values.map((value: unknown, index) => ({ value, line: lines.linePos(starts[index] ?? 0).line }))
}

function startOf(item: unknown): number {
  const range = typeof item === 'object' && item !== null && 'range' in item ? item.range : undefined
  const [start] = Array.isArray(range) ? range : [undefined]
  return typeof start === 'number' ? start : 0
}
