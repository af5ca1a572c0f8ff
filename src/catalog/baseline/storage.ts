import { storageAccount } from '../../naming/limits.ts'
import type { Environment } from '../../vocabulary.ts'
import { definePart } from '../define.ts'
import { ofType } from '../facts/api-versions.ts'
import { identities, peopleInDev } from '../grants.ts'
import { byUsage, free } from '../prices.ts'
import type { ArmResource, PartContext, PrivateEndpointDefinition } from '../types.ts'
import { projectIdentities } from './identities.ts'

/** Copies within one data centre where data can be recreated, in three zones where it cannot. */
const redundancy: Readonly<Record<Environment, string>> = {
  dev: 'Standard_LRS',
  stage: 'Standard_LRS',
  prod: 'Standard_ZRS',
}

/** Days in which deleted blobs and containers can be restored. */
const retentionDays = 7

const endpointsOf = <const Key extends string>(resource: Key): readonly PrivateEndpointDefinition<Key>[] => [
  { resource, group: 'blob', zones: ['privatelink.blob.core.windows.net'], addresses: 1 },
  { resource, group: 'file', zones: ['privatelink.file.core.windows.net'], addresses: 1 },
  { resource, group: 'queue', zones: ['privatelink.queue.core.windows.net'], addresses: 1 },
  { resource, group: 'table', zones: ['privatelink.table.core.windows.net'], addresses: 1 },
]

const account = (name: string, id: string, context: PartContext): readonly ArmResource[] => [
  {
    ...ofType('Microsoft.Storage/storageAccounts'),
    name,
    location: context.location,
    tags: context.tags,
    kind: 'StorageV2',
    sku: { name: redundancy[context.environment] },
    properties: {
      accessTier: 'Hot',
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
      publicNetworkAccess: context.access.publicNetwork,
      networkAcls: {
        bypass: 'AzureServices',
        defaultAction: context.access.defaultAction,
        ipRules: context.access.allowedIps.map((value) => ({ value, action: 'Allow' })),
        virtualNetworkRules: [],
      },
    },
  },
  {
    ...ofType('Microsoft.Storage/storageAccounts/blobServices'),
    name: `${name}/default`,
    dependsOn: [id],
    properties: {
      deleteRetentionPolicy: { enabled: true, days: retentionDays },
      containerDeleteRetentionPolicy: { enabled: true, days: retentionDays },
    },
  },
]

/**
 * The project's two storage accounts: the first belongs to the platform (what Foundry and Machine Learning keep), the
 * second to the team (documents to index, files of applications). Keys are off; access is by Entra roles only.
 */
export const storage = definePart({
  title: 'Azure Storage',
  documentation: 'https://learn.microsoft.com/azure/storage/common/storage-account-overview',
  resources: {
    storage1: {
      type: 'Microsoft.Storage/storageAccounts',
      name: { ...storageAccount, pattern: 'saprj{project}{location}{salt}1{instance}{env}' },
    },
    storage2: {
      type: 'Microsoft.Storage/storageAccounts',
      name: { ...storageAccount, pattern: 'saprj{project}{location}{salt}2{instance}{env}' },
    },
  },
  subnets: {},
  connectsTo: [projectIdentities],
  privateEndpoints: [...endpointsOf('storage1'), ...endpointsOf('storage2')],
  roles: [
    ...peopleInDev(['lead', 'dataScientist', 'aiEngineer'], 'Storage Blob Data Contributor', 'storage1'),
    ...peopleInDev(
      ['lead', 'dataScientist', 'aiEngineer', 'dataEngineer'],
      'Storage Blob Data Contributor',
      'storage2',
    ),
    ...peopleInDev(['agentDeveloper', 'frontendDeveloper'], 'Storage Blob Data Reader', 'storage2'),
    ...identities(['projectIdentity'], 'Storage Blob Data Contributor', 'storage1'),
    ...identities(['projectIdentity', 'appsIdentity'], 'Storage Blob Data Contributor', 'storage2'),
  ],
  rights: [
    {
      key: 'storage',
      title: "The team's storage account",
      offers: [
        { role: 'Storage Blob Data Contributor', on: 'storage2' },
        { role: 'Storage Blob Data Reader', on: 'storage2' },
      ],
    },
    {
      key: 'platformStorage',
      title: 'The storage account of AI Foundry and Azure Machine Learning',
      offers: [
        { role: 'Storage Blob Data Contributor', on: 'storage1' },
        { role: 'Storage Blob Data Reader', on: 'storage1' },
      ],
    },
  ],
  data: {
    'Microsoft.Storage/storageAccounts': {
      holds: 'blobs, files, tables and queues',
      softDelete: {
        sentence:
          'A deleted account can often be recovered within 14 days, as long as nobody takes its name.',
        source: 'https://learn.microsoft.com/azure/storage/common/storage-account-recover',
      },
    },
    'Microsoft.Storage/storageAccounts/blobServices': 'stateless',
    'Microsoft.Storage/storageAccounts/blobServices/containers': { holds: 'blobs' },
    'Microsoft.Storage/storageAccounts/fileServices/shares': { holds: 'files' },
  },
  inside: {
    'Microsoft.Storage/storageAccounts': {
      'blobServices/containers': 'blobs',
      'fileServices/shares': 'files',
      'queueServices/queues': 'messages',
      'tableServices/tables': 'entities',
    },
  },
  prices: {
    'Microsoft.Storage/storageAccounts': byUsage('stored data and operations'),
    'Microsoft.Storage/storageAccounts/blobServices': free,
    'Microsoft.Storage/storageAccounts/blobServices/containers': free,
  },
  template: (context) => [
    ...account(context.names.storage1, context.ids.storage1, context),
    ...account(context.names.storage2, context.ids.storage2, context),
  ],
})
