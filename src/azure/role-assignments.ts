import type { RoleAssignment } from '@azure/arm-authorization'
import { asPath, isWithin, lastSegment } from '../resource-id.ts'
import { explaining } from './errors.ts'
import { hasCode, isMissing } from './failure.ts'
import { managementOptions, type Session } from './session.ts'
import { retryWhile } from './waiting.ts'

/** A role assignment as it is in Azure. */
export interface ExistingAssignment {
  readonly id: string
  readonly scope: string
  readonly principalId: string
  /** The last segment of the role definition's id: a GUID. */
  readonly roleDefinitionId: string
  /** What whoever gave it wrote on it; empty when nothing. */
  readonly description: string
}

/** A role assignment to make. */
export interface NewAssignment {
  /** A GUID. */
  readonly name: string
  readonly scope: string
  readonly principalId: string
  readonly principalType: 'Group' | 'ServicePrincipal' | 'User'
  readonly roleDefinitionId: string
  readonly description: string
}

/** Azure's role assignments. Their identity is the tuple (scope, principal, role). */
export interface RoleAssignments {
  /** All assignments at exactly this scope and below it; those of parent scopes are left out. */
  readonly listWithin: (scope: string) => Promise<readonly ExistingAssignment[]>
  /**
   * Creates an assignment. One that exists under another name counts as done. A principal that is not known everywhere
   * yet is waited for. https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
   */
  readonly create: (assignment: NewAssignment) => Promise<void>
  readonly remove: (id: string) => Promise<void>
}

function existingAssignment({
  id,
  scope,
  principalId,
  roleDefinitionId,
  description = '',
}: RoleAssignment): readonly ExistingAssignment[] {
  if (id === undefined || scope === undefined || principalId === undefined) return []
  return [{ id, scope, principalId, roleDefinitionId: lastSegment(roleDefinitionId ?? ''), description }]
}

/** Opens the role assignments of a subscription. */
export async function openRoleAssignments(
  session: Session,
  subscriptionId: string,
): Promise<RoleAssignments> {
  const { AuthorizationManagementClient } = await import('@azure/arm-authorization')
  const options = managementOptions(session)
  const client = new AuthorizationManagementClient(session.credential, subscriptionId, {
    ...options,
    $host: session.cloud.resourceManager,
    credentialScopes: options.credentials.scopes,
  }).roleAssignments

  return {
    listWithin: (scope) =>
      explaining(`Listing the role assignments of '${lastSegment(scope)}'`, async () => {
        const found: ExistingAssignment[] = []
        try {
          for await (const assignment of client.listForScope(asPath(scope)))
            found.push(...existingAssignment(assignment))
        } catch (error) {
          if (!hasCode(error, 'ResourceGroupNotFound', 'ResourceNotFound')) throw error
        }
        return found.filter((assignment) => isWithin(assignment.scope, scope))
      }),
    create: ({ name, scope, principalId, principalType, roleDefinitionId, description }) =>
      explaining(`Giving a role on '${lastSegment(scope)}'`, async () => {
        const parameters = {
          principalId,
          principalType,
          description,
          roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitionId}`,
        }
        try {
          await retryWhile(
            () => client.create(asPath(scope), name, parameters),
            (error) =>
              hasCode(error, 'PrincipalNotFound') ? 'The principal is not known everywhere yet' : undefined,
            `Giving a role on '${lastSegment(scope)}'`,
            session,
          )
        } catch (error) {
          if (!hasCode(error, 'RoleAssignmentExists')) throw error
        }
      }),
    remove: (id) =>
      explaining('Removing a role assignment', async () => {
        try {
          await client.deleteById(asPath(id))
        } catch (error) {
          if (!isMissing(error)) throw error
        }
      }),
  }
}
