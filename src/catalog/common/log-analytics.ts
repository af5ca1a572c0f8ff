import { z } from 'zod'
import { nameRulesOf, wordsWithHyphens } from '../../naming/limits.ts'
import { ofType } from '../facts/api-versions.ts'
import { byUsage } from '../prices.ts'
import { defineCommonPart } from './define.ts'

/** The workspace that all logs of an environment go to. */
export const logAnalytics = defineCommonPart({
  key: 'logAnalytics',
  title: 'Log Analytics workspace',
  documentation: 'https://learn.microsoft.com/azure/azure-monitor/logs/log-analytics-workspace-overview',
  stack: 'common',
  enabled: 'always',
  existing: 'logAnalytics',
  resources: {
    logAnalytics: {
      type: 'Microsoft.OperationalInsights/workspaces',
      name: {
        pattern: 'la-cmn-{location}-{env}-{salt}-{instance}',
        givesWay: 'location',
        minLength: 4,
        maxLength: 63,
        accepts: wordsWithHyphens,
        scope: 'group',
        source: nameRulesOf('microsoftoperationalinsights'),
      },
    },
  },
  subnets: {},
  options: {
    tier: z
      .enum(['gold', 'silver', 'bronze'])
      .describe('How much is logged, and for how long: all logs (gold), audit logs (silver, bronze).'),
    retentionDays: z
      .int()
      .min(30)
      .max(730)
      .describe('Days for which logs can be queried; 30 are free of charge.'),
  },
  defaults: {
    dev: { tier: 'bronze', retentionDays: 30 },
    stage: { tier: 'silver', retentionDays: 30 },
    prod: { tier: 'gold', retentionDays: 90 },
  },
  data: {
    'Microsoft.OperationalInsights/workspaces': {
      holds: 'logs',
      softDelete: {
        sentence: 'A deleted workspace can be recovered for 14 days, by creating it again under its name.',
        source: 'https://learn.microsoft.com/azure/azure-monitor/logs/delete-workspace',
      },
    },
  },
  prices: { 'Microsoft.OperationalInsights/workspaces': byUsage('ingested logs, and their retention') },
  template: ({ names, location, tags, options }) => [
    {
      ...ofType('Microsoft.OperationalInsights/workspaces'),
      name: names.logAnalytics,
      location,
      tags,
      properties: {
        sku: { name: 'PerGB2018' },
        retentionInDays: options.retentionDays,
        features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
      },
    },
  ],
})
