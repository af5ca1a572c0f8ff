import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Client, ResponseType } from '@microsoft/microsoft-graph-client'
import { startTenant, type TestTenant, tenant } from '../server/test-tenant.ts'

let sandbox: TestTenant
let graph: Client
beforeAll(async () => {
  sandbox = await startTenant()
  graph = sandbox.graph()
})
afterAll(() => sandbox.server.close())

let serial = 0
function groupNamed(changes: Record<string, unknown> = {}): Record<string, unknown> {
  serial += 1
  const name = `group-${serial}`
  return { displayName: name, mailNickname: name, mailEnabled: false, securityEnabled: true, ...changes }
}

const reference = (id: string): string => `${sandbox.server.url}/graph/v1.0/directoryObjects/${id}`
const create = (changes?: Record<string, unknown>): Promise<{ id: string }> =>
  graph.api('/groups').post(groupNamed(changes))
const membersOf = async (id: string): Promise<string[]> => {
  const { value } = (await graph.api(`/groups/${id}/members`).get()) as { value: { id: string }[] }
  return value.map((member) => member.id)
}
const ids = (page: { value: { id: string }[] }): string[] => page.value.map((object) => object.id)

test('a group with a mailbox is a member of no group', async () => {
  const unified = await create({ mailEnabled: true, groupTypes: ['Unified'] })
  const group = await create()
  const added = graph.api(`/groups/${group.id}/members/$ref`).post({ '@odata.id': reference(unified.id) })
  await expect(added).rejects.toMatchObject({ statusCode: 400 })
})

describe('a group is made', () => {
  test('with members and owners, and found by its names', async () => {
    const group = await create({
      displayName: 'prj001 team',
      'members@odata.bind': [reference(tenant.anna)],
      'owners@odata.bind': [`https://graph.microsoft.com/v1.0/users/${tenant.bo}`],
    })
    expect(await membersOf(group.id)).toEqual([tenant.anna])
    expect(ids(await graph.api(`/groups/${group.id}/owners`).get())).toEqual([tenant.bo])
    expect(ids(await graph.api('/groups').filter("displayName eq 'prj001 team'").get())).toEqual([group.id])
  })

  test.each([
    ['displayName', 'x'.repeat(257)],
    ['mailNickname', 'x'.repeat(65)],
    ['mailNickname', 'with space'],
    ['mailNickname', 'at@sign'],
    ['mailNickname', 'ümlaut'],
    ['securityEnabled', 'yes'],
  ])('never with %s %j', async (property, value) => {
    await expect(create({ [property]: value })).rejects.toMatchObject({
      statusCode: 400,
      code: 'Request_BadRequest',
      message: `Invalid value specified for property '${property}' of resource 'Group'.`,
    })
  })

  test.each([['displayName'], ['mailNickname'], ['mailEnabled'], ['securityEnabled']])(
    'never without %s',
    async (property) => {
      await expect(create({ [property]: undefined })).rejects.toMatchObject({ statusCode: 400 })
    },
  )

  test('never with more than 20 relationships at once', async () => {
    const many = Array.from({ length: 20 }, () => reference(tenant.anna))
    const both = { 'members@odata.bind': many, 'owners@odata.bind': [reference(tenant.bo)] }
    await expect(create(both)).rejects.toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('limit of 20'),
    })
  })

  test('once and only once by its unique name', async () => {
    const upsert = (displayName: string): Promise<Response> =>
      graph
        .api("/groups(uniqueName='prj001-lead')")
        .header('Prefer', 'create-if-missing')
        .responseType(ResponseType.RAW)
        .patch(groupNamed({ displayName, mailNickname: 'prj001-lead' }))
    const first = await upsert('first')
    const second = await upsert('second')
    expect([first.status, second.status]).toEqual([201, 204])
    const made = (await first.json()) as { id: string }
    await expect(graph.api("/groups(uniqueName='prj001-lead')").get()).resolves.toMatchObject({
      id: made.id,
      uniqueName: 'prj001-lead',
      displayName: 'second',
    })
  })

  test('not by a unique name without the header that asks for it', async () => {
    await expect(graph.api("/groups(uniqueName='absent')").patch({ description: 'x' })).rejects.toMatchObject(
      {
        statusCode: 404,
      },
    )
  })

  test('and taken away', async () => {
    const group = await create()
    await graph.api(`/groups/${group.id}`).delete()
    await expect(graph.api(`/groups/${group.id}`).get()).rejects.toMatchObject({ statusCode: 404 })
  })
})

describe('members', () => {
  const addOne = (group: string, id: string): Promise<unknown> =>
    graph.api(`/groups/${group}/members/$ref`).post({ '@odata.id': reference(id) })

  test('are added once, and the second time says so', async () => {
    const { id } = await create()
    await addOne(id, tenant.anna)
    await expect(addOne(id, tenant.anna)).rejects.toMatchObject({
      statusCode: 400,
      code: 'Request_BadRequest',
      message:
        "One or more added object references already exist for the following modified properties: 'members'.",
    })
    expect(await membersOf(id)).toEqual([tenant.anna])
  })

  test('who do not exist are not found', async () => {
    const { id } = await create()
    await expect(addOne(id, '00000000-0000-0000-0000-000000000000')).rejects.toMatchObject({
      statusCode: 404,
    })
  })

  test('are added all or none', async () => {
    const { id } = await create({ 'members@odata.bind': [reference(tenant.anna)] })
    const both = { 'members@odata.bind': [reference(tenant.bo), reference(tenant.anna)] }
    await expect(graph.api(`/groups/${id}`).patch(both)).rejects.toMatchObject({ statusCode: 400 })
    expect(await membersOf(id)).toEqual([tenant.anna])
  })

  test('are added at most 20 at a time', async () => {
    const { id } = await create()
    const many = { 'members@odata.bind': Array.from({ length: 21 }, () => reference(tenant.anna)) }
    await expect(graph.api(`/groups/${id}`).patch(many)).rejects.toMatchObject({
      message: expect.stringContaining('limit of 20'),
    })
  })

  test('are removed, and the second time not found', async () => {
    const { id } = await create({ 'members@odata.bind': [reference(tenant.anna)] })
    await graph.api(`/groups/${id}/members/${tenant.anna}/$ref`).delete()
    expect(await membersOf(id)).toEqual([])
    await expect(graph.api(`/groups/${id}/members/${tenant.anna}/$ref`).delete()).rejects.toMatchObject({
      statusCode: 404,
    })
  })

  test('of a group within a group are members of both', async () => {
    const inner = await create({ 'members@odata.bind': [reference(tenant.anna)] })
    const outer = await create({ 'members@odata.bind': [reference(inner.id)] })
    expect(await membersOf(outer.id)).toEqual([inner.id])
    const all = await graph.api(`/groups/${outer.id}/transitiveMembers`).get()
    expect(ids(all).toSorted()).toEqual([inner.id, tenant.anna].toSorted())
    expect(sandbox.directory.groupsOf(tenant.anna)).toEqual(expect.arrayContaining([inner.id, outer.id]))
    const people = await graph.api(`/groups/${outer.id}/transitiveMembers/microsoft.graph.user`).get()
    expect(ids(people)).toEqual([tenant.anna])
  })

  test('that are service principals are listed only when asked for by their type', async () => {
    const { id } = await create({
      'members@odata.bind': [reference(tenant.anna), reference(tenant.reader.objectId)],
    })
    expect(await membersOf(id)).toEqual([tenant.anna])
    expect(ids(await graph.api(`/groups/${id}/transitiveMembers`).get())).toEqual([tenant.anna])
    const cast = await graph.api(`/groups/${id}/members/microsoft.graph.servicePrincipal`).get()
    expect(ids(cast)).toEqual([tenant.reader.objectId])
  })

  test('leave the last owner in place', async () => {
    const { id } = await create({ 'owners@odata.bind': [reference(tenant.anna)] })
    await expect(graph.api(`/groups/${id}/owners/${tenant.anna}/$ref`).delete()).rejects.toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('at least one owner'),
    })
  })
})
