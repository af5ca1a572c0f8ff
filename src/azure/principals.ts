import { z } from 'zod'
import { sameText } from '../resource-id.ts'
import { openArm } from './arm.ts'
import { azureError } from './errors.ts'
import { isForbidden, isMissing } from './failure.ts'
import { type Graph, openGraph } from './graph.ts'
import { type Secret, secretsOf, secretsSelect, secretsShape } from './secrets.ts'
import type { Session } from './session.ts'

const identitySchema = z.object({
  properties: z.object({ clientId: z.string().nullish(), principalId: z.string().nullish() }),
})

/**
 * The object id of an application's service principal, or of a managed identity. Undefined when this session cannot find
 * it: managed identities are looked for in the subscription first, because reading those takes no right in the directory.
 */
export async function findPrincipalId(
  session: Session,
  subscriptionId: string,
  clientId: string,
): Promise<string | undefined> {
  return (
    (await managedIdentity(session, subscriptionId, clientId)) ??
    (await findServicePrincipal(session, clientId))
  )
}

async function managedIdentity(
  session: Session,
  subscriptionId: string,
  clientId: string,
): Promise<string | undefined> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`
  try {
    const all = await (await openArm(session)).list({ path, apiVersion: '2024-11-30' }, identitySchema)
    const found = all.find(({ properties }) => sameText(properties.clientId ?? '', clientId))
    return found?.properties.principalId ?? undefined
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw azureError(error, 'Looking for the managed identity')
  }
}

/** What an application or a managed identity is in a tenant. */
export interface ServicePrincipal {
  readonly objectId: string
  readonly clientId: string
  readonly displayName: string
  /** Of the managed identity that it is; undefined for an application. */
  readonly managedIdentityId: string | undefined
  /** Its own, besides those of its application. Azure keeps the certificate of a managed identity, which is not in it. */
  readonly secrets: readonly Secret[]
}

const principalSchema = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: z.string().nullish(),
  servicePrincipalType: z.string().nullish(),
  alternativeNames: z.array(z.string()).nullish(),
  ...secretsShape,
})
const select = `$select=id,appId,displayName,servicePrincipalType,alternativeNames,${secretsSelect}`

/** A user-assigned identity's has the id of its resource as the last of its alternative names. */
const principalOf = (found: z.infer<typeof principalSchema>): ServicePrincipal => ({
  objectId: found.id,
  clientId: found.appId,
  displayName: found.displayName ?? found.appId,
  managedIdentityId:
    found.servicePrincipalType === 'ManagedIdentity'
      ? found.alternativeNames?.find((name) => name.startsWith('/subscriptions/'))
      : undefined,
  secrets: found.servicePrincipalType === 'ManagedIdentity' ? [] : secretsOf(found),
})

/** The path of the service principal of an application. https://learn.microsoft.com/graph/api/serviceprincipal-get */
export const servicePrincipalPath = (clientId: string): string =>
  `/servicePrincipals(appId='${encodeURIComponent(clientId)}')`

/** Reads one. @throws AzureError, with status 404 when there is none */
export const readServicePrincipal = async (
  graph: Pick<Graph, 'get'>,
  path: string,
): Promise<ServicePrincipal> => principalOf(await graph.get(`${path}?${select}`, principalSchema))

/** The object id of the service principal of an application; undefined when this session cannot find it. */
export async function findServicePrincipal(session: Session, clientId: string): Promise<string | undefined> {
  try {
    return (await readServicePrincipal(await openGraph(session), servicePrincipalPath(clientId))).objectId
  } catch (error) {
    if (isForbidden(error) || isMissing(error)) return undefined
    throw azureError(error, 'Looking for the service principal')
  }
}
