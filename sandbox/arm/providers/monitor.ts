import { badRequest } from '../errors.ts'
import { guidOf, text } from '../json.ts'
import type { ResourceRules } from '../rules.ts'
import { dataAddress } from './data-addresses.ts'

/** Microsoft.OperationalInsights and Microsoft.Insights: logs, application insights, diagnostic settings. */
export const monitorRules: readonly ResourceRules[] = [
  {
    type: 'Microsoft.OperationalInsights/workspaces',
    location: 'required',
    complete: ({ properties, address }) => ({
      retentionInDays: 30,
      sku: { name: 'PerGB2018' },
      ...properties,
      customerId: guidOf(address.id),
    }),
  },
  {
    type: 'Microsoft.Insights/components',
    location: 'required',
    required: ['kind'],
    complete: ({ properties, address }, world) => {
      const key = guidOf(address.id)
      const ingestion = dataAddress(world, 'insights', address.name)
      return {
        ...properties,
        AppId: guidOf(`${address.id}#app`),
        InstrumentationKey: key,
        ConnectionString: `InstrumentationKey=${key};IngestionEndpoint=${ingestion};LiveEndpoint=${ingestion};ApplicationId=${guidOf(`${address.id}#app`)}`,
      }
    },
  },
  {
    type: 'Microsoft.Insights/diagnosticSettings',
    location: 'none',
    stateless: true,
    check: ({ address, properties }) => {
      const sinks = ['workspaceId', 'storageAccountId', 'eventHubAuthorizationRuleId', 'marketplacePartnerId']
      if (!sinks.some((key) => text(properties[key]) !== undefined))
        throw badRequest(
          'BadRequest',
          `Diagnostic setting '${address.name}' has no sink: at least one must be set.`,
        )
    },
  },
]
