import type { DirectoryStore } from '../entra/directory.ts'
import type { Group } from '../entra/model.ts'
import type { DirectoryObject, Relationship } from '../entra/objects.ts'
import type { AdministrativeUnit } from '../entra/role-model.ts'
import { refusals } from './errors.ts'
import { demandFlat, demandNew, resolveReference } from './group-body.ts'
import {
  demandRead,
  type GraphContext,
  type GraphRequest,
  type GraphResponse,
  noContent,
  objectBody,
} from './http.ts'
import { respondWithCount, respondWithMany } from './query.ts'
import { type Representation, showObject, showUnit } from './representation.ts'
import { directoryObjectType, unitType } from './resource-types.ts'

/** What follows the group in the path, e.g. `members`, `{id}`, `$ref`. */
export type RelationshipPath = readonly string[]

/**
 * `/groups/{id}/members…`, `/transitiveMembers…`, `/owners…`, `/memberOf` and `/transitiveMemberOf`.
 * https://learn.microsoft.com/graph/api/group-post-members
 */
export function groupRelationship(
  { directory }: GraphContext,
  request: GraphRequest,
  group: Group,
  path: RelationshipPath,
): GraphResponse {
  const [name = '', second, third] = path
  if (name === 'members' || name === 'owners') {
    if (third === '$ref' && second !== undefined) return removeLink(directory, request, group, name, second)
    if (second === '$ref') return addLink(directory, request, group, name)
    return listObjects(directory, request, listedOf(objectsOf(directory, group[name]), second), second)
  }
  if (name === 'transitiveMembers') {
    return listObjects(directory, request, listedOf(transitiveMembers(directory, group), second), second)
  }
  return memberships(directory, request, group.id, path)
}

/**
 * Version 1.0 leaves service principals out of a list of members or owners, a known issue of Graph; asked for by their
 * type they are listed. https://learn.microsoft.com/graph/api/group-list-members, https://learn.microsoft.com/graph/api/group-list-owners
 */
const listedOf = (
  objects: readonly DirectoryObject[],
  cast: string | undefined,
): readonly DirectoryObject[] =>
  cast === undefined ? objects.filter(({ kind }) => kind !== 'ServicePrincipal') : objects

/** `…/memberOf` and `…/transitiveMemberOf` of a user, group or service principal. */
export function memberships(
  directory: DirectoryStore,
  request: GraphRequest,
  objectId: string,
  path: RelationshipPath,
): GraphResponse {
  const [name = '', second] = path
  if (name !== 'memberOf' && name !== 'transitiveMemberOf') throw refusals.noSegment(name)
  const units = name === 'memberOf' ? directory.unitsOf(objectId) : []
  if (second === 'microsoft.graph.administrativeUnit') return showUnits(request, units)
  const all = directory.groupsOf(objectId)
  const ids =
    name === 'transitiveMemberOf'
      ? all
      : directory
          .groups()
          .filter((group) => group.members.includes(objectId))
          .map((group) => group.id)
  return listObjects(directory, request, objectsOf(directory, ids), second)
}

/** The administrative units that something is in; of what the caller may not read the kind and the id alone. */
function showUnits(request: GraphRequest, units: readonly AdministrativeUnit[]): GraphResponse {
  demandRead(request)
  request.rights.demand('listMembers')
  const isReadable = request.rights.may('readUnit')
  const shown = units.map((unit) => ({
    '@odata.type': '#microsoft.graph.administrativeUnit',
    ...(isReadable ? showUnit(unit) : { id: unit.id }),
  }))
  return respondWithMany(request, shown, unitType, 'directoryObjects')
}

const casts: Readonly<Record<string, DirectoryObject['kind']>> = {
  'microsoft.graph.user': 'User',
  'microsoft.graph.group': 'Group',
  'microsoft.graph.servicePrincipal': 'ServicePrincipal',
}

/** Lists objects; `cast` keeps one kind of them, or counts them with `$count`, or lists bare references with `$ref`. */
function listObjects(
  directory: DirectoryStore,
  request: GraphRequest,
  objects: readonly DirectoryObject[],
  cast: string | undefined,
): GraphResponse {
  demandRead(request)
  request.rights.demand('listMembers')
  return showObjects(directory, request, objects, cast)
}

/** A list of directory objects, for a caller who may see it; `cast` keeps one kind of them, or counts with `$count`. */
export function showObjects(
  { state }: DirectoryStore,
  request: GraphRequest,
  objects: readonly DirectoryObject[],
  cast: string | undefined,
): GraphResponse {
  if (cast === '$count')
    return respondWithCount(
      request,
      objects.map((object) => showObject(object, state)),
      directoryObjectType,
    )
  const kind = cast === undefined ? undefined : casts[cast]
  if (cast !== undefined && kind === undefined) throw refusals.noSegment(cast)
  const shown = objects
    .filter((object) => kind === undefined || object.kind === kind)
    .map((object) => readable(request, object, showObject(object, state)))
  return respondWithMany(request, shown, directoryObjectType, 'directoryObjects')
}

const reading = { User: 'readUser', Group: 'listMembers', ServicePrincipal: 'readApplication' } as const

/**
 * Of an object whose kind the caller may not read, a list shows the kind and the id alone.
 * https://learn.microsoft.com/graph/permissions-overview#limited-information-returned-for-inaccessible-member-objects
 */
function readable(
  { rights }: GraphRequest,
  { kind }: DirectoryObject,
  shown: Representation,
): Representation {
  if (rights.may(reading[kind])) return shown
  const known = ['@odata.type', 'id']
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => [name, known.includes(name) ? value : null]),
  )
}

/** Bare references to objects, as `$ref` lists them. */
export function showReferences(request: GraphRequest, ids: readonly string[]): GraphResponse {
  const value = ids.map((id) => ({ '@odata.id': `${request.root}/directoryObjects/${id}` }))
  return { status: 200, body: { '@odata.context': `${request.root}/$metadata#Collection($ref)`, value } }
}

const changing = { members: 'changeMembers', owners: 'changeOwners' } as const

function addLink(
  directory: DirectoryStore,
  request: GraphRequest,
  group: Group,
  relationship: Relationship,
): GraphResponse {
  if (request.method === 'GET') {
    request.rights.demand('listMembers')
    return showReferences(request, group[relationship])
  }
  if (request.method !== 'POST') throw refusals.noMethod(request.method)
  request.rights.demand(changing[relationship], { kind: 'Group', value: group })
  const id = resolveReference(objectBody(request)['@odata.id'], relationship, directory, request.root)
  const references = { members: [], owners: [], [relationship]: [id] }
  demandNew(group, references)
  demandFlat(group, references, directory)
  directory.link(group, relationship, [id])
  return noContent
}

function removeLink(
  directory: DirectoryStore,
  request: GraphRequest,
  group: Group,
  relationship: Relationship,
  objectId: string,
): GraphResponse {
  if (request.method !== 'DELETE') throw refusals.noMethod(request.method)
  request.rights.demand(changing[relationship], { kind: 'Group', value: group })
  const present = group[relationship].find((id) => id.toLowerCase() === objectId.toLowerCase())
  if (present === undefined) throw refusals.notFound(objectId)
  if (relationship === 'owners' && isLastOwner(directory, group, present)) {
    throw refusals.badRequest('The group must have at least one owner, hence this owner cannot be removed.')
  }
  directory.unlink(group, relationship, present)
  return noContent
}

/**
 * The last owner stays, and so does the last one who is a person.
 * https://learn.microsoft.com/graph/api/group-delete-owners
 */
function isLastOwner(directory: DirectoryStore, group: Group, owner: string): boolean {
  const isPerson = (id: string): boolean => directory.lookup(id)?.kind === 'User'
  const people = group.owners.filter(isPerson)
  return group.owners.length === 1 || (people.length === 1 && people[0] === owner)
}

/** What the ids name, as far as it is there. */
export function objectsOf(directory: DirectoryStore, ids: readonly string[]): readonly DirectoryObject[] {
  return ids.map((id) => directory.lookup(id)).filter((object) => object !== undefined)
}

function transitiveMembers(directory: DirectoryStore, group: Group): readonly DirectoryObject[] {
  const found = new Map<string, DirectoryObject>()
  const open: Group[] = [group]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const object of objectsOf(directory, next.members)) {
      if (found.has(object.value.id)) continue
      found.set(object.value.id, object)
      if (object.kind === 'Group') open.push(object.value)
    }
  }
  return [...found.values()]
}
