import { ofType } from '../facts/api-versions.ts'
import { logTier, logTiers } from '../facts/log-tiers.ts'
import { free } from '../prices.ts'
import { defineCommonPart } from './define.ts'
import { logAnalytics } from './log-analytics.ts'

/** Sends what the other parts log to the workspace, as much of it as the tier says. */
export const diagnostics = defineCommonPart({
  key: 'diagnostics',
  title: 'Diagnostic settings',
  documentation: 'https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings',
  stack: 'common',
  enabled: true,
  resources: {},
  subnets: {},
  connectsTo: [logAnalytics],
  options: {
    tier: logTier.describe(
      'How much is logged: all logs and metrics (gold), audit logs and metrics (silver), audit logs (bronze). The tier also decides how long the workspace of the common area keeps them.',
    ),
  },
  defaults: { dev: { tier: 'bronze' }, stage: { tier: 'silver' }, prod: { tier: 'gold' } },
  data: { 'Microsoft.Insights/diagnosticSettings': 'stateless' },
  prices: { 'Microsoft.Insights/diagnosticSettings': free },
  template: ({ ids, logged, options }) =>
    logged.map((scope) => ({
      ...ofType('Microsoft.Insights/diagnosticSettings'),
      name: 'aifactory',
      scope,
      dependsOn: [scope, ids.logAnalytics],
      properties: {
        workspaceId: ids.logAnalytics,
        logs: [{ categoryGroup: logTiers[options.tier].logs, enabled: true }],
        metrics: [{ category: 'AllMetrics', enabled: logTiers[options.tier].metrics }],
      },
    })),
})
