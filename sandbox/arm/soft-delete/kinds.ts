import type { ArmError, StoredResource } from '../../contracts.ts'
import { badRequest, conflict, refusal } from '../errors.ts'
import { at, type Json } from '../json.ts'
import type { Write } from '../rules.ts'
import type { SoftDeleted } from '../state.ts'

/** How a service keeps what was deleted. */
export interface SoftDeleteKind {
  readonly type: string
  /** What the deleted ones are listed as, e.g. `deletedVaults`; absent when the API lists none. */
  readonly listed?: string
  /** Whether the address of a deleted one names its resource group, too. */
  readonly inGroup?: boolean
  /** Whether the list can be had for a resource group, or for a region. */
  readonly listedBy?: 'resourceGroup' | 'location'
  /** Days that it is kept; 0 when it is gone at once. */
  readonly days: (resource: StoredResource) => number
  readonly isProtected?: (resource: StoredResource) => boolean
  /** What a PUT of the same resource says to bring it back: a property, which is not kept, and its value; or nothing. */
  readonly recovery?: readonly [property: string, value: string | boolean] | 'always'
  /** The refusal of a PUT of the same resource that does not. */
  readonly refuse: (write: Write) => ArmError
  /** The refusal of a PUT that would bring back what is not there. */
  readonly refuseNothing?: (write: Write) => ArmError
  /** How a deleted one is shown, besides its id, name, type and location. */
  readonly shown?: (deleted: SoftDeleted) => Json
  /** How it is given up before its time: an action or the DELETE of the deleted one, or the DELETE with `purgesAtOnce` again. */
  readonly purge?: 'POST' | 'DELETE' | 'again'
  /** The action that brings it back, where there is one besides the PUT. */
  readonly recoverAction?: string
  /** The query parameter with which a DELETE keeps nothing. */
  readonly purgesAtOnce?: string
}

const number = (resource: StoredResource, path: string, otherwise: number): number => {
  const value = at(resource, path)
  return typeof value === 'number' ? value : otherwise
}
const dates = ({ deletedOn, purgedOn }: SoftDeleted) => ({
  deletionDate: deletedOn,
  scheduledPurgeDate: purgedOn,
})
const guarded = ({ purgeProtected }: SoftDeleted) => (purgeProtected ? { purgeProtectionEnabled: true } : {})
const nothingToRestore = () =>
  badRequest('CanNotRestoreANonExistingResource', 'Cannot restore a resource that has not been deleted.')
/** The services that keep what was deleted. Databricks, Search, Redis, Data Factory and Event Hubs keep nothing. */
export const softDeleteKinds: readonly SoftDeleteKind[] = [
  {
    // https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
    type: 'Microsoft.KeyVault/vaults',
    listed: 'deletedVaults',
    days: (vault) => number(vault, 'properties.softDeleteRetentionInDays', 90),
    isProtected: (vault) => at(vault, 'properties.enablePurgeProtection') === true,
    recovery: ['createMode', 'recover'],
    refuse: () =>
      conflict(
        'ConflictError',
        'A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.',
      ),
    refuseNothing: ({ address }) =>
      refusal(
        404,
        'SoftDeletedVaultDoesNotExist',
        `A soft deleted vault with the given name '${address.name}' does not exist.`,
      ),
    shown: (deleted) => ({
      properties: {
        vaultId: deleted.id,
        location: deleted.location,
        tags: deleted.resource.tags ?? {},
        ...dates(deleted),
        ...guarded(deleted),
      },
    }),
    purge: 'POST',
  },
  {
    // https://learn.microsoft.com/azure/ai-services/recover-purge-resources
    type: 'Microsoft.CognitiveServices/accounts',
    listed: 'deletedAccounts',
    inGroup: true,
    days: () => 2,
    recovery: ['restore', true],
    refuse: ({ address }) =>
      conflict(
        'FlagMustBeSetForRestore',
        `An existing resource with ID '${address.id}' has been soft-deleted. To restore the resource, you must specify 'restore' to be 'true' in the property. If you don't want to restore existing resource, please purge it first.`,
      ),
    refuseNothing: nothingToRestore,
    shown: (deleted) => ({
      kind: deleted.resource['kind'],
      sku: deleted.resource['sku'],
      properties: { ...deleted.resource.properties, ...dates(deleted) },
    }),
    purge: 'DELETE',
  },
  {
    // https://learn.microsoft.com/azure/api-management/soft-delete
    type: 'Microsoft.ApiManagement/service',
    listed: 'deletedservices',
    days: (service) => (/^consumption/i.test(String(at(service, 'sku.name'))) ? 0 : 2),
    recovery: ['restore', true],
    refuse: ({ address }) =>
      conflict(
        'ServiceAlreadyExistsInSoftDeletedState',
        `Api service ${address.name} was soft-deleted. In order to create the new service with the same name, you have to either undelete the service or purge it. See https://aka.ms/apimsoftdelete.`,
      ),
    refuseNothing: nothingToRestore,
    shown: (deleted) => ({ properties: { serviceId: deleted.id, ...dates(deleted) } }),
    purge: 'DELETE',
  },
  {
    // https://learn.microsoft.com/azure/azure-app-configuration/concept-soft-delete
    type: 'Microsoft.AppConfiguration/configurationStores',
    listed: 'deletedConfigurationStores',
    days: (store) =>
      /^(standard|premium)$/i.test(String(at(store, 'sku.name')))
        ? number(store, 'properties.softDeleteRetentionInDays', 7)
        : 0,
    isProtected: (store) => at(store, 'properties.enablePurgeProtection') === true,
    recovery: ['createMode', 'recover'],
    refuse: () => conflict('NameUnavailable', 'The specified name is already in use.'),
    refuseNothing: nothingToRestore,
    shown: (deleted) => ({
      properties: {
        configurationStoreId: deleted.id,
        location: deleted.location,
        tags: deleted.resource.tags ?? {},
        ...dates(deleted),
        ...guarded(deleted),
      },
    }),
    purge: 'POST',
  },
  {
    // https://learn.microsoft.com/azure/machine-learning/concept-soft-delete; with a customer's key it is gone at once
    type: 'Microsoft.MachineLearningServices/workspaces',
    days: (workspace) => (at(workspace, 'properties.encryption.status') === 'Enabled' ? 0 : 14),
    refuse: () =>
      badRequest(
        'BadRequest',
        'Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete',
      ),
    purge: 'again',
    purgesAtOnce: 'forceToPurge',
  },
  {
    // https://learn.microsoft.com/azure/azure-monitor/logs/delete-workspace: created again, it is the one of before
    type: 'Microsoft.OperationalInsights/workspaces',
    listed: 'deletedWorkspaces',
    listedBy: 'resourceGroup',
    days: () => 14,
    recovery: 'always',
    refuse: ({ address }) => conflict('Conflict', `Workspace '${address.name}' is in deleted state.`),
    shown: ({ resource }) => ({ tags: resource.tags ?? {}, properties: { ...resource.properties } }),
    purgesAtOnce: 'force',
  },
  {
    // https://learn.microsoft.com/rest/api/sql/deleted-servers: only servers with `retentionDays` are kept
    type: 'Microsoft.Sql/servers',
    listed: 'deletedServers',
    listedBy: 'location',
    days: (server) => number(server, 'properties.retentionDays', 0),
    recovery: ['createMode', 'restore'],
    refuse: ({ address }) =>
      conflict('NameAlreadyExists', `The name '${address.name}' already exists. Choose a different name.`),
    shown: (deleted) => ({ properties: { originalId: deleted.id, deletionTime: deleted.deletedOn } }),
    recoverAction: 'recover',
  },
]

const byType = new Map(softDeleteKinds.map((kind) => [kind.type.toLowerCase(), kind]))

/** How resources of a type are kept after their deletion; `undefined` when they are not. */
export function softDeleteKindOf(type: string): SoftDeleteKind | undefined {
  return byType.get(type.toLowerCase())
}

/** Whether a PUT says that the deleted resource shall come back. */
export function recovers({ recovery }: SoftDeleteKind, { properties }: Write): boolean {
  if (recovery === undefined || recovery === 'always') return recovery === 'always'
  const [key, value] = recovery
  return String(properties[key]).toLowerCase() === String(value)
}
