import { findPrincipalId } from '../../azure/principals.ts'
import type { Session } from '../../azure/session.ts'
import { signedInAs } from '../../azure/signed-in.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import { sameText } from '../../resource-id.ts'
import { deliveringClientId } from '../delivering-client-id.ts'
import { unlessRefused } from './answers.ts'

/** The identity that will deliver: whose rights count, whoever is looking. */
export interface DeliveringIdentity {
  readonly clientId: string
  /** Undefined when this session cannot find it. */
  readonly objectId: string | undefined
  /** Is it this session's own? */
  readonly isSelf: boolean
}

/** Finds it, by the token when it is signed in itself, else in the subscription and the directory. */
export async function findDeliveringIdentity(
  session: Session,
  factory: ResolvedFactory,
): Promise<DeliveringIdentity> {
  const clientId = deliveringClientId(factory)
  const own = await signedInAs(session, session.cloud.resourceManagerScope)
  if (own.objectId !== undefined && sameText(own.clientId ?? '', clientId)) {
    return { clientId, objectId: own.objectId, isSelf: true }
  }
  return {
    clientId,
    objectId: await findPrincipalId(session, factory.subscriptionId, clientId),
    isSelf: false,
  }
}

/** Its object id for a command. Who cannot be found cannot be named in one, which is no reason not to give it. */
export async function objectIdOf(find: () => Promise<DeliveringIdentity>): Promise<string> {
  const found = await unlessRefused(find, () => undefined)
  return found?.objectId ?? '<object id of the identity>'
}
