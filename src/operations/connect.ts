import { connect, type Session } from '../azure/session.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import type { Host } from '../runtime/host.ts'
import { userAgent } from '../runtime/version.ts'

/** Signs in as the identity of the environment; progress goes to the log. */
export const connectAs = (
  action: string,
  { tenantId, clientId }: ResolvedFactory,
  azureCloud: string,
  host: Host,
): Promise<Session> =>
  connect({
    cloud: azureCloud,
    tenantId,
    clientId,
    idToken: host.idToken,
    environment: host.environment,
    userAgent: userAgent(action, host.environment),
    progress: host.info,
  })
