import { z } from 'zod'
import { lastSegment } from '../resource-id.ts'
import { openArm } from './arm.ts'
import { azureError } from './errors.ts'
import { isForbidden, isMissing } from './failure.ts'
import type { Session } from './session.ts'

/** What one role of a caller holds, over the control plane: patterns in which `*` stands for any text. */
export interface PermissionSet {
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
}

/** The rights that the session's identity has. */
export interface Permissions {
  /**
   * May the identity do this at the scope? Undefined when it may not see its own rights there. Deny assignments and
   * conditions are not evaluated: Azure decides in the end.
   */
  readonly allows: (scope: string, action: string) => Promise<boolean | undefined>
  /** Those of some actions that it may not do at the scope, likewise. */
  readonly lacking: (scope: string, actions: readonly string[]) => Promise<readonly string[] | undefined>
}

/** Does a pattern, in which `*` stands for any text, cover an action? */
export const covers = (pattern: string, action: string): boolean => {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${source}$`, 'i').test(action)
}

/**
 * Do these roles together allow an action? What one role excepts, another may allow.
 * https://learn.microsoft.com/azure/role-based-access-control/role-definitions#notactions
 */
export const permits = (roles: readonly PermissionSet[], action: string): boolean =>
  roles.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => covers(pattern, action)) &&
      !notActions.some((pattern) => covers(pattern, action)),
  )

const patterns = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? [])
const permissionSchema = z.object({ actions: patterns, notActions: patterns })

/** Opens the rights that the session's identity has on resources. */
export async function openPermissions(session: Session): Promise<Permissions> {
  const arm = await openArm(session)
  const read = async (scope: string): Promise<readonly PermissionSet[] | undefined> => {
    // https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource
    const path = `${scope}/providers/Microsoft.Authorization/permissions`
    try {
      return await arm.list({ path, apiVersion: '2022-04-01' }, permissionSchema)
    } catch (error) {
      if (isForbidden(error) || isMissing(error)) return undefined
      throw azureError(error, `Reading the rights on '${lastSegment(scope)}'`)
    }
  }
  return {
    allows: async (scope, action) => {
      const roles = await read(scope)
      return roles && permits(roles, action)
    },
    lacking: async (scope, actions) => {
      const roles = await read(scope)
      return roles && actions.filter((action) => !permits(roles, action))
    },
  }
}
