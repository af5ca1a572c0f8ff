import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { findCloud } from '../../src/azure/cloud.ts'
import { connect, type SessionOptions } from '../../src/azure/connect.ts'
import { openVirtualNetworks } from '../../src/azure/virtual-networks.ts'
import { dev, ids, idToken, type OnSandbox, onSandbox } from './on-sandbox.ts'

let here: OnSandbox
beforeAll(async () => {
  here = await onSandbox()
})
afterAll(() => here.sandbox.close())

const answering =
  (body: unknown, status = 200): typeof fetch =>
  async () =>
    typeof body === 'string' ? new Response(body, { status }) : Response.json(body, { status })

describe('the clouds', () => {
  test.each([
    [
      'AzureCloud',
      'https://management.azure.com',
      'https://login.microsoftonline.com',
      'https://graph.microsoft.com',
      '',
    ],
    [
      'AzureUSGovernment',
      'https://management.usgovcloudapi.net',
      'https://login.microsoftonline.us',
      'https://graph.microsoft.us',
      'USGov',
    ],
    [
      'AzureChinaCloud',
      'https://management.chinacloudapi.cn',
      'https://login.partner.microsoftonline.cn',
      'https://microsoftgraph.chinacloudapi.cn',
      'China',
    ],
  ])('%s is known without asking', async (name, resourceManager, authority, graph, suffix) => {
    const refuse: typeof fetch = () => Promise.reject(new Error('asked'))
    expect(await findCloud(name, refuse)).toEqual({
      name,
      resourceManager,
      resourceManagerScope: `${resourceManager}/.default`,
      authority,
      graph,
      graphScope: `${graph}/.default`,
      storageScope: 'https://storage.azure.com/.default',
      tokenExchangeAudience: `api://AzureADTokenExchange${suffix}`,
      wellKnown: true,
    })
  })

  test('an address is asked for its endpoints, with or without a slash behind it', async () => {
    const { url } = here.sandbox
    for (const input of [url, `${url}/`]) {
      expect(await findCloud(input)).toMatchObject({
        resourceManager: url,
        authority: url,
        graph: `${url}/graph`,
        wellKnown: false,
      })
    }
  })

  test.each([
    'azurecloud',
    'http://localhost',
    'https://host/path',
    'https://user@host',
    'https://host?x=1',
    'constructor',
    '__proto__',
    'toString',
    'https://a b',
  ])('%j is none', async (input) => {
    await expect(findCloud(input)).rejects.toThrow(`Input 'azure-cloud' is ${JSON.stringify(input)}.`)
  })

  test.each([
    ['a page', '<html>', 200],
    ['an error', {}, 503],
  ])('an address that answers with %s is refused', async (_what, body, status) => {
    await expect(findCloud('https://host.example', answering(body, status))).rejects.toThrow(
      "Input 'azure-cloud' is 'https://host.example', but https://host.example/metadata/endpoints?api-version=2022-09-01 did not answer",
    )
  })

  test('an address that nobody listens at is refused', async () => {
    await expect(findCloud('https://localhost:1')).rejects.toThrow('The address may be wrong')
  })

  test.each([
    [
      'incomplete',
      { microsoftGraphResourceId: 'https://g', authentication: { audiences: ['https://a'] } },
      "'authentication.loginEndpoint' is missing",
    ],
    [
      'in the clear',
      {
        microsoftGraphResourceId: 'https://g',
        authentication: { loginEndpoint: 'http://l', audiences: ['https://a'] },
      },
      "'authentication.loginEndpoint' is not an https address",
    ],
  ])('endpoints that are %s are refused', async (_what, body, named) => {
    const found = findCloud('https://host.example', answering([body]))
    await expect(found).rejects.toThrow('The endpoints that https://host.example describes are not complete')
    await expect(found).rejects.toThrow(named)
  })
})

describe('signing in', () => {
  const options = (): SessionOptions => ({
    cloud: here.sandbox.url,
    tenantId: dev.tenantId,
    clientId: () => dev.clientId,
    idToken: idToken(here.sandbox.env),
    environment: here.sandbox.env,
    userAgent: 'test',
    progress: () => undefined,
  })
  const readNetwork = async (changes: Partial<SessionOptions>) => {
    const networks = await openVirtualNetworks(await connect({ ...options(), ...changes }))
    return networks.read(ids.network)
  }

  test('asks GitHub for a token of the audience that the cloud expects', async () => {
    const audiences: string[] = []
    await readNetwork({
      idToken: (audience) => {
        audiences.push(audience)
        return idToken(here.sandbox.env)(audience)
      },
    })
    expect(new Set(audiences)).toEqual(new Set(['api://AzureADTokenExchange']))
  })

  test('asks GitHub once for all that it signs in to at one time', async () => {
    let asked = 0
    const { credential, cloud } = await connect({
      ...options(),
      idToken: (audience) => {
        asked += 1
        return idToken(here.sandbox.env)(audience)
      },
    })
    const scopes = [cloud.resourceManagerScope, cloud.graphScope, cloud.storageScope]
    expect(new Set(await Promise.all(scopes.map(credential.token))).size).toBe(3)
    expect(asked).toBe(1)
  })

  test.each([{}, { ACTIONS_ID_TOKEN_REQUEST_URL: '' }])(
    'without the permission says which permission to add: %j',
    async (environment) => {
      const refused = connect({ ...options(), environment: { GITHUB_ACTIONS: 'true', ...environment } })
      await expect(refused).rejects.toThrow('The job may not request an OIDC token from GitHub.')
      await expect(refused).rejects.toThrow(
        "Add 'permissions: { id-token: write, contents: read }' to the job",
      )
    },
  )

  test("elsewhere uses the developer's own sign-in, and says so when there is none", async () => {
    await expect(readNetwork({ environment: {} })).rejects.toThrow(/Azure CLI|az login/)
  })

  test.each<[string, () => Promise<string>]>([
    ['that breaks off, for which its client waits for ever', () => new Promise(() => undefined)],
    [
      'that gets lost',
      () => Promise.reject(new Error('Error message: Failed to get ID Token. Error Code : undefined')),
    ],
    [
      'without a token',
      () => Promise.reject(new Error('Error message: Response json body do not have ID Token field')),
    ],
  ])('asks GitHub again after an answer %s', async (_what, first) => {
    const lines: string[] = []
    let asked = 0
    const network = await readNetwork({
      idToken: (audience) => {
        asked += 1
        return asked === 1 ? first() : idToken(here.sandbox.env)(audience)
      },
      progress: (line) => lines.push(line),
      time: { timeLimit: 2_000, sleep: async () => undefined },
    })
    expect(network.id).toBe(ids.network)
    expect(lines[0]).toMatch(/^The OIDC token of the job: GitHub .* Retrying in .* \(attempt 2 of 4\)$/)
  })

  test('does not ask GitHub again after a refusal', async () => {
    let asked = 0
    const refused = readNetwork({
      idToken: () => {
        asked += 1
        return Promise.reject(new Error('Failed to get ID Token. Error Code : 403'))
      },
    })
    await expect(refused).rejects.toThrow('GitHub did not issue an OIDC token to the job.')
    expect(asked).toBe(1)
  })

  test.each([{ cut: true }, { status: 503 }, { drop: true }, { page: '<html>' }])(
    'is tried again when Azure or Entra answer with %j',
    async (fault) => {
      here.sandbox.faults.add({ path: '/metadata/endpoints', ...fault })
      here.sandbox.faults.add({ path: '/oauth2/v2.0/token', ...fault })
      expect((await readNetwork({ time: { sleep: async () => undefined } })).id).toBe(ids.network)
    },
  )

  test.each<[string, () => Partial<SessionOptions>, RegExp]>([
    [
      'another environment',
      () => ({ idToken: idToken(here.sandbox.jobEnvironment({ environment: 'prod' })) }),
      /^Signing in to Entra ID as application 33333333-3333-3333-3333-333333333301 in tenant 11111111-1111-1111-1111-111111111111 failed\. Azure answered 401\. AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:contoso@77\/ai-factory@4242:environment:prod'\..*Run 'npm run setup -- path\/to\/factory\.yml': it asks GitHub which subject the repository has now.*Azure correlation id: [0-9a-f-]{36}$/,
    ],
    [
      'an unknown application',
      () => ({ clientId: () => '99999999-0000-0000-0000-000000000001' }),
      /AADSTS700016: .*Check tenantId and clientId of this environment in factory\.yml\./,
    ],
    [
      'an unknown tenant',
      () => ({ tenantId: '99999999-0000-0000-0000-000000000001' }),
      /^Signing in to Entra ID as application .* in tenant 99999999-0000-0000-0000-000000000001 failed\. Azure answered 400\. AADSTS90002: Tenant .* not found\..*Check tenantId of this environment in factory\.yml/,
    ],
    [
      'no answer from GitHub',
      () => ({ idToken: () => Promise.reject(new Error('503')) }),
      /GitHub did not issue an OIDC token to the job\./,
    ],
  ])('is refused for %s, in one sentence', async (_what, changes, expected) => {
    await expect(readNetwork(changes())).rejects.toThrow(expected)
    await expect(readNetwork(changes())).rejects.not.toThrow(/Trace ID|Timestamp/)
  })
})
