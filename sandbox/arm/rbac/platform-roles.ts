import { commonActions, type RoleDefinition } from './role.ts'

const clusters = 'Microsoft.ContainerService/managedClusters'
const speech = 'Microsoft.CognitiveServices/accounts/SpeechServices'
const machines = 'Microsoft.Compute/virtualMachines'

const role = (
  id: string,
  name: string,
  actions: readonly string[],
  dataActions: readonly string[] = [],
): RoleDefinition => ({ id, name, actions, dataActions })

const kubernetes = (id: string, name: string, dataActions: readonly string[]) =>
  role(id, `Azure Kubernetes Service RBAC ${name}`, commonActions, dataActions)

/** Built-in roles of platforms: clusters, machines, gateways, sites, monitoring, management groups, costs. */
export const platformRoles: readonly RoleDefinition[] = [
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
  role('312a565d-c81f-4fd8-895a-4e21e48d571c', 'API Management Service Contributor', [
    ...commonActions,
    'Microsoft.ApiManagement/service/*',
  ]),
  role('71522526-b88f-4d52-b57f-d31fc3546d0d', 'API Management Service Reader Role', [
    ...commonActions,
    'Microsoft.ApiManagement/service/*/read',
    'Microsoft.ApiManagement/service/read',
  ]),
  role('de139f84-1756-47ae-9be6-808fbbe84772', 'Website Contributor', [
    ...commonActions,
    'Microsoft.Insights/components/*',
    'Microsoft.Web/certificates/*',
    'Microsoft.Web/listSitesAssignedToHostName/read',
    'Microsoft.Web/serverFarms/join/action',
    'Microsoft.Web/serverFarms/read',
    'Microsoft.Web/sites/*',
  ]),
  role('2cc479cb-7b4d-49a8-b449-8c00fd0f0a4b', 'Web Plan Contributor', [
    ...commonActions,
    'Microsoft.Web/serverFarms/*',
    'Microsoft.Web/hostingEnvironments/Join/Action',
  ]),
  role('87a39d53-fc1b-424a-814c-f7e04687dc9e', 'Logic App Contributor', [
    ...commonActions,
    'Microsoft.Logic/*',
    'Microsoft.Web/connections/*',
  ]),
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
  role(
    'fb879df8-f326-4884-b1cf-06f3ad86be52',
    'Virtual Machine User Login',
    [`${machines}/*/read`, 'Microsoft.Network/networkInterfaces/read'],
    [`${machines}/login/action`],
  ),
  role('9980e02c-c2be-4d73-94e8-173b1dc7cf3c', 'Virtual Machine Contributor', [
    ...commonActions,
    'Microsoft.Compute/availabilitySets/*',
    'Microsoft.Compute/disks/*',
    `${machines}/*`,
    'Microsoft.Compute/virtualMachineScaleSets/*',
    'Microsoft.Network/networkInterfaces/*',
    'Microsoft.Network/networkSecurityGroups/join/action',
    'Microsoft.Network/networkSecurityGroups/read',
    'Microsoft.Network/virtualNetworks/read',
    'Microsoft.Network/virtualNetworks/subnets/join/action',
  ]),
  role(
    '1d18fff3-a72a-46b5-b4a9-0b38a3cd7e63',
    'Desktop Virtualization User',
    [],
    ['Microsoft.DesktopVirtualization/applicationGroups/use/action'],
  ),
  role('ae349356-3a1b-4a5e-921d-050484c6347e', 'Application Insights Component Contributor', [
    ...commonActions,
    'Microsoft.Insights/components/*',
    'Microsoft.Insights/webtests/*',
  ]),
  role(
    'b0d8363b-8ddd-447d-831f-62ca05bff136',
    'Monitoring Data Reader',
    [],
    ['Microsoft.Monitor/accounts/data/*/read'],
  ),
  ...[
    ['22926164-76b3-42b3-bc55-97df8dab3e41', 'Admin'],
    ['a79a5197-3a5c-4973-a920-486035ffd60f', 'Editor'],
    ['60921a7e-fef1-4a43-9b16-a26c52ad4769', 'Viewer'],
  ].map(([id = '', who = '']) =>
    role(id, `Grafana ${who}`, [], [`Microsoft.Dashboard/grafana/ActAsGrafana${who}/action`]),
  ),
  role('5d58bcaf-24a5-4b20-bdb6-eed9f69fbe4c', 'Management Group Contributor', [
    'Microsoft.Management/managementGroups/delete',
    'Microsoft.Management/managementGroups/read',
    'Microsoft.Management/managementGroups/subscriptions/delete',
    'Microsoft.Management/managementGroups/subscriptions/write',
    'Microsoft.Management/managementGroups/write',
    'Microsoft.Management/managementGroups/subscriptions/read',
  ]),
  role('ac63b705-f282-497d-ac71-919bf39d939d', 'Management Group Reader', [
    'Microsoft.Management/managementGroups/read',
    'Microsoft.Management/managementGroups/subscriptions/read',
  ]),
  role('72fafb9e-0641-4937-9268-a91bfd8191a3', 'Cost Management Reader', [
    'Microsoft.Consumption/*/read',
    'Microsoft.CostManagement/*/read',
    'Microsoft.Billing/billingPeriods/read',
    'Microsoft.Resources/subscriptions/read',
    'Microsoft.Resources/subscriptions/resourceGroups/read',
    'Microsoft.Support/*',
  ]),
  role('434105ed-43f6-45c7-a02f-909b2ba83430', 'Cost Management Contributor', [
    'Microsoft.Consumption/*',
    'Microsoft.CostManagement/*',
    'Microsoft.Billing/billingPeriods/read',
    'Microsoft.Resources/subscriptions/read',
    'Microsoft.Resources/subscriptions/resourceGroups/read',
    'Microsoft.Support/*',
  ]),
  {
    ...role('bf7f8882-3383-422a-806a-6526c631a88a', 'Azure Deployment Stack Contributor', [
      'Microsoft.Resources/deploymentStacks/*',
      ...commonActions,
    ]),
    notActions: ['Microsoft.Resources/deploymentStacks/manageDenySetting/action'],
  },
  role('adb29209-aa1d-457b-a786-c913953d2891', 'Azure Deployment Stack Owner', [
    'Microsoft.Resources/deploymentStacks/*',
    ...commonActions,
  ]),
]
