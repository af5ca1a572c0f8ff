import { z } from 'zod'
import { connect } from '../src/azure/connect.ts'
import { openGraph } from '../src/azure/graph.ts'
import { openResources } from '../src/azure/resources.ts'
import type { Session } from '../src/azure/session.ts'
import { signedInAs } from '../src/azure/signed-in.ts'
import { UserError } from '../src/diagnostics/user-error.ts'
import { userAgent } from '../src/runtime/version.ts'

/** Who is signed in to the Azure CLI. */
export interface Person {
  readonly objectId: string
  readonly userPrincipalName: string
}

/** Signs in as whoever has signed in with `az login`, also where a job could sign in as an identity. */
export function signIn(cloud: string, tenantId: string, progress: (line: string) => void): Promise<Session> {
  const noJob = (): never => {
    throw new Error('A live run signs in as a person.')
  }
  return connect({
    ...{ cloud, tenantId, clientId: noJob, idToken: noJob, environment: {} },
    ...{ userAgent: userAgent('live', {}), progress },
  })
}

/** @throws UserError when it is not a person who has signed in */
export async function readPerson(session: Session): Promise<Person> {
  const { objectId } = await signedInAs(session, session.cloud.graphScope)
  if (objectId === undefined) throw noPerson()
  const graph = await openGraph(session)
  const schema = z.object({ id: z.string(), userPrincipalName: z.string() })
  try {
    const { id, userPrincipalName } = await graph.get(
      `/users/${encodeURIComponent(objectId)}?$select=id,userPrincipalName`,
      schema,
    )
    return { objectId: id, userPrincipalName }
  } catch (cause) {
    throw noPerson(cause)
  }
}

const noPerson = (cause?: unknown): UserError =>
  new UserError({
    what: 'It is not a person of this tenant who has signed in to the Azure CLI.',
    why: 'The live project has a lead, and that is the person who runs this.',
    fix: 'Sign in as one: az login',
    ...(cause !== undefined && { cause }),
  })

const groupVersion = '2024-11-01'

/** Is there a resource group of this id? */
export async function hasGroup(session: Session, id: string): Promise<boolean> {
  const resources = await openResources(session)
  return (await resources.read(id, groupVersion)) !== undefined
}
