import path from 'node:path'
import type { Sandbox } from '../../../sandbox/start.ts'
import { type CustomRole, customRolesOf } from '../../../src/access/custom-roles.ts'
import { resolveFactory } from '../../../src/manifest/resolve.ts'
import { commonAreaOf } from '../../../src/operations/common-area.ts'
import { readSetupTarget } from '../../../src/operations/setup/setup-target.ts'
import type { RolePermissions } from '../../../src/role-permissions.ts'
import { byHand } from './by-hand.ts'

/** The factory's own roles in dev, as a factory.yml means them. */
export function ownRolesIn(file: string): readonly CustomRole[] {
  const { manifest } = readSetupTarget(path.resolve(file))
  const { factory, names } = commonAreaOf(resolveFactory(manifest, 'dev'))
  return customRolesOf(factory, names)
}

/**
 * Defines them by hand, without anything else that set-up does.
 * @param edit what each lets do, where it is not what it is meant to
 */
export async function defineOwnRoles(
  sandbox: Sandbox,
  file: string,
  edit: (permissions: RolePermissions, role: CustomRole) => RolePermissions = (permissions) => permissions,
): Promise<void> {
  const { put } = await byHand(sandbox)
  const scope = '/subscriptions/22222222-2222-2222-2222-222222222201'
  for (const role of ownRolesIn(file)) {
    const { id, name, description, permissions } = role
    await put(`${scope}/providers/Microsoft.Authorization/roleDefinitions/${id}`, '2022-04-01', {
      properties: {
        roleName: name,
        description,
        type: 'CustomRole',
        permissions: [edit(permissions, role)],
        assignableScopes: [scope],
      },
    })
  }
}
