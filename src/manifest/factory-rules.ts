import { quoted } from '../diagnostics/escape.ts'
import type { DocumentFault, Path } from '../diagnostics/fault.ts'
import { accessModes, environments } from '../vocabulary.ts'
import { addressRules } from './address-rules.ts'
import { commonRules } from './common-rules.ts'
import { personaRules } from './persona-rules.ts'
import { brokenRule, duplicates, keysAt, objectAt, textAt, textsAt, valueAt } from './reading.ts'
import type { YamlDocument } from './yaml-document.ts'

/** What ties the keys of factory.yml together. */
export function factoryRules(document: YamlDocument): readonly DocumentFault[] {
  return [
    ...tagRules(document),
    ...allowListRule(document),
    ...environmentsRule(document),
    ...keysAt(document.value, ['environments'], environments).flatMap((key) =>
      networkRules(document, ['environments', key, 'network']),
    ),
    ...addressRules(document),
    ...commonRules(document),
    ...oneNetworkEachRule(document),
    ...defaultsRule(document),
    ...personaRules(document),
  ]
}

/** Addresses belong to one access mode, and that one needs them. */
function allowListRule(document: YamlDocument): readonly DocumentFault[] {
  const mode = valueAt(document.value, ['accessMode']) ?? 'private-peered'
  if (!accessModes.some((known) => known === mode)) return []
  const path = ['allowedIps']
  const count = textsAt(document.value, path).length
  if (mode === 'private-ip-allowlist' && count === 0) {
    return [
      brokenRule(document, valueAt(document.value, path) === undefined ? ['accessMode'] : path, {
        found: 'no addresses',
        allowed: 'at least one address in allowedIps',
        what: "The access mode 'private-ip-allowlist' needs at least one address in 'allowedIps': without one nobody could reach anything.",
      }),
    ]
  }
  if (mode !== 'private-ip-allowlist' && count > 0) {
    return [
      brokenRule(document, path, {
        found: `addresses with access mode '${mode}'`,
        allowed: "addresses only with access mode 'private-ip-allowlist'",
        what: `'allowedIps' only counts with the access mode 'private-ip-allowlist', not with '${mode}'. Change the mode or remove the addresses.`,
      }),
    ]
  }
  return duplicates(document, path)
}

/**
 * Beginnings of tag names that Azure keeps for itself, in any case.
 * https://learn.microsoft.com/rest/api/resources/tags/create-or-update
 */
const reservedTagPrefixes = ['microsoft', 'azure', 'windows']

/** Names of tags have no case in Azure, which would refuse them one by one, in the middle of a deployment. */
function tagRules(document: YamlDocument): readonly DocumentFault[] {
  const names = Object.keys(objectAt(document.value, ['tags']))
  return names.flatMap((name, index) => {
    const same = names.slice(0, index).find((other) => other.toLowerCase() === name.toLowerCase())
    const prefix = reservedTagPrefixes.find((reserved) => name.toLowerCase().startsWith(reserved))
    return [
      ...(same === undefined ? [] : [repeatedTag(document, name, same)]),
      ...(prefix === undefined ? [] : [reservedTag(document, name, prefix)]),
      ...(name === '__proto__' ? [lostTag(document, name)] : []),
    ]
  })
}

const repeatedTag = (document: YamlDocument, name: string, same: string): DocumentFault =>
  brokenRule(document, ['tags', name], {
    found: `${quoted(name)} besides ${quoted(same)}`,
    allowed: 'each name once, whatever its case',
    what: `The tags ${quoted(same)} and ${quoted(name)} are the same to Azure, which ignores the case of their names. Remove one.`,
  })

const reservedTag = (document: YamlDocument, name: string, prefix: string): DocumentFault =>
  brokenRule(document, ['tags', name], {
    found: quoted(name),
    allowed: `a name that does not begin with ${reservedTagPrefixes.join(', ')}`,
    what: `The tag ${quoted(name)} cannot be used: Azure keeps names that begin with '${prefix}' for itself, in any case. Rename it.`,
  })

/** JavaScript would take it for something else than a key, and the resources would go without the tag. */
const lostTag = (document: YamlDocument, name: string): DocumentFault =>
  brokenRule(document, ['tags', name], {
    found: quoted(name),
    allowed: 'another name',
    what: `The tag ${quoted(name)} cannot be used: JavaScript keeps this name for itself, and it would be lost on the way to Azure. Rename it.`,
  })

function environmentsRule(document: YamlDocument): readonly DocumentFault[] {
  const path = ['environments']
  if (valueAt(document.value, path) === undefined || Object.keys(objectAt(document.value, path)).length > 0)
    return []
  return [
    brokenRule(document, path, {
      found: 'no environment',
      allowed: `at least one of ${environments.join(', ')}`,
      what: `'environments' must have at least one of ${environments.join(', ')}: without one there is nothing to deliver to.`,
    }),
  ]
}

function networkRules(document: YamlDocument, path: Path): readonly DocumentFault[] {
  if (valueAt(document.value, path) === undefined) return []
  const network = objectAt(document.value, path)
  const name = path.join('.')
  const hasSpace = Object.hasOwn(network, 'addressSpace')
  const hasId = Object.hasOwn(network, 'vnetId')
  const faults = [
    ...['addressSpace', 'reserved', 'onPremises', 'dnsServers'].flatMap((key) =>
      duplicates(document, [...path, key]),
    ),
    ...(hasId ? foreignDnsServers(document, path) : []),
  ]
  if (hasSpace !== hasId) return faults
  return [
    ...faults,
    brokenRule(document, hasId ? [...path, 'vnetId'] : path, {
      found: hasId ? 'addressSpace and vnetId together' : 'neither addressSpace nor vnetId',
      allowed: 'either addressSpace or vnetId',
      what: hasId
        ? `'${name}' has both 'addressSpace' and 'vnetId'. Keep 'vnetId' to use an existing VNet, or 'addressSpace' to have one created.`
        : `'${name}' needs 'addressSpace', to have a VNet created, or 'vnetId', to use an existing one.`,
    }),
  ]
}

const foreignDnsServers = (document: YamlDocument, path: Path): readonly DocumentFault[] =>
  valueAt(document.value, [...path, 'dnsServers']) === undefined
    ? []
    : [
        brokenRule(document, [...path, 'dnsServers'], {
          found: 'DNS servers of an existing VNet',
          allowed: 'nothing, or a VNet that the factory creates',
          what: `'${path.join('.')}' names DNS servers for an existing VNet, which its owner changes. Leave 'dnsServers' out, and ask the owner to set them.`,
        }),
      ]

/** Subnets of dev and stage have the same names, so that they cannot share a VNet. */
function oneNetworkEachRule(document: YamlDocument): readonly DocumentFault[] {
  const owners = new Map<string, string>()
  return keysAt(document.value, ['environments'], environments).flatMap((key) => {
    const path = ['environments', key, 'network', 'vnetId']
    const id = textAt(document.value, path)?.toLowerCase()
    const owner = id === undefined ? undefined : owners.get(id)
    if (id !== undefined && owner === undefined) owners.set(id, key)
    if (owner === undefined) return []
    return [
      brokenRule(document, path, {
        found: `the VNet of ${owner}`,
        allowed: 'a VNet of its own for each environment',
        what: `${owner} and ${key} name the same VNet. Each environment needs a VNet of its own.`,
      }),
    ]
  })
}

function defaultsRule(document: YamlDocument): readonly DocumentFault[] {
  const known = keysAt(document.value, ['environments'], environments)
  return keysAt(document.value, ['defaults', 'environments'], environments)
    .filter((key) => !known.includes(key))
    .map((key) =>
      brokenRule(document, ['defaults', 'environments', key], {
        found: `defaults of ${key}`,
        allowed: `one of ${known.join(', ')}`,
        what: `'defaults' has the environment ${key}, which this factory does not have. It has: ${known.join(', ') || 'none'}.`,
      }),
    )
}
