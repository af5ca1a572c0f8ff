import { z } from 'zod'
import { type Cidr, parseNetwork } from '../cidr.ts'
import { quoted } from '../diagnostics/escape.ts'
import { type DocumentFault, dotted, type LineFault, type Path, refuseInput } from '../diagnostics/fault.ts'
import { UserError } from '../diagnostics/user-error.ts'
import { schemaFaults } from '../manifest/schema-faults.ts'
import { allowedParameter, text as textOf } from '../manifest/values.ts'
import { notationMistake, readYaml, type YamlDocument } from '../manifest/yaml-document.ts'
import { smallestSubnetPrefixLength } from './planner/placement.ts'
import { prefixLengthFor } from './subnet-sizes.ts'
import type { ActualSubnet } from './vnet.ts'

/** One entry of a list, as a document of its own. */
interface Entry {
  readonly document: YamlDocument
  /** Line of the input. */
  readonly line: number
}

/**
 * The entries of a YAML or JSON list.
 * @throws UserError when it is no list, with the line of every fault of the notation
 */
function entriesOf(input: string, text: string, fix: string): readonly Entry[] {
  const document = readYaml(text, input)
  refuseInput(input, notationFaults(document.faults), fix)
  const { value } = document
  if (!Array.isArray(value)) throw new UserError({ what: `Input '${input}' is not a list.`, fix })
  return value.map((item: unknown, index) => ({
    document: entryAt(document, index, item),
    line: document.valueAt([index]).line,
  }))
}

/** The parser's own words mean little to whoever wrote the input, and its later mistakes follow from the first. */
function notationFaults(faults: readonly DocumentFault[]): readonly LineFault[] {
  const [mistake] = faults.filter(({ found }) => found === notationMistake)
  if (mistake === undefined) return faults.map(({ where, what }) => ({ line: where.line, what }))
  const { line, column } = mistake.where
  return [{ line, what: `This is not valid YAML or JSON from column ${column} on.` }]
}

/** An entry that matches its schema, or all that is wrong with it. */
type Checked<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'faults'; readonly faults: readonly LineFault[] }

/** Checks an entry against its schema. */
function checkEntry<Value>(schema: z.ZodType<Value>, { document }: Entry): Checked<Value> {
  const parsed = schema.safeParse(document.value)
  if (parsed.success) return { kind: 'value', value: parsed.data }
  const faults = schemaFaults(schema, document, parsed.error.issues)
  return {
    kind: 'faults',
    faults: faults.map(({ where, what }) => ({ line: where.line, what })),
  }
}

function entryAt(document: YamlDocument, index: number, value: unknown): YamlDocument {
  const within = (path: Path): Path => [index, ...path]
  return {
    title: 'The entry',
    value,
    faults: [],
    keyAt: (path) => document.keyAt(within(path)),
    valueAt: (path) => document.valueAt(within(path)),
    sourceAt: (path) => document.sourceAt(within(path)),
    fault: (place, path, parts) => ({ ...document.fault(place, within(path), parts), key: dotted(path) }),
  }
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
      if (parsed.kind === 'fault') faults.push({ line, what: parsed.message })
      else if (parsed.kind === 'ipv4') networks.push(parsed.cidr)
    }
  }
  refuseInput(input, faults, 'Write networks like 10.1.0.0/16, one per line or separated by commas.')
  return networks
}

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork */
const namePattern = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$/
const namePhrase =
  'a subnet name: at most 80 letters, digits, hyphens, periods and underscores, the first a letter or digit, the last no hyphen or period'
const subnetName = textOf(namePattern, namePhrase, 'Name of a subnet')

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
  const repetition = repetitions()
  const subnets: ActualSubnet[] = []
  for (const [line, content] of linesOf(text)) {
    const [name = '', ...prefixes] = content.split(/[\s,]+/).filter((word) => word !== '')
    if (prefixes.length === 0) {
      faults.push({ line, what: `${quoted(content)} is not a name followed by a network.` })
    } else if (!namePattern.test(name)) {
      // A list of networks without names would lose the first one of each line.
      faults.push({ line, what: `${quoted(name)} is not ${namePhrase}.` })
    }
    faults.push(...repetition(name, line), ...prefixFaults(prefixes).map((what) => ({ line, what })))
    subnets.push({ id: '', name, addressPrefixes: prefixes })
  }
  refuseInput(input, faults, existingSubnetsFix)
  return subnets
}

/** Finds names that were there before; Azure compares them without regard to case. */
function repetitions(): (name: string, line: number) => readonly LineFault[] {
  const lines = new Map<string, number>()
  return (name, line) => {
    const before = lines.get(name.toLowerCase())
    if (before !== undefined) return [{ line, what: `${quoted(name)} is in line ${before} already.` }]
    lines.set(name.toLowerCase(), line)
    return []
  }
}

const prefixFaults = (prefixes: readonly string[]): readonly string[] =>
  prefixes.flatMap((prefix) => {
    const parsed = parseNetwork(prefix)
    return parsed.kind === 'fault' ? [parsed.message] : []
  })

const prefixAllowed = { patternErrorMessage: 'text such as 10.1.0.0/24' }
const prefixText = z.string().meta(prefixAllowed)

const existingSubnet = z.object({
  name: subnetName,
  addressPrefix: prefixText.nullish().meta(prefixAllowed),
  addressPrefixes: z.array(prefixText).nullish(),
  delegations: z.array(z.object({ serviceName: z.string() })).nullish(),
})

function subnetsFromJson(input: string, text: string): readonly ActualSubnet[] {
  const faults: LineFault[] = []
  const repetition = repetitions()
  const subnets = entriesOf(input, text, existingSubnetsFix).flatMap((entry): readonly ActualSubnet[] => {
    const checked = checkEntry(existingSubnet, entry)
    if (checked.kind === 'faults') {
      faults.push(...checked.faults)
      return []
    }
    const { line } = entry
    const { name, addressPrefix, addressPrefixes, delegations } = checked.value
    const prefixes = addressPrefixes?.length ? addressPrefixes : addressPrefix == null ? [] : [addressPrefix]
    if (prefixes.length === 0) {
      faults.push({ line, what: `${quoted(name)} has neither 'addressPrefix' nor 'addressPrefixes'.` })
    }
    faults.push(...repetition(name, line), ...prefixFaults(prefixes).map((what) => ({ line, what })))
    const names = delegations?.map(({ serviceName }) => serviceName)
    return [
      { id: '', name, addressPrefixes: prefixes, ...(names === undefined ? {} : { delegations: names }) },
    ]
  })
  refuseInput(input, faults, existingSubnetsFix)
  return subnets
}

/** One entry of the `subnets` input. */
export interface SubnetSpec {
  /** A subnet key of the catalogue, or any subnet name. */
  readonly name: string
  readonly prefixLength: number
  /** The service it is for. */
  readonly service?: string
  /** Line of the input. */
  readonly line: number
}

const namedSubnet = z.union([subnetName, z.object({ name: subnetName }).transform(({ name }) => name)])

const spec = z
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
  .refine(({ prefixLength, addresses }) => prefixLength !== undefined || addresses !== undefined, {
    path: ['prefixLength'],
    params: { [allowedParameter]: "given, unless 'addresses' is" },
  })
  .refine(({ prefixLength, addresses }) => prefixLength === undefined || addresses === undefined, {
    path: ['addresses'],
    message: "'prefixLength' is the size already.",
  })

const specsFix =
  'Write a YAML or JSON list of {name, prefixLength} or {name, addresses}, with an optional service.'

/**
 * Reads the `subnets` input: a YAML or JSON list. Addresses are usable ones; the five that Azure reserves are added.
 * At least one.
 * @throws UserError with the line of every fault
 */
export function readSubnetSpecs(input: string, text: string): readonly SubnetSpec[] {
  const faults: LineFault[] = []
  const specs: SubnetSpec[] = []
  const repetition = repetitions()
  const entries = entriesOf(input, text, specsFix)
  if (entries.length === 0) {
    throw new UserError({
      what: `Input '${input}' is an empty list.`,
      fix: 'List at least one subnet, or leave the input out for the subnets of the manifest.',
    })
  }
  for (const entry of entries) {
    const checked = checkEntry(spec, entry)
    if (checked.kind === 'faults') {
      faults.push(...checked.faults)
      continue
    }
    const { line } = entry
    const { name, prefixLength, addresses = 1, service } = checked.value
    faults.push(...repetition(name, line))
    specs.push({
      name,
      prefixLength: prefixLength ?? prefixLengthFor(addresses),
      ...(service === undefined ? {} : { service }),
      line,
    })
  }
  refuseInput(input, faults, specsFix)
  return specs
}

const namesFix = 'Write names of subnets, one per line or separated by commas.'

/**
 * Reads the `subnets` input where only names matter: one per line, separated by commas, or a YAML or JSON list of names
 * or of objects with a `name`, so that what was reserved can be released with the same text. At least one.
 * @throws UserError with the line of every fault
 */
export function readSubnetNames(input: string, text: string): readonly string[] {
  const isList = /^\s*[-[]/.test(text)
  const entries = isList ? entriesOf(input, text, namesFix).map(wordOf) : wordsOf(text)
  const faults: LineFault[] = []
  const names = entries.flatMap(({ line, value }) => {
    const parsed = namedSubnet.safeParse(value)
    if (parsed.success) return [parsed.data]
    const shown = typeof value === 'string' ? value : JSON.stringify(value)
    faults.push({ line, what: `${quoted(shown)} is not a name of a subnet.` })
    return []
  })
  if (entries.length === 0) faults.push({ line: 1, what: 'There is no name.' })
  refuseInput(input, faults, namesFix)
  return names
}

interface Word {
  readonly line: number
  readonly value: unknown
}

const wordOf = ({ line, document }: Entry): Word => ({ line, value: document.value })

const wordsOf = (text: string): readonly Word[] =>
  linesOf(text).flatMap(([line, content]) =>
    content.split(',').flatMap((part) => (part.trim() === '' ? [] : [{ line, value: part.trim() }])),
  )
