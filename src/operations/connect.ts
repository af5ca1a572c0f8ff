import { connect as connectToAzure } from '../azure/connect.ts'
import type { Session } from '../azure/session.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import type { OperationContext } from './operation.ts'

/** Signs in as the identity of the environment; progress goes to the log. Whether the run may go on is found out meanwhile. */
export async function connect(
  { tenantId, clientId }: ResolvedFactory,
  azureCloud: string,
  { userAgent, environment, idToken, info, startGroup, mayGoOn }: OperationContext,
): Promise<Session> {
  const permission = mayGoOn?.()
  // It is waited for below; when signing in fails before that, there is nothing to wait for.
  permission?.catch(() => undefined)
  const session = await connectToAzure({
    cloud: azureCloud,
    tenantId,
    clientId,
    idToken,
    environment,
    userAgent,
    progress: info,
    startGroup,
  })
  session.credential.prepare(session.cloud.resourceManagerScope)
  await permission
  return session
}
