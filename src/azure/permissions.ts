import type { Permission } from '@azure/arm-authorization'
import { azureError } from './errors.ts'
import { readFailure } from './failure.ts'
import { managementOptions, type Session } from './session.ts'

/** What one role of a caller holds, over the control plane: patterns in which `*` stands for any text. */
export interface PermissionSet {
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
}

/** The rights that the session's identity has. */
export interface Permissions {
  /**
   * May the identity do this at the scope? Undefined when it may not see its own rights there. Deny assignments and
   * conditions are not looked at: Azure has the last word.
   */
  readonly allows: (scope: string, action: string) => Promise<boolean | undefined>
}

const covers = (pattern: string, action: string): boolean => {
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

/** The parts of a resource's id that Azure's list of permissions is asked by. */
interface ScopeParts {
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly namespace: string
  /** `type/name` of each parent, in order; empty when there is none. */
  readonly parents: string
  readonly type: string
  readonly name: string
}

const form =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/((?:[^/]+\/[^/]+\/)*)([^/]+)\/([^/]+)$/i

/** Takes the id of a resource apart. @throws Error when it is not one */
export function scopeParts(id: string): ScopeParts {
  const [, subscriptionId, resourceGroup, namespace, parents = '', type, name] = form.exec(id) ?? []
  if (
    subscriptionId === undefined ||
    resourceGroup === undefined ||
    namespace === undefined ||
    type === undefined ||
    name === undefined
  ) {
    throw new Error(`${JSON.stringify(id)} is not the id of a resource.`)
  }
  return { subscriptionId, resourceGroup, namespace, parents: parents.replace(/\/$/, ''), type, name }
}

const permissionSet = ({ actions = [], notActions = [] }: Permission): PermissionSet => ({
  actions,
  notActions,
})

/** Opens the rights that the session's identity has on resources. */
export async function openPermissions(session: Session): Promise<Permissions> {
  const { AuthorizationManagementClient } = await import('@azure/arm-authorization')
  const options = managementOptions(session)
  return {
    allows: async (scope, action) => {
      const { subscriptionId, resourceGroup, namespace, parents, type, name } = scopeParts(scope)
      const client = new AuthorizationManagementClient(session.credential, subscriptionId, {
        ...options,
        $host: session.cloud.resourceManager,
        credentialScopes: options.credentials.scopes,
      })
      const roles: PermissionSet[] = []
      try {
        const pages = client.permissions.listForResource(resourceGroup, namespace, parents, type, name)
        for await (const permission of pages) roles.push(permissionSet(permission))
      } catch (error) {
        if ([403, 404].includes(readFailure(error).status ?? 0)) return undefined
        throw azureError(error, `Reading the rights on '${name}'`)
      }
      return permits(roles, action)
    },
  }
}
