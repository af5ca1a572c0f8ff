import { badRequest } from '../errors.ts'
import { guidOf, text } from '../json.ts'
import type { ResourceRules } from '../rules.ts'
import { dataAddress } from './data-addresses.ts'
import { checkForm } from './names.ts'

/** Microsoft.OperationalInsights and Microsoft.Insights: logs, application insights, diagnostic settings. */
export const monitorRules: readonly ResourceRules[] = [
  {
    type: 'Microsoft.OperationalInsights/workspaces',
    location: 'required',
    check: (write) => {
      checkForm(write, /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/, (name) =>
        badRequest(
          'InvalidParameter',
          `Workspace name '${name}' is invalid: it must be 4 to 63 letters, digits or '-', and not begin or end with '-'.`,
        ),
      )
    },
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
