import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ClientAssertionCredential, ClientSecretCredential } from '@azure/identity'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { githubIssuer, type Repository } from './github/index.ts'
import { tenant } from './server/test-tenant.ts'
import { type Sandbox, type SandboxOptions, startSandbox, trust } from './start.ts'
import type { SandboxSnapshot } from './state.ts'

const repository: Repository = {
  owner: 'contoso',
  ownerId: 1001,
  name: 'factory',
  id: 2002,
  createdAt: '2025-01-01T00:00:00Z',
  private: true,
  defaultBranch: 'main',
  collaborators: { anna: 'admin' },
  issues: [],
  files: {},
}

const { appId, objectId } = tenant.workflow
const federated = {
  name: 'dev',
  issuer: githubIssuer,
  subject: tenant.subject,
  audiences: ['api://AzureADTokenExchange'],
}
const seed: SandboxSnapshot = {
  version: 1,
  directory: {
    tenantId: tenant.tenantId,
    domain: 'contoso.example',
    users: [],
    groups: [],
    applications: [{ id: appId, appId, displayName: 'workflow', federatedCredentials: [federated] }],
    servicePrincipals: [
      {
        id: objectId,
        appId,
        displayName: 'workflow',
        servicePrincipalType: 'Application',
        graphRoles: ['Group.ReadWrite.All'],
      },
    ],
  },
  github: { users: [], repositories: [repository], lastCommentId: 0 },
}

let folder: string
let sandbox: Sandbox | undefined

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'start-test-'))
})
afterEach(async () => {
  await sandbox?.close()
  sandbox = undefined
  await rm(folder, { recursive: true })
})

async function start(options: SandboxOptions = { seed }): Promise<Sandbox> {
  sandbox = await startSandbox(options)
  trust(sandbox.ca)
  return sandbox
}

/** Signs in as an action does: asks GitHub for an assertion, and Entra for a token. */
function signIn({ url }: Sandbox, job: Readonly<Record<string, string>>): ClientAssertionCredential {
  const askGithub = async (): Promise<string> => {
    const answer = await fetch(`${job['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=api://AzureADTokenExchange`, {
      headers: { Authorization: `Bearer ${job['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` },
    })
    return ((await answer.json()) as { value: string }).value
  }
  return new ClientAssertionCredential(tenant.tenantId, appId, askGithub, {
    authorityHost: url,
    disableInstanceDiscovery: true,
  })
}

const scopeOfGraph = ({ url }: Sandbox): string => `${url}/graph/.default`

describe('a job signs in', () => {
  test('from its GitHub environment, through GitHub and Entra, to Graph', async () => {
    const started = await start()
    const job = started.jobEnvironment({ environment: 'dev' })
    const token = await signIn(started, job).getToken(scopeOfGraph(started))
    const groups = await fetch(`${started.url}/graph/v1.0/groups`, {
      headers: { Authorization: `Bearer ${token.token}` },
    })
    expect(await groups.json()).toMatchObject({ value: [] })
    expect(started.requests().at(-1)).toMatchObject({ area: 'graph', status: 200, caller: { appId } })
  })

  test('with nothing but the environment that the sandbox prints for its clients', async () => {
    const started = await start()
    await expect(signIn(started, started.env).getToken(scopeOfGraph(started))).resolves.toBeDefined()
  })

  test('but not from an environment that nobody federated', async () => {
    const started = await start()
    const job = started.jobEnvironment({ environment: 'prod' })
    await expect(signIn(started, job).getToken(scopeOfGraph(started))).rejects.toThrow(
      'AADSTS700213: No matching federated identity record found for presented assertion subject ' +
        "'repo:contoso/factory:environment:prod'",
    )
  })
})

test('what happened survives a restart on another port, and addresses of the sandbox move along', async () => {
  const stateFile = path.join(folder, 'state.json')
  const first = await start({ stateFile, seed })
  const scope = scopeOfGraph(first)
  const { token } = await signIn(first, first.env).getToken(scope)
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  const group = { displayName: 'kept', mailNickname: 'kept', mailEnabled: false, securityEnabled: true }
  const made = await fetch(`${first.url}/graph/v1.0/groups`, {
    method: 'POST',
    headers,
    body: JSON.stringify(group),
  })
  expect(made.status).toBe(201)
  for (const known of first.state.github.repositories) known.files['address'] = `at ${first.url}/here`
  await first.close()

  const second = await start({ stateFile, seed: 'this-seed-is-not-read.json' })
  const again = await signIn(second, second.env).getToken(scopeOfGraph(second))
  const groups = await fetch(`${second.url}/graph/v1.0/groups`, {
    headers: { Authorization: `Bearer ${again.token}` },
  })
  expect(await groups.json()).toMatchObject({ value: [{ displayName: 'kept' }] })
  expect(second.state.github.repositories[0]?.files['address']).toBe(`at ${second.url}/here`)
})

test("without a seed there are three subscriptions, which a person sees with the Azure CLI's kind of sign-in", async () => {
  const { url, state } = await start({})
  const [operator] = state.directory.applications
  const credential = new ClientSecretCredential(
    state.directory.tenantId,
    operator?.appId ?? '',
    operator?.secrets?.[0] ?? '',
    { authorityHost: url, disableInstanceDiscovery: true },
  )
  const { token } = await credential.getToken('https://management.azure.com/.default')
  const answer = await fetch(`${url}/subscriptions?api-version=2022-12-01`, {
    headers: { Authorization: `Bearer ${token}` },
  })
  expect(((await answer.json()) as { value: unknown[] }).value).toHaveLength(3)
})

/** The Azure CLI, where people sign in. */
const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'

test('a person who may not do something is named by the principal name, as Azure names people', async () => {
  const { url, state } = await start({})
  const { users, tenantId } = state.directory
  const [someone] = users
  if (someone === undefined) throw new Error('Nobody is in the directory.')
  users[0] = { ...someone, password: 'Sandbox-1234' }
  const response = await fetch(`${url}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password',
      client_id: azureCli,
      username: someone.userPrincipalName,
      password: 'Sandbox-1234',
      scope: `${url}/.default`,
    }),
  })
  const { access_token: token } = (await response.json()) as { access_token: string }
  const group = `/subscriptions/${Object.keys(state.arm.subscriptions)[0] ?? ''}/resourceGroups/none`
  const refused = await fetch(`${url}${group}?api-version=2022-09-01`, {
    headers: { Authorization: `Bearer ${token}` },
  })
  expect(((await refused.json()) as { error: { message: string } }).error.message).toMatch(
    `The client '${someone.userPrincipalName}' with object id '${someone.id}' does not have authorization`,
  )
})

test('two sandboxes of one seed do not share what happens to them', async () => {
  const one = await start()
  one.state.directory.users.push({
    id: tenant.anna,
    displayName: 'Anna',
    userPrincipalName: 'anna@contoso.example',
  })
  await one.close()
  expect((await start()).state.directory.users).toEqual([])
})

test('the address of Azure Resource Manager asks who is there', async () => {
  const { url } = await start()
  expect((await fetch(`${url}/subscriptions?api-version=2022-12-01`)).status).toBe(401)
  expect((await fetch(`${url}/metadata/endpoints?api-version=2022-09-01`)).status).toBe(200)
})
