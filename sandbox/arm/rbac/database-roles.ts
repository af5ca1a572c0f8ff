import { commonActions, type RoleDefinition, role } from './role.ts'

/** Built-in roles of databases and caches. */
export const databaseRoles: readonly RoleDefinition[] = [
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
  {
    id: '230815da-be43-4aae-9cb4-875f7bd000aa',
    name: 'Cosmos DB Operator',
    actions: [...commonActions, 'Microsoft.DocumentDB/databaseAccounts/*'],
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
    actions: [...commonActions, 'Microsoft.DocumentDB/databaseAccounts/*'],
  },
]
