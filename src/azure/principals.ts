import { z } from 'zod'
import { sameText } from '../resource-id.ts'
import { openArm } from './arm.ts'
import { azureError } from './errors.ts'
import { isForbidden, isMissing } from './failure.ts'
import { openGraph } from './graph.ts'
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

/** The object id of the service principal of an application; undefined when this session cannot find it. https://learn.microsoft.com/graph/api/serviceprincipal-get */
export async function findServicePrincipal(session: Session, clientId: string): Promise<string | undefined> {
  try {
    const graph = await openGraph(session)
    const path = `/servicePrincipals(appId='${encodeURIComponent(clientId)}')?$select=id`
    return (await graph.get(path, z.object({ id: z.string() }))).id
  } catch (error) {
    if (isForbidden(error) || isMissing(error)) return undefined
    throw azureError(error, 'Looking for the service principal')
  }
}
