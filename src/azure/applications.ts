import { z } from 'zod'
import { type DirectoryObject, orUndefined, ownersAt, quoted } from './directory-objects.ts'
import { explaining } from './errors.ts'
import { isMissing } from './failure.ts'
import type { Graph } from './graph.ts'
import { retryWhile, type Waiting } from './retry.ts'
import { type Secret, secretsOf, secretsSelect, secretsShape } from './secrets.ts'

/** An app registration. */
export interface Application {
  readonly objectId: string
  readonly clientId: string
  readonly displayName: string
  readonly secrets: readonly Secret[]
  /** Each could give it a secret of theirs. */
  readonly owners: readonly DirectoryObject[]
}

/** A federated credential of an application or a managed identity. */
export interface FederatedCredential {
  /** A managed identity's has its name. */
  readonly id: string
  readonly name: string
  readonly issuer: string
  /** Compared exactly, case included. */
  readonly subject: string
  readonly audiences: readonly string[]
}

/** The app registrations of a tenant. https://learn.microsoft.com/graph/api/resources/application */
export interface Applications {
  readonly withClientId: (clientId: string) => Promise<Application | undefined>
  /** All that are shown by a name, which is not unique. */
  readonly named: (displayName: string) => Promise<readonly Application[]>
  readonly create: (displayName: string) => Promise<Application>
  readonly credentials: (objectId: string) => Promise<readonly FederatedCredential[]>
  /** @param instead id of the one to change */
  readonly writeCredential: (
    objectId: string,
    credential: Omit<FederatedCredential, 'id'>,
    instead?: string,
  ) => Promise<void>
}

const applicationSchema = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: z.string().nullish(),
  ...secretsShape,
})
const select = `$select=id,appId,displayName,${secretsSelect}`

const credentialSchema = z.object({
  id: z.string(),
  name: z.string(),
  issuer: z.string(),
  subject: z.string(),
  audiences: z.array(z.string()),
})

/** What only reads, and `read` an application by its path. */
function openReading(graph: Graph): Pick<Applications, 'withClientId' | 'named' | 'credentials'> & {
  readonly read: (path: string) => Promise<Application>
} {
  const applicationOf = async (found: z.infer<typeof applicationSchema>): Promise<Application> => ({
    objectId: found.id,
    clientId: found.appId,
    displayName: found.displayName ?? found.appId,
    secrets: secretsOf(found),
    owners: await ownersAt(graph, `/applications/${found.id}`),
  })
  const read = async (path: string): Promise<Application> =>
    applicationOf(await graph.get(`${path}?${select}`, applicationSchema))
  return {
    read,
    withClientId: (clientId) =>
      explaining(`Looking for application ${clientId}`, () =>
        orUndefined(() => read(`/applications(appId='${encodeURIComponent(clientId)}')`)),
      ),
    named: (displayName) =>
      explaining(`Looking for application '${displayName}'`, async () => {
        const filter = encodeURIComponent(`displayName eq ${quoted(displayName)}`)
        const found = await graph.list(`/applications?$filter=${filter}&${select}`, applicationSchema)
        return Promise.all(found.map(applicationOf))
      }),
    credentials: (objectId) =>
      explaining('Reading the federated credentials of an application', () =>
        graph.list(`/applications/${objectId}/federatedIdentityCredentials`, credentialSchema),
      ),
  }
}

/** Opens them. What was created a moment ago is waited for. */
export function openApplications(graph: Graph, waiting: Waiting): Applications {
  const { read, ...reading } = openReading(graph)
  const settled = <T>(what: string, work: () => Promise<T>): Promise<T> =>
    retryWhile(
      work,
      (error) => (isMissing(error) ? 'it has not replicated yet' : undefined),
      what,
      waiting,
      9,
    )
  return {
    ...reading,
    create: (displayName) =>
      explaining(`Registering application '${displayName}'`, async () => {
        const id = await graph.write({
          method: 'POST',
          path: '/applications',
          body: { displayName, signInAudience: 'AzureADMyOrg' },
        })
        const what = `Application '${displayName}'`
        const { clientId } = await settled(what, () => read(`/applications/${id}`))
        return settled(what, () => read(`/applications(appId='${clientId}')`))
      }),
    writeCredential: (objectId, { name, issuer, subject, audiences }, instead) =>
      explaining(`Writing the federated credential '${name}'`, async () => {
        const path = `/applications/${objectId}/federatedIdentityCredentials`
        const change =
          instead === undefined
            ? ({ method: 'POST', path, body: { name, issuer, subject, audiences } } as const)
            : ({ method: 'PATCH', path: `${path}/${instead}`, body: { issuer, subject, audiences } } as const)
        await settled(`Federated credential '${name}'`, () => graph.write(change))
      }),
  }
}
