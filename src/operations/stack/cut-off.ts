import { z } from 'zod'
import type { ListedResource, Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { quoted } from '../../diagnostics/escape.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import type { StackTarget } from '../stack-target.ts'

const connections = z
  .array(
    z.object({
      properties: z.object({
        privateLinkServiceId: z.string().default(''),
        privateLinkServiceConnectionState: z.object({
          status: z.string().default(''),
          description: z.string().nullish(),
        }),
      }),
    }),
  )
  .catch([])

/**
 * Names private endpoints of a stack whose connection somebody has rejected or removed at the other end: nothing in its
 * network reaches what they lead to, and Azure does not let them connect again.
 * https://learn.microsoft.com/azure/private-link/manage-private-endpoint
 * @param own ids of what the stack's template has
 */
export async function cutOffWarnings(
  { resourceGroupId, texts }: Pick<StackTarget, 'resourceGroupId' | 'texts'>,
  own: readonly string[],
  resources: Pick<Resources, 'list'>,
): Promise<readonly string[]> {
  const endpoints = await resources.list(
    `${resourceGroupId}/providers/Microsoft.Network/privateEndpoints`,
    apiVersions['Microsoft.Network/privateEndpoints'],
  )
  return endpoints
    .filter(({ id }) => own.some((other) => sameText(other, id)))
    .flatMap((endpoint) => warningsOf(endpoint, texts.noun))
}

const warningsOf = ({ id, name, properties }: ListedResource, noun: string): readonly string[] =>
  ['privateLinkServiceConnections', 'manualPrivateLinkServiceConnections']
    .flatMap((key) => connections.parse(properties[key]))
    .flatMap(({ properties: { privateLinkServiceId, privateLinkServiceConnectionState: state } }) => {
      const { status, description } = state
      if (!['rejected', 'disconnected'].includes(status.toLowerCase())) return []
      const said = description ? `, with the words ${quoted(description)}` : ''
      const what =
        status.toLowerCase() === 'rejected'
          ? `Somebody rejected the connection of private endpoint '${name}' at '${lastSegment(privateLinkServiceId)}'${said}.`
          : `The connection of private endpoint '${name}' was removed at '${lastSegment(privateLinkServiceId)}'${said}.`
      return [
        `${what} The ${noun} is cut off from it. Ask who did so and why; if it may connect, delete the endpoint (az network private-endpoint delete --ids '${id}') and deliver again: it is created anew.`,
      ]
    })
