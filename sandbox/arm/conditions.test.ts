/** What providers make of ETags: some refuse, one answers 304, most ignore them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ask, settle } from './testing/asking.ts'
import { idOf, type ServedArm, serveArm } from './testing/served-arm.ts'

let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm()
})
afterAll(() => arm.close())

const here = { location: 'swedencentral' }
const withHeaders = (headers: Readonly<Record<string, string>>) => ({ headers })

test('a factory of Data Factory that did not change is answered with 304', async () => {
  const factory = idOf('Microsoft.DataFactory/factories', 'adf-etag')
  await arm.put(factory, { ...here, properties: {} })
  const read = (etag: string) => ask(arm, 'GET', factory, undefined, withHeaders({ 'if-none-match': etag }))
  const etag = (await ask(arm, 'GET', factory)).headers.get('etag') ?? ''
  expect((await read(etag)).status).toBe(304)
  await arm.put(factory, { ...here, tags: { changed: 'yes' }, properties: {} })
  expect((await read(etag)).status).toBe(200)
})

test('reads of other providers are answered in full, whatever the ETag', async () => {
  const table = idOf('Microsoft.Network/routeTables', 'rt-etag')
  await arm.put(table, { ...here, properties: {} })
  const etag = (await ask(arm, 'GET', table)).headers.get('etag') ?? ''
  expect((await ask(arm, 'GET', table, undefined, withHeaders({ 'if-none-match': etag }))).status).toBe(200)
})

test('an account is deleted only when nobody wrote in between, when If-Match says so', async () => {
  const account = idOf('Microsoft.CognitiveServices/accounts', 'ai-etag')
  const body = {
    ...here,
    kind: 'AIServices',
    sku: { name: 'S0' },
    properties: { customSubDomainName: 'ai-etag' },
  }
  await arm.put(account, body)
  const etag = (await ask(arm, 'GET', account)).headers.get('etag') ?? ''
  await arm.put(account, { ...body, tags: { changed: 'yes' } })
  const remove = (ifMatch: string) =>
    ask(arm, 'DELETE', account, undefined, withHeaders({ 'if-match': ifMatch }))
  expect(await remove(etag)).toMatchObject({ status: 412, code: 'IfMatchPreconditionFailed' })
  expect(await settle(arm, await remove('*'))).toBe('Succeeded')
})

test('a storage account has no ETag, and is written whatever the headers say', async () => {
  const account = idOf('Microsoft.Storage/storageAccounts', 'noetag')
  const body = { ...here, sku: { name: 'Standard_LRS' }, kind: 'StorageV2' }
  await arm.put(account, body)
  for (const headers of [{ 'if-none-match': '*' }, { 'if-match': '"old"' }])
    expect((await ask(arm, 'PUT', account, body, { headers })).status).toBe(200)
})
