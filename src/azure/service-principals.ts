import { z } from 'zod'
import { type DirectoryObject, ownersAt } from './directory-objects.ts'
import { type DirectoryRole, directoryRolesOf } from './directory-roles.ts'
import { explaining } from './errors.ts'
import { isMissing, readFailure } from './failure.ts'
import type { Graph } from './graph.ts'
import { retryWhile, type Waiting } from './retry.ts'

/** What an application or a managed identity is in a tenant. */
export interface ServicePrincipal {
  readonly objectId: string
  readonly clientId: string
  readonly displayName: string
  /** Of the managed identity that it is; undefined for an application. */
  readonly managedIdentityId: string | undefined
}

/** A permission of another application that a service principal was granted. */
export interface Grant {
  readonly id: string
  /** Object id of the service principal whose permission it is. */
  readonly resourceId: string
  readonly appRoleId: string
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
  readonly grants: (objectId: string) => Promise<readonly Grant[]>
  readonly grant: (objectId: string, grant: Omit<Grant, 'id'>) => Promise<void>
  readonly withdraw: (objectId: string, grantId: string) => Promise<void>
}

/** The same in every tenant. https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in */
const graphClientId = '00000003-0000-0000-c000-000000000000'

const principalSchema = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: z.string().nullish(),
  servicePrincipalType: z.string().nullish(),
  alternativeNames: z.array(z.string()).nullish(),
})
const select = '$select=id,appId,displayName,servicePrincipalType,alternativeNames'

const graphSchema = z.object({
  id: z.string(),
  appRoles: z.array(z.object({ id: z.string(), value: z.string().nullish() })),
})
const grantSchema = z.object({ id: z.string(), resourceId: z.string(), appRoleId: z.string() })

/** A user-assigned identity's has the id of its resource as the last of its alternative names. */
const principalOf = (found: z.infer<typeof principalSchema>): ServicePrincipal => ({
  objectId: found.id,
  clientId: found.appId,
  displayName: found.displayName ?? found.appId,
  managedIdentityId:
    found.servicePrincipalType === 'ManagedIdentity'
      ? found.alternativeNames?.find((name) => name.startsWith('/subscriptions/'))
      : undefined,
})

const pathOf = (clientId: string): string => `/servicePrincipals(appId='${encodeURIComponent(clientId)}')`

/** Opens them. What was created a moment ago is waited for. */
export function openServicePrincipals(graph: Graph, waiting: Waiting): ServicePrincipals {
  const read = async (path: string): Promise<ServicePrincipal> =>
    principalOf(await graph.get(`${path}?${select}`, principalSchema))
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
      explaining(`Looking for the service principal of ${clientId}`, async () => {
        try {
          return await read(pathOf(clientId))
        } catch (error) {
          if (isMissing(error)) return undefined
          throw error
        }
      }),
    create: (clientId) =>
      explaining(`Creating the service principal of ${clientId}`, async () => {
        const what = `The service principal of ${clientId}`
        const id = await settled(
          what,
          () => graph.write({ method: 'POST', path: '/servicePrincipals', body: { appId: clientId } }),
          isUnknownApplication,
        )
        return settled(what, () => read(`/servicePrincipals/${id}`))
      }),
    microsoftGraph: () =>
      explaining('Reading the permissions of Microsoft Graph', async () => {
        const { id, appRoles } = await graph.get(`${pathOf(graphClientId)}?$select=id,appRoles`, graphSchema)
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
