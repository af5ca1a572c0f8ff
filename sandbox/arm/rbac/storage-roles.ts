import { commonActions, type RoleDefinition, role } from './role.ts'

const storage = 'Microsoft.Storage/storageAccounts'
const blobs = `${storage}/blobServices`
const queues = `${storage}/queueServices`
const tables = `${storage}/tableServices/tables`
const files = `${storage}/fileServices`

/** Built-in roles of storage accounts. */
export const storageRoles: readonly RoleDefinition[] = [
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
  role('c12c1c16-33a1-487b-954d-41c89c60f349', 'Reader and Data Access', [
    `${storage}/listKeys/action`,
    `${storage}/ListAccountSas/action`,
    `${storage}/read`,
  ]),
  role('db58b8e5-c6ad-4a2a-8342-4190687cbf4a', 'Storage Blob Delegator', [
    `${blobs}/generateUserDelegationKey/action`,
  ]),
  role(
    '19e7f393-937e-4f77-808e-94535e297925',
    'Storage Queue Data Reader',
    [`${queues}/queues/read`],
    [`${queues}/queues/messages/read`],
  ),
  role(
    '8a0f0c08-91a1-4084-bc3d-661d67233fed',
    'Storage Queue Data Message Processor',
    [],
    [`${queues}/queues/messages/read`, `${queues}/queues/messages/process/action`],
  ),
  role(
    'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a',
    'Storage Queue Data Message Sender',
    [],
    [`${queues}/queues/messages/add/action`],
  ),
  role(
    '76199698-9eea-4c19-bc75-cec21354c6b6',
    'Storage Table Data Reader',
    [`${tables}/read`],
    [`${tables}/entities/read`],
  ),
  role(
    '0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb',
    'Storage File Data SMB Share Contributor',
    [],
    ['read', 'write', 'delete'].map((verb) => `${files}/fileshares/files/${verb}`),
  ),
  role(
    'aba4ae5f-2193-4029-9191-0cb91df5e314',
    'Storage File Data SMB Share Reader',
    [],
    [`${files}/fileshares/files/read`],
  ),
  role(
    'b8eda974-7b85-4f76-af95-65846b26df6d',
    'Storage File Data Privileged Reader',
    [],
    [`${files}/fileshares/files/read`, `${files}/readFileBackupSemantics/action`],
  ),
]
