import type { DeletedObject } from '../entra/model.ts'
import { refusals } from './errors.ts'
import { type GraphContext, type GraphRequest, type GraphResponse, noContent } from './http.ts'
import type { Operation } from './operations.ts'
import { respondWithMany, respondWithOne } from './query.ts'
import { type Representation, showApplication, showObject } from './representation.ts'
import { deletedType } from './resource-types.ts'

const kinds: Readonly<Record<string, DeletedObject['kind']>> = {
  user: 'User',
  group: 'Group',
  application: 'Application',
  serviceprincipal: 'ServicePrincipal',
}
const reading = {
  User: 'listUsers',
  Group: 'listMembers',
  Application: 'readApplication',
  ServicePrincipal: 'readApplication',
} as const satisfies Record<string, Operation>
const changing = {
  User: 'deleteUser',
  Group: 'deleteGroup',
  Application: 'changeApplication',
  ServicePrincipal: 'changeApplication',
} as const satisfies Record<string, Operation>

/**
 * `/directory/deletedItems…`: users, groups, security groups among them, applications and service principals, for 30 days.
 * https://learn.microsoft.com/graph/api/resources/directory
 */
export function deletedItems(
  context: GraphContext,
  request: GraphRequest,
  [first = '', second]: readonly string[],
): GraphResponse {
  const { directory } = context
  const cast = /^microsoft\.graph\.(\w+)$/i.exec(first)?.[1]?.toLowerCase()
  if (cast !== undefined) {
    const kind = Object.hasOwn(kinds, cast) ? kinds[cast] : undefined
    if (kind === undefined) throw refusals.noSegment(first)
    if (request.method !== 'GET') throw refusals.noMethod(request.method)
    request.rights.demand(reading[kind])
    const shown = directory
      .deleted()
      .filter((one) => one.kind === kind)
      .map((one) => show(context, one))
    return respondWithMany(request, shown, deletedType, 'directoryObjects')
  }
  const found = directory.deleted().find(({ value }) => value.id.toLowerCase() === first.toLowerCase())
  if (found === undefined) throw refusals.notFound(first)
  if (request.method === 'GET') {
    request.rights.demand(reading[found.kind])
    return respondWithOne(request, show(context, found), deletedType, 'directoryObjects/$entity')
  }
  request.rights.demand(changing[found.kind], found)
  if (request.method === 'DELETE') {
    directory.purge(found)
    return noContent
  }
  if (request.method !== 'POST' || second !== 'restore') throw refusals.noMethod(request.method)
  demandFree(context, found)
  directory.restore(found)
  return respondWithOne(request, show(context, found), deletedType, 'directoryObjects/$entity')
}

/** Somebody may have taken its name in the meantime. */
function demandFree({ directory }: GraphContext, { kind, value }: DeletedObject): void {
  const isTaken =
    (kind === 'User' &&
      directory.state.users.some((user) => user.userPrincipalName === value.userPrincipalName)) ||
    (kind === 'ServicePrincipal' && directory.servicePrincipalOf(value.appId) !== undefined) ||
    (kind === 'Group' &&
      value.uniqueName !== null &&
      directory.groups().some((group) => group.uniqueName === value.uniqueName))
  if (isTaken)
    throw refusals.conflict('Another object with the same value for a unique property already exists.')
}

/** The name of a person is free for others at once: Entra puts the object id before it. */
const renamed = ({ kind, value }: DeletedObject): Representation =>
  kind === 'User' ? { userPrincipalName: `${value.id.replaceAll('-', '')}${value.userPrincipalName}` } : {}

function show({ directory }: GraphContext, deleted: DeletedObject): Representation {
  const shown =
    deleted.kind === 'Application'
      ? { '@odata.type': '#microsoft.graph.application', ...showApplication(deleted.value) }
      : showObject(deleted, directory.state)
  return { ...shown, ...renamed(deleted), deletedDateTime: deleted.deletedDateTime }
}
