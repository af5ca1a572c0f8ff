import type { StoredResource } from '../../contracts.ts'
import { badRequest, refusal } from '../errors.ts'
import { at, record, text } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { settle } from './private-endpoints.ts'

const suffix = '/privateEndpointConnections'
const state = 'privateLinkServiceConnectionState'

/** Is this the type of the connections of something that private endpoints lead to? */
export const isConnectionType = (type: string): boolean => type.toLowerCase().endsWith(suffix.toLowerCase())

/**
 * Connections as their target has them: approved and rejected by a PUT, by whoever has the right to approve there.
 * https://learn.microsoft.com/azure/private-link/manage-private-endpoint
 */
export const connectionRules = (type: string): ResourceRules => ({
  type,
  location: 'none',
  links: ({ address }) => [
    {
      scope: address.parent ?? '',
      action: `${type.slice(0, -suffix.length)}/PrivateEndpointConnectionsApproval/action`,
    },
  ],
  check: checkDecision,
  complete: ({ properties, existing }) => ({
    ...existing?.properties,
    [state]: { description: '', actionsRequired: 'None', ...record(properties[state]) },
  }),
  applied: (_write, connection, world) => {
    settleConsumer(connection, world)
    return undefined
  },
})

function checkDecision({ address, properties, existing }: Write): void {
  if (existing === undefined)
    throw refusal(
      404,
      'PrivateEndpointConnectionDoesNotExist',
      `The private endpoint connection '${address.name}' does not exist: only the endpoint itself can ask for one.`,
    )
  const status = text(at(properties, `${state}.status`))
  if (status !== 'Approved' && status !== 'Rejected')
    throw badRequest(
      'IncorrectPrivateLinkServiceConnectionStateStatus',
      `The status of the private link service connection state must be 'Approved' or 'Rejected', not '${status ?? ''}'.`,
    )
  // Shown by Azure Cosmos DB: https://github.com/MicrosoftDocs/azure-docs/pull/86823
  const before = text(at(existing, `properties.${state}.status`))
  if (before === 'Rejected' && status === 'Approved' && /^Microsoft\.DocumentDB\//i.test(address.type))
    throw badRequest('BadRequest', 'Approving rejected private endpoint connections is not supported.')
}

function settleConsumer(connection: StoredResource, world: World): void {
  settle(text(at(connection, 'properties.privateEndpoint.id')) ?? '', world)
}
