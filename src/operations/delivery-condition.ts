import { customRolesOf } from '../access/custom-roles.ts'
import { assignOnly, fulfils } from '../azure/role-conditions.ts'
import { commonCatalogue } from '../catalog/common/index.ts'
import { roles } from '../catalog/facts/roles.ts'
import { setupRoles, unlimitedRoles } from '../catalog/facts/setup-roles.ts'
import { namingScheme } from '../manifest/resolve.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import { commonNames } from '../naming/names.ts'

/** What AI Factory Actions assign of Azure's roles, and to whom: people get their rights through groups, never directly. */
const assignedOfAzure = Object.values(roles).flatMap(({ id, plane }) => (plane === 'azure' ? [id] : []))
const receivers = ['Group', 'ServicePrincipal'] as const

/** Roles that whoever may assign them could become anything with. */
const forbidden = [
  ...Object.values(unlimitedRoles),
  setupRoles['Role Based Access Control Administrator'],
  setupRoles.Contributor,
]

/**
 * The condition under which the identity that delivers to an environment may assign roles: those of Azure that the catalogue
 * assigns, and the factory's own of that environment. It may remove also those that factory.yml or the catalogue no longer has.
 */
export const deliveryCondition = (factory: ResolvedFactory): string =>
  assignOnly({
    assigned: [...assignedOfAzure, ...ownRolesIn(factory)],
    neverRemoved: forbidden,
    principalTypes: receivers,
  })

/** Also where Azure's are assigned instead: a project that moves over to those gives these back. */
const ownRolesIn = (factory: ResolvedFactory): readonly string[] =>
  customRolesOf(factory, commonNames(commonCatalogue, namingScheme(factory))).map(({ id }) => id)

/** Does a condition, however it is written, allow all that a delivery assigns, and nothing that could widen it? */
export function isRightCondition(condition: string, factory: ResolvedFactory): boolean {
  const assigned =
    factory.roles === 'builtin' ? assignedOfAzure : [...assignedOfAzure, ...ownRolesIn(factory)]
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
