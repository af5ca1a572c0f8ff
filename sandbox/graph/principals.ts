import type { DirectoryStore } from '../entra/directory.ts'
import type { ServicePrincipal, User } from '../entra/model.ts'
import { refusals } from './errors.ts'
import { type GraphRequest, type GraphResponse, objectBody, type Segment } from './http.ts'
import { demand } from './permissions.ts'
import { respondWithCount, respondWithMany, respondWithOne } from './query.ts'
import { memberships, type RelationshipPath } from './relationships.ts'
import {
  applicationType,
  directoryObjectType,
  servicePrincipalType,
  showApplication,
  showObject,
  showServicePrincipal,
  showUser,
  userType,
} from './representation.ts'

type Key = Required<Segment>['key']

/** `GET /users…`: by object id, by user principal name, or filtered. */
export function users(
  directory: DirectoryStore,
  request: GraphRequest,
  key: Key | undefined,
  rest: RelationshipPath,
): GraphResponse {
  demandRead(request)
  if (key === undefined || key.value === '$count') {
    demand(directory, request, 'readUsers')
    const all = directory.users().map(showUser)
    return key ? respondWithCount(request, all, userType) : respondWithMany(request, all, userType, 'users')
  }
  demand(directory, request, 'readUsers', ...(rest.length > 0 ? (['readGroups'] as const) : []))
  const user = findUser(directory, key.value)
  if (rest.length > 0) return memberships(directory, request, user.id, rest)
  return respondWithOne(request, showUser(user), userType, 'users/$entity')
}

function findUser(directory: DirectoryStore, idOrName: string): User {
  const wanted = idOrName.toLowerCase()
  const user = directory
    .users()
    .find(
      (candidate) =>
        candidate.id.toLowerCase() === wanted || candidate.userPrincipalName.toLowerCase() === wanted,
    )
  if (!user) throw refusals.notFound(idOrName)
  return user
}

/** `GET /servicePrincipals…`: by object id, by client id in parentheses, or filtered. */
export function servicePrincipals(
  directory: DirectoryStore,
  request: GraphRequest,
  key: Key | undefined,
  rest: RelationshipPath,
): GraphResponse {
  demandRead(request)
  demand(directory, request, 'readApplications')
  const all = directory.servicePrincipals()
  if (key === undefined) {
    return respondWithMany(request, all.map(showServicePrincipal), servicePrincipalType, 'servicePrincipals')
  }
  if (key.value === '$count')
    return respondWithCount(request, all.map(showServicePrincipal), servicePrincipalType)
  const principal = findServicePrincipal(all, key)
  if (rest.length > 0) return memberships(directory, request, principal.id, rest)
  const shown = showServicePrincipal(principal)
  return respondWithOne(request, shown, servicePrincipalType, 'servicePrincipals/$entity')
}

function findServicePrincipal(all: readonly ServicePrincipal[], key: Key): ServicePrincipal {
  const property = key.property === 'appId' ? 'appId' : 'id'
  const principal = all.find((candidate) => candidate[property].toLowerCase() === key.value.toLowerCase())
  if (!principal) throw refusals.notFound(key.value)
  return principal
}

/** `GET /applications…`: by object id, by client id in parentheses, or filtered. */
export function applications(
  directory: DirectoryStore,
  request: GraphRequest,
  key: Key | undefined,
): GraphResponse {
  demandRead(request)
  demand(directory, request, 'readApplications')
  const all = directory.state.applications
  if (key === undefined)
    return respondWithMany(request, all.map(showApplication), applicationType, 'applications')
  const property = key.property === 'appId' ? 'appId' : 'id'
  const application = all.find((candidate) => candidate[property].toLowerCase() === key.value.toLowerCase())
  if (!application) throw refusals.notFound(key.value)
  return respondWithOne(request, showApplication(application), applicationType, 'applications/$entity')
}

const anyRead = ['readUsers', 'readGroups', 'readApplications'] as const

/** Ids that `getByIds` takes at once. https://learn.microsoft.com/graph/api/directoryobject-getbyids */
const maximumIds = 1000

/** `GET /directoryObjects/{id}` and `POST /directoryObjects/getByIds`, which leaves out what it does not find. */
export function directoryObjects(directory: DirectoryStore, request: GraphRequest, key: Key): GraphResponse {
  demand(directory, request, ...anyRead)
  if (key.value === 'getByIds' || key.value === 'microsoft.graph.getByIds')
    return getByIds(directory, request)
  demandRead(request)
  const object = directory.lookup(key.value)
  if (!object) throw refusals.notFound(key.value)
  return respondWithOne(request, showObject(object), directoryObjectType, 'directoryObjects/$entity')
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
    body: { '@odata.context': `${request.root}/$metadata#directoryObjects`, value: found.map(showObject) },
  }
}

function demandRead(request: GraphRequest): void {
  if (request.method !== 'GET') throw refusals.noMethod(request.method)
}
