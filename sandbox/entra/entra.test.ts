import { ClientSecretCredential } from '@azure/identity'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { decodeJwt, generateKeyPair, SignJWT } from 'jose'
import { startTenant, type TestTenant, tenant } from '../server/test-tenant.ts'

let sandbox: TestTenant
beforeAll(async () => {
  sandbox = await startTenant()
})
afterAll(() => sandbox.server.close())

const arm = 'https://management.azure.com/.default'
const aboutFederation = 'No matching federated identity record found for presented assertion'

/** Posts to the token endpoint without a client library, to see the answer itself. */
async function post(form: Record<string, string>, tenantId: string = tenant.tenantId): Promise<Response> {
  return fetch(`${sandbox.server.url}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: arm, ...form }),
  })
}

async function present(assertion: string, appId: string = tenant.workflow.appId): Promise<Response> {
  return post({
    client_id: appId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  })
}

describe('a workflow signs in with the assertion of its GitHub environment', () => {
  test('and gets a token for Azure Resource Manager', async () => {
    const token = await sandbox.credential().getToken(arm)
    expect(decodeJwt(token?.token ?? '')).toMatchObject({
      aud: 'https://management.azure.com',
      appid: tenant.workflow.appId,
      oid: tenant.workflow.objectId,
      tid: tenant.tenantId,
      idtyp: 'app',
    })
  })

  test('with the immutable form of the subject as well', async () => {
    const credential = sandbox.credential({ sub: tenant.immutableSubject })
    await expect(credential.getToken(arm)).resolves.toMatchObject({ token: expect.any(String) })
  })

  test.each([
    ['Microsoft Graph', () => `${sandbox.server.url}/graph/.default`, () => `${sandbox.server.url}/graph`],
    ['storage', () => 'https://storage.azure.com/.default', () => 'https://storage.azure.com'],
    ['key vaults', () => 'https://vault.azure.net/.default', () => 'https://vault.azure.net'],
    [
      'Azure Resource Manager by its older name',
      () => 'https://management.core.windows.net//.default',
      () => 'https://management.core.windows.net/',
    ],
  ])('and gets a token for %s', async (_name, scope, audience) => {
    const token = await sandbox.credential().getToken(scope())
    expect(decodeJwt(token?.token ?? '').aud).toBe(audience())
  })
})

test('a managed identity signs in through the federated credentials of its resource', async () => {
  const trusted = sandbox.directory.createManagedIdentity('trusted', tenant.managedIdentity)
  const token = await sandbox.credential({}, trusted.clientId).getToken(arm)
  expect(decodeJwt(token?.token ?? '')).toMatchObject({ oid: trusted.principalId, appid: trusted.clientId })

  const other = sandbox.directory.createManagedIdentity('other', `${tenant.managedIdentity}-not`)
  await expect(sandbox.credential({}, other.clientId).getToken(arm)).rejects.toThrow(/AADSTS70025/)

  sandbox.directory.removeManagedIdentity(trusted.principalId)
  expect(sandbox.directory.find(trusted.principalId)).toBeUndefined()
  await expect(sandbox.credential({}, trusted.clientId).getToken(arm)).rejects.toThrow(/AADSTS700016/)
})

describe('an assertion is refused', () => {
  test.each([
    ['a subject of another environment', { sub: 'repo:contoso/factory:environment:prod' }, 700213, 'subject'],
    ['a subject that differs in case', { sub: 'repo:Contoso/factory:environment:dev' }, 7002138, 'subject'],
    ['another audience', { aud: 'api://other' }, 700212, 'audience'],
    ['another issuer', { iss: 'https://token.example' }, 700211, 'issuer'],
  ])('for %s', async (_name, claims, code, what) => {
    const response = await present(await sandbox.assertion(claims))
    const value = Object.values(claims)[0]
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({
      error: 'invalid_client',
      error_codes: [code],
      error_description: expect.stringContaining(`AADSTS${code}: ${aboutFederation} ${what} '${value}'.`),
      trace_id: expect.any(String),
      correlation_id: expect.any(String),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
    })
  })

  test('after it has expired, with the times', async () => {
    const before = Math.floor(Date.now() / 1000) - 3600
    const response = await present(await sandbox.assertion({ nbf: before - 300, exp: before }))
    expect(await response.json()).toMatchObject({
      error_codes: [700024],
      error_description: expect.stringContaining(
        `expiry time of assertion ${new Date(before * 1000).toISOString()}`,
      ),
    })
  })

  test('when somebody else signed it', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    const claims = decodeJwt(await sandbox.assertion())
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'issuer-key' })
      .sign(privateKey)
    expect(await (await present(forged)).json()).toMatchObject({ error_codes: [700027] })
  })

  test('when it is no token at all', async () => {
    expect(await (await present('nonsense')).json()).toMatchObject({ error_codes: [50027] })
  })

  test('by an application that trusts no issuer', async () => {
    const response = await present(await sandbox.assertion(), tenant.unfederated.appId)
    expect(await response.json()).toMatchObject({ error_codes: [70025] })
  })

  test("and Microsoft's client shows the code to its user", async () => {
    const credential = sandbox.credential({ sub: 'repo:contoso/other:environment:dev' })
    await expect(credential.getToken(arm)).rejects.toThrow(/AADSTS700213/)
  })
})

describe('a person signs in with the secret of an application', () => {
  const options = () => ({ authorityHost: sandbox.server.url, disableInstanceDiscovery: true })

  test('and gets a token', async () => {
    const credential = new ClientSecretCredential(
      tenant.tenantId,
      tenant.person.appId,
      tenant.secret,
      options(),
    )
    await expect(credential.getToken(arm)).resolves.toMatchObject({ token: expect.any(String) })
  })

  test('but not with a wrong one', async () => {
    const response = await post({ client_id: tenant.person.appId, client_secret: 'wrong' })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_client', error_codes: [7000215] })
  })

  test('at the older endpoint too, with a resource instead of a scope', async () => {
    const response = await fetch(`${sandbox.server.url}/${tenant.tenantId}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        resource: 'https://management.core.windows.net/',
        client_id: tenant.person.appId,
        client_secret: tenant.secret,
      }),
    })
    expect(await response.json()).toMatchObject({
      token_type: 'Bearer',
      resource: 'https://management.core.windows.net/',
      expires_on: expect.stringMatching(/^\d+$/),
    })
  })
})

describe('what is unknown is refused as Entra refuses it', () => {
  const secret = { client_id: tenant.person.appId, client_secret: tenant.secret }

  test.each([
    ['a tenant', () => post(secret, '99999999-9999-9999-9999-999999999999'), 400, 'invalid_request', 90002],
    ['an application', () => post({ ...secret, client_id: 'nobody' }), 400, 'unauthorized_client', 700016],
    [
      'a resource',
      () => post({ ...secret, scope: 'https://other.example/.default' }),
      400,
      'invalid_resource',
      500011,
    ],
    ['a scope', () => post({ ...secret, scope: 'User.Read' }), 400, 'invalid_scope', 1002012],
    ['a grant', () => post({ ...secret, grant_type: 'refresh_token' }), 400, 'unsupported_grant_type', 70003],
    [
      'a caller without a credential',
      () => post({ client_id: tenant.person.appId }),
      401,
      'invalid_client',
      7000218,
    ],
  ])('%s', async (_name, ask, status, error, code) => {
    const response = await ask()
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error, error_codes: [code] })
  })
})

describe('discovery', () => {
  test.each([['v2.0/.well-known/openid-configuration'], ['.well-known/openid-configuration']])(
    '%s leads to the token endpoint and to the keys that verify its tokens',
    async (path) => {
      const configuration = await (await fetch(`${sandbox.server.url}/${tenant.tenantId}/${path}`)).json()
      const { token_endpoint: token, jwks_uri: keys, issuer } = configuration as Record<string, string>
      expect(new URL(issuer ?? '').origin).toBe(sandbox.server.url)
      expect(token).toMatch(/\/oauth2\/(v2\.0\/)?token$/)
      expect(await (await fetch(keys ?? '')).json()).toMatchObject({ keys: [{ kty: 'RSA', use: 'sig' }] })
    },
  )

  test('never shows a private key', async () => {
    const keys = await (await fetch(`${sandbox.server.url}/${tenant.tenantId}/discovery/v2.0/keys`)).text()
    const state = await (await fetch(`${sandbox.server.url}/_sandbox/state`)).text()
    expect(Object.keys(JSON.parse(keys).keys[0]).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
    expect(state).not.toContain('signingKey')
    expect(state).not.toContain(tenant.secret)
  })

  test('of the instance names the sandbox itself', async () => {
    const answer = await fetch(`${sandbox.server.url}/common/discovery/instance?api-version=1.1`)
    expect(await answer.json()).toMatchObject({ metadata: [{ aliases: [new URL(sandbox.server.url).host] }] })
  })

  test('of an unknown tenant is refused', async () => {
    const answer = await fetch(`${sandbox.server.url}/nobody.example/v2.0/.well-known/openid-configuration`)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error_codes: [90002] })
  })
})
