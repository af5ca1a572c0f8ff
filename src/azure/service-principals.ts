import { z } from 'zod'
import { type DirectoryObject, orUndefined, ownersAt } from './directory-objects.ts'
import { type DirectoryRole, directoryRolesOf } from './directory-roles.ts'
import { explaining } from './errors.ts'
import { isMissing, readFailure } from './failure.ts'
import type { Graph } from './graph.ts'
import { readServicePrincipal, type ServicePrincipal, servicePrincipalPath } from './principals.ts'
import { retryWhile, type Waiting } from './retry.ts'

/** A permission of another application that a service principal was granted. */
export interface Grant {
  readonly id: string
  /** Object id of the service principal whose permission it is. */
  readonly resourceId: string
  readonly appRoleId: string
  /** Name of that service principal. */
  readonly resourceName: string
}

/** Microsoft Graph in this tenant. */
export interface GraphPrincipal {
  readonly objectId: string
  /** Its application permissions by their names. */
  readonly permissionIds: ReadonlyMap<string, string>
}

/** The service principals of a tenant. https://learn.microsoft.com/graph/api/resources/serviceprincipal */
export interface ServicePrincipals {
  readonly withClientId: (clientId: string) => Promise<ServicePrincipal | undefined>
  readonly create: (clientId: string) => Promise<ServicePrincipal>
  readonly microsoftGraph: () => Promise<GraphPrincipal>
  /** Whoever owns one could give it a secret, too. */
  readonly owners: (objectId: string) => Promise<readonly DirectoryObject[]>
  readonly directoryRoles: (objectId: string) => Promise<readonly DirectoryRole[]>
  /** @param scope `/` for the whole tenant, or `/administrativeUnits/ID` */
  readonly assignDirectoryRole: (objectId: string, roleId: string, scope: string) => Promise<void>
  readonly grants: (objectId: string) => Promise<readonly Grant[]>
  readonly grant: (objectId: string, grant: Pick<Grant, 'resourceId' | 'appRoleId'>) => Promise<void>
  readonly withdraw: (objectId: string, grantId: string) => Promise<void>
}

/** The same in every tenant. https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in */
const graphClientId = '00000003-0000-0000-c000-000000000000'

const graphSchema = z.object({
  id: z.string(),
  appRoles: z.array(z.object({ id: z.string(), value: z.string().nullish() })),
})
const grantSchema = z
  .object({
    id: z.string(),
    resourceId: z.string(),
    appRoleId: z.string(),
    resourceDisplayName: z.string().nullish(),
  })
  .transform(
    ({ resourceDisplayName, ...grant }): Grant => ({
      ...grant,
      resourceName: resourceDisplayName ?? grant.resourceId,
    }),
  )

/** Opens them. What was created a moment ago is waited for. */
export function openServicePrincipals(graph: Graph, waiting: Waiting): ServicePrincipals {
  const settled = <T>(what: string, work: () => Promise<T>, isTooEarly = isMissing): Promise<T> =>
    retryWhile(
      work,
      (error) => (isTooEarly(error) ? 'it has not replicated yet' : undefined),
      what,
      waiting,
      9,
    )
  return {
    withClientId: (clientId) =>
      explaining(`Looking for the service principal of ${clientId}`, () =>
        orUndefined(() => readServicePrincipal(graph, servicePrincipalPath(clientId))),
      ),
    create: (clientId) =>
      explaining(`Creating the service principal of ${clientId}`, async () => {
        const what = `The service principal of ${clientId}`
        const id = await settled(
          what,
          () => graph.write({ method: 'POST', path: '/servicePrincipals', body: { appId: clientId } }),
          isUnknownApplication,
        )
        return settled(what, () => readServicePrincipal(graph, `/servicePrincipals/${id}`))
      }),
    microsoftGraph: () =>
      explaining('Reading the permissions of Microsoft Graph', async () => {
        const { id, appRoles } = await graph.get(
          `${servicePrincipalPath(graphClientId)}?$select=id,appRoles`,
          graphSchema,
        )
        const named = appRoles.flatMap((role) => (role.value ? [[role.value, role.id] as const] : []))
        return { objectId: id, permissionIds: new Map(named) }
      }),
    owners: (objectId) =>
      explaining('Reading the owners of an identity', () =>
        ownersAt(graph, `/servicePrincipals/${objectId}`),
      ),
    directoryRoles: (objectId) => directoryRolesOf(graph, objectId),
    grants: (objectId) =>
      explaining('Reading the permissions of an identity', () =>
        graph.list(`/servicePrincipals/${objectId}/appRoleAssignments`, grantSchema),
      ),
    grant: (objectId, { resourceId, appRoleId }) =>
      explaining('Granting a permission', async () => {
        const change = {
          method: 'POST',
          path: `/servicePrincipals/${objectId}/appRoleAssignments`,
          body: { principalId: objectId, resourceId, appRoleId },
        } as const
        await settled('The permission', () => graph.write(change))
      }),
    assignDirectoryRole: (principalId, roleDefinitionId, directoryScopeId) =>
      explaining('Giving a role in the directory', async () => {
        // https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments
        const change = {
          method: 'POST',
          path: '/roleManagement/directory/roleAssignments',
          body: { principalId, roleDefinitionId, directoryScopeId },
        } as const
        await settled('The role in the directory', () => graph.write(change))
      }),
    withdraw: (objectId, grantId) =>
      explaining('Taking a permission', async () => {
        const path = `/servicePrincipals/${objectId}/appRoleAssignments/${grantId}`
        await graph.write({ method: 'DELETE', path })
      }),
  }
}

/** Graph has no code of its own for an application that this replica does not know yet. */
const isUnknownApplication = (error: unknown): boolean => {
  const { status, message } = readFailure(error)
  return status === 400 && /does not reference a valid application/i.test(message)
}
