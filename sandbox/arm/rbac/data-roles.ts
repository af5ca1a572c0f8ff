import { all, commonActions, type RoleDefinition } from './role.ts'

const blobs = 'Microsoft.Storage/storageAccounts/blobServices'
const queues = 'Microsoft.Storage/storageAccounts/queueServices'
const files = 'Microsoft.Storage/storageAccounts/fileServices'
const vaults = 'Microsoft.KeyVault/vaults'

/** Built-in roles of storage, key vaults and container registries. */
export const dataRoles: readonly RoleDefinition[] = [
  {
    id: '17d1049b-9a84-46fb-8f53-869881c3d3ab',
    name: 'Storage Account Contributor',
    actions: [
      ...commonActions,
      'Microsoft.Insights/diagnosticSettings/*',
      'Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action',
      'Microsoft.Storage/storageAccounts/*',
    ],
  },
  {
    id: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
    name: 'Storage Blob Data Owner',
    actions: [`${blobs}/containers/*`, `${blobs}/generateUserDelegationKey/action`],
    dataActions: [`${blobs}/containers/blobs/*`],
  },
  {
    id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    name: 'Storage Blob Data Contributor',
    actions: [
      `${blobs}/containers/delete`,
      `${blobs}/containers/read`,
      `${blobs}/containers/write`,
      `${blobs}/generateUserDelegationKey/action`,
    ],
    dataActions: [
      `${blobs}/containers/blobs/delete`,
      `${blobs}/containers/blobs/read`,
      `${blobs}/containers/blobs/write`,
      `${blobs}/containers/blobs/move/action`,
      `${blobs}/containers/blobs/add/action`,
    ],
  },
  {
    id: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
    name: 'Storage Blob Data Reader',
    actions: [`${blobs}/containers/read`, `${blobs}/generateUserDelegationKey/action`],
    dataActions: [`${blobs}/containers/blobs/read`],
  },
  {
    id: '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
    name: 'Storage Queue Data Contributor',
    actions: [`${queues}/queues/delete`, `${queues}/queues/read`, `${queues}/queues/write`],
    dataActions: [
      `${queues}/queues/messages/delete`,
      `${queues}/queues/messages/read`,
      `${queues}/queues/messages/write`,
      `${queues}/queues/messages/process/action`,
    ],
  },
  {
    id: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
    name: 'Storage Table Data Contributor',
    actions: ['read', 'write', 'delete'].map(
      (verb) => `Microsoft.Storage/storageAccounts/tableServices/tables/${verb}`,
    ),
    dataActions: ['read', 'write', 'delete', 'add/action', 'update/action'].map(
      (verb) => `Microsoft.Storage/storageAccounts/tableServices/tables/entities/${verb}`,
    ),
  },
  {
    id: '69566ab7-960f-475b-8e7c-b3118f30c6bd',
    name: 'Storage File Data Privileged Contributor',
    actions: [],
    dataActions: ['read', 'write', 'delete', 'modifypermissions/action']
      .map((verb) => `${files}/fileshares/files/${verb}`)
      .concat(`${files}/readFileBackupSemantics/action`, `${files}/writeFileBackupSemantics/action`),
  },
  {
    id: '00482a5a-887f-4fb3-b363-3b7fe8e74483',
    name: 'Key Vault Administrator',
    actions: [...commonActions, 'Microsoft.KeyVault/checkNameAvailability/read', `${vaults}/*/read`],
    dataActions: [all(vaults)],
  },
  {
    id: 'f25e0fa2-a7c8-4377-a976-54943a77a395',
    name: 'Key Vault Contributor',
    actions: [...commonActions, all('Microsoft.KeyVault')],
    notActions: [
      'Microsoft.KeyVault/locations/deletedVaults/purge/action',
      'Microsoft.KeyVault/hsmPools/*',
      'Microsoft.KeyVault/managedHsms/*',
    ],
  },
  {
    id: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
    name: 'Key Vault Secrets Officer',
    actions: [...commonActions, 'Microsoft.KeyVault/checkNameAvailability/read', `${vaults}/*/read`],
    dataActions: [`${vaults}/secrets/*`],
  },
  {
    id: '4633458b-17de-408a-b874-0445c86b69e6',
    name: 'Key Vault Secrets User',
    actions: [],
    dataActions: [`${vaults}/secrets/getSecret/action`, `${vaults}/secrets/readMetadata/action`],
  },
  {
    id: '21090545-7ca7-4776-b22c-e363652d74d2',
    name: 'Key Vault Reader',
    actions: [...commonActions, 'Microsoft.KeyVault/checkNameAvailability/read', `${vaults}/*/read`],
    dataActions: [`${vaults}/*/read`, `${vaults}/secrets/readMetadata/action`],
  },
  {
    id: 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
    name: 'Key Vault Crypto Service Encryption User',
    actions: ['Microsoft.EventGrid/eventSubscriptions/write', 'Microsoft.EventGrid/eventSubscriptions/read'],
    dataActions: [`${vaults}/keys/read`, `${vaults}/keys/wrap/action`, `${vaults}/keys/unwrap/action`],
  },
  {
    id: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
    name: 'AcrPull',
    actions: ['Microsoft.ContainerRegistry/registries/pull/read'],
  },
  {
    id: '8311e382-0749-4cb8-b61a-304f252e45ec',
    name: 'AcrPush',
    actions: [
      'Microsoft.ContainerRegistry/registries/pull/read',
      'Microsoft.ContainerRegistry/registries/push/write',
    ],
  },
]
