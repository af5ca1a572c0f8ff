import type { DirectoryStore } from '../entra/directory.ts'
import type { Group } from '../entra/model.ts'
import { refusals } from './errors.ts'
import {
  demandCreatable,
  demandFlat,
  demandNew,
  type GroupProperties,
  type References,
  readProperties,
  readReferences,
} from './group-body.ts'
import {
  type GraphContext,
  type GraphRequest,
  type GraphResponse,
  type Key,
  noContent,
  objectBody,
} from './http.ts'
import { respondWithCount, respondWithMany, respondWithOne } from './query.ts'
import { showGroup } from './representation.ts'
import { groupType } from './resource-types.ts'

/** `GET /groups`, `GET /groups/$count`, `POST /groups` */
export function groupCollection(
  context: GraphContext,
  request: GraphRequest,
  isCount: boolean,
): GraphResponse {
  const { directory } = context
  if (request.method === 'POST' && !isCount) {
    const body = objectBody(request)
    if (body['uniqueName'] !== undefined) throw refusals.readOnly('uniqueName', 'Group')
    request.rights.demand('createGroup')
    return respondWithNew(request, createGroup(context, request, body))
  }
  if (request.method !== 'GET') throw refusals.noMethod(request.method)
  request.rights.demand('listMembers')
  const all = directory.groups().map(showGroup)
  return isCount
    ? respondWithCount(request, all, groupType)
    : respondWithMany(request, all, groupType, 'groups')
}

const respondWithNew = (request: GraphRequest, group: Group): GraphResponse =>
  respondWithOne(request, showGroup(group), groupType, 'groups/$entity', 201)

/** `GET`, `PATCH` and `DELETE` of one group, by id or by unique name; a PATCH by unique name may create it. */
export function groupItem(context: GraphContext, request: GraphRequest, key: Key): GraphResponse {
  const { directory } = context
  switch (request.method) {
    case 'GET': {
      const group = visibleGroup(context, request, key)
      return respondWithOne(request, showGroup(group), groupType, 'groups/$entity')
    }
    case 'PATCH':
      return isUpsert(request, key)
        ? upsertGroup(context, request, key.value)
        : changeGroup(context, request, findGroup(directory, key))
    case 'DELETE': {
      const group = findGroup(directory, key)
      request.rights.demand('deleteGroup', { kind: 'Group', value: group })
      directory.remove({ kind: 'Group', value: group })
      return noContent
    }
    default:
      throw refusals.noMethod(request.method)
  }
}

/** A group to read. Who may read none learns nothing of it; who owns it may. */
function visibleGroup({ directory }: GraphContext, request: GraphRequest, key: Key): Group {
  if (request.rights.may('listMembers')) return findGroup(directory, key)
  const group = groupOf(directory, key)
  if (group === undefined) throw refusals.denied()
  request.rights.demand('readGroup', { kind: 'Group', value: group })
  return group
}

/** The group a key names. @throws GraphError 404 */
export function findGroup(directory: DirectoryStore, key: Key): Group {
  const group = groupOf(directory, key)
  if (!group) throw refusals.notFound(key.value)
  return group
}

function groupOf(directory: DirectoryStore, { property, value }: Key): Group | undefined {
  if (property === 'uniqueName') return directory.groups().find(({ uniqueName }) => uniqueName === value)
  const object = directory.lookup(value)
  return object?.kind === 'Group' ? object.value : undefined
}

/** Whether a PATCH may create what it does not find. */
function isUpsert(request: GraphRequest, key: Key): boolean {
  const preferences = (request.headers.get('prefer') ?? '').split(',').map((preference) => preference.trim())
  return key.property !== 'id' && preferences.includes('create-if-missing')
}

/** https://learn.microsoft.com/graph/api/group-upsert */
function upsertGroup(context: GraphContext, request: GraphRequest, uniqueName: string): GraphResponse {
  request.rights.demand('upsertGroup')
  const existing = context.directory.state.groups.find((group) => group.uniqueName === uniqueName)
  if (existing) return changeGroup(context, request, existing)
  return respondWithNew(request, createGroup(context, request, { ...objectBody(request), uniqueName }))
}

/** Makes a group for a caller who may. @throws GraphError */
export function createGroup(
  context: GraphContext,
  request: GraphRequest,
  body: Readonly<Record<string, unknown>>,
): Group {
  const { clock, directory, identifiers } = context
  const properties = readProperties(body)
  demandCreatable(properties)
  if (properties.isAssignableToRole === true) request.rights.demand('makeRoleAssignable')
  const references = withCreator(request, readReferences(body, directory, request.root))
  demandReadable(request, references, directory)
  const group = newGroup(identifiers.uuid(), clock.now(), properties)
  demandNew(group, references)
  demandFlat(group, references, directory)
  const made = { ...group, members: [...references.members], owners: [...references.owners] }
  directory.add({ kind: 'Group', value: made })
  return made
}

/** A person owns what they create; an application only what it says it does. */
function withCreator({ rights }: GraphRequest, references: References): References {
  if (!rights.isPerson || references.owners.length > 0) return references
  return { ...references, owners: [rights.objectId] }
}

/**
 * With `Group.Create` alone an application may name itself, and of others those that it may read.
 * https://learn.microsoft.com/graph/api/group-post-groups
 */
function demandReadable(request: GraphRequest, references: References, directory: DirectoryStore): void {
  const { rights } = request
  if (rights.may('upsertGroup')) return
  const reading = { User: 'listUsers', Group: 'listMembers', ServicePrincipal: 'readApplication' } as const
  for (const id of [...references.members, ...references.owners]) {
    const object = directory.lookup(id)
    if (object && id.toLowerCase() !== rights.objectId.toLowerCase()) rights.demand(reading[object.kind])
  }
}

function newGroup(id: string, now: Date, properties: GroupProperties): Group {
  return {
    id,
    displayName: properties.displayName ?? '',
    description: properties.description ?? null,
    mailNickname: properties.mailNickname ?? '',
    mailEnabled: properties.mailEnabled ?? false,
    securityEnabled: properties.securityEnabled ?? true,
    groupTypes: [...(properties.groupTypes ?? [])],
    uniqueName: properties.uniqueName ?? null,
    isAssignableToRole: properties.isAssignableToRole ?? null,
    createdDateTime: now.toISOString(),
    members: [],
    owners: [],
  }
}

/** https://learn.microsoft.com/graph/api/group-update: nothing changes unless everything can. */
function changeGroup({ directory }: GraphContext, request: GraphRequest, group: Group): GraphResponse {
  const body = objectBody(request)
  const target = { kind: 'Group', value: group } as const
  const addsMembers = body['members@odata.bind'] !== undefined
  const changesItself = Object.keys(body).some((name) => name !== 'members@odata.bind')
  if (changesItself || !addsMembers) request.rights.demand('changeGroup', target)
  if (addsMembers) request.rights.demand('changeMembers', target)
  const properties = readProperties(body)
  demandUnchanged(group, properties)
  const references = readReferences(body, directory, request.root)
  demandNew(group, references)
  demandFlat(group, references, directory)
  applyChange(directory, group, properties, references)
  return noContent
}

/** Some properties are given once. Sending them again with the same value is no change, as an upsert does. */
function demandUnchanged(group: Group, properties: GroupProperties): void {
  for (const name of ['uniqueName', 'mailEnabled', 'securityEnabled', 'isAssignableToRole'] as const) {
    const wanted = properties[name]
    if (wanted !== undefined && wanted !== (group[name] ?? false)) throw refusals.invalid(name, 'Group')
  }
}

function applyChange(
  directory: DirectoryStore,
  group: Group,
  properties: GroupProperties,
  references: References,
): void {
  group.displayName = properties.displayName ?? group.displayName
  group.mailNickname = properties.mailNickname ?? group.mailNickname
  if (properties.description !== undefined) group.description = properties.description
  directory.link(group, 'members', references.members)
  directory.link(group, 'owners', references.owners)
}
