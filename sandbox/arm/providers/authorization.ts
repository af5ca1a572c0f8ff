import type { StoredResource } from '../../contracts.ts'
import { guidPattern } from '../../guid.ts'
import { lastSegment, sameId } from '../address.ts'
import { badRequest, conflict, refusal } from '../errors.ts'
import { checkCondition } from '../governance/conditions/conditions.ts'
import { lockRules } from '../governance/locks.ts'
import { policyRules } from '../governance/policy/rules.ts'
import { checkAssignable, customRole, roleDefinitionRules } from '../governance/role-definitions.ts'
import { isScope } from '../governance/scope-exists.ts'
import { at, type Json, text } from '../json.ts'
import { findRole } from '../rbac/authorization.ts'
import { grants } from '../rbac/grants.ts'
import type { RoleDefinition } from '../rbac/role.ts'
import type { ResourceRules, World, Write } from '../rules.ts'

const type = 'Microsoft.Authorization/roleAssignments'
/** Microsoft.Authorization: role assignments and custom roles. */
export const authorizationRules: readonly ResourceRules[] = [
  {
    type,
    location: 'none',
    stateless: true,
    required: ['properties.principalId', 'properties.roleDefinitionId'],
    check: checkAssignment,
    complete: completeAssignment,
  },
  roleDefinitionRules,
  ...policyRules,
  lockRules,
]

function checkAssignment(write: Write, world: World): void {
  const { address, properties } = write
  if (!guidPattern.test(address.name))
    throw badRequest(
      'InvalidRoleAssignmentId',
      `The role assignment ID '${address.name}' is not valid. The role assignment ID must be a GUID.`,
    )
  const role = text(properties['roleDefinitionId']) ?? ''
  if (address.subscriptionId === undefined && !isScope(address.scope, world))
    throw refusal(404, 'NotFound', `The scope '${address.scope}' was not found.`)
  const definition = findRole(world.store, role)
  if (definition === undefined)
    throw refusal(
      404,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${lastSegment(role).replaceAll('-', '')}' does not exist.`,
    )
  checkAssignable(customRole(role, world), address.scope, world)
  const condition = text(properties['condition'])
  if (condition !== undefined)
    checkCondition(condition, text(properties['conditionVersion']), (action) =>
      holdsAction(definition, action),
    )
  checkPrincipal(write, world)
  checkTuple(write, world)
  checkLimit(write, world)
}

/** Whether a role has an action of either plane. */
const holdsAction = (role: RoleDefinition, action: string): boolean =>
  grants(role.actions, role.notActions, action) || grants(role.dataActions, role.notDataActions, action)

function checkPrincipal({ properties }: Write, world: World): void {
  const principalId = text(properties['principalId']) ?? ''
  const stated = text(properties['principalType'])
  const principal = world.directory.find(principalId)
  if (principal === undefined && world.assumesReferences) return
  if (principal === undefined || isReplicating(principalId, stated, world))
    throw badRequest(
      'PrincipalNotFound',
      `Principal ${principalId.replaceAll('-', '')} does not exist in the directory ${world.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
    )
  if (stated !== undefined && !sameId(stated, principal.kind))
    throw badRequest(
      'UnmatchedPrincipalType',
      // Azure's own sentence, its spelling included: tools look for it.
      `The PrincipalId '${principalId.replaceAll('-', '')}' has type '${principal.kind}' , which is different from specified PrinciaplType '${stated}'.`,
    )
}

/** A principal stays unknown for a while after it is first named. Only users and services are helped by `principalType`. */
function isReplicating(principalId: string, stated: string | undefined, world: World): boolean {
  if (world.principalReplicationDelay === 0) return false
  if (sameId(stated, 'User') || sameId(stated, 'ServicePrincipal')) return false
  const now = world.clock.now().getTime()
  const first = world.firstNamed.get(principalId) ?? now
  if (!world.assumesReferences) world.firstNamed.set(principalId, first)
  return now - first < world.principalReplicationDelay
}

/** An assignment is its scope, principal and role; its name is only a handle. */
function checkTuple(write: Write, world: World): void {
  const wanted = tupleOf(write.address.scope, write.properties)
  for (const other of world.store.ofType(type)) {
    const sameName = other.name.toLowerCase() === write.address.name.toLowerCase()
    const sameTuple = tupleOf(text(at(other, 'properties.scope')) ?? '', other.properties ?? {}) === wanted
    if (sameName && !sameTuple)
      throw badRequest(
        'RoleAssignmentUpdateNotPermitted',
        'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
      )
    if (sameTuple && !sameName)
      throw conflict(
        'RoleAssignmentExists',
        `The role assignment already exists. The ID of the existing role assignment is ${other.name.replaceAll('-', '')}.`,
      )
  }
}

function tupleOf(scope: string, properties: Json): string {
  const role = lastSegment(text(properties['roleDefinitionId']) ?? '')
  const place = scope === '/' ? '' : scope
  return `${place} ${text(properties['principalId']) ?? ''} ${role}`.toLowerCase()
}

function checkLimit(write: Write, world: World): void {
  const { subscriptionId } = write.address
  if (write.existing !== undefined || subscriptionId === undefined) return
  const prefix = `/subscriptions/${subscriptionId}/`.toLowerCase()
  const count = world.store.ofType(type).filter((other) => other.id.toLowerCase().startsWith(prefix)).length
  const { roleAssignmentsPerSubscription: largest } = world.limits
  if (count >= largest)
    throw badRequest(
      'RoleAssignmentLimitExceeded',
      `The role assignment limit for the subscription has been reached. No more role assignments can be created (limit ${largest}).`,
    )
}

function completeAssignment(write: Write, world: World): Json {
  const { properties, address, existing, caller } = write
  const principalId = text(properties['principalId']) ?? ''
  const now = world.clock.now().toISOString()
  const before = (key: string) => at(existing, `properties.${key}`)
  return {
    roleDefinitionId: properties['roleDefinitionId'],
    principalId,
    principalType: world.directory.find(principalId)?.kind ?? properties['principalType'] ?? 'Unknown',
    scope: address.scope === '' ? '/' : address.scope,
    condition: properties['condition'] ?? null,
    conditionVersion: properties['conditionVersion'] ?? null,
    createdOn: before('createdOn') ?? now,
    updatedOn: existing !== undefined && isUnchanged(existing, properties) ? before('updatedOn') : now,
    createdBy: before('createdBy') ?? caller.objectId,
    updatedBy: caller.objectId,
    delegatedManagedIdentityResourceId: properties['delegatedManagedIdentityResourceId'] ?? null,
    description: properties['description'] ?? null,
  }
}

function isUnchanged(existing: StoredResource, properties: Json): boolean {
  return ['condition', 'conditionVersion', 'description'].every(
    (key) => (at(existing, `properties.${key}`) ?? null) === (properties[key] ?? null),
  )
}
