import type { StoredResource } from '../../contracts.ts'
import { badRequest } from '../errors.ts'
import { at, record, text } from '../json.ts'
import type { World } from '../rules.ts'

/** What a project's identity must be able to do in a store before agents can keep their data there. */
interface Need {
  readonly type: string
  readonly actions: readonly string[]
  readonly dataActions: readonly string[]
}

/** The roles of the standard set-up: https://learn.microsoft.com/azure/foundry/agents/concepts/standard-agent-setup */
const needs: readonly Need[] = [
  {
    type: 'Microsoft.DocumentDB/databaseAccounts',
    actions: ['Microsoft.DocumentDB/databaseAccounts/sqlDatabases/write'],
    dataActions: [],
  },
  {
    type: 'Microsoft.Search/searchServices',
    actions: ['Microsoft.Search/searchServices/write'],
    dataActions: ['Microsoft.Search/searchServices/indexes/documents/write'],
  },
  {
    type: 'Microsoft.Storage/storageAccounts',
    actions: [],
    dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write'],
  },
]

/** Three containers of 1,000 request units per second. */
const threadThroughput = 3000

/** Refuses a host whose project may not work in a store, or whose database is too small. A store that is not known here is not judged. */
export function checkStore(project: StoredResource, connection: StoredResource, world: World): void {
  const id = text(at(connection, 'properties.metadata.ResourceId'))
  const store = id === undefined ? undefined : world.store.get(id)
  const need = needs.find(({ type }) => type.toLowerCase() === store?.type.toLowerCase())
  if (store === undefined || need === undefined) return
  const missing = missingRights(project, store, need, world)
  if (missing.length > 0)
    throw failed(
      `The identity of project '${project.name}' has no right to ${missing.join(', ')} on '${store.id}'.`,
    )
  const limit = at(store, 'properties.capacity.totalThroughputLimit')
  if (typeof limit === 'number' && limit >= 0 && limit < threadThroughput)
    throw failed(
      `Account '${store.name}' is limited to ${limit} RU/s, and the threads of agents need ${threadThroughput}.`,
    )
}

function missingRights(
  project: StoredResource,
  { id }: StoredResource,
  { actions, dataActions }: Need,
  { authorization, tenantId, base }: World,
): readonly string[] {
  const users = Object.values(record(at(project, 'identity.userAssignedIdentities')))
  const callers = [at(project, 'identity'), ...users]
    .flatMap((identity) => text(at(identity, 'principalId')) ?? [])
    .map((objectId) => ({ tenantId, objectId, kind: 'ServicePrincipal' as const, audience: base }))
  return [
    ...actions.filter((action) => !callers.some((caller) => authorization.allows(caller, id, action))),
    ...dataActions.filter(
      (action) => !callers.some((caller) => authorization.allowsData(caller, id, action)),
    ),
  ]
}

const failed = (message: string) => badRequest('CapabilityHostOperationFailed', message)
