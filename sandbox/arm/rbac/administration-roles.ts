import { commonActions, type RoleDefinition, role } from './role.ts'

/** Built-in roles of administration: rights, policies, tags, management groups, identities, costs, deployment stacks. */
export const administrationRoles: readonly RoleDefinition[] = [
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
      'Microsoft.Subscription/cancel/action',
      'Microsoft.Subscription/enable/action',
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
    id: '4a9ae827-6dc8-4573-8ac7-8239d42aa03f',
    name: 'Tag Contributor',
    actions: [
      ...commonActions,
      'Microsoft.Resources/subscriptions/resourceGroups/resources/read',
      'Microsoft.Resources/subscriptions/resources/read',
      'Microsoft.Resources/tags/*',
      'Microsoft.Support/*',
    ],
  },
  {
    id: '36243c78-bf99-498c-9df9-86d9f8d28608',
    name: 'Resource Policy Contributor',
    actions: [
      '*/read',
      'Microsoft.Authorization/policyassignments/*',
      'Microsoft.Authorization/policydefinitions/*',
      'Microsoft.Authorization/policyexemptions/*',
      'Microsoft.Authorization/policysetdefinitions/*',
      'Microsoft.PolicyInsights/*',
      'Microsoft.Resources/deployments/*',
      'Microsoft.Support/*',
    ],
  },
  {
    id: 'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59',
    name: 'Managed Identity Contributor',
    actions: [
      ...commonActions,
      'Microsoft.ManagedIdentity/userAssignedIdentities/read',
      'Microsoft.ManagedIdentity/userAssignedIdentities/write',
      'Microsoft.ManagedIdentity/userAssignedIdentities/delete',
    ],
  },
  {
    id: 'f1a07417-d97a-45cb-824c-7a7467783830',
    name: 'Managed Identity Operator',
    actions: [
      ...commonActions,
      'Microsoft.ManagedIdentity/userAssignedIdentities/*/read',
      'Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action',
    ],
  },
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
