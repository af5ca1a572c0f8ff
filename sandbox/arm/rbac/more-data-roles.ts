import { commonActions, type RoleDefinition, reading } from './role.ts'

const storage = 'Microsoft.Storage/storageAccounts'
const blobs = `${storage}/blobServices`
const queues = `${storage}/queueServices`
const tables = `${storage}/tableServices/tables`
const files = `${storage}/fileServices`
const vaults = 'Microsoft.KeyVault/vaults'
const registries = 'Microsoft.ContainerRegistry/registries'
const repositories = `${registries}/repositories`
const stores = 'Microsoft.AppConfiguration/configurationStores'

const vaultReading = [
  ...commonActions,
  'Microsoft.KeyVault/checkNameAvailability/read',
  'Microsoft.KeyVault/deletedVaults/read',
  'Microsoft.KeyVault/locations/*/read',
  'Microsoft.KeyVault/operations/read',
  `${vaults}/*/read`,
]
const role = (
  id: string,
  name: string,
  actions: readonly string[],
  dataActions: readonly string[] = [],
): RoleDefinition => ({ id, name, actions, dataActions })

/** More built-in roles for data: storage, key vaults, registries in ABAC mode, configuration, events. */
export const moreDataRoles: readonly RoleDefinition[] = [
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
  role('14b46e9e-c2b7-41b4-b07b-48a6ebf60603', 'Key Vault Crypto Officer', vaultReading, [
    `${vaults}/keys/*`,
    `${vaults}/keyrotationpolicies/*`,
  ]),
  role(
    '12338af0-0e69-4776-bea7-57ae8d297424',
    'Key Vault Crypto User',
    [],
    [
      `${vaults}/keys/read`,
      ...['update', 'backup', 'encrypt', 'decrypt', 'wrap', 'unwrap', 'sign', 'verify'].map(
        (verb) => `${vaults}/keys/${verb}/action`,
      ),
    ],
  ),
  role('a4417e6f-fecd-4de8-b567-7b0420556985', 'Key Vault Certificates Officer', vaultReading, [
    `${vaults}/certificatecas/*`,
    `${vaults}/certificates/*`,
    `${vaults}/certificatecontacts/write`,
  ]),
  role(
    'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba',
    'Key Vault Certificate User',
    [],
    [
      `${vaults}/certificates/read`,
      `${vaults}/secrets/getSecret/action`,
      `${vaults}/secrets/readMetadata/action`,
      `${vaults}/keys/read`,
    ],
  ),
  role('a68e7c17-0ab2-4c09-9a58-125dae29748c', 'Key Vault Purge Operator', [
    'Microsoft.KeyVault/locations/deletedVaults/read',
    'Microsoft.KeyVault/locations/deletedVaults/purge/action',
    'Microsoft.KeyVault/locations/operationResults/read',
    'Microsoft.KeyVault/deletedVaults/read',
  ]),
  role('c2f4ef07-c644-48eb-af81-4b1b4947fb11', 'AcrDelete', [`${registries}/artifacts/delete`]),
  role(
    'b93aa761-3e63-49ed-ac28-beffa264f7ac',
    'Container Registry Repository Reader',
    [],
    [`${repositories}/metadata/read`, `${repositories}/content/read`],
  ),
  role(
    '2a1e307c-b015-4ebd-883e-5b7698a07328',
    'Container Registry Repository Writer',
    [],
    [
      `${repositories}/metadata/read`,
      `${repositories}/content/read`,
      `${repositories}/metadata/write`,
      `${repositories}/content/write`,
    ],
  ),
  role(
    '2efddaa5-3f1f-4df3-97df-af3f13818f4c',
    'Container Registry Repository Contributor',
    [],
    ['metadata', 'content'].flatMap((part) =>
      ['read', 'write', 'delete'].map((verb) => `${repositories}/${part}/${verb}`),
    ),
  ),
  role(
    'bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7',
    'Container Registry Repository Catalog Lister',
    [],
    [`${registries}/catalog/read`],
  ),
  role('fe86443c-f201-4fc4-9d2a-ac61149fbda0', 'App Configuration Contributor', [
    ...commonActions,
    'Microsoft.AppConfiguration/*',
  ]),
  role(
    '5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b',
    'App Configuration Data Owner',
    [],
    [...['read', 'write', 'delete'].map((verb) => `${stores}/*/${verb}`), `${stores}/*/action`],
  ),
  role('516239f1-63e1-4d78-a4de-a74fb236a071', 'App Configuration Data Reader', [], [reading(stores)]),
  ...(
    [
      [
        'Event Hubs',
        'Microsoft.EventHub',
        'f526a384-b230-433a-b45c-95f59c4a2dec',
        'a638d3c7-ab3a-418d-83e6-5f17a39d4fde',
        '2b629674-e913-4c01-ae53-ef4638d8f975',
      ],
      [
        'Service Bus',
        'Microsoft.ServiceBus',
        '090c5cfd-751d-490a-894a-3ce6f1109419',
        '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0',
        '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39',
      ],
    ] as const
  ).flatMap(([service, namespace, owner, receiver, sender]) =>
    messaging(service, namespace, owner, receiver, sender),
  ),
  role(
    'd5a91429-5739-47e2-a06b-3470a27159e7',
    'EventGrid Data Sender',
    [
      'Microsoft.EventGrid/topics/read',
      'Microsoft.EventGrid/domains/read',
      'Microsoft.EventGrid/namespaces/read',
    ],
    ['Microsoft.EventGrid/events/send/action'],
  ),
  role('e0f68234-74aa-48ed-b826-c38b57376e17', 'Redis Cache Contributor', [
    ...commonActions,
    'Microsoft.Cache/*',
  ]),
  role('fbdf93bf-df7d-467e-a4d2-9458aa1360c8', 'Cosmos DB Account Reader Role', [
    'Microsoft.Authorization/*/read',
    'Microsoft.DocumentDB/*/read',
    'Microsoft.DocumentDB/databaseAccounts/readonlykeys/action',
    'Microsoft.Insights/MetricDefinitions/read',
    'Microsoft.Insights/Metrics/read',
    'Microsoft.Resources/subscriptions/resourceGroups/read',
    'Microsoft.Support/*',
  ]),
  role('6d8ee4ec-f05a-4a1d-8b00-a9b17e38b437', 'SQL Server Contributor', [
    ...commonActions,
    'Microsoft.Sql/locations/*/read',
    'Microsoft.Sql/servers/*',
  ]),
]

function messaging(
  service: string,
  namespace: string,
  owner: string,
  receiver: string,
  sender: string,
): readonly RoleDefinition[] {
  const entity = namespace === 'Microsoft.EventHub' ? 'eventhubs' : '*'
  const named = (id: string, who: string, actions: readonly string[], dataActions: readonly string[]) =>
    role(id, `Azure ${service} Data ${who}`, actions, dataActions)
  return [
    named(owner, 'Owner', [`${namespace}/*`], [`${namespace}/*`]),
    named(receiver, 'Receiver', [`${namespace}/*/read`], [`${namespace}/*/receive/action`]),
    named(sender, 'Sender', [`${namespace}/*/${entity}/read`], [`${namespace}/*/send/action`]),
  ]
}
