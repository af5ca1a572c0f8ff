import type { RoleDefinition } from './role.ts'

const learning = 'Microsoft.MachineLearningServices'

/** Built-in roles of machine learning. */
export const machineLearningRoles: readonly RoleDefinition[] = [
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
]
