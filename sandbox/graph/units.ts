import type { DirectoryStore } from '../entra/directory.ts'
import type { AdministrativeUnit } from '../entra/role-model.ts'
import { demandAll, fits, readKnown, textOf } from './body.ts'
import { refusals } from './errors.ts'
import { resolveReference } from './group-body.ts'
import { createGroup } from './groups.ts'
import {
  demandRead,
  type GraphContext,
  type GraphRequest,
  type GraphResponse,
  noContent,
  objectBody,
} from './http.ts'
import { respondWithMany, respondWithOne } from './query.ts'
import { objectsOf, showObjects, showReferences } from './relationships.ts'
import { showGroup, showUnit } from './representation.ts'
import { groupType, unitType } from './resource-types.ts'
import { scopedRoleMembers } from './roles.ts'

/** https://learn.microsoft.com/entra/identity/role-based-access-control/admin-units-restricted-management */
const maximumRestricted = 100
const resource = 'AdministrativeUnit'
const checks = {
  description: fits.nullableText(1024),
  displayName: fits.text(256, 1),
  isMemberManagementRestricted: fits.nullableFlag,
  visibility: (value: unknown) => value === null || value === 'HiddenMembership' || value === 'Public',
}

/** `/directory/administrativeUnits…`. https://learn.microsoft.com/graph/api/resources/administrativeunit */
export function administrativeUnits(
  context: GraphContext,
  request: GraphRequest,
  [id, name, ...rest]: readonly string[],
): GraphResponse {
  const { state } = context.directory
  const units = state.units
  if (id === undefined) {
    if (request.method === 'POST') return createUnit(context, request, units)
    demandRead(request)
    request.rights.demand('readUnit')
    return respondWithMany(request, units.map(showUnit), unitType, 'directory/administrativeUnits')
  }
  const unit = units.find((candidate) => candidate.id.toLowerCase() === id.toLowerCase())
  if (unit === undefined) throw refusals.notFound(id)
  if (name === undefined) return unitItem(context, request, unit)
  if (name === 'members') return unitMembers(context, request, unit, rest)
  if (name === 'scopedRoleMembers') return scopedRoleMembers(context, request, unit, rest)
  throw refusals.noSegment(name)
}

function createUnit(
  { identifiers }: GraphContext,
  request: GraphRequest,
  units: AdministrativeUnit[],
): GraphResponse {
  request.rights.demand('changeUnit')
  const body = readKnown(objectBody(request), checks, resource)
  demandAll(body, ['displayName'], resource)
  const isRestricted = body['isMemberManagementRestricted'] === true
  if (isRestricted && units.filter((unit) => unit.isMemberManagementRestricted).length >= maximumRestricted) {
    throw refusals.quota(
      `The tenant has its ${maximumRestricted} restricted management administrative units already.`,
    )
  }
  const unit: AdministrativeUnit = {
    id: identifiers.uuid(),
    displayName: textOf(body['displayName']),
    description: body['description'] == null ? null : textOf(body['description']),
    visibility: body['visibility'] == null ? null : textOf(body['visibility']),
    isMemberManagementRestricted: isRestricted,
    members: [],
  }
  units.push(unit)
  return respondWithOne(request, showUnit(unit), unitType, 'directory/administrativeUnits/$entity', 201)
}

/** The roles that were given at a unit go with it, those that can be activated and those for a time as well. */
function endRolesAt({ state }: DirectoryStore, { id }: AdministrativeUnit): void {
  const scope = `/administrativeUnits/${id}`.toLowerCase()
  const isElsewhere = (one: { readonly directoryScopeId: string }): boolean =>
    one.directoryScopeId.toLowerCase() !== scope
  state.roleAssignments = state.roleAssignments.filter(isElsewhere)
  state.roleSchedules = state.roleSchedules.filter(isElsewhere)
}

function unitItem(
  { directory }: GraphContext,
  request: GraphRequest,
  unit: AdministrativeUnit,
): GraphResponse {
  const { units } = directory.state
  if (request.method === 'GET') {
    request.rights.demand('readUnit')
    return respondWithOne(request, showUnit(unit), unitType, 'directory/administrativeUnits/$entity')
  }
  request.rights.demand('changeUnit')
  if (request.method === 'DELETE') {
    units.splice(units.indexOf(unit), 1)
    endRolesAt(directory, unit)
    return noContent
  }
  if (request.method !== 'PATCH') throw refusals.noMethod(request.method)
  const body = readKnown(objectBody(request), checks, resource)
  const restricted = body['isMemberManagementRestricted']
  if (restricted !== undefined && (restricted === true) !== unit.isMemberManagementRestricted) {
    throw refusals.readOnly('isMemberManagementRestricted', resource)
  }
  if (body['displayName'] !== undefined) unit.displayName = textOf(body['displayName'])
  if (body['description'] !== undefined)
    unit.description = body['description'] === null ? null : textOf(body['description'])
  if (body['visibility'] !== undefined)
    unit.visibility = body['visibility'] === null ? null : textOf(body['visibility'])
  return noContent
}

function unitMembers(
  context: GraphContext,
  request: GraphRequest,
  unit: AdministrativeUnit,
  [second, third]: readonly string[],
): GraphResponse {
  const { directory } = context
  if (request.method === 'POST' && second === undefined) return createInside(context, request, unit)
  if (request.method === 'POST' && second === '$ref') {
    request.rights.demand('changeUnit')
    addMember(
      directory,
      unit,
      resolveReference(objectBody(request)['@odata.id'], 'members', directory, request.root),
    )
    return noContent
  }
  if (request.method === 'DELETE' && second !== undefined && third === '$ref') {
    request.rights.demand('changeUnit')
    if (!unit.members.includes(second)) throw refusals.notFound(second)
    unit.members = unit.members.filter((member) => member !== second)
    return noContent
  }
  demandRead(request)
  request.rights.demand('readUnit')
  if (second === '$ref') return showReferences(request, unit.members)
  return showObjects(directory, request, objectsOf(directory, unit.members), second)
}

const unfit = (): Error =>
  refusals.badRequest(
    'Only security groups can be members of a restricted management administrative unit, and no role-assignable ones.',
  )

/** Users and groups can be in a unit, in a restricted one no group that is protected or has a mailbox. */
function addMember(directory: DirectoryStore, unit: AdministrativeUnit, id: string): void {
  const object = directory.lookup(id)
  if (object === undefined || object.kind === 'ServicePrincipal') {
    throw refusals.badRequest('Only users, groups and devices can be members of an administrative unit.')
  }
  if (unit.members.includes(id)) throw refusals.alreadyLinked('members')
  const isUnfit =
    object.kind === 'Group' && (object.value.isAssignableToRole === true || object.value.mailEnabled)
  if (unit.isMemberManagementRestricted && isUnfit) throw unfit()
  unit.members = [...unit.members, id]
}

/**
 * Creating a group as a member of the unit. Without the right on all units it takes a role at this one, and for an
 * application the right to create groups and to read units besides.
 * https://learn.microsoft.com/graph/api/administrativeunit-post-members
 */
function createInside(context: GraphContext, request: GraphRequest, unit: AdministrativeUnit): GraphResponse {
  const { '@odata.type': type, ...body } = objectBody(request)
  if (String(type).toLowerCase() !== '#microsoft.graph.group') {
    throw refusals.badRequest('Only groups can be created as members of an administrative unit.')
  }
  const { rights } = request
  const isScoped = rights.hasRole(
    ['Groups Administrator', 'User Administrator', 'Global Administrator'],
    unit.id,
  )
  const mayCreate = rights.isPerson || (rights.may('createGroup') && rights.may('readUnit'))
  if (!rights.may('changeUnit') && !(isScoped && mayCreate)) throw refusals.denied()
  if (body['uniqueName'] !== undefined) throw refusals.readOnly('uniqueName', 'Group')
  if (
    unit.isMemberManagementRestricted &&
    (body['isAssignableToRole'] === true || body['mailEnabled'] === true)
  )
    throw unfit()
  const group = createGroup(context, request, body)
  addMember(context.directory, unit, group.id)
  return respondWithOne(request, showGroup(group), groupType, 'groups/$entity', 201)
}
