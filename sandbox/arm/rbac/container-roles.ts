import { commonActions, type RoleDefinition, role } from './role.ts'

const clusters = 'Microsoft.ContainerService/managedClusters'
const kubernetes = (id: string, name: string, dataActions: readonly string[]) =>
  role(id, `Azure Kubernetes Service RBAC ${name}`, commonActions, dataActions)
const registries = 'Microsoft.ContainerRegistry/registries'
const repositories = `${registries}/repositories`

/** Built-in roles of clusters and container registries. */
export const containerRoles: readonly RoleDefinition[] = [
  role('0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8', 'Azure Kubernetes Service Cluster Admin Role', [
    `${clusters}/listClusterAdminCredential/action`,
    `${clusters}/accessProfiles/listCredential/action`,
    `${clusters}/read`,
    `${clusters}/runcommand/action`,
  ]),
  role('4abbcc35-e782-43d8-92c5-2d3f1bd2253f', 'Azure Kubernetes Service Cluster User Role', [
    `${clusters}/listClusterUserCredential/action`,
    `${clusters}/read`,
  ]),
  role('ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8', 'Azure Kubernetes Service Contributor Role', [
    ...commonActions,
    `${clusters}/*`,
  ]),
  kubernetes('b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b', 'Cluster Admin', [`${clusters}/*`]),
  {
    ...kubernetes('3498e952-d568-435e-9b2c-8d77e338d7f7', 'Admin', [`${clusters}/*`]),
    notDataActions: [
      `${clusters}/resourcequotas/write`,
      `${clusters}/resourcequotas/delete`,
      `${clusters}/namespaces/write`,
      `${clusters}/namespaces/delete`,
    ],
  },
  kubernetes('7f6c6a51-bcf8-42ba-9220-52d62157d7db', 'Reader', [
    `${clusters}/apps/*/read`,
    `${clusters}/batch/*/read`,
    `${clusters}/pods/read`,
    `${clusters}/services/read`,
    `${clusters}/configmaps/read`,
    `${clusters}/events/read`,
    `${clusters}/namespaces/read`,
  ]),
  kubernetes('a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb', 'Writer', [
    `${clusters}/apps/*`,
    `${clusters}/batch/*`,
    `${clusters}/pods/*`,
    `${clusters}/services/*`,
    `${clusters}/configmaps/*`,
    `${clusters}/secrets/*`,
    `${clusters}/events/*`,
    `${clusters}/namespaces/read`,
  ]),
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
]
