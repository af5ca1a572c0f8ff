import { commonActions, type RoleDefinition, role } from './role.ts'

/** Built-in roles of monitoring: metrics, logs, Application Insights, dashboards. */
export const monitoringRoles: readonly RoleDefinition[] = [
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
    actions: [...commonActions, 'Microsoft.Insights/Register/Action'],
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
]
