import type { ResolvedFactory } from '../manifest/resolved.ts'
import { sameText } from '../resource-id.ts'
import type { IdentityKind } from './identity-kinds.ts'

/** A role in the directory, for the tenant or at an administrative unit. https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference */
const directoryRoleIds = {
  'Directory Readers': '88d8e3e3-8f55-4a1e-953a-9b9898b8876b',
  'Groups Administrator': 'fdd7a751-b60b-444a-984c-02652fe8fa1c',
} as const

/** A role in the directory that an identity is to hold. */
export interface DesiredDirectoryRole {
  readonly name: keyof typeof directoryRoleIds
  readonly id: string
  /** `/` for the tenant, or `/administrativeUnits/ID`. */
  readonly scope: string
}

const directoryRole = (name: keyof typeof directoryRoleIds, scope: string): DesiredDirectoryRole => ({
  name,
  id: directoryRoleIds[name],
  scope,
})

/** What an identity may do in the directory besides, because of what factory.yml switches on. */
export function optionalDirectoryRights(
  kind: IdentityKind,
  { administrativeUnit: unit, members }: Pick<ResolvedFactory, 'administrativeUnit' | 'members'>,
): { readonly permissions: readonly string[]; readonly roles: readonly DesiredDirectoryRole[] } {
  if (kind !== 'deliver') return { permissions: [], roles: [] }
  return {
    permissions: [
      ...(unit === undefined ? [] : ['AdministrativeUnit.Read.All']),
      ...(members.invite ? ['User.Invite.All'] : []),
    ],
    // A service principal's role at a unit counts only together with one that reads the directory.
    roles:
      unit === undefined
        ? []
        : [
            directoryRole('Directory Readers', '/'),
            directoryRole('Groups Administrator', `/administrativeUnits/${unit}`),
          ],
  }
}

/** A role, and where it is held. */
interface HeldRole {
  readonly name: string
  readonly scope: string
}

/** Is it the same role at the same place? */
export const isSameRole = (one: HeldRole, other: HeldRole): boolean =>
  one.name === other.name && sameText(one.scope, other.scope)
