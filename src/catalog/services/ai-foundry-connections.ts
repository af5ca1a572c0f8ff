import type { ServiceKey } from '../../vocabulary.ts'
import { ofType } from '../facts/api-versions.ts'
import { hostIn, type PrivateDnsZone } from '../facts/private-dns.ts'
import type { ArmResource, ServiceContext } from '../types.ts'

interface Connection {
  readonly category: 'AzureStorageAccount' | 'CognitiveSearch' | 'CosmosDB'
  readonly resource: 'storage2' | 'aiSearch' | 'cosmosDb'
  readonly zone: PrivateDnsZone
  readonly address: (host: string) => string
  /** The service that must be switched on; the storage accounts always exist. */
  readonly when?: ServiceKey
}

/** What agents may use, when the project has it: the team's documents, the index, the database. */
const connectionTable: readonly Connection[] = [
  {
    category: 'AzureStorageAccount',
    resource: 'storage2',
    zone: 'privatelink.blob.core.windows.net',
    address: (host) => `https://${host}/`,
  },
  {
    category: 'CognitiveSearch',
    resource: 'aiSearch',
    zone: 'privatelink.search.windows.net',
    address: (host) => `https://${host}`,
    when: 'aiSearch',
  },
  {
    category: 'CosmosDB',
    resource: 'cosmosDb',
    zone: 'privatelink.documents.azure.com',
    address: (host) => `https://${host}:443/`,
    when: 'cosmosDb',
  },
]

/**
 * The connections of a Foundry project to the project's other services, which name them to agents. They hold no secrets:
 * the Foundry project's own identity signs in. https://learn.microsoft.com/azure/ai-foundry/how-to/connections-add
 *
 * A project refuses a second connection while one is being made: each waits for the one before.
 * https://github.com/microsoft-foundry/foundry-samples/pull/560
 */
export const connections = (context: ServiceContext<unknown>): readonly ArmResource[] => {
  const { names, ids } = context
  return connectionTable
    .filter(({ when }) => when === undefined || context.has(when))
    .map(({ category, resource, zone, address }, position, wanted) => {
      const previous = wanted[position - 1]
      return {
        ...ofType('Microsoft.CognitiveServices/accounts/projects/connections'),
        name: `${names.aiFoundry}/${names.aiFoundryProject}/${names[resource]}`,
        dependsOn: [
          previous === undefined
            ? ids.aiFoundryProject
            : `${ids.aiFoundryProject}/connections/${names[previous.resource]}`,
        ],
        properties: {
          category,
          authType: 'AAD',
          target: address(hostIn(context.cloud, names[resource], zone)),
          isSharedToAll: true,
          metadata: { ApiType: 'Azure', ResourceId: ids[resource], location: context.location },
        },
      }
    })
}
