import type { DirectoryStore } from '../entra/directory.ts'
import { refusals } from './errors.ts'
import {
  demandRead,
  type GraphContext,
  type GraphRequest,
  type GraphResponse,
  type Key,
  objectBody,
} from './http.ts'
import { memberGroups } from './member-groups.ts'
import { respondWithOne } from './query.ts'
import { showObject } from './representation.ts'
import { directoryObjectType } from './resource-types.ts'

const anyRead = ['readUser', 'listMembers', 'readApplication'] as const

/** Ids that `getByIds` takes at once. https://learn.microsoft.com/graph/api/directoryobject-getbyids */
const maximumIds = 1000

/** `GET /directoryObjects/{id}` and `POST /directoryObjects/getByIds`, which leaves out what it does not find. */
export function directoryObjects(
  { directory }: GraphContext,
  request: GraphRequest,
  key: Key,
  rest: readonly string[],
): GraphResponse {
  request.rights.demand(anyRead)
  if (key.value === 'getByIds' || key.value === 'microsoft.graph.getByIds')
    return getByIds(directory, request)
  const object = directory.lookup(key.value)
  if (!object) throw refusals.notFound(key.value)
  if (rest.length > 0) {
    const groups = memberGroups(directory, request, object.value.id, rest)
    if (groups === undefined) throw refusals.noSegment(rest[0] ?? '')
    return groups
  }
  demandRead(request)
  return respondWithOne(
    request,
    showObject(object, directory.state),
    directoryObjectType,
    'directoryObjects/$entity',
  )
}

function getByIds(directory: DirectoryStore, request: GraphRequest): GraphResponse {
  if (request.method !== 'POST') throw refusals.noMethod(request.method)
  const { ids, types } = objectBody(request)
  if (!Array.isArray(ids))
    throw refusals.badRequest("The parameter 'ids' is required and must be a collection.")
  if (ids.length > maximumIds)
    throw refusals.badRequest(`The collection 'ids' has more than ${maximumIds} entries.`)
  const wanted = Array.isArray(types) ? types.map((type) => String(type).toLowerCase()) : undefined
  const found = ids
    .map((id) => directory.lookup(String(id)))
    .filter((object) => object !== undefined)
    .filter((object) => wanted?.includes(object.kind.toLowerCase()) ?? true)
  return {
    status: 200,
    body: {
      '@odata.context': `${request.root}/$metadata#directoryObjects`,
      value: found.map((object) => showObject(object, directory.state)),
    },
  }
}
