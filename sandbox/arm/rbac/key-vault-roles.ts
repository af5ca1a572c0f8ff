import { all, commonActions, type RoleDefinition, role } from './role.ts'

const vaults = 'Microsoft.KeyVault/vaults'
const vaultReading = [
  ...commonActions,
  'Microsoft.KeyVault/checkNameAvailability/read',
  'Microsoft.KeyVault/deletedVaults/read',
  'Microsoft.KeyVault/locations/*/read',
  'Microsoft.KeyVault/operations/read',
  `${vaults}/*/read`,
]

/** Built-in roles of key vaults. */
export const keyVaultRoles: readonly RoleDefinition[] = [
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
]
