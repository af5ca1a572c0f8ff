import { z } from 'zod'
import type { JsonObject } from '../../json.ts'
import { storageAccount } from '../../naming/limits.ts'
import { storage } from '../baseline/storage.ts'
import { ofType } from '../facts/api-versions.ts'
import { free } from '../prices.ts'
import { defineCommonPart } from './define.ts'

/**
 * The data lake that all projects of an environment have a folder in. Keys are off; access is by Entra roles and ACLs. Its
 * folders are no resources: datalake-acl creates them, once somebody reaches the private endpoint `dfs`.
 */
export const dataLake = defineCommonPart({
  key: 'dataLake',
  title: 'Data lake',
  documentation: 'https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-introduction',
  stack: 'common',
  enabled: 'always',
  existing: 'lake',
  usedByProjects: [
    'Microsoft.Storage/storageAccounts',
    'Microsoft.Storage/storageAccounts/blobServices/containers',
  ],
  resources: {
    lake: {
      type: 'Microsoft.Storage/storageAccounts',
      name: { ...storageAccount, givesWay: 'factory', pattern: '{factory}{salt}esml{instance}{env}' },
    },
  },
  subnets: {},
  privateEndpoints: [
    { resource: 'lake', group: 'blob', zones: ['privatelink.blob.core.windows.net'], addresses: 1 },
    { resource: 'lake', group: 'dfs', zones: ['privatelink.dfs.core.windows.net'], addresses: 1 },
  ],
  logs: [{ resource: 'lake', child: 'blobServices/default' }],
  // What is in it is reached by access control lists: a role on the account would go past those of every project.
  roles: [
    { to: 'dataOps', role: 'Reader', on: 'lake' },
    { to: 'fabricDataOps', role: 'Reader', on: 'lake', in: ['dev'] },
  ],
  rights: [
    {
      key: 'dataLakeAccount',
      title: 'Data lake: the account, without what is in it',
      offers: [{ role: 'Reader', on: 'lake' }],
    },
  ],
  options: {
    sku: z
      .enum(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
      .describe('Redundancy: in one data centre, in three zones, or also in a second region.'),
    retentionDays: z
      .int()
      .min(1)
      .max(365)
      .describe('Days in which deleted folders, files and containers can be restored.'),
    coolAfterDays: z
      .int()
      .min(1)
      .max(36_500)
      .nullable()
      .describe(
        'Days without a change after which files become cool: cheaper to keep, dearer to read. Never when null.',
      ),
  },
  defaults: {
    dev: { sku: 'Standard_ZRS', retentionDays: 7, coolAfterDays: 90 },
    stage: { sku: 'Standard_ZRS', retentionDays: 7, coolAfterDays: 90 },
    prod: { sku: 'Standard_ZRS', retentionDays: 30, coolAfterDays: 90 },
  },
  data: {
    ...storage.data,
    'Microsoft.Storage/storageAccounts/managementPolicies': {
      holds: 'lifecycle rules, also those that others made',
    },
  },
  inside: storage.inside,
  prices: { ...storage.prices, 'Microsoft.Storage/storageAccounts/managementPolicies': free },
  template: ({ names, ids, location, tags, lakeContainer, options }) => [
    {
      ...ofType('Microsoft.Storage/storageAccounts'),
      name: names.lake,
      location,
      tags,
      kind: 'StorageV2',
      sku: { name: options.sku },
      properties: {
        isHnsEnabled: true,
        accessTier: 'Hot',
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        allowSharedKeyAccess: false,
        // Local users have passwords and SSH keys, and pass by roles and access control lists. Azure's own default is on.
        // https://learn.microsoft.com/azure/storage/blobs/secure-file-transfer-protocol-support
        isLocalUserEnabled: false,
        isSftpEnabled: false,
        defaultToOAuthAuthentication: true,
        minimumTlsVersion: 'TLS1_2',
        supportsHttpsTrafficOnly: true,
        publicNetworkAccess: 'Disabled',
        networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] },
      },
    },
    {
      ...ofType('Microsoft.Storage/storageAccounts/blobServices'),
      name: `${names.lake}/default`,
      dependsOn: [ids.lake],
      properties: {
        deleteRetentionPolicy: { enabled: true, days: options.retentionDays },
        containerDeleteRetentionPolicy: { enabled: true, days: options.retentionDays },
      },
    },
    {
      ...ofType('Microsoft.Storage/storageAccounts/blobServices/containers'),
      name: `${names.lake}/default/${lakeContainer}`,
      dependsOn: [`${ids.lake}/blobServices/default`],
      properties: { publicAccess: 'None' },
    },
    ...(options.coolAfterDays === null
      ? []
      : [
          {
            ...ofType('Microsoft.Storage/storageAccounts/managementPolicies'),
            name: `${names.lake}/default`,
            dependsOn: [`${ids.lake}/blobServices/default`],
            properties: { policy: { rules: [coolingRule(lakeContainer, options.coolAfterDays)] } },
          },
        ]),
  ],
})

/** Nothing is deleted: how long data is kept is its owners' to decide. */
const coolingRule = (container: string, days: number): JsonObject => ({
  name: 'cool-what-is-not-changed',
  enabled: true,
  type: 'Lifecycle',
  definition: {
    filters: { blobTypes: ['blockBlob'], prefixMatch: [`${container}/`] },
    actions: { baseBlob: { tierToCool: { daysAfterModificationGreaterThan: days } } },
  },
})
