import { badRequest } from './errors.ts'
import { at, isRecord, type Json, record } from './json.ts'
import type { ResourceRules, Write } from './rules.ts'

/**
 * What is decided once for a resource of a type, as paths from the body's top: a PUT that leaves it out leaves it as it
 * is, and what is on is never off again.
 */
const decidedOnce: Readonly<Record<string, readonly string[]>> = {
  // https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
  'Microsoft.KeyVault/vaults': ['properties.enablePurgeProtection', 'properties.softDeleteRetentionInDays'],
  'Microsoft.KeyVault/managedHSMs': [
    'properties.enablePurgeProtection',
    'properties.softDeleteRetentionInDays',
  ],
  // https://learn.microsoft.com/azure/azure-app-configuration/concept-soft-delete
  'Microsoft.AppConfiguration/configurationStores': [
    'properties.enablePurgeProtection',
    'properties.softDeleteRetentionInDays',
  ],
  // https://learn.microsoft.com/rest/api/storagerp/storage-accounts/create
  'Microsoft.Storage/storageAccounts': [
    'properties.isHnsEnabled',
    'properties.isNfsV3Enabled',
    'properties.largeFileSharesState',
    'properties.dnsEndpointType',
    'properties.immutableStorageWithVersioning',
    'properties.encryption.requireInfrastructureEncryption',
  ],
  // https://learn.microsoft.com/azure/cosmos-db/migrate-continuous-backup, …/analytical-store-introduction, …/serverless
  'Microsoft.DocumentDB/databaseAccounts': [
    'properties.backupPolicy',
    'properties.enableAnalyticalStorage',
    'properties.capabilities',
  ],
  // https://learn.microsoft.com/azure/ai-foundry/agents/how-to/virtual-networks
  'Microsoft.CognitiveServices/accounts': ['properties.customSubDomainName', 'properties.networkInjections'],
  // https://learn.microsoft.com/azure/container-registry/zone-redundancy
  'Microsoft.ContainerRegistry/registries': ['properties.zoneRedundancy', 'properties.encryption'],
  // https://learn.microsoft.com/azure/container-apps/custom-virtual-networks
  'Microsoft.App/managedEnvironments': ['properties.vnetConfiguration', 'properties.zoneRedundant'],
  // https://learn.microsoft.com/azure/synapse-analytics/security/synapse-workspace-managed-vnet
  'Microsoft.Synapse/workspaces': [
    'properties.managedVirtualNetwork',
    'properties.managedVirtualNetworkSettings',
  ],
}
const byType = new Map(Object.entries(decidedOnce).map(([type, paths]) => [type.toLowerCase(), paths]))

/** Ids and names of enumerations are the same whatever their case. */
const comparable = (value: unknown): string => JSON.stringify(value).toLowerCase()
const isOn = (value: unknown): boolean => value === true || String(value).toLowerCase() === 'enabled'

/** Throws when a PUT changes what cannot be changed. */
export function checkFixed(write: Write, { fixed = [] }: ResourceRules): void {
  refuse(fixed.find((path) => changes(write, path)))
}

/** Throws when a PUT turns off what cannot be turned off, and its provider has not said so in its own words. */
export function checkStaysOn(write: Write): void {
  const paths = byType.get(write.address.type.toLowerCase()) ?? []
  refuse(paths.find((path) => isOn(at(write.existing, path)) && changes(write, path)))
}

function changes({ body, existing }: Write, path: string): boolean {
  const [before, after] = [at(existing, path) ?? undefined, at(body, path) ?? undefined]
  return before !== undefined && after !== undefined && comparable(before) !== comparable(after)
}

function refuse(path: string | undefined): void {
  if (path !== undefined)
    throw badRequest('PropertyChangeNotAllowed', `Changing property '${path}' is not allowed.`, path)
}

/** A PUT with what it leaves out and cannot change. */
export function withLasting(write: Write, { fixed = [] }: ResourceRules): Write {
  const { address, body, properties, existing } = write
  const paths = [...fixed, ...(byType.get(address.type.toLowerCase()) ?? [])]
  if (existing === undefined || paths.length === 0) return write
  const completed = (sent: Json): Json =>
    paths.reduce((changed, path) => {
      const before = at(existing, path) ?? undefined
      const isSaid = (at(changed, path) ?? undefined) !== undefined
      return before === undefined || isSaid ? changed : withValue(changed, path.split('.'), before)
    }, sent)
  return { ...write, body: completed(body), properties: record(completed({ properties })['properties']) }
}

function withValue(target: Json, [step = '', ...rest]: readonly string[], value: unknown): Json {
  const inner = target[step]
  return {
    ...target,
    [step]: rest.length === 0 ? value : withValue(isRecord(inner) ? inner : {}, rest, value),
  }
}
