import { connect as connectToAzure } from '../azure/connect.ts'
import type { Session } from '../azure/session.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import { sameText } from '../resource-id.ts'
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
      githubEnvironment: githubEnvironmentOf(factory, target.clientId),
      planning: planningIdentity(factory),
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

const planningIdentity = ({ environment, identities: { plan } }: ResolvedFactory) =>
  plan && { clientId: plan.clientId, githubEnvironment: `plan-${environment}` }

/** The GitHub environment in which jobs are the identity that signs in; undefined for one that factory.yml does not name. */
function githubEnvironmentOf(
  { environment, clientId, identities: { plan, people } }: ResolvedFactory,
  other: string | undefined,
): string | undefined {
  const signingIn = other ?? clientId
  const named = [
    { id: clientId, github: environment },
    { id: plan?.clientId, github: `plan-${environment}` },
    { id: people?.clientId, github: `people-${environment}` },
  ]
  return named.find(({ id }) => id !== undefined && sameText(id, signingIn ?? ''))?.github
}
