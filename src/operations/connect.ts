import { connect as connectToAzure } from '../azure/connect.ts'
import type { Session } from '../azure/session.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import { deliveringClientId } from './delivering-client-id.ts'
import type { OperationContext } from './operation.ts'
import type { FactoryTarget } from './project.ts'
import { together } from './together.ts'

/** Signs in as the identity of the environment, or the one that is to look instead; progress goes to the log. Whether the run may go on is found out meanwhile. */
export async function connect(
  factory: ResolvedFactory,
  target: Pick<FactoryTarget, 'azureCloud' | 'clientId'>,
  { userAgent, environment, idToken, info, startGroup, mayGoOn }: OperationContext,
): Promise<Session> {
  const signIn = async (): Promise<Session> => {
    const session = await connectToAzure({
      cloud: target.azureCloud,
      tenantId: factory.tenantId,
      clientId: () => target.clientId ?? deliveringClientId(factory),
      idToken,
      environment,
      userAgent,
      progress: info,
      startGroup,
    })
    session.credential.prepare(session.cloud.resourceManagerScope)
    return session
  }
  const [session] = await together(signIn(), mayGoOn?.())
  return session
}
