import { ofType } from '../facts/api-versions.ts'
import { identities } from '../grants.ts'
import type { PartDefinition } from '../types.ts'

/**
 * Traces and metrics of a project, kept in the factory's common Log Analytics workspace. It has no private endpoint of its
 * own: only an Azure Monitor private link scope could give it one, and a VNet can have just one of those, so it
 * would belong to the common area. Senders need an Entra token; keys in connection strings are refused. People read it
 * as readers of the resource group.
 * https://learn.microsoft.com/azure/azure-monitor/logs/private-link-design
 */
export const applicationInsights: PartDefinition = {
  title: 'Application Insights',
  documentation: 'https://learn.microsoft.com/azure/azure-monitor/app/app-insights-overview',
  privateEndpoints: [],
  roles: identities(
    ['projectIdentity', 'appsIdentity'],
    'Monitoring Metrics Publisher',
    'applicationInsights',
  ),
  resources: ({ names, ids, location, tags }) => [
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
        WorkspaceResourceId: ids.logAnalytics,
        publicNetworkAccessForIngestion: 'Enabled',
        publicNetworkAccessForQuery: 'Enabled',
      },
    },
  ],
}
