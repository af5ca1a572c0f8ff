import { all, assignsOnly, commonActions, type RoleDefinition, reading, role } from './role.ts'

const speech = 'Microsoft.CognitiveServices/accounts/SpeechServices'
const cognitive = 'Microsoft.CognitiveServices'
const openAi = `${cognitive}/accounts/OpenAI`
const foundryUser = '53ca6127-db72-4b80-b1b0-d745d6d5456d'
const learning = 'Microsoft.MachineLearningServices'
const indexes = 'Microsoft.Search/searchServices/indexes'

/** What the approver of private endpoints may approve them on, as far as this sandbox has the type. */
const approvable = [
  'Microsoft.CognitiveServices/accounts',
  'Microsoft.ContainerRegistry/registries',
  'Microsoft.DocumentDB/databaseAccounts',
  'Microsoft.KeyVault/vaults',
  'Microsoft.MachineLearningServices/workspaces',
  'Microsoft.Search/searchServices',
  'Microsoft.Storage/storageAccounts',
]

/** Built-in roles of AI services, Foundry and search. */
export const aiRoles: readonly RoleDefinition[] = [
  role(
    'f2dc8367-1007-4938-bd23-fe263f013447',
    'Cognitive Services Speech User',
    ['Microsoft.CognitiveServices/*/read'],
    [
      `${speech}/*/read`,
      `${speech}/*/transcriptions/read`,
      `${speech}/*/transcriptions/write`,
      `${speech}/*/transcriptions/delete`,
      `${speech}/*/frontend/action`,
      `${speech}/text-dependent/*/action`,
      `${speech}/text-independent/*/action`,
    ],
  ),
  role(
    '0e75ca1e-0464-4b4d-8b93-68208a576181',
    'Cognitive Services Speech Contributor',
    ['Microsoft.CognitiveServices/*/read'],
    [`${speech}/*`],
  ),
  role(
    'b59867f0-fa02-499b-be73-45a86b5b3e1c',
    'Cognitive Services Data Reader',
    [],
    ['Microsoft.CognitiveServices/*/read'],
  ),
  {
    id: 'b556d68e-0be0-4f35-a333-ad7ee1ce17ea',
    name: 'Azure AI Enterprise Network Connection Approver',
    actions: approvable.flatMap((type) => [
      `${type}/read`,
      `${type}/privateLinkResources/read`,
      `${type}/privateEndpointConnections/read`,
      `${type}/privateEndpointConnections/write`,
      `${type}/privateEndpointConnectionsApproval/action`,
    ]),
  },
  {
    id: '7ca78c08-252a-4471-8644-bb5ff32d4ba0',
    name: 'Search Service Contributor',
    actions: [...commonActions, 'Microsoft.Search/searchServices/*'],
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
    actions: [...commonActions, all(cognitive), 'Microsoft.Insights/diagnosticSettings/*'],
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
    id: foundryUser,
    name: 'Foundry User',
    actions: [reading(cognitive), `${cognitive}/accounts/listkeys/action`, ...commonActions],
    dataActions: [all(cognitive)],
  },
  {
    id: 'eadc314b-1a2d-4efa-be10-5d325db5065e',
    name: 'Foundry Project Manager',
    condition: assignsOnly(foundryUser),
    actions: [
      reading(cognitive),
      `${cognitive}/accounts/projects/*`,
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      ...commonActions,
    ],
    dataActions: [all(cognitive)],
  },
  {
    id: 'c883944f-8b7b-4483-af10-35834be79c4a',
    name: 'Foundry Owner',
    actions: [all(cognitive), ...commonActions],
    dataActions: [all(cognitive)],
  },
  {
    id: 'e47c6f54-e4a2-4754-9501-8e0985b135e1',
    name: 'Foundry Account Owner',
    condition: assignsOnly(foundryUser),
    actions: [
      all(cognitive),
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      ...commonActions,
    ],
  },
  {
    id: '64702f94-c441-49e6-a78b-ef80e0188fee',
    name: 'Azure AI Developer',
    actions: [
      ...commonActions,
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
      ...commonActions,
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
    actions: [...commonActions, 'Microsoft.Insights/AutoscaleSettings/write'],
  },
]
