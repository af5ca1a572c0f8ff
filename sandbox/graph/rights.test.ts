/** Which application permissions each call takes, and what owning a group is worth. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from '@microsoft/microsoft-graph-client'
import { graphPermissions } from '../entra/graph-permissions.ts'
import { startTenant, type TestApplication, type TestTenant, tenant } from '../server/test-tenant.ts'

let sandbox: TestTenant
/** May everything. */
let admin: Client
beforeAll(async () => {
  sandbox = await startTenant()
  const names = Object.keys(graphPermissions)
  admin = sandbox.newApplication(...names).graph
  withOne = new Map(names.map((name) => [name, sandbox.newApplication(name)]))
})
afterAll(() => sandbox.server.close())

/** An application for each permission, which has it alone. */
let withOne: ReadonlyMap<string, TestApplication> = new Map()

let serial = 0
const named = (changes: Record<string, unknown> = {}): Record<string, unknown> => {
  serial += 1
  const name = `rights-${serial}`
  return { displayName: name, mailNickname: name, mailEnabled: false, securityEnabled: true, ...changes }
}
const reference = (id: string): string => `${sandbox.server.url}/graph/v1.0/directoryObjects/${id}`
const made = async (changes?: Record<string, unknown>): Promise<string> =>
  ((await admin.api('/groups').post(named(changes))) as { id: string }).id
const denied = { statusCode: 403, code: 'Authorization_RequestDenied' }
const statusOf = async (call: Promise<unknown>): Promise<number> => {
  try {
    await call
    return 200
  } catch (error) {
    return Number(Reflect.get(Object(error), 'statusCode'))
  }
}
const person = (): Record<string, unknown> => {
  serial += 1
  return {
    accountEnabled: true,
    displayName: 'New',
    mailNickname: `new${serial}`,
    userPrincipalName: `new${serial}@contoso.example`,
    passwordProfile: { password: 'Sandbox-1234' },
  }
}

/** A call, prepared by who may everything, and the permissions of Microsoft's page of it. */
type Row = readonly [name: string, call: (graph: Client) => Promise<Promise<unknown>[]>, permissions: string]
const readGroups =
  'GroupMember.Read.All Group.Read.All Directory.Read.All GroupMember.ReadWrite.All Group.ReadWrite.All Directory.ReadWrite.All'
const readApps =
  'Application.Read.All Application.ReadWrite.OwnedBy Application.ReadWrite.All Directory.Read.All Directory.ReadWrite.All'
const calls: readonly Row[] = [
  [
    'list users',
    async (graph) => [graph.api('/users').get()],
    'User.Read.All Directory.Read.All User.ReadWrite.All Directory.ReadWrite.All',
  ],
  [
    'read a user',
    async (graph) => [graph.api(`/users/${tenant.anna}`).get()],
    'User.ReadBasic.All User.Read.All Directory.Read.All User.ReadWrite.All Directory.ReadWrite.All',
  ],
  [
    'create a user',
    async (graph) => [graph.api('/users').post(person())],
    'User.ReadWrite.All Directory.ReadWrite.All',
  ],
  [
    'change a user',
    async (graph) => [graph.api(`/users/${tenant.bo}`).patch({ jobTitle: 'x' })],
    'User.ReadWrite.All Directory.ReadWrite.All',
  ],
  ['list groups', async (graph) => [graph.api('/groups').get()], readGroups],
  ['list members', async (graph) => [graph.api(`/groups/${await made()}/members`).get()], readGroups],
  [
    'create a group',
    async (graph) => [graph.api('/groups').post(named())],
    'Group.Create Group.ReadWrite.All Directory.ReadWrite.All',
  ],
  [
    'create a group by its unique name',
    async (graph) => [
      graph.api(`/groups(uniqueName='u${++serial}')`).header('Prefer', 'create-if-missing').patch(named()),
    ],
    'Group.ReadWrite.All Directory.ReadWrite.All',
  ],
  [
    'change a group',
    async (graph) => [graph.api(`/groups/${await made()}`).patch({ description: 'x' })],
    'Group.ReadWrite.All Directory.ReadWrite.All',
  ],
  ['delete a group', async (graph) => [graph.api(`/groups/${await made()}`).delete()], 'Group.ReadWrite.All'],
  [
    'add a member',
    async (graph) => [
      graph.api(`/groups/${await made()}/members/$ref`).post({ '@odata.id': reference(tenant.anna) }),
    ],
    'GroupMember.ReadWrite.All Group.ReadWrite.All Directory.ReadWrite.All',
  ],
  [
    'add an owner',
    async (graph) => [
      graph.api(`/groups/${await made()}/owners/$ref`).post({ '@odata.id': reference(tenant.anna) }),
    ],
    'Group.ReadWrite.All Directory.ReadWrite.All',
  ],
  [
    'add a member to a group for roles',
    async (graph) => [
      graph
        .api(`/groups/${await made({ isAssignableToRole: true })}/members/$ref`)
        .post({ '@odata.id': reference(tenant.anna) }),
    ],
    'RoleManagement.ReadWrite.Directory',
  ],
  ['list applications', async (graph) => [graph.api('/applications').get()], readApps],
  ['list service principals', async (graph) => [graph.api('/servicePrincipals').get()], readApps],
  [
    'create an application',
    async (graph) => [graph.api('/applications').post({ displayName: 'new' })],
    'Application.ReadWrite.OwnedBy Application.ReadWrite.All Directory.ReadWrite.All',
  ],
  [
    'change an application of others',
    async (graph) => {
      const { id } = (await admin.api('/applications').post({ displayName: 'theirs' })) as { id: string }
      return [graph.api(`/applications/${id}`).patch({ displayName: 'ours' })]
    },
    // Each of them may read it first, too.
    'Application.ReadWrite.All Directory.ReadWrite.All',
  ],
  [
    'list administrative units',
    async (graph) => [graph.api('/directory/administrativeUnits').get()],
    'AdministrativeUnit.Read.All Directory.Read.All AdministrativeUnit.ReadWrite.All Directory.ReadWrite.All',
  ],
  [
    'create an administrative unit',
    async (graph) => [graph.api('/directory/administrativeUnits').post({ displayName: 'u' })],
    'AdministrativeUnit.ReadWrite.All',
  ],
  [
    'list role assignments',
    async (graph) => [graph.api('/roleManagement/directory/roleAssignments').get()],
    'RoleManagement.Read.Directory Directory.Read.All RoleManagement.ReadWrite.Directory Directory.ReadWrite.All',
  ],
  [
    'assign a role',
    async (graph) => [
      graph.api('/roleManagement/directory/roleAssignments').post({
        principalId: sandbox.newApplication().objectId,
        roleDefinitionId: '88d8e3e3-8f55-4a1e-953a-9b9898b8876b',
        directoryScopeId: '/',
      }),
    ],
    'RoleManagement.ReadWrite.Directory',
  ],
  [
    'list eligible roles',
    async (graph) => [graph.api('/roleManagement/directory/roleEligibilitySchedules').get()],
    'RoleEligibilitySchedule.Read.Directory RoleManagement.Read.Directory RoleEligibilitySchedule.ReadWrite.Directory RoleManagement.ReadWrite.Directory',
  ],
]

describe.each(calls)('to %s', (_name, call, permissions) => {
  test('each of the permissions of its page is enough, and no other', async () => {
    const enough: string[] = []
    for (const [permission, { graph }] of withOne) {
      for (const attempt of await call(graph)) {
        const status = await statusOf(attempt)
        if (status !== 403) enough.push(`${permission}${status < 300 ? '' : ` ${status}`}`)
      }
    }
    expect(enough.toSorted()).toEqual(permissions.split(' ').toSorted())
  })

  test('without any it is denied', async () => {
    for (const attempt of await call(sandbox.newApplication().graph))
      await expect(attempt).rejects.toMatchObject(denied)
  })
})

describe('an application that may only create groups', () => {
  let creator: TestApplication
  let own = ''
  beforeAll(async () => {
    creator = sandbox.newApplication('Group.Create')
    const body = named({ 'owners@odata.bind': [reference(creator.objectId)] })
    own = ((await creator.graph.api('/groups').post(body)) as { id: string }).id
  })
  const members = (group: string): Promise<unknown> =>
    creator.graph.api(`/groups/${group}/members/$ref`).post({ '@odata.id': reference(tenant.anna) })

  test('reads, changes and deletes a group that it owns, and adds and removes its members', async () => {
    await expect(creator.graph.api(`/groups/${own}`).get()).resolves.toMatchObject({ id: own })
    await creator.graph.api(`/groups/${own}`).patch({ description: 'ours' })
    await members(own)
    await creator.graph.api(`/groups/${own}/members/${tenant.anna}/$ref`).delete()
    const second = named({ 'owners@odata.bind': [reference(creator.objectId)] })
    const { id } = (await creator.graph.api('/groups').post(second)) as { id: string }
    await creator.graph.api(`/groups/${id}`).delete()
    await expect(admin.api(`/groups/${id}`).get()).rejects.toMatchObject({ statusCode: 404 })
  })

  test('does not see who is in it, until it may read members', async () => {
    await expect(creator.graph.api(`/groups/${own}/members`).get()).rejects.toMatchObject(denied)
    const reader = sandbox.newApplication('Group.Create', 'GroupMember.Read.All')
    await expect(reader.graph.api(`/groups/${own}/members`).get()).resolves.toMatchObject({ value: [] })
  })

  test('that creates one without an owner cannot change it any more', async () => {
    const { id } = (await creator.graph.api('/groups').post(named())) as { id: string }
    await expect(members(id)).rejects.toMatchObject(denied)
    await expect(creator.graph.api(`/groups/${id}`).delete()).rejects.toMatchObject(denied)
  })

  test('names others in it only when it may read them', async () => {
    const owned = { 'owners@odata.bind': [reference(creator.objectId)] }
    const withAnna = { ...owned, 'members@odata.bind': [reference(tenant.anna)] }
    await expect(creator.graph.api('/groups').post(named(withAnna))).rejects.toMatchObject(denied)
    const reader = sandbox.newApplication('Group.Create', 'User.Read.All')
    await expect(reader.graph.api('/groups').post(named(withAnna))).rejects.toMatchObject(denied)
    const alone = { 'members@odata.bind': [reference(tenant.anna)] }
    await expect(reader.graph.api('/groups').post(named(alone))).resolves.toMatchObject({
      securityEnabled: true,
    })
  })

  test('makes somebody else an owner besides itself', async () => {
    const people = sandbox.newApplication()
    await creator.graph.api(`/groups/${own}/owners/$ref`).post({ '@odata.id': reference(people.objectId) })
    await people.graph.api(`/groups/${own}/members/$ref`).post({ '@odata.id': reference(tenant.bo) })
    await people.graph.api(`/groups/${own}/members/${tenant.bo}/$ref`).delete()
    await creator.graph.api(`/groups/${own}/owners/${people.objectId}/$ref`).delete()
    await expect(
      people.graph.api(`/groups/${own}/members/$ref`).post({ '@odata.id': reference(tenant.bo) }),
    ).rejects.toMatchObject(denied)
  })
})
