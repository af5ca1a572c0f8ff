import type { Caller, Clock } from '../contracts.ts'
import type { DirectoryStore } from '../entra/directory.ts'
import type { DirectoryRoleName } from '../entra/directory-roles.ts'
import { directoryRolesOf, graphRolesOf, readingRoles } from '../entra/granted.ts'
import type { GraphPermission } from '../entra/graph-permissions.ts'
import type { OwnedObject } from '../entra/objects.ts'
import { refusals } from './errors.ts'
import { type Operation, operations, type Requirement } from './operations.ts'

/** What a caller may do. Permissions and roles are read live, not from the token. */
export interface Rights {
  /** Object id of the caller. */
  readonly objectId: string
  readonly isPerson: boolean
  has(permission: GraphPermission): boolean
  /** Whether the caller has one of the roles for the tenant, or at this administrative unit. */
  hasRole(roles: readonly DirectoryRoleName[], unitId?: string): boolean
  owns(object: OwnedObject): boolean
  may(operation: Operation, target?: OwnedObject): boolean
  /** @throws GraphError 403 `Authorization_RequestDenied` unless one of the operations is allowed */
  demand(operation: Operation | readonly Operation[], target?: OwnedObject): void
}

/** The rights of whoever sent a request. */
export function rightsOf(directory: DirectoryStore, caller: Caller, clock: Clock): Rights {
  const self = directory.lookup(caller.objectId)
  const permissions =
    self?.kind === 'ServicePrincipal' ? new Set(graphRolesOf(directory.state, self.value)) : new Set<string>()
  const roles = directoryRolesOf(directory, caller.objectId, clock.now())
  const isPerson = self?.kind === 'User'
  const isMember = isPerson && self.value.userType !== 'Guest'
  const has = (permission: GraphPermission): boolean => permissions.has(permission)
  const holds = (wanted: readonly string[], scope: string): boolean =>
    roles.some((held) => held.scope === scope && wanted.includes(held.role))
  // A role at a unit lets a service principal read nothing: it needs that for the tenant, from elsewhere.
  const reads =
    isMember || has('Directory.Read.All') || has('Directory.ReadWrite.All') || holds(readingRoles, '/')
  const atUnit = (wanted: readonly string[], unitId: string): boolean =>
    reads && holds(wanted, `/administrativeunits/${unitId.toLowerCase()}`)

  const owns = ({ kind, value }: OwnedObject): boolean =>
    kind !== 'User' && (value.owners ?? []).some((id) => id.toLowerCase() === caller.objectId.toLowerCase())

  const byPermission = (row: Requirement, target: OwnedObject | undefined): boolean =>
    row.permissions.some(has) || (target !== undefined && (row.owned ?? []).some(has) && owns(target))

  /** Below restricted management neither permissions of applications nor roles for the tenant nor owners count. */
  function mayRestricted(row: Requirement, target: OwnedObject, unitIds: readonly string[]): boolean {
    const isScoped = unitIds.some((id) => atUnit(row.roles ?? [], id))
    return isScoped || (has('Directory.Write.Restricted') && byPermission(row, target))
  }

  function mayChange(row: Requirement, target: OwnedObject): boolean | undefined {
    if (row.changes !== true) return undefined
    const restricted = directory.unitsOf(target.value.id).filter((unit) => unit.isMemberManagementRestricted)
    if (restricted.length > 0)
      return mayRestricted(
        row,
        target,
        restricted.map(({ id }) => id),
      )
    const isPrivileged = target.kind === 'Group' && target.value.isAssignableToRole === true
    return isPrivileged ? (row.owner === true && owns(target)) || may('makeRoleAssignable') : undefined
  }

  function may(operation: Operation, target?: OwnedObject): boolean {
    const row: Requirement = operations[operation]
    const decided = target && mayChange(row, target)
    if (decided !== undefined) return decided
    const wanted = row.roles ?? []
    const units = target === undefined ? [] : directory.unitsOf(target.value.id)
    const byRole = holds(wanted, '/') || units.some(({ id }) => atUnit(wanted, id))
    const countsAsOwner = row.owner === true || (row.personOwner === true && isPerson)
    const byOwner = countsAsOwner && target !== undefined && owns(target)
    return byRole || byOwner || byPermission(row, target) || (row.member === true && isMember)
  }

  return {
    objectId: caller.objectId,
    isPerson,
    has,
    hasRole: (wanted, unitId) => holds(wanted, '/') || (unitId !== undefined && atUnit(wanted, unitId)),
    owns,
    may,
    demand: (operation, target) => {
      const any = typeof operation === 'string' ? [operation] : operation
      if (!any.some((one) => may(one, target))) throw refusals.denied()
    },
  }
}
