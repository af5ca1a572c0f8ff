import { z } from 'zod'
import { storageAccount } from '../../naming/limits.ts'
import { storage } from '../baseline/storage.ts'
import { ofType } from '../facts/api-versions.ts'
import { defineCommonPart } from './define.ts'

/** The data lake that all projects of an environment have a folder in. Keys are off; access is by Entra roles and ACLs. */
export const dataLake = defineCommonPart({
  key: 'dataLake',
  title: 'Data lake',
  documentation: 'https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-introduction',
  stack: 'common',
  enabled: 'always',
  existing: 'lake',
  resources: {
    lake: {
      type: 'Microsoft.Storage/storageAccounts',
      name: { ...storageAccount, givesWay: 'factory', pattern: '{factory}{salt}esml{instance}{env}' },
    },
  },
  subnets: {},
  privateEndpoints: [
    { resource: 'lake', group: 'blob', zones: ['privatelink.blob.core.windows.net'], addresses: 1 },
  ],
  logs: [{ resource: 'lake', child: 'blobServices/default' }],
  options: {
    sku: z
      .enum(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
      .describe('Redundancy: in one data centre, in three zones, or also in a second region.'),
  },
  defaults: {
    dev: { sku: 'Standard_ZRS' },
    stage: { sku: 'Standard_ZRS' },
    prod: { sku: 'Standard_ZRS' },
  },
  data: storage.data,
  inside: storage.inside,
  prices: storage.prices,
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
        defaultToOAuthAuthentication: true,
        minimumTlsVersion: 'TLS1_2',
        supportsHttpsTrafficOnly: true,
        publicNetworkAccess: 'Disabled',
        networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] },
      },
    },
    {
      ...ofType('Microsoft.Storage/storageAccounts/blobServices/containers'),
      name: `${names.lake}/default/${lakeContainer}`,
      dependsOn: [ids.lake],
      properties: { publicAccess: 'None' },
    },
  ],
})
