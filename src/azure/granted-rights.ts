import { isWithin, sameText } from '../resource-id.ts'
import { covers, type RolePermissions } from '../role-permissions.ts'
import { type AssignmentRequest, fulfils } from './role-conditions.ts'

/** A role that an identity holds at a scope, itself or through a group. */
export interface Grant {
  readonly scope: string
  /** Who holds it: the identity, or a group that it is in. */
  readonly principalId: string
  readonly roleName: string
  readonly permissions: readonly RolePermissions[]
  /** Those of the assignment and of the role: all must be fulfilled. */
  readonly conditions: readonly string[]
}

/** A deny assignment that is about the identity. https://learn.microsoft.com/azure/role-based-access-control/deny-assignments */
export interface Denial {
  readonly name: string
  readonly scope: string
  /** Does it leave alone what is below its scope? */
  readonly onlyAtScope: boolean
  readonly permissions: readonly RolePermissions[]
}

/** All that decides what an identity may do. */
export interface GrantedRights {
  readonly grants: readonly Grant[]
  readonly denials: readonly Denial[]
}

/** Something that somebody wants to do. */
export interface Right {
  readonly action: string
  readonly scope: string
  readonly plane: 'control' | 'data'
}

/** Rights on the control plane, all at one scope. */
export const control = (scope: string, ...actions: readonly string[]): readonly Right[] =>
  actions.map((action) => ({ plane: 'control', action, scope }))

/** May it be done? Conditions are left out here, see {@link mayAssign}. */
export type Permission =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'denied'; readonly by: Denial }

/**
 * Azure RBAC: roles add up, those of parent scopes included; what one role excepts, another may allow; a deny assignment
 * wins. https://learn.microsoft.com/azure/role-based-access-control/overview#how-azure-rbac-determines-if-a-user-has-access-to-a-resource
 */
export function permission(rights: GrantedRights, right: Right): Permission {
  if (grantsOf(rights, right).length === 0) return { kind: 'missing' }
  const by = rights.denials.find(
    ({ scope, onlyAtScope, permissions }) =>
      (onlyAtScope ? sameText(scope, right.scope) : isWithin(right.scope, scope)) &&
      includes(permissions, right),
  )
  return by === undefined ? { kind: 'allowed' } : { kind: 'denied', by }
}

const grantsOf = ({ grants }: GrantedRights, right: Right): readonly Grant[] =>
  grants.filter(({ scope, permissions }) => isWithin(right.scope, scope) && includes(permissions, right))

/**
 * Do these roles together allow a right? What one role excepts, another may allow.
 * https://learn.microsoft.com/azure/role-based-access-control/role-definitions#notactions
 */
export const includes = (
  permissions: readonly RolePermissions[],
  { action, plane }: Omit<Right, 'scope'>,
): boolean =>
  permissions.some(({ actions, notActions, dataActions, notDataActions }) => {
    const [allowed, excepted] = plane === 'data' ? [dataActions, notDataActions] : [actions, notActions]
    return allowed.some((one) => covers(one, action)) && !excepted.some((one) => covers(one, action))
  })

/** May a role be assigned, by the conditions of all roles that let the identity assign roles there? Undefined: not known. */
export function mayAssign(
  rights: GrantedRights,
  scope: string,
  request: AssignmentRequest,
): { readonly allowed: boolean | undefined; readonly under: readonly Grant[] } {
  const under = grantsOf(rights, { action: request.action, scope, plane: 'control' })
  const answers = under.map(({ conditions }) => {
    const each = conditions.map((condition) => fulfils(condition, request))
    if (each.includes(false)) return false
    return each.includes(undefined) ? undefined : true
  })
  if (answers.includes(true)) return { allowed: true, under }
  return { allowed: answers.includes(undefined) ? undefined : false, under }
}
