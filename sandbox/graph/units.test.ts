/** Administrative units, the roles given at them, and restricted management. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from '@microsoft/microsoft-graph-client'
import { graphPermissions } from '../entra/graph-permissions.ts'
import { startTenant, type TestTenant, tenant } from '../server/test-tenant.ts'

let sandbox: TestTenant
/** May everything. */
let admin: Client
beforeAll(async () => {
  sandbox = await startTenant()
  admin = sandbox.newApplication(
    ...Object.keys(graphPermissions).filter((name) => name !== 'Directory.Write.Restricted'),
  ).graph
})
afterAll(() => sandbox.server.close())

const groupsAdministrator = 'fdd7a751-b60b-444a-984c-02652fe8fa1c'
const directoryReaders = '88d8e3e3-8f55-4a1e-953a-9b9898b8876b'
const globalReader = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451'
const denied = { statusCode: 403, code: 'Authorization_RequestDenied' }

let serial = 0
const named = (changes: Record<string, unknown> = {}): Record<string, unknown> => {
  serial += 1
  const name = `unit-group-${serial}`
  return { displayName: name, mailNickname: name, mailEnabled: false, securityEnabled: true, ...changes }
}
const reference = (id: string): string => `${sandbox.server.url}/graph/v1.0/directoryObjects/${id}`
const post = async (api: Client, path: string, body: object): Promise<string> =>
  ((await api.api(path).post(body)) as { id: string }).id
const newUnit = (changes: object = {}): Promise<string> =>
  post(admin, '/directory/administrativeUnits', { displayName: 'aif-dev', ...changes })
const inside = (api: Client, unit: string, changes: Record<string, unknown> = {}): Promise<string> =>
  post(api, `/directory/administrativeUnits/${unit}/members`, {
    '@odata.type': '#microsoft.graph.group',
    ...named(changes),
  })
const assign = (principalId: string, roleDefinitionId: string, directoryScopeId: string): Promise<string> =>
  post(admin, '/roleManagement/directory/roleAssignments', {
    principalId,
    roleDefinitionId,
    directoryScopeId,
  })
const membersOf = async (unit: string): Promise<string[]> => {
  const page = (await admin.api(`/directory/administrativeUnits/${unit}/members`).get()) as {
    value: { id: string }[]
  }
  return page.value.map(({ id }) => id)
}
const addAnna = (api: Client, group: string): Promise<unknown> =>
  api.api(`/groups/${group}/members/$ref`).post({ '@odata.id': reference(tenant.anna) })

describe('an administrative unit', () => {
  test('is made, shown, changed and deleted', async () => {
    const id = await newUnit({ description: 'groups of dev' })
    const path = `/directory/administrativeUnits/${id}`
    await admin.api(path).patch({ displayName: 'renamed' })
    await expect(admin.api(path).get()).resolves.toMatchObject({
      id,
      displayName: 'renamed',
      isMemberManagementRestricted: false,
    })
    for (const visibility of ['HiddenMembership', null]) {
      await admin.api(path).patch({ visibility })
      await expect(admin.api(path).get()).resolves.toMatchObject({ displayName: 'renamed', visibility })
    }
    await expect(admin.api(path).patch({ visibility: 'Secret' })).rejects.toMatchObject({ statusCode: 400 })
    await admin.api(path).delete()
    await expect(admin.api(path).get()).rejects.toMatchObject({ statusCode: 404 })
  })

  test('holds users and groups, existing ones and groups created in it, and lets them go', async () => {
    const unit = await newUnit()
    const group = await post(admin, '/groups', named())
    const link = `/directory/administrativeUnits/${unit}/members`
    await admin.api(`${link}/$ref`).post({ '@odata.id': reference(group) })
    await admin.api(`${link}/$ref`).post({ '@odata.id': reference(tenant.anna) })
    const created = await inside(admin, unit)
    expect(await membersOf(unit)).toEqual([group, tenant.anna, created])
    await expect(admin.api(`${link}/$ref`).post({ '@odata.id': reference(group) })).rejects.toMatchObject({
      statusCode: 400,
    })
    await expect(
      admin.api(`${link}/$ref`).post({ '@odata.id': reference(sandbox.newApplication().objectId) }),
    ).rejects.toMatchObject({ statusCode: 400 })
    await admin.api(`${link}/${group}/$ref`).delete()
    expect(await membersOf(unit)).toEqual([tenant.anna, created])
    await admin.api(`/groups/${created}`).delete()
    expect(await membersOf(unit)).toEqual([tenant.anna])
  })
})

test('what is in a unit says so, to those who may not read units by its id alone', async () => {
  const unit = await newUnit()
  const group = await inside(admin, unit)
  const units = `/groups/${group}/memberOf/microsoft.graph.administrativeUnit`
  await expect(admin.api(units).get()).resolves.toMatchObject({
    value: [{ id: unit, displayName: 'aif-dev' }],
  })
  const reader = sandbox.newApplication('GroupMember.Read.All').graph
  const shown = await reader.api(units).get()
  expect(shown.value).toEqual([{ '@odata.type': '#microsoft.graph.administrativeUnit', id: unit }])
})

describe('Groups Administrator at a unit', () => {
  test('counts for the groups in it and for no others, members from anywhere', async () => {
    const [unit, other] = [await newUnit(), await newUnit()]
    const dev = sandbox.newApplication('Directory.Read.All')
    await assign(dev.objectId, groupsAdministrator, `/administrativeUnits/${unit}`)
    const [mine, theirs, free] = [
      await inside(admin, unit),
      await inside(admin, other),
      await post(admin, '/groups', named()),
    ]
    await addAnna(dev.graph, mine)
    await dev.graph.api(`/groups/${mine}`).patch({ description: 'x' })
    for (const group of [theirs, free]) {
      await expect(addAnna(dev.graph, group)).rejects.toMatchObject(denied)
      await expect(dev.graph.api(`/groups/${group}`).delete()).rejects.toMatchObject(denied)
    }
    await dev.graph.api(`/groups/${mine}`).delete()
  })

  test('is nothing for a service principal that reads the tenant’s directory by no other right', async () => {
    const unit = await newUnit()
    const blind = sandbox.newApplication('Group.Create', 'AdministrativeUnit.Read.All')
    await assign(blind.objectId, groupsAdministrator, `/administrativeUnits/${unit}`)
    const group = await inside(admin, unit)
    await expect(addAnna(blind.graph, group)).rejects.toMatchObject(denied)
    await assign(blind.objectId, directoryReaders, '/')
    await addAnna(blind.graph, group)
  })

  test('creates groups inside it, with the rights to create groups and to read units', async () => {
    const unit = await newUnit()
    const dev = sandbox.newApplication('Group.Create', 'AdministrativeUnit.Read.All', 'Directory.Read.All')
    await expect(inside(dev.graph, unit)).rejects.toMatchObject(denied)
    await assign(dev.objectId, groupsAdministrator, `/administrativeUnits/${unit}`)
    const group = await inside(dev.graph, unit)
    await addAnna(dev.graph, group)
    // Adding what exists is a right on all units.
    const existing = await post(admin, '/groups', named())
    const attempt = dev.graph
      .api(`/directory/administrativeUnits/${unit}/members/$ref`)
      .post({ '@odata.id': reference(existing) })
    await expect(attempt).rejects.toMatchObject(denied)
    const less = sandbox.newApplication('Directory.Read.All')
    await assign(less.objectId, groupsAdministrator, `/administrativeUnits/${unit}`)
    await expect(inside(less.graph, unit)).rejects.toMatchObject(denied)
  })

  test('ends with its assignment, and with its unit', async () => {
    const unit = await newUnit()
    const dev = sandbox.newApplication('Directory.Read.All')
    const assignment = await assign(dev.objectId, groupsAdministrator, `/administrativeUnits/${unit}`)
    const group = await inside(admin, unit)
    await dev.graph.api(`/groups/${group}`).patch({ description: 'x' })
    await admin.api(`/roleManagement/directory/roleAssignments/${assignment}`).delete()
    await expect(dev.graph.api(`/groups/${group}`).patch({ description: 'y' })).rejects.toMatchObject(denied)
    await assign(dev.objectId, groupsAdministrator, `/administrativeUnits/${unit}`)
    for (const kind of ['roleEligibilitySchedule', 'roleAssignmentSchedule'])
      await post(admin, `/roleManagement/directory/${kind}Requests`, {
        action: 'adminAssign',
        principalId: tenant.anna,
        roleDefinitionId: groupsAdministrator,
        directoryScopeId: `/administrativeUnits/${unit}`,
        justification: 'On call',
        scheduleInfo: { expiration: { type: 'afterDuration', duration: 'P1D' } },
      })
    await admin.api(`/directory/administrativeUnits/${unit}`).delete()
    for (const [kind, principalId] of [
      ['roleAssignments', dev.objectId],
      ['roleEligibilitySchedules', tenant.anna],
      ['roleAssignmentSchedules', tenant.anna],
    ]) {
      const left = await admin
        .api(`/roleManagement/directory/${kind}`)
        .filter(`principalId eq '${principalId}'`)
        .get()
      expect([kind, left.value]).toEqual([kind, []])
    }
    await expect(dev.graph.api(`/groups/${group}`).patch({ description: 'z' })).rejects.toMatchObject(denied)
  })

  test('is listed and given in the form of scoped role members, too', async () => {
    const unit = await newUnit()
    const dev = sandbox.newApplication()
    const path = `/directory/administrativeUnits/${unit}/scopedRoleMembers`
    const id = await post(admin, path, { roleId: groupsAdministrator, roleMemberInfo: { id: dev.objectId } })
    await expect(admin.api(path).get()).resolves.toMatchObject({
      value: [{ id, roleId: groupsAdministrator, administrativeUnitId: unit }],
    })
    await expect(admin.api(`/roleManagement/directory/roleAssignments/${id}`).get()).resolves.toMatchObject({
      principalId: dev.objectId,
      directoryScopeId: `/administrativeUnits/${unit}`,
    })
    await admin.api(`${path}/${id}`).delete()
    await expect(admin.api(path).get()).resolves.toMatchObject({ value: [] })
  })
})

describe('under restricted management', () => {
  test('only a role at the unit counts: no permission, no role for the tenant, no owner', async () => {
    const unit = await newUnit({ isMemberManagementRestricted: true })
    const owner = sandbox.newApplication()
    const tenantWide = sandbox.newApplication('Directory.Read.All')
    await assign(tenantWide.objectId, groupsAdministrator, '/')
    const scoped = sandbox.newApplication('Directory.Read.All')
    await assign(scoped.objectId, groupsAdministrator, `/administrativeUnits/${unit}`)
    const group = await inside(admin, unit, { 'owners@odata.bind': [reference(owner.objectId)] })
    for (const api of [admin, owner.graph, tenantWide.graph]) {
      await expect(addAnna(api, group)).rejects.toMatchObject(denied)
      await expect(api.api(`/groups/${group}`).patch({ description: 'x' })).rejects.toMatchObject(denied)
      await expect(api.api(`/groups/${group}`).delete()).rejects.toMatchObject(denied)
    }
    await addAnna(scoped.graph, group)
  })

  test('an application with Directory.Write.Restricted uses its other permissions', async () => {
    const unit = await newUnit({ isMemberManagementRestricted: true })
    const group = await inside(admin, unit)
    await expect(
      addAnna(sandbox.newApplication('Directory.Write.Restricted').graph, group),
    ).rejects.toMatchObject(denied)
    await addAnna(
      sandbox.newApplication('Directory.Write.Restricted', 'GroupMember.ReadWrite.All').graph,
      group,
    )
  })

  test('stand security groups that no directory role can be given to, and it is decided once', async () => {
    const unit = await newUnit({ isMemberManagementRestricted: true })
    await expect(inside(admin, unit, { isAssignableToRole: true })).rejects.toMatchObject({ statusCode: 400 })
    await expect(
      inside(admin, unit, { groupTypes: ['Unified'], mailEnabled: true, securityEnabled: false }),
    ).rejects.toMatchObject({ statusCode: 400 })
    await expect(
      admin.api(`/directory/administrativeUnits/${unit}`).patch({ isMemberManagementRestricted: false }),
    ).rejects.toMatchObject({ statusCode: 400 })
  })

  test('a tenant has at most 100 such units', async () => {
    const own = await startTenant()
    try {
      const { graph } = own.newApplication('AdministrativeUnit.ReadWrite.All')
      const make = (): Promise<string> =>
        post(graph, '/directory/administrativeUnits', {
          displayName: 'r',
          isMemberManagementRestricted: true,
        })
      for (let index = 0; index < 100; index += 1) await make()
      await expect(make()).rejects.toMatchObject({ code: 'Directory_QuotaExceeded' })
    } finally {
      await own.server.close()
    }
  })
})

describe('a directory role', () => {
  test('is found by the id that it has in every tenant', async () => {
    const path = `/roleManagement/directory/roleDefinitions`
    await expect(admin.api(`${path}/${groupsAdministrator}`).get()).resolves.toMatchObject({
      displayName: 'Groups Administrator',
      isBuiltIn: true,
    })
    const page = await admin.api(path).filter("displayName eq 'User Administrator'").get()
    expect(page.value).toMatchObject([{ id: 'fe930be7-5e62-47db-91af-98c3a49a38b1' }])
  })

  test('goes to a group only when that was made for it, and then to all in it', async () => {
    const plain = await post(admin, '/groups', named())
    await expect(assign(plain, groupsAdministrator, '/')).rejects.toMatchObject({ statusCode: 400 })
    const dev = sandbox.newApplication()
    const group = await post(
      admin,
      '/groups',
      named({ isAssignableToRole: true, 'members@odata.bind': [reference(dev.objectId)] }),
    )
    await expect(addAnna(dev.graph, plain)).rejects.toMatchObject(denied)
    await assign(group, groupsAdministrator, '/')
    await addAnna(dev.graph, plain)
  })

  test.each([
    [
      'a role that cannot be given at units',
      globalReader,
      async () => `/administrativeUnits/${await newUnit()}`,
      400,
    ],
    [
      'a unit that is not there',
      groupsAdministrator,
      async () => '/administrativeUnits/00000000-0000-0000-0000-000000000000',
      404,
    ],
    ['a role that is not there', '00000000-0000-0000-0000-000000000000', async () => '/', 404],
    ['a scope that is none', groupsAdministrator, async () => '/subscriptions/x', 400],
  ])('is not given with %s', async (_name, role, scope, statusCode) => {
    const attempt = assign(sandbox.newApplication().objectId, role, await scope())
    await expect(attempt).rejects.toMatchObject({ statusCode })
  })

  test('is given once', async () => {
    const { objectId } = sandbox.newApplication()
    await assign(objectId, groupsAdministrator, '/')
    await expect(assign(objectId, groupsAdministrator, '/')).rejects.toMatchObject({ statusCode: 400 })
  })
})
