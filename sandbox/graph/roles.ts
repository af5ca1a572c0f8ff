import type { DirectoryStore } from '../entra/directory.ts'
import { type DirectoryRole, directoryRole, directoryRoles } from '../entra/directory-roles.ts'
import type { AdministrativeUnit, RoleAssignment } from '../entra/role-model.ts'
import { demandAll, fits, isRecord, readKnown, textOf } from './body.ts'
import { refusals } from './errors.ts'
import {
  demandRead,
  type GraphContext,
  type GraphRequest,
  type GraphResponse,
  noContent,
  objectBody,
} from './http.ts'
import { respondWithMany, respondWithOne } from './query.ts'
import type { Representation } from './representation.ts'
import { roleAssignmentType, roleDefinitionType } from './resource-types.ts'

const checks = {
  appScopeId: fits.nullableText(0),
  condition: fits.nullableText(0),
  directoryScopeId: fits.text(256, 1),
  principalId: fits.text(36, 36),
  roleDefinitionId: fits.text(36, 36),
}

const showDefinition = (role: DirectoryRole): Representation => ({
  id: role.id,
  displayName: role.displayName,
  isBuiltIn: true,
  isEnabled: true,
  resourceScopes: ['/'],
  templateId: role.id,
  version: '1',
})

/** `/roleManagement/directory/roleDefinitions…`: the roles that come with Entra, those the sandbox knows. */
export function roleDefinitions(request: GraphRequest, [id]: readonly string[]): GraphResponse {
  demandRead(request)
  request.rights.demand('readRoles')
  const place = 'roleManagement/directory/roleDefinitions'
  if (id === undefined) {
    return respondWithMany(request, directoryRoles.map(showDefinition), roleDefinitionType, place)
  }
  const role = directoryRole(id)
  if (role === undefined) throw refusals.notFound(id)
  return respondWithOne(request, showDefinition(role), roleDefinitionType, `${place}/$entity`)
}

/**
 * `/roleManagement/directory/roleAssignments…`, for the tenant or at an administrative unit.
 * https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments
 */
export function roleAssignments(
  context: GraphContext,
  request: GraphRequest,
  [id]: readonly string[],
): GraphResponse {
  const { state } = context.directory
  const all = state.roleAssignments
  const place = 'roleManagement/directory/roleAssignments'
  if (request.method === 'GET') {
    request.rights.demand('readRoles')
    if (id === undefined) return respondWithMany(request, all.map(showAssignment), roleAssignmentType, place)
    const found = showAssignment(find(all, id))
    return respondWithOne(request, found, roleAssignmentType, `${place}/$entity`)
  }
  request.rights.demand('changeRoles')
  if (request.method === 'POST' && id === undefined) {
    const body = readKnown(objectBody(request), checks, 'UnifiedRoleAssignment')
    demandAll(body, ['principalId', 'roleDefinitionId', 'directoryScopeId'], 'UnifiedRoleAssignment')
    const made = assign(context, {
      principalId: textOf(body['principalId']),
      roleDefinitionId: textOf(body['roleDefinitionId']),
      directoryScopeId: textOf(body['directoryScopeId']),
    })
    return respondWithOne(request, showAssignment(made), roleAssignmentType, `${place}/$entity`, 201)
  }
  if (request.method !== 'DELETE' || id === undefined) throw refusals.noMethod(request.method)
  all.splice(all.indexOf(find(all, id)), 1)
  return noContent
}

const showAssignment = ({
  id,
  principalId,
  roleDefinitionId,
  directoryScopeId,
}: RoleAssignment): Representation => ({
  id,
  principalId,
  roleDefinitionId,
  directoryScopeId,
})

function find(all: readonly RoleAssignment[], id: string): RoleAssignment {
  const found = all.find((assignment) => assignment.id === id)
  if (found === undefined) throw refusals.notFound(id)
  return found
}

/** What a role is given to, which and where. */
export type RoleTuple = Omit<RoleAssignment, 'id'>

/** Whether two are the same role of the same principal at the same place. */
export const sameTuple = (one: RoleTuple, other: RoleTuple): boolean =>
  one.principalId === other.principalId &&
  one.roleDefinitionId.toLowerCase() === other.roleDefinitionId.toLowerCase() &&
  one.directoryScopeId.toLowerCase() === other.directoryScopeId.toLowerCase()

function assign({ directory, identifiers }: GraphContext, tuple: RoleTuple): RoleAssignment {
  demandAssignable(directory, tuple)
  const all = directory.state.roleAssignments
  if (all.some((other) => sameTuple(other, tuple))) {
    throw refusals.badRequest(
      'A conflicting object with one or more of the specified property values is present in the directory.',
    )
  }
  const made = { id: identifiers.uuid(), ...tuple }
  all.push(made)
  return made
}

/**
 * A role goes to people, service principals and groups made for it; at a unit only some roles go.
 * @throws GraphError 400, 404
 */
export function demandAssignable(
  directory: DirectoryStore,
  { principalId, roleDefinitionId, directoryScopeId }: RoleTuple,
): void {
  const principal = directory.lookup(principalId)
  if (principal === undefined) throw refusals.notFound(principalId)
  if (principal.kind === 'Group' && principal.value.isAssignableToRole !== true) {
    throw refusals.badRequest('The group must have isAssignableToRole set to true to be assigned a role.')
  }
  const role = directoryRole(roleDefinitionId)
  if (role === undefined) throw refusals.notFound(roleDefinitionId)
  if (directoryScopeId === '/') return
  const unitId = /^\/administrativeUnits\/([^/]+)$/i.exec(directoryScopeId)?.[1]
  if (unitId === undefined) throw refusals.invalid('directoryScopeId', 'UnifiedRoleAssignment')
  if (!directory.state.units.some(({ id }) => id === unitId)) throw refusals.notFound(unitId)
  if (role.forUnits !== true) {
    throw refusals.badRequest(
      `The role '${role.displayName}' cannot be assigned with the scope of an administrative unit.`,
    )
  }
}

/** `/directory/administrativeUnits/{id}/scopedRoleMembers…`: the same assignments, in the older form. */
export function scopedRoleMembers(
  context: GraphContext,
  request: GraphRequest,
  unit: AdministrativeUnit,
  [id]: readonly string[],
): GraphResponse {
  const { directory } = context
  const scope = `/administrativeUnits/${unit.id}`
  const all = directory.state.roleAssignments
  const here = all.filter((one) => one.directoryScopeId.toLowerCase() === scope.toLowerCase())
  const show = (one: RoleAssignment): Representation => ({
    id: one.id,
    roleId: one.roleDefinitionId,
    administrativeUnitId: unit.id,
    roleMemberInfo: {
      id: one.principalId,
      displayName: directory.lookup(one.principalId)?.value.displayName ?? null,
    },
  })
  if (request.method === 'GET') {
    request.rights.demand('readUnit')
    return {
      status: 200,
      body: { '@odata.context': `${request.root}/$metadata#scopedRoleMemberships`, value: here.map(show) },
    }
  }
  request.rights.demand('changeRoles')
  if (request.method === 'POST' && id === undefined) {
    const { roleId, roleMemberInfo } = objectBody(request)
    const principalId = isRecord(roleMemberInfo) ? textOf(roleMemberInfo['id']) : ''
    const made = assign(context, { principalId, roleDefinitionId: textOf(roleId), directoryScopeId: scope })
    return {
      status: 201,
      body: { '@odata.context': `${request.root}/$metadata#scopedRoleMemberships/$entity`, ...show(made) },
    }
  }
  if (request.method !== 'DELETE' || id === undefined) throw refusals.noMethod(request.method)
  all.splice(all.indexOf(find(here, id)), 1)
  return noContent
}
