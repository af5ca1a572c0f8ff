/** What a role allows, in Azure's words. `*` stands for any text. */
export interface RoleDefinition {
  /** GUID, the same in every tenant for a built-in role. */
  readonly id: string
  readonly name: string
  readonly actions: readonly string[]
  readonly notActions?: readonly string[]
  readonly dataActions?: readonly string[]
  readonly notDataActions?: readonly string[]
}

/** Actions that roles of one service commonly hold besides those of the service. */
const common = [
  'Microsoft.Authorization/*/read',
  'Microsoft.Insights/alertRules/*',
  'Microsoft.Resources/deployments/*',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
]

/** Every action under a namespace or type. */
const all = (prefix: string) => `${prefix}/*`
const reading = (prefix: string) => `${prefix}/*/read`

const blobs = 'Microsoft.Storage/storageAccounts/blobServices'
const queues = 'Microsoft.Storage/storageAccounts/queueServices'
const files = 'Microsoft.Storage/storageAccounts/fileServices'
const cognitive = 'Microsoft.CognitiveServices'
const openAi = `${cognitive}/accounts/OpenAI`
const learning = 'Microsoft.MachineLearningServices'
const vaults = 'Microsoft.KeyVault/vaults'
const indexes = 'Microsoft.Search/searchServices/indexes'

/**
 * The built-in roles that the sandbox knows: general ones, and those of the services of an AI project.
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const builtInRoles: readonly RoleDefinition[] = [
  { id: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', name: 'Owner', actions: ['*'] },
  {
    id: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
    name: 'Contributor',
    actions: ['*'],
    notActions: [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
      'Microsoft.Blueprint/blueprintAssignments/write',
      'Microsoft.Blueprint/blueprintAssignments/delete',
      'Microsoft.Compute/galleries/share/action',
      'Microsoft.Purview/consents/write',
      'Microsoft.Purview/consents/delete',
      'Microsoft.Resources/deploymentStacks/manageDenySetting/action',
    ],
  },
  { id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7', name: 'Reader', actions: ['*/read'] },
  {
    id: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    name: 'User Access Administrator',
    actions: ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'],
  },
  {
    id: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
    name: 'Role Based Access Control Administrator',
    actions: [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      '*/read',
      'Microsoft.Support/*',
    ],
  },
  {
    id: '4d97b98b-1d4f-4787-a291-c67834d212e7',
    name: 'Network Contributor',
    actions: [...common, 'Microsoft.Network/*'],
  },
  {
    id: 'b12aa53e-6015-4669-85d0-8515ebb3ae7f',
    name: 'Private DNS Zone Contributor',
    actions: [
      ...common,
      'Microsoft.Network/privateDnsZones/*',
      'Microsoft.Network/privateDnsOperationResults/*',
      'Microsoft.Network/privateDnsOperationStatuses/*',
      'Microsoft.Network/virtualNetworks/read',
      'Microsoft.Network/virtualNetworks/join/action',
    ],
  },
  {
    id: 'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59',
    name: 'Managed Identity Contributor',
    actions: [
      ...common,
      'Microsoft.ManagedIdentity/userAssignedIdentities/read',
      'Microsoft.ManagedIdentity/userAssignedIdentities/write',
      'Microsoft.ManagedIdentity/userAssignedIdentities/delete',
    ],
  },
  {
    id: 'f1a07417-d97a-45cb-824c-7a7467783830',
    name: 'Managed Identity Operator',
    actions: [
      ...common,
      'Microsoft.ManagedIdentity/userAssignedIdentities/*/read',
      'Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action',
    ],
  },
  {
    id: '17d1049b-9a84-46fb-8f53-869881c3d3ab',
    name: 'Storage Account Contributor',
    actions: [
      ...common,
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
    actions: [...common, 'Microsoft.KeyVault/checkNameAvailability/read', `${vaults}/*/read`],
    dataActions: [all(vaults)],
  },
  {
    id: 'f25e0fa2-a7c8-4377-a976-54943a77a395',
    name: 'Key Vault Contributor',
    actions: [...common, all('Microsoft.KeyVault')],
    notActions: [
      'Microsoft.KeyVault/locations/deletedVaults/purge/action',
      'Microsoft.KeyVault/hsmPools/*',
      'Microsoft.KeyVault/managedHsms/*',
    ],
  },
  {
    id: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
    name: 'Key Vault Secrets Officer',
    actions: [...common, 'Microsoft.KeyVault/checkNameAvailability/read', `${vaults}/*/read`],
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
    actions: [...common, 'Microsoft.KeyVault/checkNameAvailability/read', `${vaults}/*/read`],
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
  {
    id: '7ca78c08-252a-4471-8644-bb5ff32d4ba0',
    name: 'Search Service Contributor',
    actions: [...common, 'Microsoft.Search/searchServices/*'],
    dataActions: [],
  },
  {
    id: '8ebe5a00-799e-43f5-93ac-243d3dce84a7',
    name: 'Search Index Data Contributor',
    actions: [],
    dataActions: [`${indexes}/documents/*`],
  },
  {
    id: '1407120a-92aa-4202-b7e9-c0e197c71c8f',
    name: 'Search Index Data Reader',
    actions: [],
    dataActions: [`${indexes}/documents/read`],
  },
  {
    id: '25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68',
    name: 'Cognitive Services Contributor',
    actions: [...common, all(cognitive), 'Microsoft.Insights/diagnosticSettings/*'],
  },
  {
    id: 'a97b65f3-24c7-4388-baec-2e87135dc908',
    name: 'Cognitive Services User',
    actions: [reading(cognitive), `${cognitive}/accounts/listkeys/action`],
    dataActions: [all(cognitive)],
  },
  {
    id: '19c28022-e58e-450d-a464-0b2a53034789',
    name: 'Cognitive Services Data Contributor (Preview)',
    actions: [],
    dataActions: [all(cognitive)],
  },
  {
    id: 'bba48692-92b0-4667-a9ad-c31c7b334ac2',
    name: 'Cognitive Services Usages Reader',
    actions: [`${cognitive}/locations/usages/read`],
  },
  {
    id: 'a001fd3d-188f-4b5d-821b-7da978bf7442',
    name: 'Cognitive Services OpenAI Contributor',
    actions: [
      reading(cognitive),
      `${cognitive}/accounts/deployments/write`,
      `${cognitive}/accounts/deployments/delete`,
      `${cognitive}/accounts/raiPolicies/*`,
      'Microsoft.Authorization/roleAssignments/read',
      'Microsoft.Authorization/roleDefinitions/read',
    ],
    dataActions: [all(openAi)],
  },
  {
    id: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd',
    name: 'Cognitive Services OpenAI User',
    actions: [
      reading(cognitive),
      'Microsoft.Authorization/roleAssignments/read',
      'Microsoft.Authorization/roleDefinitions/read',
    ],
    dataActions: [
      `${openAi}/*/read`,
      `${openAi}/engines/completions/action`,
      `${openAi}/engines/search/action`,
      `${openAi}/engines/generate/action`,
      `${openAi}/engines/completions/write`,
      `${openAi}/deployments/*/action`,
      `${openAi}/assistants/*`,
      `${openAi}/responses/*`,
    ],
  },
  {
    id: '53ca6127-db72-4b80-b1b0-d745d6d5456d',
    name: 'Azure AI User',
    actions: [reading(cognitive), `${cognitive}/accounts/listkeys/action`, ...common],
    dataActions: [all(cognitive)],
  },
  {
    id: 'eadc314b-1a2d-4efa-be10-5d325db5065e',
    name: 'Azure AI Project Manager',
    actions: [
      reading(cognitive),
      `${cognitive}/accounts/projects/*`,
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      ...common,
    ],
    dataActions: [all(cognitive)],
  },
  {
    id: 'e47c6f54-e4a2-4754-9501-8e0985b135e1',
    name: 'Azure AI Account Owner',
    actions: [
      all(cognitive),
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      ...common,
    ],
  },
  {
    id: '64702f94-c441-49e6-a78b-ef80e0188fee',
    name: 'Azure AI Developer',
    actions: [
      ...common,
      ...['read', 'action', 'delete', 'write'].map((verb) => `${learning}/workspaces/*/${verb}`),
    ],
    notActions: ['delete', 'write', 'listKeys/action', 'hubs/write', 'hubs/delete'].map(
      (verb) => `${learning}/workspaces/${verb}`,
    ),
    dataActions: [all(openAi), `${cognitive}/accounts/SpeechServices/*`, `${cognitive}/accounts/MaaS/*`],
  },
  {
    id: 'b78c5d69-af96-48a3-bf8d-a8b4d589de94',
    name: 'Azure AI Administrator',
    actions: [
      ...common,
      all(cognitive),
      all(learning),
      'Microsoft.ContainerRegistry/registries/*',
      'Microsoft.DocumentDB/databaseAccounts/*',
      'Microsoft.KeyVault/vaults/*',
      'Microsoft.Search/searchServices/*',
      'Microsoft.Storage/storageAccounts/*',
      'Microsoft.Insights/*',
      'Microsoft.ResourceHealth/availabilityStatuses/read',
    ],
  },
  {
    id: '3afb7f49-54cb-416e-8c09-6dc049efa503',
    name: 'Azure AI Inference Deployment Operator',
    actions: [...common, 'Microsoft.Insights/AutoscaleSettings/write'],
  },
  {
    id: 'f6c7c914-8db3-469d-8ca1-694a8f32e121',
    name: 'AzureML Data Scientist',
    actions: ['read', 'action', 'delete', 'write'].map((verb) => `${learning}/workspaces/*/${verb}`),
    notActions: [
      'delete',
      'write',
      'computes/*/write',
      'computes/*/delete',
      'computes/listKeys/action',
      'listKeys/action',
      'hubs/write',
      'hubs/delete',
      'featurestores/write',
      'featurestores/delete',
    ].map((verb) => `${learning}/workspaces/${verb}`),
  },
  {
    id: 'e503ece1-11d0-4e8e-8e2c-7a6c3bf38815',
    name: 'AzureML Compute Operator',
    actions: [`${learning}/workspaces/computes/*`, `${learning}/workspaces/notebooks/vm/*`],
  },
  {
    id: '1823dd4f-9b8c-4ab6-ab4e-7397a3684615',
    name: 'AzureML Registry User',
    actions: [`${learning}/registries/read`, `${learning}/registries/assets/*`],
  },
  {
    id: '635dd51f-9968-44d3-b7fb-6d9a6bd613ae',
    name: 'AzureML Metrics Writer (preview)',
    actions: [`${learning}/workspaces/metrics/*/write`],
  },
  {
    id: 'ea01e6af-a1c1-4350-9563-ad00f8c72ec5',
    name: 'Azure Machine Learning Workspace Connection Secrets Reader',
    actions: [
      `${learning}/workspaces/connections/listsecrets/action`,
      `${learning}/workspaces/metadata/secrets/read`,
    ],
  },
  {
    id: '230815da-be43-4aae-9cb4-875f7bd000aa',
    name: 'Cosmos DB Operator',
    actions: [...common, 'Microsoft.DocumentDB/databaseAccounts/*'],
    notActions: [
      'listKeys/*',
      'regenerateKey/*',
      'listConnectionStrings/*',
      'readonlyKeys/*',
      'sqlRoleDefinitions/write',
      'sqlRoleDefinitions/delete',
      'sqlRoleAssignments/write',
      'sqlRoleAssignments/delete',
    ].map((verb) => `Microsoft.DocumentDB/databaseAccounts/${verb}`),
  },
  {
    id: '5bd9cd88-fe45-4216-938b-f97437e15450',
    name: 'DocumentDB Account Contributor',
    actions: [...common, 'Microsoft.DocumentDB/databaseAccounts/*'],
  },
  {
    id: '43d0d8ad-25c7-4714-9337-8ba259a9fe05',
    name: 'Monitoring Reader',
    actions: ['*/read', 'Microsoft.OperationalInsights/workspaces/search/action', 'Microsoft.Support/*'],
  },
  {
    id: '749f88d5-cbae-40b8-bcfc-e573ddc772fa',
    name: 'Monitoring Contributor',
    actions: ['*/read', 'Microsoft.Insights/*', 'Microsoft.OperationalInsights/workspaces/write'],
  },
  {
    id: '3913510d-42f4-4e42-8a64-420c390055eb',
    name: 'Monitoring Metrics Publisher',
    actions: [...common, 'Microsoft.Insights/Register/Action'],
    dataActions: ['Microsoft.Insights/Metrics/Write', 'Microsoft.Insights/Telemetry/Write'],
  },
  {
    id: '73c42c96-874c-492b-b04d-ab87d138a893',
    name: 'Log Analytics Reader',
    actions: ['*/read', 'Microsoft.OperationalInsights/workspaces/search/action', 'Microsoft.Support/*'],
  },
  {
    id: '92aaf0da-9dab-42b6-94a3-d43ce8d16293',
    name: 'Log Analytics Contributor',
    actions: ['*/read', 'Microsoft.OperationalInsights/*', 'Microsoft.Insights/diagnosticSettings/*'],
  },
  {
    id: '1c0163c0-47e6-4577-8991-ea5c82e286e4',
    name: 'Virtual Machine Administrator Login',
    actions: ['Microsoft.Compute/virtualMachines/*/read', 'Microsoft.Network/networkInterfaces/read'],
    dataActions: [
      'Microsoft.Compute/virtualMachines/login/action',
      'Microsoft.Compute/virtualMachines/loginAsAdmin/action',
    ],
  },
  {
    id: '673868aa-7521-48a0-acc6-0f60742d39f5',
    name: 'Data Factory Contributor',
    actions: [...common, 'Microsoft.DataFactory/factories/*'],
  },
]
