import type { StoredResource } from '../../contracts.ts'
import { guidPattern } from '../../guid.ts'
import { lastSegment, parseAddress } from '../address.ts'
import { badRequest, conflict, refusal } from '../errors.ts'
import { namespaceOf } from '../gate/published.ts'
import { at, type Json, records, text, texts } from '../json.ts'
import { builtInRoles } from '../rbac/roles.ts'
import type { Link, ResourceRules, World, Write } from '../rules.ts'
import { isScope } from './scope-exists.ts'

const type = 'Microsoft.Authorization/roleDefinitions'
const mostScopes = 2_000
const managementGroup = /^\/providers\/Microsoft\.Management\/managementGroups\/[^/]+$/i
const lists = ['actions', 'notActions', 'dataActions', 'notDataActions'] as const

/**
 * Microsoft.Authorization/roleDefinitions: custom roles, of the whole tenant whatever the scope they are written at.
 * https://learn.microsoft.com/azure/role-based-access-control/custom-roles
 */
export const roleDefinitionRules: ResourceRules = {
  type,
  location: 'none',
  stateless: true,
  required: ['properties.roleName', 'properties.permissions', 'properties.assignableScopes'],
  links: writtenAt,
  check: checkDefinition,
  complete: completeDefinition,
  checkRemoval,
}

/** A custom role can be assigned in its assignable scopes and below. @throws ArmError */
export function checkAssignable(role: StoredResource | undefined, scope: string, world: World): void {
  if (role === undefined) return
  const above = world.store.scopesAbove(scope)
  const scopes = texts(at(role, 'properties.assignableScopes')).map((one) => one.toLowerCase())
  if (scopes.some((one) => above.includes(one))) {
    if (!managementGroup.test(scope) || dataActionsOf(role).length === 0) return
    throw badRequest(
      'RoleDefinitionWithDataActionsNotAssignable',
      `The role definition '${role.name}' has data actions: it cannot be assigned at the management group '${scope}'.`,
    )
  }
  throw badRequest(
    'RoleAssignmentScopeNotAssignableToRoleDefinition',
    `The role assignment scope '${scope || '/'}' is not assignable to role definition '${role.name}'.`,
  )
}

/** The custom role of an id, at whatever scope the id is written. */
export const customRole = (definitionId: string, world: World): StoredResource | undefined =>
  world.store.ofType(type).find(({ name }) => name.toLowerCase() === lastSegment(definitionId).toLowerCase())

const dataActionsOf = (role: { readonly properties?: unknown }): readonly string[] =>
  records(at(role, 'properties.permissions')).flatMap(({ dataActions }) => texts(dataActions))

/** Whoever writes a role has to be allowed to at each of the scopes where it can be assigned. */
function writtenAt({ properties }: Write): readonly Link[] {
  return texts(properties['assignableScopes'])
    .filter((scope) => scope !== '/')
    .map((scope) => ({ scope, action: `${type}/write` }))
}

function checkDefinition(write: Write, world: World): void {
  const { address, existing } = write
  if (!guidPattern.test(address.name))
    throw badRequest('InvalidRoleDefinitionId', `The role definition ID '${address.name}' must be a GUID.`)
  if (builtInRoles.some(({ id }) => id === address.name.toLowerCase()))
    throw refusal(
      403,
      'RoleDefinitionUpdateNotPermitted',
      `The built-in role definition '${address.name}' cannot be changed.`,
    )
  checkName(write, world)
  checkScopes(write, world)
  checkPermissions(write)
  const { rolesPerTenant: largest } = world.limits
  if (existing === undefined && world.store.ofType(type).length >= largest)
    throw badRequest(
      'RoleDefinitionLimitExceeded',
      `Role definition limit exceeded. No more role definitions can be created (limit ${largest}).`,
    )
}

function checkName({ address, properties }: Write, world: World): void {
  const roleName = text(properties['roleName'])?.toLowerCase()
  const taken =
    builtInRoles.some(({ name }) => name.toLowerCase() === roleName) ||
    world.store
      .ofType(type)
      .some((other) => other.id.toLowerCase() !== address.key && nameOf(other)?.toLowerCase() === roleName)
  if (taken)
    throw conflict(
      'RoleDefinitionWithSameNameExists',
      'A custom role with the same name already exists in this directory. Use a different name.',
    )
}

const nameOf = (role: StoredResource): string | undefined => text(at(role, 'properties.roleName'))

function checkScopes({ properties }: Write, world: World): void {
  const scopes = texts(properties['assignableScopes'])
  if (scopes.length === 0 || scopes.length > mostScopes)
    throw badRequest(
      'InvalidAssignableScopes',
      `A role has between 1 and ${mostScopes} assignable scopes, not ${scopes.length}.`,
    )
  if (scopes.filter((scope) => managementGroup.test(scope)).length > 1)
    throw badRequest(
      'InvalidAssignableScopes',
      'A role has at most one management group as assignable scope.',
    )
  scopes.forEach((scope, index) => {
    const isKind =
      /^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?$/i.test(scope) || managementGroup.test(scope)
    if (!isKind || !isScope(scope, world))
      throw badRequest(
        'LinkedInvalidPropertyId',
        `Property id '${scope}' at path 'properties.assignableScopes[${index}]' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.`,
      )
  })
}

function checkPermissions({ properties }: Write): void {
  const permissions = records(properties['permissions'])
  if (permissions.length !== 1)
    throw badRequest(
      'InvalidRoleDefinitionPermissions',
      `A role has one set of permissions, not ${permissions.length}.`,
    )
  const actions = lists.flatMap((list) => texts(permissions[0]?.[list]))
  const unfit = actions.find((action) => action !== '*' && !isSupported(action))
  if (unfit !== undefined)
    throw badRequest(
      'InvalidActionOrNotAction',
      `'${unfit}' does not match any of the actions supported by its providers.`,
    )
  const atGroup = texts(properties['assignableScopes']).find((scope) => managementGroup.test(scope))
  if (atGroup !== undefined && dataActionsOf({ properties }).length > 0)
    throw badRequest(
      'InvalidAssignableScopes',
      `A role with data actions cannot be assigned at the management group '${atGroup}'.`,
    )
}

/** An action begins with a provider that there is, unless the pattern leaves it open. */
function isSupported(action: string): boolean {
  const [provider = ''] = action.split('/')
  const isAction = /^[\w*]+(\.[\w*]+)*(\/[\w*.-]+)+$/.test(action)
  return isAction && (provider.includes('*') || namespaceOf(provider) !== undefined)
}

function completeDefinition({ properties, existing, caller }: Write, world: World): Json {
  const now = world.clock.now().toISOString()
  const before = (key: string) => at(existing, `properties.${key}`)
  return {
    ...properties,
    type: 'CustomRole',
    description: properties['description'] ?? '',
    permissions: records(properties['permissions']).map((permission) => ({
      ...permission,
      ...Object.fromEntries(lists.map((list) => [list, texts(permission[list])])),
    })),
    createdOn: before('createdOn') ?? now,
    updatedOn: now,
    createdBy: before('createdBy') ?? caller.objectId,
    updatedBy: caller.objectId,
  }
}

function checkRemoval(role: StoredResource, world: World): void {
  const used = world.store
    .ofType('Microsoft.Authorization/roleAssignments')
    .some(
      (assignment) =>
        lastSegment(String(at(assignment, 'properties.roleDefinitionId'))).toLowerCase() ===
        role.name.toLowerCase(),
    )
  if (used)
    throw badRequest('RoleDefinitionHasAssignments', 'There are existing role assignments referencing role.')
}

/** Whether a custom role is known at a scope: it can be assigned there, or below. */
export function isListedAt(role: StoredResource, scope: string, world: World): boolean {
  const scopes = texts(at(role, 'properties.assignableScopes'))
  const above = world.store.scopesAbove(scope)
  return scopes.some(
    (one) =>
      above.includes(one.toLowerCase()) ||
      world.store.scopesAbove(parseAddress(one)?.id ?? one).includes(scope.toLowerCase()),
  )
}
