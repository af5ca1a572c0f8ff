/** What the client hides: headers, bodies and refusals as they travel. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { loadLake } from './index.ts'
import { people, plant, type StubLake, startStubLake } from './testing/stub-lake.ts'

let lake: StubLake

beforeAll(async () => {
  lake = await startStubLake()
})
afterAll(() => lake.close())

const told = async (response: Response): Promise<{ status: number; code: string | null; body: string }> => ({
  status: response.status,
  code: response.headers.get('x-ms-error-code'),
  body: await response.text(),
})

describe('who is let in', () => {
  test('without a token: 401, and where to get one', async () => {
    const response = await lake.send(undefined, 'GET', '/lake3?resource=filesystem&recursive=false')
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer authorization_uri=${lake.base}/tenant/oauth2/authorize resource_id=https://storage.azure.com`,
    )
    expect(await told(response)).toMatchObject({ status: 401, code: 'NoAuthenticationInformation' })
  })

  test.each([
    ['for another service', 'owner@https://management.azure.com', 'Audience validation failed'],
    ['that does not verify', 'nonsense', 'Signature validation failed'],
  ])('with a token %s: 401', async (_, token, detail) => {
    const answer = await told(await lake.send(token, 'GET', '/lake3?resource=filesystem&recursive=false'))
    expect(answer).toMatchObject({ status: 401, code: 'InvalidAuthenticationInfo' })
    expect(answer.body).toContain(detail)
  })

  test('without x-ms-version a bearer token is not understood', async () => {
    const response = await fetch(`${lake.base}/storage/lake001/lake3?resource=filesystem&recursive=false`, {
      headers: { authorization: 'Bearer owner' },
    })
    expect(await told(response)).toMatchObject({ status: 403, code: 'AuthenticationFailed' })
  })
})

describe('what is simpler here', () => {
  test('account keys and shared access signatures let nobody in', async () => {
    const url = `${lake.base}/storage/lake001/lake3?resource=filesystem&recursive=false`
    const headers = { 'x-ms-version': '2023-11-03', authorization: 'SharedKey lake001:c2lnbmF0dXJl' }
    expect(await told(await fetch(url, { headers }))).toMatchObject({ code: 'AuthenticationFailed' })
    const signed = await lake.send(undefined, 'GET', '/lake3?resource=filesystem&sv=2023-11-03&sig=x')
    expect(await told(signed)).toMatchObject({ status: 401, code: 'NoAuthenticationInformation' })
  })

  test('all containers come in one page', async () => {
    const response = await lake.send('owner', 'GET', '/?comp=list&maxresults=1')
    expect(await response.text()).toContain('<NextMarker />')
  })

  test.each(['comp=lease', 'comp=tags', 'comp=snapshot', 'comp=tier', 'comp=undelete'])(
    'a path has no %s',
    async (query) => {
      await lake.send('owner', 'PUT', '/lake3/leased?resource=file')
      expect(await told(await lake.send('owner', 'PUT', `/lake3/leased?${query}`))).toMatchObject({
        status: 400,
        code: 'UnsupportedQueryParameter',
      })
    },
  )

  test('names of people are not shown in place of object ids', async () => {
    await lake.send('owner', 'PUT', '/lake3/owned?resource=directory')
    const shown = await lake.send('owner', 'HEAD', '/lake3/owned?action=getAccessControl&upn=true')
    expect(shown.headers.get('x-ms-owner')).toBe(people.owner)
  })
})

describe('the two dialects', () => {
  test('dfs refuses in JSON, blob in XML and with its own codes', async () => {
    const dfs = await told(await lake.send('owner', 'GET', '/nowhere?resource=filesystem&recursive=false'))
    expect(dfs).toMatchObject({ status: 404, code: 'FilesystemNotFound' })
    expect(JSON.parse(dfs.body)).toMatchObject({ error: { code: 'FilesystemNotFound' } })
    const blob = await told(await lake.send('owner', 'GET', '/nowhere?restype=container'))
    expect(blob).toMatchObject({ status: 404, code: 'ContainerNotFound' })
    expect(blob.body).toContain('<Error><Code>ContainerNotFound</Code>')
  })

  test('dfs makes, shows and deletes a filesystem too', async () => {
    const made = await lake.send('owner', 'PUT', '/by-dfs?resource=filesystem')
    expect([made.status, made.headers.get('x-ms-namespace-enabled')]).toEqual([201, 'true'])
    expect((await lake.send('owner', 'HEAD', '/by-dfs?resource=filesystem')).status).toBe(200)
    expect((await lake.send('owner', 'DELETE', '/by-dfs?resource=filesystem')).status).toBe(202)
  })

  test('an account or a call that the lake does not have is refused', async () => {
    const response = await fetch(`${lake.base}/storage/other/lake3?restype=container`)
    expect(await told(response)).toMatchObject({ status: 404, code: 'ResourceNotFound' })
    expect(await told(await lake.send('owner', 'POST', '/lake3/a'))).toMatchObject({
      status: 405,
      code: 'UnsupportedHttpVerb',
    })
    expect(await told(await lake.send('owner', 'PATCH', '/lake3/a?action=dance'))).toMatchObject({
      status: 400,
      code: 'InvalidQueryParameterValue',
    })
  })
})

describe('lists as text', () => {
  const set = (acl: string): Promise<Response> =>
    lake.send('owner', 'PATCH', '/lake3/d?action=setAccessControl', { 'x-ms-acl': acl })

  test.each([
    ['letters out of order', 'user::xwr,group::r-x,other::---'],
    ['no permissions', 'user::,group::r-x,other::---'],
    ['a name instead of an object id', 'user::rwx,group::r-x,other::---,user:anna@contoso.example:r-x'],
    ['an entry that comes twice', 'user::rwx,user::r-x,group::r-x,other::---'],
    ['a named mask', 'user::rwx,group::r-x,other::---,mask:aaaaaaaa-0000-0000-0000-000000000001:rwx'],
    ['nonsense', 'asdf'],
  ])('%s: 400 in the spelling of the service', async (_, acl) => {
    await lake.send('owner', 'PUT', '/lake3/d?resource=directory')
    expect(await told(await set(acl))).toMatchObject({ status: 400, code: 'InvaldAccessControlList' })
  })

  test('only one of list and permissions can be given', async () => {
    const response = await lake.send('owner', 'PATCH', '/lake3/d?action=setAccessControl', {
      'x-ms-acl': 'user::rwx,group::r-x,other::---',
      'x-ms-permissions': '0750',
    })
    expect(await told(response)).toMatchObject({ status: 400, code: 'InvalidInput' })
  })

  test('a list given at creation holds, and one that is wrong makes nothing, not even the parents', async () => {
    const acl = 'user::rwx,group::---,other::--x'
    await lake.send('owner', 'PUT', '/lake3/given?resource=directory', { 'x-ms-acl': acl })
    const shown = await lake.send('owner', 'HEAD', '/lake3/given?action=getAccessControl')
    expect(shown.headers.get('x-ms-acl')).toBe(acl)
    expect(shown.headers.get('x-ms-permissions')).toBe('rwx-----x')
    await lake.send('owner', 'PUT', '/lake3/new/below?resource=directory', { 'x-ms-acl': 'user::rwx' })
    expect((await lake.send('owner', 'HEAD', '/lake3/new')).status).toBe(404)
  })

  test('owner and group change hands only at the word of a super-user', async () => {
    const other = 'cccccccc-0000-0000-0000-000000000001'
    const give = (token: string): Promise<Response> =>
      lake.send(token, 'PATCH', '/lake3/gift?action=setAccessControl', { 'x-ms-owner': other })
    await lake.send('contributor', 'PUT', '/lake3/gift?resource=directory')
    expect((await give('contributor')).status).toBe(403)
    expect((await give('owner')).status).toBe(200)
    const shown = await lake.send('owner', 'HEAD', '/lake3/gift?action=getStatus')
    expect(shown.headers.get('x-ms-owner')).toBe(other)
  })
})

describe('the recursive call', () => {
  const path = '/lake3/tree?action=setAccessControlRecursive&mode=set&maxRecords=2'
  const acl = { 'x-ms-acl': 'user::rwx,group::r-x,other::---' }

  test('tells what it did, and goes on only with its own token', async () => {
    plant(lake.state, 'lake3', 'tree', 3)
    const first = await lake.send('owner', 'PATCH', path, acl)
    expect(await first.json()).toEqual({
      directoriesSuccessful: 2,
      filesSuccessful: 0,
      failureCount: 0,
      failedEntries: [],
    })
    const token = encodeURIComponent(first.headers.get('x-ms-continuation') ?? '')
    const second = await lake.send('owner', 'PATCH', `${path}&continuation=${token}`, acl)
    expect(await second.json()).toMatchObject({ directoriesSuccessful: 0, filesSuccessful: 2 })
    expect(second.headers.get('x-ms-continuation')).toBeNull()
    expect(await told(await lake.send('owner', 'PATCH', `${path}&continuation=abc`, acl))).toMatchObject({
      status: 400,
      code: 'InvalidQueryParameterValue',
    })
  })

  test('a list that no path could take is refused as a whole', async () => {
    const refused = await lake.send('owner', 'PATCH', path, { 'x-ms-acl': 'user::rwx' })
    expect(await told(refused)).toMatchObject({ status: 400, code: 'SetAclMissingAces' })
  })
})

describe('renaming', () => {
  const rename = (from: string, to: string, headers: Record<string, string> = {}): Promise<Response> =>
    lake.send('owner', 'PUT', to, { 'x-ms-rename-source': from, ...headers })

  test('moves a directory with all it holds, named with or without the account', async () => {
    await lake.send('owner', 'PUT', '/lake3/from/a?resource=directory')
    expect((await rename('/lake3/from', '/lake3/to')).status).toBe(201)
    expect((await lake.send('owner', 'HEAD', '/lake3/to/a')).status).toBe(200)
    expect((await lake.send('owner', 'HEAD', '/lake3/from')).status).toBe(404)
    expect((await rename('/storage/lake001/lake3/to', '/lake3/from')).status).toBe(201)
  })

  test.each([
    ['the source is not there', '/lake3/ghost', '/lake3/b', 404, 'SourcePathNotFound'],
    ['the parent is not there', '/lake3/x', '/lake3/no/b', 404, 'RenameDestinationParentPathNotFound'],
    ['the target holds something', '/lake3/x', '/lake3/full', 409, 'PathAlreadyExists'],
    ['a directory would go into itself', '/lake3/x', '/lake3/x/y', 409, 'InvalidRenameSourcePath'],
    ['the source is in another account', '/other/x', '/lake3/y', 400, 'InvalidSourceUri'],
  ])('is refused when %s', async (_, from, to, status, code) => {
    await lake.send('owner', 'PUT', '/lake3/x?resource=directory')
    await lake.send('owner', 'PUT', '/lake3/full/z?resource=directory')
    expect(await told(await rename(from, to))).toMatchObject({ status, code })
  })
})

test('a lake that was written down is the same lake again', async () => {
  await lake.send('owner', 'PUT', '/lake3/kept?resource=directory', {
    'x-ms-permissions': '1750',
    'x-ms-properties': `team=${Buffer.from('anna').toString('base64')}`,
  })
  await lake.send('owner', 'PATCH', '/lake3/kept?action=setAccessControlRecursive&mode=modify', {
    'x-ms-acl': 'default:group:bbbbbbbb-0000-0000-0000-000000000001:rwx',
  })
  const text = JSON.stringify(lake.state)
  expect(JSON.stringify(loadLake(JSON.parse(text)))).toBe(text)
})

test('a path cannot climb out of its container', async () => {
  for (const path of ['/lake3/%2E%2E/x', '/lake3/a%2F..%2Fb', '/lake3/%00']) {
    const response = await lake.send('owner', 'PUT', `${path}?resource=directory`)
    expect([400, 404]).toContain(response.status)
  }
})
