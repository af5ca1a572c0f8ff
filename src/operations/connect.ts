import { connect as connectToAzure } from '../azure/connect.ts'
import type { Session } from '../azure/session.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import type { OperationContext } from './operation.ts'

/** Signs in as the identity of the environment; progress goes to the log. */
export const connect = (
  { tenantId, clientId }: ResolvedFactory,
  azureCloud: string,
  { userAgent, environment, idToken, info, startGroup }: OperationContext,
): Promise<Session> =>
  connectToAzure({
    cloud: azureCloud,
    tenantId,
    clientId,
    idToken,
    environment,
    userAgent,
    progress: info,
    startGroup,
  })
