import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from '@microsoft/microsoft-graph-client'
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

describe('people are found', () => {
  test.each([
    ['by object id', `/users/${tenant.anna}`],
    ['by user principal name', '/users/anna@contoso.example'],
  ])('%s', async (_name, path) => {
    await expect(graph.api(path).get()).resolves.toMatchObject({
      id: tenant.anna,
      mail: 'anna@contoso.example',
    })
  })

  test('a guest by a principal name with encoded hashes', async () => {
    const path = `/users/${encodeURIComponent('cleo_fabrikam.example#EXT#@contoso.example')}`
    await expect(graph.api(path).get()).resolves.toMatchObject({ id: tenant.guest })
  })

  test.each([
    ["mail eq 'cleo@fabrikam.example'", [tenant.guest]],
    ["mail eq 'CLEO@fabrikam.example'", [tenant.guest]],
    ["otherMails/any(x:x eq 'cleo.private@fabrikam.example')", [tenant.guest]],
    ["userPrincipalName eq 'bo@contoso.example'", [tenant.bo]],
    ["startswith(displayName,'Bo O''N')", [tenant.bo]],
    [`id in ('${tenant.anna}', '${tenant.bo}') and not (mail eq null)`, [tenant.anna]],
    ["mail eq 'nobody@contoso.example'", []],
  ])('by the filter %s', async (filter, expected) => {
    const page = await graph
      .api('/users')
      .header('ConsistencyLevel', 'eventual')
      .count(true)
      .filter(filter)
      .get()
    expect(ids(page)).toEqual(expected)
    expect(page['@odata.count']).toBe(expected.length)
  })

  test('and the one who does not exist is not', async () => {
    await expect(graph.api('/users/nobody@contoso.example').get()).rejects.toMatchObject({
      statusCode: 404,
      code: 'Request_ResourceNotFound',
      message: expect.stringContaining("Resource 'nobody@contoso.example' does not exist"),
    })
  })

  test('with only the properties that are selected', async () => {
    const user = await graph.api(`/users/${tenant.guest}`).select('id,userType').get()
    expect(user).toEqual({ '@odata.context': expect.any(String), id: tenant.guest, userType: 'Guest' })
  })
})

describe('service principals are found', () => {
  test.each([
    [`/servicePrincipals/${tenant.reader.objectId}`],
    [`/servicePrincipals(appId='${tenant.reader.appId}')`],
  ])('at %s', async (path) => {
    await expect(graph.api(path).get()).resolves.toMatchObject({ displayName: 'reader' })
  })

  test.each([
    [`appId eq '${tenant.reader.appId}'`],
    ["displayName eq 'reader'"],
    [`servicePrincipalNames/any(c:c eq '${tenant.reader.appId}')`],
  ])('as an application, by the filter %s', async (filter) => {
    expect(ids(await graph.api('/servicePrincipals').filter(filter).get())).toEqual([tenant.reader.objectId])
  })

  test('with everything else, by getByIds, which leaves out what it does not find', async () => {
    const asked = [tenant.anna, tenant.reader.objectId, '00000000-0000-0000-0000-000000000000']
    const answer = await graph
      .api('/directoryObjects/getByIds')
      .post({ ids: asked, types: ['user', 'group'] })
    expect(answer.value).toEqual([
      expect.objectContaining({ '@odata.type': '#microsoft.graph.user', id: tenant.anna }),
    ])
  })
})

describe('a query is refused as Graph refuses it', () => {
  test.each([
    ['/users', { $filter: "endswith(mail,'example')" }, 'Request_UnsupportedQuery'],
    ['/users', { $filter: "mail ne 'x'" }, 'Request_UnsupportedQuery'],
    ['/users', { $filter: "shoeSize eq '40'" }, 'Request_UnsupportedQuery'],
    ['/users', { $filter: "contains(mail,'x')" }, 'BadRequest'],
    ['/users', { $filter: 'mail eq' }, 'BadRequest'],
    ['/users', { $search: '"displayName:anna"' }, 'Request_UnsupportedQuery'],
    ['/users', { $top: '1000' }, 'Request_UnsupportedQuery'],
    ['/users/$count', {}, 'Request_UnsupportedQuery'],
    ['/devices', {}, 'BadRequest'],
  ])('%s %j', async (path, query, code) => {
    await expect(graph.api(path).query(query).get()).rejects.toMatchObject({ statusCode: 400, code })
  })

  test('but an advanced one is answered when it says so', async () => {
    const request = graph.api('/users').header('ConsistencyLevel', 'eventual').search('"displayName:cle gue"')
    expect(ids(await request.get())).toEqual([tenant.guest])
  })
})

test('a long list comes in pages that lead to each other', async () => {
  const made = await Promise.all(Array.from({ length: 5 }, () => create({ displayName: 'page' })))
  const seen: string[] = []
  let path: string | undefined = "/groups?$filter=displayName eq 'page'&$top=2"
  let pages = 0
  while (path !== undefined) {
    const page = (await graph.api(path).get()) as { value: { id: string }[]; '@odata.nextLink'?: string }
    seen.push(...ids(page))
    path = page['@odata.nextLink']
    pages += 1
  }
  expect(pages).toBe(3)
  expect(seen.toSorted()).toEqual(made.map((group) => group.id).toSorted())
})

describe('a batch', () => {
  const run = (requests: unknown[]): Promise<{ responses: { id: string; status: number }[] }> =>
    graph.api('/$batch').post({ requests })

  test('answers each request on its own, in no particular order', async () => {
    const { responses } = await run([
      { id: '1', method: 'GET', url: `/users/${tenant.anna}` },
      { id: '2', method: 'GET', url: '/users/nobody' },
    ])
    const statuses = Object.fromEntries(responses.map((response) => [response.id, response.status]))
    expect(statuses).toEqual({ 1: 200, 2: 404 })
  })

  test('does not try what depends on a failure', async () => {
    const { id } = await create()
    const body = { '@odata.id': reference(tenant.anna) }
    const add = { method: 'POST', url: `/groups/${id}/members/$ref`, body, headers: {} }
    const { responses } = await run([
      { id: '1', method: 'GET', url: '/users/nobody' },
      { id: '2', ...add, dependsOn: ['1'] },
    ])
    expect(responses.find((response) => response.id === '2')?.status).toBe(424)
    expect(await membersOf(id)).toEqual([])
  })

  test('is throttled one request at a time, when a fault says so', async () => {
    const throttled = { error: { code: 'TooManyRequests', message: 'Too many requests.' } }
    sandbox.faults.add({
      method: 'GET',
      path: `^/graph/v1.0/users/${tenant.bo}$`,
      status: 429,
      headers: { 'Retry-After': '2' },
      body: throttled,
    })
    const { responses } = await run([
      { id: '1', method: 'GET', url: `/users/${tenant.anna}` },
      { id: '2', method: 'GET', url: `/users/${tenant.bo}` },
    ])
    const sorted = responses.toSorted((one, other) => one.id.localeCompare(other.id))
    expect(sorted).toMatchObject([
      { id: '1', status: 200 },
      { id: '2', status: 429, headers: { 'retry-after': '2' }, body: throttled },
    ])
  })

  test.each([
    ['headers that are no texts', { headers: { a: 1 } }],
    ['no method', { method: undefined }],
    ['a dependency on a stranger', { dependsOn: ['9'] }],
    ['a dependency on itself', { dependsOn: ['1'] }],
  ])('with %s is refused', async (_name, wrong) => {
    await expect(run([{ id: '1', method: 'GET', url: '/users', ...wrong }])).rejects.toMatchObject({
      statusCode: 400,
    })
  })

  test('of more than 20 is refused', async () => {
    const many = Array.from({ length: 21 }, (_, index) => ({ id: `${index}`, method: 'GET', url: '/users' }))
    await expect(run(many)).rejects.toMatchObject({ statusCode: 400 })
  })
})

describe('who may not is denied', () => {
  const denied = { statusCode: 403, code: 'Authorization_RequestDenied' }

  test('a reader of people makes no groups, and reads none', async () => {
    const reader = sandbox.graph(tenant.reader.appId)
    await expect(reader.api(`/users/${tenant.anna}`).get()).resolves.toMatchObject({ id: tenant.anna })
    await expect(reader.api('/groups').get()).rejects.toMatchObject(denied)
    await expect(reader.api('/groups').post(groupNamed())).rejects.toMatchObject(denied)
  })

  test('one who may only create groups cannot change them afterwards', async () => {
    const creator = sandbox.graph(tenant.workflow.appId)
    const group = (await creator.api('/groups').post(groupNamed())) as { id: string }
    const add = { '@odata.id': reference(tenant.anna) }
    await expect(creator.api(`/groups/${group.id}/members/$ref`).post(add)).rejects.toMatchObject(denied)
  })

  test('nobody comes in without a token, or with one for something else', async () => {
    const address = `${sandbox.server.url}/graph/v1.0/users`
    expect((await fetch(address)).status).toBe(401)
    const token = await sandbox.credential().getToken('https://management.azure.com/.default')
    const answer = await fetch(address, { headers: { Authorization: `Bearer ${token?.token}` } })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error: { code: 'InvalidAuthenticationToken' } })
  })
})

test('a new group cannot be found before it is replicated', async () => {
  const slow = await startTenant(60_000)
  try {
    const client = slow.graph()
    const group = (await client.api('/groups').post(groupNamed())) as { id: string }
    await expect(client.api(`/groups/${group.id}`).get()).rejects.toMatchObject({ statusCode: 404 })
    expect(slow.directory.find(group.id)).toBeUndefined()
    slow.advance(60_000)
    await expect(client.api(`/groups/${group.id}`).get()).resolves.toMatchObject({ id: group.id })
  } finally {
    await slow.server.close()
  }
})
