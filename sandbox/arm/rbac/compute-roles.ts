import { commonActions, type RoleDefinition, role } from './role.ts'

const machines = 'Microsoft.Compute/virtualMachines'

/** Built-in roles of machines, desktops and sites. */
export const computeRoles: readonly RoleDefinition[] = [
  {
    id: '1c0163c0-47e6-4577-8991-ea5c82e286e4',
    name: 'Virtual Machine Administrator Login',
    actions: ['Microsoft.Compute/virtualMachines/*/read', 'Microsoft.Network/networkInterfaces/read'],
    dataActions: [
      'Microsoft.Compute/virtualMachines/login/action',
      'Microsoft.Compute/virtualMachines/loginAsAdmin/action',
    ],
  },
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
]
