import { z } from 'zod'
import { nameRulesOf, wordsWithHyphens } from '../../naming/limits.ts'
import { ofType } from '../facts/api-versions.ts'
import { logTiers } from '../facts/log-tiers.ts'
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
  usedByProjects: ['Microsoft.OperationalInsights/workspaces'],
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
    retentionDays: z
      .int()
      .min(30)
      .max(730)
      .optional()
      .describe('Days for which logs can be queried, instead of those that the tier of the diagnostics has.'),
  },
  defaults: { dev: {}, stage: {}, prod: {} },
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
  template: ({ names, location, tags, logTier, options }) => [
    {
      ...ofType('Microsoft.OperationalInsights/workspaces'),
      name: names.logAnalytics,
      location,
      tags,
      properties: {
        sku: { name: 'PerGB2018' },
        retentionInDays: options.retentionDays ?? logTiers[logTier].retentionDays,
        features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
      },
    },
  ],
})
