/** What the identity of one environment cannot do to another, or for itself. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from '@microsoft/microsoft-graph-client'
import { graphPermissions } from '../entra/graph-permissions.ts'
import { startTenant, type TestApplication, type TestTenant, tenant } from '../server/test-tenant.ts'

let sandbox: TestTenant
/** May everything. */
let admin: Client
beforeAll(async () => {
  sandbox = await startTenant()
  admin = sandbox.newApplication(...Object.keys(graphPermissions)).graph
})
afterAll(() => sandbox.server.close())

let serial = 0
const named = (changes: Record<string, unknown> = {}): Record<string, unknown> => {
  serial += 1
  const name = `group-${serial}`
  return { displayName: name, mailNickname: name, mailEnabled: false, securityEnabled: true, ...changes }
}
const reference = (id: string): string => `${sandbox.server.url}/graph/v1.0/directoryObjects/${id}`
const denied = { statusCode: 403, code: 'Authorization_RequestDenied' }

describe('the rights of an environment’s identity', () => {
  // The default of the design: create groups, read people and members, own its own groups.
  const small = ['Group.Create', 'GroupMember.Read.All', 'User.Read.All']
  let dev: TestApplication
  let prod: TestApplication
  let group = ''
  beforeAll(async () => {
    dev = sandbox.newApplication(...small)
    prod = sandbox.newApplication(...small)
    const body = named({ 'owners@odata.bind': [reference(prod.objectId)] })
    group = ((await prod.graph.api('/groups').post(body)) as { id: string }).id
  })
  const unchanged = async (): Promise<void> => {
    const path = `/groups/${group}/owners/microsoft.graph.servicePrincipal`
    const owners = (await admin.api(path).get()) as { value: { id: string }[] }
    expect(owners.value.map(({ id }) => id)).toEqual([prod.objectId])
    await expect(admin.api(`/groups/${group}/members`).get()).resolves.toMatchObject({ value: [] })
  }

  test.each<[string, (api: Client) => Promise<unknown>]>([
    [
      'add a member',
      (api) => api.api(`/groups/${group}/members/$ref`).post({ '@odata.id': reference(tenant.anna) }),
    ],
    [
      'add members by a PATCH',
      (api) => api.api(`/groups/${group}`).patch({ 'members@odata.bind': [reference(tenant.anna)] }),
    ],
    [
      'become its owner',
      (api) => api.api(`/groups/${group}/owners/$ref`).post({ '@odata.id': reference(dev.objectId) }),
    ],
    [
      'become its owner by a PATCH',
      (api) => api.api(`/groups/${group}`).patch({ 'owners@odata.bind': [reference(dev.objectId)] }),
    ],
    ['remove its owner', (api) => api.api(`/groups/${group}/owners/${prod.objectId}/$ref`).delete()],
    ['rename it', (api) => api.api(`/groups/${group}`).patch({ displayName: 'mine' })],
    ['delete it', (api) => api.api(`/groups/${group}`).delete()],
    [
      'take its unique name',
      (api) => api.api("/groups(uniqueName='taken')").header('Prefer', 'create-if-missing').patch(named()),
    ],
  ])('of dev do not suffice to %s of prod', async (_name, attempt) => {
    await expect(attempt(dev.graph)).rejects.toMatchObject(denied)
    await unchanged()
  })

  const grant = (resourceId: string): object => ({
    principalId: dev.objectId,
    resourceId,
    appRoleId: graphPermissions['Group.ReadWrite.All'],
  })
  test.each<[string, (api: Client) => Promise<unknown>]>([
    [
      'grant itself a permission',
      (api) =>
        api
          .api(`/servicePrincipals/${dev.objectId}/appRoleAssignments`)
          .post(grant('00000003-0000-0000-c000-0000000000b0')),
    ],
    [
      'give itself a directory role',
      (api) =>
        api.api('/roleManagement/directory/roleAssignments').post({
          principalId: dev.objectId,
          roleDefinitionId: 'fdd7a751-b60b-444a-984c-02652fe8fa1c',
          directoryScopeId: '/',
        }),
    ],
    [
      'give itself a role through a group for roles',
      (api) =>
        api
          .api('/groups')
          .post(named({ isAssignableToRole: true, 'members@odata.bind': [reference(dev.objectId)] })),
    ],
    [
      'add a secret to the identity of prod',
      (api) => api.api(`/applications(appId='${prod.appId}')/addPassword`).post({}),
    ],
    [
      'let another repository sign in as prod',
      (api) =>
        api.api(`/applications(appId='${prod.appId}')/federatedIdentityCredentials`).post({
          name: 'evil',
          issuer: 'https://token.actions.githubusercontent.com',
          subject: 'repo:evil/evil:ref:refs/heads/main',
          audiences: ['api://AzureADTokenExchange'],
        }),
    ],
    [
      'become an owner of the application of prod',
      (api) =>
        api
          .api(`/servicePrincipals/${prod.objectId}/owners/$ref`)
          .post({ '@odata.id': reference(dev.objectId) }),
    ],
    ['make a person', (api) => api.api('/users').post({ displayName: 'Mallory' })],
    [
      'make an administrative unit',
      (api) => api.api('/directory/administrativeUnits').post({ displayName: 'mine' }),
    ],
  ])('do not suffice to %s', async (_name, attempt) => {
    await expect(attempt(dev.graph)).rejects.toMatchObject(denied)
  })
})
