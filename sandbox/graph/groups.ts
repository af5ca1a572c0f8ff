import type { Clock, Identifiers } from '../contracts.ts'
import type { DirectoryStore } from '../entra/directory.ts'
import type { Group } from '../entra/model.ts'
import { refusals } from './errors.ts'
import {
  demandCreatable,
  demandNew,
  type GroupProperties,
  type References,
  readProperties,
  readReferences,
} from './group-body.ts'
import { type GraphRequest, type GraphResponse, noContent, objectBody, type Segment } from './http.ts'
import { demand } from './permissions.ts'
import { respondWithCount, respondWithMany, respondWithOne } from './query.ts'
import { groupType, showGroup } from './representation.ts'

/** What the handlers of groups work with. */
export interface GroupsContext {
  readonly directory: DirectoryStore
  readonly clock: Clock
  readonly identifiers: Identifiers
}

/** `GET /groups`, `GET /groups/$count`, `POST /groups` */
export function groupCollection(
  context: GroupsContext,
  request: GraphRequest,
  isCount: boolean,
): GraphResponse {
  const { directory } = context
  if (request.method === 'POST' && !isCount) return createGroup(context, request, objectBody(request))
  if (request.method !== 'GET') throw refusals.noMethod(request.method)
  demand(directory, request, 'readGroups')
  const all = directory.groups().map(showGroup)
  return isCount
    ? respondWithCount(request, all, groupType)
    : respondWithMany(request, all, groupType, 'groups')
}

/** `GET`, `PATCH` and `DELETE` of one group, by id or by unique name; a PATCH by unique name may create it. */
export function groupItem(
  context: GroupsContext,
  request: GraphRequest,
  key: Required<Segment>['key'],
): GraphResponse {
  const { directory } = context
  switch (request.method) {
    case 'GET':
      demand(directory, request, 'readGroups')
      return respondWithOne(request, showGroup(findGroup(directory, key)), groupType, 'groups/$entity')
    case 'PATCH':
      return isUpsert(request, key)
        ? upsertGroup(context, request, key.value)
        : changeGroup(context, request, key)
    case 'DELETE':
      demand(directory, request, 'writeGroups')
      directory.removeGroup(findGroup(directory, key).id)
      return noContent
    default:
      throw refusals.noMethod(request.method)
  }
}

/** The group a key names. @throws GraphError 404 */
export function findGroup(directory: DirectoryStore, key: Required<Segment>['key']): Group {
  const group =
    key.property === 'uniqueName'
      ? directory.groups().find((candidate) => candidate.uniqueName === key.value)
      : asGroup(directory, key.value)
  if (!group) throw refusals.notFound(key.value)
  return group
}

function asGroup(directory: DirectoryStore, id: string): Group | undefined {
  const object = directory.lookup(id)
  return object?.kind === 'Group' ? object.value : undefined
}

function isUpsert(request: GraphRequest, key: Required<Segment>['key']): boolean {
  const preferences = (request.headers.get('prefer') ?? '').split(',').map((preference) => preference.trim())
  return key.property === 'uniqueName' && preferences.includes('create-if-missing')
}

/** https://learn.microsoft.com/graph/api/group-upsert */
function upsertGroup(context: GroupsContext, request: GraphRequest, uniqueName: string): GraphResponse {
  const exists = context.directory.state.groups.some((group) => group.uniqueName === uniqueName)
  if (exists) return changeGroup(context, request, { property: 'uniqueName', value: uniqueName })
  return createGroup(context, request, { ...objectBody(request), uniqueName })
}

function createGroup(
  context: GroupsContext,
  request: GraphRequest,
  body: Readonly<Record<string, unknown>>,
): GraphResponse {
  const { clock, directory, identifiers } = context
  demand(directory, request, 'createGroups')
  const properties = readProperties(body)
  demandCreatable(properties)
  const { uniqueName } = properties
  if (uniqueName !== undefined && directory.state.groups.some((group) => group.uniqueName === uniqueName)) {
    throw refusals.sameKey('uniqueName')
  }
  const references = readReferences(body, directory, request.root)
  const group = newGroup(identifiers.uuid(), clock.now(), properties)
  demandNew(group, references)
  directory.addGroup({ ...group, members: [...references.members], owners: [...references.owners] })
  return respondWithOne(request, showGroup(group), groupType, 'groups/$entity', 201)
}

function newGroup(id: string, now: Date, properties: GroupProperties): Group {
  return {
    id,
    displayName: properties.displayName ?? '',
    description: properties.description ?? null,
    mailNickname: properties.mailNickname ?? '',
    mailEnabled: false,
    securityEnabled: true,
    groupTypes: [...(properties.groupTypes ?? [])],
    uniqueName: properties.uniqueName ?? null,
    createdDateTime: now.toISOString(),
    members: [],
    owners: [],
  }
}

/** https://learn.microsoft.com/graph/api/group-update: nothing changes unless everything can. */
function changeGroup(
  context: GroupsContext,
  request: GraphRequest,
  key: Required<Segment>['key'],
): GraphResponse {
  const { directory } = context
  const body = objectBody(request)
  const addsMembers = body['members@odata.bind'] !== undefined
  const changesItself = Object.keys(body).some((name) => name !== 'members@odata.bind')
  if (changesItself || !addsMembers) demand(directory, request, 'writeGroups')
  if (addsMembers) demand(directory, request, 'writeMembers')
  const group = findGroup(directory, key)
  const properties = readProperties(body)
  demandUnchanged(group, properties)
  const references = readReferences(body, directory, request.root)
  demandNew(group, references)
  applyChange(directory, group, properties, references)
  return noContent
}

/** Some properties are given once. Sending them again with the same value is no change, as an upsert does. */
function demandUnchanged(group: Group, properties: GroupProperties): void {
  for (const name of ['uniqueName', 'mailEnabled', 'securityEnabled'] as const) {
    const wanted = properties[name]
    if (wanted !== undefined && wanted !== group[name]) throw refusals.invalid(name, 'Group')
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
