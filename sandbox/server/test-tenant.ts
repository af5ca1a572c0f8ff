import { ClientAssertionCredential, ClientSecretCredential, type TokenCredential } from '@azure/identity'
import { Client } from '@microsoft/microsoft-graph-client'
import type { JWTPayload } from 'jose'
import type { Clock } from '../contracts.ts'
import type { DirectoryStore } from '../entra/directory.ts'
import { createEntra } from '../entra/index.ts'
import { type DirectoryState, emptyDirectory, type FederatedCredential } from '../entra/model.ts'
import { createGraph } from '../graph/index.ts'
import { createFaults, type Faults, strikeInside } from './faults.ts'
import { randomIdentifiers, systemClock } from './runtime.ts'
import { type SandboxServer, startServer } from './server.ts'
import { createIssuer } from './test-issuer.ts'
import { trust } from './trust.ts'

/** A tenant for the tests of the sandbox: one workflow identity, one person's application, one reader. */
export const tenant = {
  tenantId: '11111111-1111-1111-1111-111111111111',
  workflow: {
    appId: 'aaaaaaaa-0000-0000-0000-000000000001',
    objectId: 'aaaaaaaa-0000-0000-0000-000000000002',
  },
  person: { appId: 'bbbbbbbb-0000-0000-0000-000000000001', objectId: 'bbbbbbbb-0000-0000-0000-000000000002' },
  reader: { appId: 'cccccccc-0000-0000-0000-000000000001', objectId: 'cccccccc-0000-0000-0000-000000000002' },
  unfederated: {
    appId: 'dddddddd-0000-0000-0000-000000000001',
    objectId: 'dddddddd-0000-0000-0000-000000000002',
  },
  anna: 'eeeeeeee-0000-0000-0000-000000000001',
  bo: 'eeeeeeee-0000-0000-0000-000000000002',
  guest: 'eeeeeeee-0000-0000-0000-000000000003',
  /** Resource id of a user-assigned identity that trusts the workflow's subject. */
  managedIdentity:
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/trusted',
  secret: 'a-fictitious-secret',
  subject: 'repo:contoso/factory:environment:dev',
  immutableSubject: 'repo:contoso@1001/factory@2002:environment:dev',
} as const

/** A running server with a token issuer of its own, and what tests do with it. */
export interface TestTenant {
  readonly server: SandboxServer
  readonly directory: DirectoryStore
  readonly faults: Faults
  readonly issuer: string
  /** An assertion as GitHub would sign it; `claims` replace its own. */
  assertion(claims?: JWTPayload): Promise<string>
  /** Microsoft's own credential, signing in with such an assertion. */
  credential(claims?: JWTPayload, appId?: string, tenantId?: string): TokenCredential
  /** Microsoft's own Graph client, signed in as an application with a secret. */
  graph(appId?: string): Client
  /** A new application with these permissions of Microsoft Graph and nothing else. */
  newApplication(...graphRoles: readonly string[]): TestApplication
  /** Microsoft Graph as a person sees it who signed in with user name and password. */
  person(userPrincipalName: string, password: string): Promise<Client>
  /** Moves the sandbox's clock. */
  advance(milliseconds: number): void
}

/** An application of a test, signed in. */
export interface TestApplication {
  readonly appId: string
  readonly objectId: string
  readonly graph: Client
}

/** Starts it. `lag` is how long new directory objects stay unknown, in milliseconds. */
export async function startTenant(lag = 0): Promise<TestTenant> {
  const state = directoryState()
  let advanced = 0
  const clock: Clock = { now: () => new Date(Date.now() + advanced), sleep: systemClock.sleep }
  const faults = createFaults()
  const outside = await createIssuer(clock, tenant.subject)
  let directory: DirectoryStore | undefined
  const server = await startServer({
    port: 0,
    clock,
    identifiers: randomIdentifiers,
    faults,
    assemble: async ({ ask, faults: rules }) => {
      const entra = await createEntra(state, {
        clock,
        identifiers: randomIdentifiers,
        fetch: (url) => ask(new Request(url)),
        replicationLag: lag,
        federatedCredentialsOf: (id) =>
          id === tenant.managedIdentity ? [federated('uami', tenant.subject)] : [],
      })
      directory = entra.directory
      const graph = createGraph({
        directory: entra.directory,
        clock,
        identifiers: randomIdentifiers,
        strike: (method, address) => strikeInside(rules, method, address),
      })
      return {
        state,
        verify: entra.verify,
        areas: [
          { name: 'issuer', answer: outside.area },
          { name: 'entra', answer: entra.area },
          { name: 'graph', answer: graph },
        ],
      }
    },
  })
  if (!directory) throw new Error('The server was not assembled.')
  trust(server.ca)
  const issuer = `${server.url}/issuer`
  const assertion = (claims: JWTPayload = {}): Promise<string> => outside.sign(issuer, claims)
  const options = {
    authorityHost: server.url,
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 0 },
  }
  const known = directory
  const graph = (appId: string): Client =>
    graphClient(
      server.url,
      renewed(() => new ClientSecretCredential(tenant.tenantId, appId, tenant.secret, options)),
    )
  /** A credential that asks for a token again after the clock was moved: Microsoft's own follow the real time. */
  const renewed = (open: () => TokenCredential): TokenCredential => {
    let credential = open()
    let since = advanced
    return {
      getToken: (...request) => {
        if (since !== advanced) credential = open()
        since = advanced
        return credential.getToken(...request)
      },
    }
  }
  return {
    server,
    directory,
    newApplication: (...graphRoles) => {
      const [appId, objectId] = [randomIdentifiers.uuid(), randomIdentifiers.uuid()]
      const displayName = `app-${appId.slice(0, 8)}`
      const application = { id: randomIdentifiers.uuid(), appId, displayName, secrets: [tenant.secret] }
      known.add({ kind: 'Application', value: application })
      known.add({
        kind: 'ServicePrincipal',
        value: { id: objectId, appId, displayName, servicePrincipalType: 'Application', graphRoles },
      })
      return { appId, objectId, graph: graph(appId) }
    },
    person: async (username, password) => {
      await passwordToken(server.url, username, password)
      return graphClient(server.url, {
        getToken: async () => ({
          token: await passwordToken(server.url, username, password),
          expiresOnTimestamp: 0,
        }),
      })
    },
    faults,
    issuer,
    assertion,
    credential: (claims, appId = tenant.workflow.appId, tenantId = tenant.tenantId) =>
      new ClientAssertionCredential(tenantId, appId, () => assertion(claims), options),
    graph: (appId = tenant.person.appId) => graph(appId),
    advance: (milliseconds) => {
      advanced += milliseconds
    },
  }
}

async function passwordToken(url: string, username: string, password: string): Promise<string> {
  const answer = await fetch(`${url}/${tenant.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password',
      client_id: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
      scope: `${url}/graph/.default`,
      username,
      password,
    }),
  })
  const { access_token: token, error_description: error } = Object(await answer.json())
  if (typeof token !== 'string') throw new Error(String(error))
  return token
}

function graphClient(url: string, credential: TokenCredential): Client {
  return Client.init({
    baseUrl: `${url}/graph/`,
    customHosts: new Set(['localhost']),
    authProvider: (done) => {
      credential.getToken(`${url}/graph/.default`).then(
        (token) => done(null, token?.token ?? null),
        (error: unknown) => done(error, null),
      )
    },
  })
}

function federated(name: string, subject: string): FederatedCredential {
  return { name, issuer: '{sandbox}/issuer', subject, audiences: ['api://AzureADTokenExchange'] }
}

function directoryState(): DirectoryState {
  const state = emptyDirectory(tenant.tenantId, 'contoso.example')
  const people = [
    ['workflow', tenant.workflow, ['Group.Create']],
    ['person', tenant.person, ['Group.ReadWrite.All', 'User.Read.All', 'Application.Read.All']],
    ['reader', tenant.reader, ['User.Read.All']],
    ['unfederated', tenant.unfederated, []],
  ] as const
  for (const [displayName, { appId, objectId }, graphRoles] of people) {
    state.applications.push({
      id: appId.replace(/1$/, '9'),
      appId,
      displayName,
      secrets: [tenant.secret],
      federatedCredentials:
        displayName === 'workflow'
          ? [federated('by-name', tenant.subject), federated('by-id', tenant.immutableSubject)]
          : [],
    })
    state.servicePrincipals.push({
      id: objectId,
      appId,
      displayName,
      servicePrincipalType: 'Application',
      graphRoles,
    })
  }
  state.users.push(
    {
      id: tenant.anna,
      displayName: 'Anna',
      userPrincipalName: 'anna@contoso.example',
      mail: 'anna@contoso.example',
    },
    { id: tenant.bo, displayName: "Bo O'Neil", userPrincipalName: 'bo@contoso.example', mail: null },
    {
      id: tenant.guest,
      displayName: 'Cleo (guest)',
      userPrincipalName: 'cleo_fabrikam.example#EXT#@contoso.example',
      mail: 'cleo@fabrikam.example',
      otherMails: ['cleo.private@fabrikam.example'],
      userType: 'Guest',
    },
  )
  return state
}
