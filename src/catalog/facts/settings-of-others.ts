import { contains, parseNetwork } from '../../cidr.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import type { ArmType } from './api-versions.ts'

/** What a deployment has to leave of a resource that is there. */
export interface KeptSettings {
  /** The properties to write: those of the template, and what others have set. */
  readonly keep: (written: JsonObject, live: JsonObject) => JsonObject
  /** What the template says otherwise than it stays; undefined when nothing. */
  readonly remark?: (written: JsonObject, live: JsonObject) => string | undefined
}

/**
 * What others set on resources of the common area, and what cannot change any more. A deployment replaces a whole resource, so
 * what it does not name goes back to its default, and no plan shows that: a comparison takes it for a default of Azure's.
 * Only settings that can be written are here, and none that lets in more people than the template does, unless nobody can take it
 * back or others depend on it: that is said.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/deployment-modes#incremental-mode
 */
export const settingsOfOthers: Readonly<Partial<Record<ArmType, KeptSettings>>> = {
  'Microsoft.Network/virtualNetworks': {
    keep: (written, live) => ({
      ...those(live, [
        'dhcpOptions',
        'flowTimeoutInMinutes',
        'enableDdosProtection',
        'ddosProtectionPlan',
        'encryption',
        'privateEndpointVNetPolicies',
      ]),
      ...nested(live, 'bgpCommunities', ['virtualNetworkCommunity']),
      ...written,
      addressSpace: { addressPrefixes: allPrefixes(prefixesIn(written), prefixesIn(live)) },
    }),
    remark: (written, live) => {
      const wanted = prefixesIn(written)
      const more = allPrefixes(wanted, prefixesIn(live)).filter((prefix) => !wanted.includes(prefix))
      return more.length === 0
        ? undefined
        : `It has the addresses ${more.join(', ')}, which 'network.addressSpace' in factory.yml does not name: they stay. Name them there, or take them away from the VNet.`
    },
  },
  'Microsoft.Network/routeTables': {
    keep: (written, live) => ({ ...written, routes: byName(written, live, 'routes', ownRoutes).map(route) }),
  },
  'Microsoft.Network/natGateways': {
    keep: (written, live) => ({
      ...those(live, ['publicIpPrefixes']),
      ...written,
      publicIpAddresses: byId(list(written['publicIpAddresses']), list(live['publicIpAddresses'])),
    }),
  },
  'Microsoft.KeyVault/vaults': {
    keep: (written, live) => ({
      ...those(live, doorsOfVault),
      ...written,
      // https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
      ...those(live, ['softDeleteRetentionInDays']),
    }),
    remark: (written, live) => sentences(daysOfDeleted(written, live), openToAzure(live)),
  },
  'Microsoft.OperationalInsights/workspaces': {
    keep: (written, live) => ({
      ...those(live, [
        // Open unless others have closed them.
        'publicNetworkAccessForIngestion',
        'publicNetworkAccessForQuery',
        'forceCmkForQuery',
        'defaultDataCollectionRuleResourceId',
      ]),
      ...nested(live, 'workspaceCapping', ['dailyQuotaGb']),
      ...written,
      features: {
        ...those(object(live['features']), ['enableDataExport', 'clusterResourceId']),
        ...object(written['features']),
      },
    }),
  },
  'Microsoft.ContainerRegistry/registries': {
    keep: (written, live) => ({
      // https://learn.microsoft.com/azure/container-registry/zone-redundancy
      ...those(live, ['zoneRedundancy']),
      ...written,
      ...unlessEmpty('policies', {
        ...nested(object(live['policies']), 'retentionPolicy', ['days', 'status']),
        ...nested(object(live['policies']), 'softDeletePolicy', ['retentionDays', 'status']),
        ...those(object(live['policies']), ['quarantinePolicy', 'trustPolicy', 'exportPolicy']),
        ...object(written['policies']),
      }),
    }),
  },
  'Microsoft.Storage/storageAccounts': {
    keep: (written, live) => ({
      ...those(live, ['sasPolicy', 'keyPolicy', 'allowedCopyScope', 'routingPreference']),
      ...those(live, ['isNfsV3Enabled', 'largeFileSharesState']),
      ...written,
    }),
    // https://learn.microsoft.com/azure/storage/blobs/network-file-system-protocol-support
    remark: (_, { isNfsV3Enabled }) =>
      isNfsV3Enabled === true
        ? 'It takes NFS 3.0, which is decided when an account is created: who reaches it in the network reads and writes there without signing in.'
        : undefined,
  },
  'Microsoft.Storage/storageAccounts/blobServices': {
    keep: (written, live) => ({
      ...those(live, ['cors', 'defaultServiceVersion', 'isVersioningEnabled', 'changeFeed']),
      ...those(live, ['automaticSnapshotPolicyEnabled', 'lastAccessTimeTrackingPolicy']),
      ...nested(live, 'restorePolicy', ['enabled', 'days']),
      ...written,
    }),
  },
  'Microsoft.Storage/storageAccounts/managementPolicies': {
    keep: (written, live) => ({
      policy: { rules: byName(object(written['policy']), object(live['policy']), 'rules', []) },
    }),
  },
}

function daysOfDeleted(
  { softDeleteRetentionInDays: wanted }: JsonObject,
  { softDeleteRetentionInDays: days = wanted }: JsonObject,
): string | undefined {
  return days === wanted
    ? undefined
    : `It keeps what is deleted for ${String(days)} days, which is decided when a vault is created, and not for ${String(wanted)}. Set 'common.keyVault.retentionDays' in factory.yml to ${String(days)}.`
}

/** https://learn.microsoft.com/azure/key-vault/general/overview-vnet-service-endpoints, …/azure-resource-manager/templates/key-vault-parameter */
function openToAzure(live: JsonObject): string | undefined {
  const open = doorsOfVault.filter((key) => live[key] === true)
  return open.length === 0
    ? undefined
    : `Whoever may deploy with it gets its secrets, without a role on them: ${open.join(', ')}. If nobody needs that any more, switch it off there.`
}

const doorsOfVault = ['enabledForDeployment', 'enabledForDiskEncryption', 'enabledForTemplateDeployment']

const sentences = (...those: readonly (string | undefined)[]): string | undefined =>
  those.filter((one) => one !== undefined).join(' ') || undefined

/** The name of the one route that factory.yml decides about. */
export const firewallRoute = 'through-firewall'
const ownRoutes = [firewallRoute]

const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})
const list = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : []

/** Those of the settings that there are. */
const those = (live: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(
    keys.flatMap((key) => (live[key] === undefined || live[key] === null ? [] : [[key, live[key]]])),
  )

const unlessEmpty = (key: string, settings: JsonObject): JsonObject =>
  Object.keys(settings).length === 0 ? {} : { [key]: settings }

/** A setting without what only Azure writes in it. */
const nested = (live: JsonObject, key: string, inside: readonly string[]): JsonObject =>
  unlessEmpty(key, those(object(live[key]), inside))

/** What the template names of a list, and what others have put into it under other names. */
function byName(written: JsonObject, live: JsonObject, key: string, own: readonly string[]) {
  const wanted = list(written[key])
  const known = [...own, ...wanted.map(({ name }) => name)]
  return [...list(live[key]).filter(({ name }) => !known.includes(name ?? '')), ...wanted]
}

const idOf = ({ id }: JsonObject): string => String(id).toLowerCase()

const byId = (written: readonly JsonObject[], live: readonly JsonObject[]): readonly JsonObject[] => [
  ...written,
  ...live
    .filter((one) => !written.some((other) => idOf(other) === idOf(one)))
    .map((one) => those(one, ['id'])),
]

/** A route without what only Azure writes in it. */
const route = ({ name, properties }: JsonObject): JsonObject => ({
  name,
  properties: those(object(properties), ['addressPrefix', 'nextHopType', 'nextHopIpAddress', 'nextHop']),
})

function prefixesIn({ addressSpace }: JsonObject): readonly string[] {
  const prefixes = object(addressSpace)['addressPrefixes']
  return Array.isArray(prefixes) ? prefixes.filter((prefix) => typeof prefix === 'string') : []
}

/** Those that are there, in their order, and those that are to come; of two of which one holds the other the larger one. */
function allPrefixes(wanted: readonly string[], live: readonly string[]): readonly string[] {
  const isHeld = (prefix: string, others: readonly string[]): boolean =>
    others.some((other) => other !== prefix && holds(other, prefix))
  const all = [...new Set([...live, ...wanted])]
  return all.filter((prefix) => !isHeld(prefix, all))
}

function holds(outer: string, inner: string): boolean {
  const [large, small] = [parseNetwork(outer), parseNetwork(inner)]
  return large.kind === 'ipv4' && small.kind === 'ipv4' && contains(large.cidr, small.cidr)
}
