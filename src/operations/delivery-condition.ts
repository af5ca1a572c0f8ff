import { assignOnly, fulfils } from '../azure/role-conditions.ts'
import { roles } from '../catalog/facts/roles.ts'
import { setupRoles, unlimitedRoles } from '../catalog/facts/setup-roles.ts'

/** What AI Factory Actions assign, and to whom: people get their rights through groups, never directly. */
const assigned = Object.values(roles).flatMap(({ id, plane }) => (plane === 'azure' ? [id] : []))
const receivers = ['Group', 'ServicePrincipal'] as const

/** The condition under which the identity that delivers may assign roles. */
export const deliveryCondition = assignOnly(assigned, receivers)

/** Roles that whoever may assign them could become anything with. */
const forbidden = [
  ...Object.values(unlimitedRoles),
  setupRoles['Role Based Access Control Administrator'],
  setupRoles.Contributor,
]

/** Does a condition, however it is written, allow all that a delivery assigns, and nothing that could widen it? */
export function isRightCondition(condition: string): boolean {
  const may = (action: 'write' | 'delete', roleDefinitionId: string, principalType: string) =>
    fulfils(condition, {
      action: `Microsoft.Authorization/roleAssignments/${action}`,
      roleDefinitionId,
      principalType,
      principalId: undefined,
    })
  const actions = ['write', 'delete'] as const
  return actions.every(
    (action) =>
      assigned.every((role) => receivers.every((type) => may(action, role, type) === true)) &&
      forbidden.every((role) => [...receivers, 'User'].every((type) => may(action, role, type) === false)) &&
      assigned.every((role) => may(action, role, 'User') === false),
  )
}
