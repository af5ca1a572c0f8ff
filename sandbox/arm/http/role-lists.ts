import type { StoredResource } from '../../contracts.ts'
import { lastSegment } from '../address.ts'
import { badRequest, refusal } from '../errors.ts'
import { isListedAt } from '../governance/role-definitions.ts'
import { at, text } from '../json.ts'
import { rolesHeld } from '../rbac/authorization.ts'
import { builtInRoles, type RoleDefinition } from '../rbac/roles.ts'
import { type ArmContext, type ArmRequest, type Handler, requireRight } from './context.ts'
import { type Condition, holds, parseFilter } from './filter.ts'
import { checkGroup } from './lists.ts'
import { page } from './paging.ts'
import { checkSubscription } from './resources.ts'

const path =
  /^(.*)\/providers\/Microsoft\.Authorization\/(roleAssignments|roleDefinitions|permissions)(?:\/([^/]+))?$/i

/** Role definitions, lists of role assignments at, above and below a scope, and the caller's own permissions. */
export const roleHandler: Handler = async (request, context) => {
  const match = path.exec(request.path)
  if (match === null || request.method !== 'GET') return undefined
  const [, scope = '', kind = '', name] = match
  const type = `Microsoft.Authorization/${kind}`
  if (kind.toLowerCase() === 'permissions')
    return name === undefined ? permissions(scope, request, context) : undefined
  if (kind.toLowerCase() === 'roleassignments') {
    if (name !== undefined) return undefined
    requireRight(context, request.caller, scope, `${type}/read`)
    return page(assignments(scope, request, context), request.exchange)
  }
  if (scope !== '') requireRight(context, request.caller, scope, `${type}/read`)
  const definitions = definitionsAt(scope, context)
  if (name === undefined) {
    const conditions = conditionsOf(request)
    return Response.json({ value: definitions.filter((definition) => fits(definition, conditions)) })
  }
  const found = definitions.find((definition) => definition.name.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return Response.json(found)
  throw refusal(
    404,
    'RoleDefinitionDoesNotExist',
    `The specified role definition with ID '${name.replaceAll('-', '')}' does not exist.`,
  )
}

function assignments(scope: string, request: ArmRequest, context: ArmContext): readonly StoredResource[] {
  const { directory } = context
  const { store } = context.world
  const conditions = conditionsOf(request)
  const calls = (name: string) =>
    conditions.find((condition) => condition.kind === 'call' && condition.name === name)
  const atScopeOnly = calls('atscope') !== undefined
  const candidates = atScopeOnly
    ? store.assignmentsCovering(scope)
    : [...store.assignmentsCovering(scope), ...store.assignmentsBelow(scope)]
  const assigned = calls('assignedto')
  const principal = assigned?.kind === 'call' ? assigned.argument : undefined
  const members =
    principal === undefined
      ? undefined
      : new Set([principal, ...directory.groupsOf(principal)].map((id) => id.toLowerCase()))
  return candidates.filter((assignment) => {
    const id = text(at(assignment, 'properties.principalId'))
    if (members !== undefined && !members.has(id?.toLowerCase() ?? '')) return false
    return conditions.every(
      (condition) => condition.kind === 'call' || condition.key !== 'principalid' || holds(condition, id),
    )
  })
}

/**
 * What the caller may do at a scope, a role after the other. It is about the caller alone and needs no right.
 * https://learn.microsoft.com/rest/api/authorization/permissions
 */
function permissions(scope: string, request: ArmRequest, context: ArmContext): Response {
  const { world, directory } = context
  checkSubscription(/^\/subscriptions\/([^/]+)/i.exec(scope)?.[1], context)
  checkGroup(scope, context)
  return page(rolesHeld(world.store, directory, request.caller, scope).map(permissionOf), request.exchange)
}

function permissionOf(role: RoleDefinition) {
  return {
    actions: role.actions,
    notActions: role.notActions ?? [],
    dataActions: role.dataActions ?? [],
    notDataActions: role.notDataActions ?? [],
    ...(role.condition === undefined ? {} : { condition: role.condition, conditionVersion: '2.0' }),
  }
}

function definitionsAt(scope: string, context: ArmContext) {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? ''
  const custom = context.world.store
    .ofType('Microsoft.Authorization/roleDefinitions')
    .filter((role) => isListedAt(role, scope, context.world))
  return [...builtInRoles.map((role) => describe(role, subscription)), ...custom]
}

function describe(role: RoleDefinition, subscription: string) {
  return {
    id: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
    type: 'Microsoft.Authorization/roleDefinitions',
    name: role.id,
    properties: {
      roleName: role.name,
      type: 'BuiltInRole',
      description: `Built-in role ${role.name}.`,
      assignableScopes: ['/'],
      permissions: [permissionOf(role)],
    },
  }
}

function fits(
  definition: { readonly name: string; readonly properties?: unknown },
  conditions: readonly Condition[],
) {
  return conditions.every((condition) => {
    if (condition.kind === 'call') return true
    const key = condition.key === 'rolename' ? 'roleName' : condition.key
    const actual = key === 'name' ? lastSegment(definition.name) : text(at(definition, `properties.${key}`))
    return holds(condition, actual)
  })
}

function conditionsOf(request: ArmRequest): readonly Condition[] {
  const filter = request.query.get('$filter')
  const conditions = parseFilter(filter)
  if (conditions === undefined)
    throw badRequest('UnsupportedFilter', `The filter '${filter ?? ''}' is not supported.`)
  return conditions
}
