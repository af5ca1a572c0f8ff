import { commonActions, type RoleDefinition } from './role.ts'

/** Built-in roles of networks, their addresses and their private zones. */
export const networkRoles: readonly RoleDefinition[] = [
  {
    id: '4d97b98b-1d4f-4787-a291-c67834d212e7',
    name: 'Network Contributor',
    actions: [...commonActions, 'Microsoft.Network/*'],
  },
  {
    id: '7b3e853f-ad5d-4fb5-a7b8-56a3581c7037',
    name: 'IPAM Pool User',
    actions: ['read', 'action', 'write'].map(
      (verb) => `Microsoft.Network/networkManagers/ipamPools/*/${verb}`,
    ),
  },
  {
    id: 'b12aa53e-6015-4669-85d0-8515ebb3ae7f',
    name: 'Private DNS Zone Contributor',
    actions: [
      ...commonActions,
      'Microsoft.Network/privateDnsZones/*',
      'Microsoft.Network/privateDnsOperationResults/*',
      'Microsoft.Network/privateDnsOperationStatuses/*',
      'Microsoft.Network/virtualNetworks/read',
      'Microsoft.Network/virtualNetworks/join/action',
    ],
  },
]
