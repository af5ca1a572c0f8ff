/** Applications, service principals, their credentials and what they are granted. */
import { ClientSecretCredential } from '@azure/identity'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from '@microsoft/microsoft-graph-client'
import { graphPermissions } from '../entra/graph-permissions.ts'
import { startTenant, type TestApplication, type TestTenant, tenant } from '../server/test-tenant.ts'

let sandbox: TestTenant
let admin: Client
beforeAll(async () => {
  sandbox = await startTenant()
  admin = sandbox.newApplication('Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All').graph
})
afterAll(() => sandbox.server.close())

interface Made {
  readonly id: string
  readonly appId: string
}
const reference = (id: string): string => `${sandbox.server.url}/graph/v1.0/directoryObjects/${id}`
const newApplication = (api = admin, displayName = 'made'): Promise<Made> =>
  api.api('/applications').post({ displayName }) as Promise<Made>
const newPrincipal = ({ appId }: Made, api = admin): Promise<Made> =>
  api.api('/servicePrincipals').post({ appId }) as Promise<Made>
const denied = { statusCode: 403, code: 'Authorization_RequestDenied' }
const signIn = (appId: string, secret: string): Promise<unknown> =>
  new ClientSecretCredential(tenant.tenantId, appId, secret, {
    authorityHost: sandbox.server.url,
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 0 },
  }).getToken('https://management.azure.com/.default')

describe('an application', () => {
  test('is made, found by its name and either id, changed and deleted with its service principal', async () => {
    const made = await newApplication(admin, 'prj001')
    const principal = await newPrincipal(made)
    for (const path of [`/applications/${made.id}`, `/applications(appId='${made.appId}')`]) {
      await expect(admin.api(path).get()).resolves.toMatchObject({
        ...made,
        displayName: 'prj001',
        signInAudience: 'AzureADMyOrg',
      })
    }
    const found = await admin.api('/applications').filter("displayName eq 'prj001'").get()
    expect(found.value).toMatchObject([{ id: made.id, appId: made.appId }])
    await admin.api(`/applications/${made.id}`).patch({ identifierUris: [`api://${made.appId}`] })
    await admin.api(`/applications/${made.id}`).patch({ displayName: 'renamed' })
    await expect(admin.api(`/servicePrincipals/${principal.id}`).get()).resolves.toMatchObject({
      displayName: 'renamed',
    })
    const byUri = await admin
      .api('/applications')
      .filter(`identifierUris/any(u:u eq 'api://${made.appId}')`)
      .get()
    expect(byUri.value).toMatchObject([{ id: made.id }])
    await admin.api(`/applications/${made.id}`).delete()
    await expect(admin.api(`/servicePrincipals/${principal.id}`).get()).rejects.toMatchObject({
      statusCode: 404,
    })
  })

  test.each([
    ['without a name', {}],
    ['with a property that it does not have', { displayName: 'x', colour: 'red' }],
    ['for an audience that there is not', { displayName: 'x', signInAudience: 'Everybody' }],
  ])('is not made %s', async (_name, body) => {
    await expect(admin.api('/applications').post(body)).rejects.toMatchObject({ statusCode: 400 })
  })

  test('is managed by owners who may manage their own, and by them alone', async () => {
    const own = sandbox.newApplication('Application.ReadWrite.OwnedBy')
    const mine = await newApplication(own.graph)
    const theirs = await newApplication()
    await newPrincipal(mine, own.graph)
    await own.graph.api(`/applications/${mine.id}`).patch({ displayName: 'renamed' })
    const owners = await own.graph
      .api(`/applications/${mine.id}/owners/microsoft.graph.servicePrincipal`)
      .get()
    expect(owners.value).toMatchObject([{ id: own.objectId }])
    await expect(
      own.graph.api(`/applications/${theirs.id}`).patch({ displayName: 'x' }),
    ).rejects.toMatchObject(denied)
    await expect(newPrincipal(theirs, own.graph)).rejects.toMatchObject(denied)
    await admin.api(`/applications/${theirs.id}/owners/$ref`).post({ '@odata.id': reference(own.objectId) })
    await own.graph.api(`/applications/${theirs.id}`).patch({ displayName: 'x' })
    await admin.api(`/applications/${theirs.id}/owners/${own.objectId}/$ref`).delete()
    await expect(
      own.graph.api(`/applications/${theirs.id}`).patch({ displayName: 'y' }),
    ).rejects.toMatchObject(denied)
  })
})

test('a person manages the applications that they own, without any permission, and no others', async () => {
  const userPrincipalName = 'developer@contoso.example'
  const users = sandbox.newApplication('User.ReadWrite.All').graph
  const password = 'Sandbox-1234'
  await users.api('/users').post({
    accountEnabled: true,
    displayName: 'Developer',
    mailNickname: 'developer',
    userPrincipalName,
    passwordProfile: { password },
  })
  const developer = await sandbox.person(userPrincipalName, password)
  const credential = { name: 'dev', issuer: 'https://issuer', subject: 'dev', audiences: ['x'] }
  const attempts = ({ id }: Made) => [
    () => developer.api(`/applications/${id}`).patch({ displayName: 'renamed' }),
    () => developer.api(`/applications/${id}/federatedIdentityCredentials`).post(credential),
    () => developer.api(`/applications/${id}/addPassword`).post({}),
    () => developer.api(`/applications/${id}/owners/$ref`).post({ '@odata.id': reference(tenant.anna) }),
    () => developer.api(`/applications/${id}`).delete(),
  ]
  const theirs = await newApplication()
  for (const attempt of attempts(theirs)) await expect(attempt()).rejects.toMatchObject(denied)
  const mine = await newApplication(developer)
  const principal = await newPrincipal(mine, developer)
  await developer.api(`/servicePrincipals/${principal.id}`).patch({ accountEnabled: false })
  for (const attempt of attempts(mine)) await attempt()
  await expect(admin.api(`/applications/${mine.id}`).get()).rejects.toMatchObject({ statusCode: 404 })
})

describe('a service principal', () => {
  test('is made once for an application that there is', async () => {
    const made = await newApplication()
    await newPrincipal(made)
    await expect(newPrincipal(made)).rejects.toMatchObject({ statusCode: 409 })
    const unknown = { id: '', appId: '00000000-0000-0000-0000-00000000000a' }
    await expect(newPrincipal(unknown)).rejects.toMatchObject({ statusCode: 400 })
  })

  test('that is disabled signs in no more', async () => {
    const made = await newApplication()
    const principal = await newPrincipal(made)
    const { secretText } = await admin.api(`/applications/${made.id}/addPassword`).post({})
    await signIn(made.appId, secretText)
    await admin.api(`/servicePrincipals/${principal.id}`).patch({ accountEnabled: false })
    await expect(signIn(made.appId, secretText)).rejects.toThrow(/AADSTS7000112/)
  })

  test('gets a permission of Graph, which counts until it is taken back', async () => {
    const app = sandbox.newApplication()
    const graph = await admin.api("/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')").get()
    const role = graph.appRoles.find(({ value }: { value: string }) => value === 'User.Read.All')
    const path = `/servicePrincipals/${app.objectId}/appRoleAssignments`
    const body = { principalId: app.objectId, resourceId: graph.id, appRoleId: role.id }
    await expect(app.graph.api('/users').get()).rejects.toMatchObject(denied)
    const granted = await admin.api(path).post(body)
    await app.graph.api('/users').get()
    await expect(admin.api(path).post(body)).rejects.toMatchObject({ statusCode: 400 })
    await expect(admin.api(path).get()).resolves.toMatchObject({
      value: [{ appRoleId: role.id, resourceDisplayName: 'Microsoft Graph' }],
    })
    await expect(admin.api(`/servicePrincipals/${graph.id}/appRoleAssignedTo`).get()).resolves.toMatchObject({
      value: expect.arrayContaining([expect.objectContaining({ id: granted.id })]),
    })
    await admin.api(`${path}/${granted.id}`).delete()
    await expect(app.graph.api('/users').get()).rejects.toMatchObject(denied)
  })

  test('gets no permission that there is not', async () => {
    const app = sandbox.newApplication()
    const body = {
      principalId: app.objectId,
      resourceId: '00000003-0000-0000-c000-0000000000b0',
      appRoleId: graphPermissions['User.Read.All'].replace('d', 'e'),
    }
    await expect(
      admin.api(`/servicePrincipals/${app.objectId}/appRoleAssignments`).post(body),
    ).rejects.toMatchObject({ statusCode: 400 })
  })
})

describe('a client secret', () => {
  test('is shown once, signs in until it is removed, or expires', async () => {
    const made = await newApplication()
    await newPrincipal(made)
    const endDateTime = new Date(Date.now() + 3_600_000).toISOString()
    const path = `/applications/${made.id}`
    const short = await admin
      .api(`${path}/addPassword`)
      .post({ passwordCredential: { displayName: 'rbac', endDateTime } })
    const long = await admin.api(`${path}/addPassword`).post({})
    expect(short).toMatchObject({ displayName: 'rbac', endDateTime, hint: short.secretText.slice(0, 3) })
    const shown = await admin.api(path).get()
    expect(shown.passwordCredentials).toMatchObject([
      { keyId: short.keyId, secretText: null },
      { keyId: long.keyId, secretText: null },
    ])
    expect(JSON.stringify(shown)).not.toContain(short.secretText)
    await signIn(made.appId, short.secretText)
    sandbox.advance(2 * 3_600_000)
    await expect(signIn(made.appId, short.secretText)).rejects.toThrow(/AADSTS7000222/)
    await signIn(made.appId, long.secretText)
    await admin.api(`${path}/removePassword`).post({ keyId: long.keyId })
    await expect(signIn(made.appId, long.secretText)).rejects.toThrow(/AADSTS7000215/)
  })
})

describe('a federated credential', () => {
  let app: Made
  let path = ''
  const credential = (changes: object = {}): object => ({
    name: 'github-dev',
    issuer: sandbox.issuer,
    subject: tenant.subject,
    audiences: ['api://AzureADTokenExchange'],
    ...changes,
  })
  const present = (): Promise<unknown> =>
    sandbox.credential({}, app.appId).getToken('https://management.azure.com/.default')

  test('lets its subject sign in as the application, and nobody once it is deleted', async () => {
    app = await newApplication()
    path = `/applications/${app.id}/federatedIdentityCredentials`
    await newPrincipal(app)
    await expect(present()).rejects.toThrow(/AADSTS70025/)
    const made = await admin.api(path).post(credential({ description: 'Dev' }))
    await present()
    await expect(admin.api(path).get()).resolves.toMatchObject({
      value: [{ id: made.id, name: 'github-dev', description: 'Dev', subject: tenant.subject }],
    })
    for (const key of [`/${made.id}`, '/github-dev', "(name='github-dev')"]) {
      await expect(admin.api(`${path}${key}`).get()).resolves.toMatchObject({ id: made.id })
    }
    await admin.api(`${path}/${made.id}`).patch({ subject: 'repo:contoso/factory:environment:prod' })
    await expect(present()).rejects.toThrow(/AADSTS700213/)
    await admin.api(`${path}/${made.id}`).delete()
    await expect(admin.api(path).get()).resolves.toMatchObject({ value: [] })
  })

  test('of the seed is listed, too', async () => {
    const page = await admin
      .api(`/applications(appId='${tenant.workflow.appId}')/federatedIdentityCredentials`)
      .get()
    expect(page.value.map(({ name }: { name: string }) => name)).toEqual(['by-name', 'by-id'])
  })

  test.each([
    ['no audience', { audiences: [] }],
    ['two audiences', { audiences: ['a', 'b'] }],
    ['a name that fits no address', { name: 'with space' }],
    ['a name that begins with a hyphen', { name: '-x' }],
    ['a name that is too long', { name: 'x'.repeat(121) }],
    ['no subject', { subject: undefined }],
    ['a subject that is too long', { subject: 'x'.repeat(601) }],
    ['no issuer', { issuer: '' }],
  ])('is not made with %s', async (_name, changes) => {
    const { id } = await newApplication()
    const attempt = admin.api(`/applications/${id}/federatedIdentityCredentials`).post(credential(changes))
    await expect(attempt).rejects.toMatchObject({ statusCode: 400 })
  })

  test('has a name of its own, and an issuer and subject of its own; there are 20', async () => {
    const { id } = await newApplication()
    const all = `/applications/${id}/federatedIdentityCredentials`
    await admin.api(all).post(credential())
    await expect(admin.api(all).post(credential({ subject: 'x' }))).rejects.toMatchObject({
      statusCode: 409,
      message: 'FederatedIdentityCredential with name github-dev already exists.',
    })
    await expect(admin.api(all).post(credential({ name: 'other' }))).rejects.toMatchObject({
      statusCode: 400,
      code: 'InvalidFederatedIdentityCredentialValue',
    })
    const nth = (index: number): object => credential({ name: `n${index}`, subject: `s${index}` })
    for (let index = 1; index < 20; index += 1) await admin.api(all).post(nth(index))
    await expect(admin.api(all).post(nth(20))).rejects.toMatchObject({ statusCode: 400 })
    await expect(admin.api(`${all}/n1`).patch({ subject: 's2' })).rejects.toMatchObject({ statusCode: 400 })
    await expect(admin.api(`${all}/n1`).patch({ name: 'renamed' })).rejects.toMatchObject({ statusCode: 400 })
  })

  test('is made by an upsert by its name', async () => {
    const { id } = await newApplication()
    const one = `/applications/${id}/federatedIdentityCredentials(name='dev')`
    const upsert = (subject: string): Promise<unknown> =>
      admin
        .api(one)
        .header('Prefer', 'create-if-missing')
        .patch(credential({ name: 'dev', subject }))
    await upsert('first')
    await upsert('second')
    await expect(admin.api(one).get()).resolves.toMatchObject({ name: 'dev', subject: 'second' })
  })

  test('is none of the business of who does not manage the application', async () => {
    const { id } = await newApplication()
    const reader: TestApplication = sandbox.newApplication('Application.Read.All')
    const all = `/applications/${id}/federatedIdentityCredentials`
    await reader.graph.api(all).get()
    await expect(reader.graph.api(all).post(credential())).rejects.toMatchObject(denied)
  })
})
