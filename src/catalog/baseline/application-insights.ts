import { nameRulesOf, wordsWithHyphens } from '../../naming/limits.ts'
import { definePart } from '../define.ts'
import { ofType } from '../facts/api-versions.ts'
import { identities } from '../grants.ts'
import { byUsage } from '../prices.ts'
import { projectIdentities } from './identities.ts'

/**
 * Traces and metrics of a project, kept in the factory's common Log Analytics workspace. It has no private endpoint of its
 * own: only an Azure Monitor private link scope could give it one, and a VNet can have just one of those, so it
 * would belong to the common area. Senders need an Entra token; keys in connection strings are refused. People read it
 * as readers of the resource group.
 * https://learn.microsoft.com/azure/azure-monitor/logs/private-link-design
 */
export const applicationInsights = definePart({
  title: 'Application Insights',
  documentation: 'https://learn.microsoft.com/azure/azure-monitor/app/app-insights-overview',
  resources: {
    applicationInsights: {
      type: 'Microsoft.Insights/components',
      name: {
        pattern: 'ain-prj{project}-{location}-{env}-{salt}-{instance}',
        givesWay: 'location',
        minLength: 1,
        maxLength: 260,
        accepts: wordsWithHyphens,
        scope: 'group',
        source: nameRulesOf('microsoftinsights'),
      },
    },
  },
  subnets: {},
  connectsTo: [projectIdentities],
  privateEndpoints: [],
  roles: identities(
    ['projectIdentity', 'appsIdentity'],
    'Monitoring Metrics Publisher',
    'applicationInsights',
  ),
  // What it shows is in the common Log Analytics workspace.
  data: { 'Microsoft.Insights/components': 'stateless' },
  prices: { 'Microsoft.Insights/components': byUsage('traces and metrics that are taken in') },
  template: ({ names, common, location, tags }) => [
    {
      ...ofType('Microsoft.Insights/components'),
      name: names.applicationInsights,
      location,
      tags,
      kind: 'web',
      properties: {
        Application_Type: 'web',
        DisableLocalAuth: true,
        IngestionMode: 'LogAnalytics',
        WorkspaceResourceId: common.logAnalytics,
        publicNetworkAccessForIngestion: 'Enabled',
        publicNetworkAccessForQuery: 'Enabled',
      },
    },
  ],
})
