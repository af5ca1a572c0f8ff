import { azureForbiddenRanges } from '../catalog/facts/subnet-rules.ts'
import { type Cidr, cidr, overlaps } from '../cidr.ts'
import type { DocumentFault, Path } from '../diagnostics/fault.ts'
import { environments } from '../vocabulary.ts'
import { readNetwork } from './address.ts'
import { keysAt, textsAt, valueAt } from './reading.ts'
import type { YamlDocument } from './yaml-document.ts'

/** What ties the address spaces of a factory to each other, and to Azure. */
export const addressRules = (document: YamlDocument): readonly DocumentFault[] => [
  ...keysAt(document.value, ['environments'], environments).flatMap((environment) => {
    const prefixes = prefixesOf(document, environment)
    return [
      ...prefixesOverlapRule(document, prefixes),
      ...forbiddenRule(document, prefixes),
      ...onPremisesRule(document, environment, prefixes),
    ]
  }),
  ...environmentsOverlapRule(document),
]

/** A prefix of a VNet, and where it is. What is no network is left to the schema. */
interface Prefix {
  readonly path: Path
  readonly text: string
  readonly network: Cidr
}

const prefixesOf = (document: YamlDocument, environment: string): readonly Prefix[] =>
  rangesAt(document, ['environments', environment, 'network', 'addressSpace'])

const rangesAt = (document: YamlDocument, path: Path): readonly Prefix[] =>
  textsAt(document.value, path).flatMap((item) => {
    const network = readNetwork(item.text)
    return 'fault' in network ? [] : [{ ...item, network }]
  })

/** Azure refuses a VNet whose prefixes overlap. https://learn.microsoft.com/azure/virtual-network/manage-virtual-network */
const prefixesOverlapRule = (document: YamlDocument, prefixes: readonly Prefix[]): readonly DocumentFault[] =>
  prefixes.flatMap((prefix, index) => {
    const other = prefixes
      .slice(0, index)
      .find(({ network, text }) => text !== prefix.text && overlaps(network, prefix.network))
    if (other === undefined) return []
    return [
      document.fault('value', prefix.path, {
        found: `${prefix.text}, which overlaps ${other.text}`,
        allowed: 'prefixes that do not overlap',
        what: `The prefixes ${other.text} and ${prefix.text} of one VNet overlap. Remove or change one.`,
      }),
    ]
  })

/**
 * What a VNet has, its traffic finds there: nothing reaches a network of the same addresses on-premises.
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#how-azure-selects-a-route
 */
function onPremisesRule(
  document: YamlDocument,
  environment: string,
  prefixes: readonly Prefix[],
): readonly DocumentFault[] {
  const there = rangesAt(document, ['environments', environment, 'network', 'onPremises'])
  return prefixes.flatMap(({ path, text, network }) => {
    const other = there.find((range) => overlaps(range.network, network))
    if (other === undefined) return []
    return [
      document.fault('value', path, {
        found: `${text}, which overlaps ${other.text}`,
        allowed: 'addresses that no network on-premises has',
        what: `${text} of ${environment} overlaps ${other.text}, which is on-premises. What the VNet calls there would never leave the VNet. Give the VNet other addresses, or correct 'onPremises'.`,
      }),
    ]
  })
}

/** Azure refuses a VNet on some ranges. https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
const forbiddenRule = (document: YamlDocument, prefixes: readonly Prefix[]): readonly DocumentFault[] =>
  prefixes.flatMap(({ path, text, network }) => {
    const forbidden = azureForbiddenRanges.find(({ range }) => overlaps(cidr(range), network))
    if (forbidden === undefined) return []
    const { range, because } = forbidden
    return [
      document.fault('value', path, {
        found: `${text}, which touches ${range}`,
        allowed: 'private addresses such as 172.16.0.0/16',
        what: `No VNet can have ${text}: Azure refuses ${range}, because ${because}. Use private addresses such as 172.16.0.0/16.`,
      }),
    ]
  })

/**
 * With the access mode private-peered the VNets of all environments are peered with the same hub, which knows one way to
 * each address. https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering#requirements-and-constraints
 */
function environmentsOverlapRule(document: YamlDocument): readonly DocumentFault[] {
  const mode = valueAt(document.value, ['accessMode'])
  if (mode !== undefined && mode !== 'private-peered') return []
  const all = keysAt(document.value, ['environments'], environments).flatMap((environment) =>
    prefixesOf(document, environment).map((prefix) => ({ ...prefix, environment })),
  )
  return all.flatMap((prefix, index) => {
    const other = all
      .slice(0, index)
      .find(
        ({ environment, network }) => environment !== prefix.environment && overlaps(network, prefix.network),
      )
    if (other === undefined) return []
    return [
      document.fault('value', prefix.path, {
        found: `${prefix.text}, which overlaps ${other.text} of ${other.environment}`,
        allowed: 'addresses that no other environment has',
        what: `${prefix.text} of ${prefix.environment} overlaps ${other.text} of ${other.environment}. With the access mode 'private-peered' both VNets are peered with one hub, which can route each address to one of them only. Give each environment addresses of its own, or choose another access mode.`,
      }),
    ]
  })
}
