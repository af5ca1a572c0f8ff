import type { Authorization, Caller, Directory, StoredResource } from '../../contracts.ts'
import { lastSegment } from '../address.ts'
import { assignmentAttributes, dataAttributes } from '../governance/conditions/attributes.ts'
import { fulfils } from '../governance/conditions/conditions.ts'
import { at, record, records, text, texts } from '../json.ts'
import { once } from '../once.ts'
import type { Store } from '../store.ts'
import { denialOf } from './deny-assignments.ts'
import { grants } from './grants.ts'
import { rightName } from './role.ts'
import { builtInRoles, type RoleDefinition } from './roles.ts'

const builtIn = new Map(builtInRoles.map((role) => [role.id, role]))

/** Azure RBAC over the role assignments of the store: additive, inherited from parent scopes; deny assignments win. */
export function createAuthorization(store: Store, directory: Directory): Authorization {
  const held = (caller: Caller, scope: string) =>
    store
      .assignmentsCovering(scope)
      .filter(heldBy(directory, caller))
      .flatMap((assignment) => {
        const role = roleOf(store, assignment)
        if (role === undefined) return []
        const own = text(at(assignment, 'properties.condition'))
        return [{ role, conditions: [role.condition, own].filter((one) => one !== undefined) }]
      })
  const granted: Authorization['allows'] = (caller, scope, action, request) => {
    const attributes = once(() =>
      request === 'not known yet' ? undefined : assignmentAttributes(request, store.get(scope), directory),
    )
    return held(caller, scope).some(
      ({ role, conditions }) =>
        grants(role.actions, role.notActions, rightName(action)) &&
        conditions.every((condition) => fulfils(condition, action, attributes())),
    )
  }
  const denial = (caller: Caller, scope: string, action: string) =>
    denialOf(store.state, directory, caller, scope, action)
  return {
    allows: (caller, scope, action, request) =>
      granted(caller, scope, action, request) && denial(caller, scope, action) === undefined,
    deniedBy: (caller, scope, action) =>
      granted(caller, scope, action, 'not known yet') ? denial(caller, scope, action) : undefined,
    allowsData: (caller, scope, action, given = {}) =>
      held(caller, scope).some(
        ({ role, conditions }) =>
          grants(role.dataActions, role.notDataActions, action) &&
          conditions.every((condition) => fulfils(condition, action, dataAttributes(scope, given))),
      ),
  }
}

/** The roles that a caller has at a scope, inherited ones and those of its groups included; one for each assignment. */
export function rolesHeld(
  store: Store,
  directory: Directory,
  caller: Caller,
  scope: string,
): readonly RoleDefinition[] {
  return store
    .assignmentsCovering(scope)
    .filter(heldBy(directory, caller))
    .flatMap((assignment) => roleOf(store, assignment) ?? [])
}

/** Whether the caller holds any role at the scope, above it or below it: what makes a subscription visible. */
export function holdsAnyRole(store: Store, directory: Directory, caller: Caller, scope: string): boolean {
  return [...store.assignmentsCovering(scope), ...store.assignmentsBelow(scope)].some(
    heldBy(directory, caller),
  )
}

/** Whether an assignment is the caller's own, or that of a group the caller is in. */
function heldBy(directory: Directory, caller: Caller): (assignment: StoredResource) => boolean {
  const principals = new Set(
    [caller.objectId, ...directory.groupsOf(caller.objectId)].map((id) => id.toLowerCase()),
  )
  return (assignment) => principals.has(String(at(assignment, 'properties.principalId')).toLowerCase())
}

/** The role of an assignment, built in or custom. */
function roleOf(store: Store, assignment: StoredResource): RoleDefinition | undefined {
  return findRole(store, text(at(assignment, 'properties.roleDefinitionId')) ?? '')
}

/** A role by the id of its definition, at whatever scope the id is written. */
export function findRole(store: Store, definitionId: string): RoleDefinition | undefined {
  const guid = lastSegment(definitionId).toLowerCase()
  const known = builtIn.get(guid)
  if (known !== undefined) return known
  const custom = store
    .ofType('Microsoft.Authorization/roleDefinitions')
    .find((definition) => definition.name.toLowerCase() === guid)
  if (custom === undefined) return undefined
  const [permission] = records(at(custom, 'properties.permissions'))
  const of = (key: string) => texts(record(permission)[key])
  return {
    id: custom.name,
    name: text(at(custom, 'properties.roleName')) ?? custom.name,
    actions: of('actions'),
    notActions: of('notActions'),
    dataActions: of('dataActions'),
    notDataActions: of('notDataActions'),
  }
}
