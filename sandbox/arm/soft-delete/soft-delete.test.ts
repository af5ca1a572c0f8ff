/** What is deleted and kept: for how long, how it is seen, and how it comes back. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ask, settle } from '../testing/asking.ts'
import {
  groupId,
  idOf,
  otherSubscription,
  reader,
  type ServedArm,
  serveArm,
  subscription,
  tenantId,
} from '../testing/served-arm.ts'
import { setClock } from '../testing/set-clock.ts'

const clock = setClock()
let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm({ clock })
})
afterAll(() => arm.close())

const here = { location: 'swedencentral' }
const kinds = {
  vault: {
    type: 'Microsoft.KeyVault/vaults',
    name: 'kv-kept',
    body: {
      ...here,
      properties: { sku: { name: 'standard', family: 'A' }, tenantId, softDeleteRetentionInDays: 7 },
    },
    days: 7,
    listed: 'deletedVaults',
    purge: ['POST', 'Microsoft.KeyVault/locations/swedencentral/deletedVaults/kv-kept/purge'],
    code: 'ConflictError',
    recover: {
      ...here,
      properties: { sku: { name: 'standard', family: 'A' }, tenantId, createMode: 'recover' },
    },
  },
  account: {
    type: 'Microsoft.CognitiveServices/accounts',
    name: 'ai-kept',
    body: {
      ...here,
      kind: 'AIServices',
      sku: { name: 'S0' },
      properties: { customSubDomainName: 'ai-kept' },
    },
    days: 2,
    listed: 'deletedAccounts',
    purge: [
      'DELETE',
      'Microsoft.CognitiveServices/locations/swedencentral/resourceGroups/rg/deletedAccounts/ai-kept',
    ],
    code: 'FlagMustBeSetForRestore',
    recover: { ...here, properties: { restore: true } },
  },
  'API Management': {
    type: 'Microsoft.ApiManagement/service',
    name: 'apim-kept',
    body: {
      ...here,
      sku: { name: 'Developer', capacity: 1 },
      properties: { publisherEmail: 'ops@contoso.example', publisherName: 'Ops' },
    },
    days: 2,
    listed: 'deletedservices',
    purge: ['DELETE', 'Microsoft.ApiManagement/locations/swedencentral/deletedservices/apim-kept'],
    code: 'ServiceAlreadyExistsInSoftDeletedState',
    recover: {
      ...here,
      sku: { name: 'Developer', capacity: 1 },
      properties: { publisherEmail: 'ops@contoso.example', publisherName: 'Ops', restore: true },
    },
  },
  'App Configuration': {
    type: 'Microsoft.AppConfiguration/configurationStores',
    name: 'appcs-kept',
    body: { ...here, sku: { name: 'standard' }, properties: { softDeleteRetentionInDays: 3 } },
    days: 3,
    listed: 'deletedConfigurationStores',
    purge: [
      'POST',
      'Microsoft.AppConfiguration/locations/swedencentral/deletedConfigurationStores/appcs-kept/purge',
    ],
    code: 'NameUnavailable',
    recover: { ...here, sku: { name: 'standard' }, properties: { createMode: 'Recover' } },
  },
} as const

type Kind = keyof typeof kinds
const each = Object.keys(kinds).map((kind) => [kind as Kind] as const)
const providers = `/subscriptions/${subscription}/providers`
const namespaceOf = (kind: Kind) => kinds[kind].type.split('/')[0] ?? ''
const put = async (kind: Kind, body: object = kinds[kind].body) => {
  const answered = await ask(arm, 'PUT', idOf(kinds[kind].type, kinds[kind].name), body)
  if (answered.code === undefined) await settle(arm, answered)
  return answered
}
const remove = async (kind: Kind) => {
  const answered = await ask(arm, 'DELETE', idOf(kinds[kind].type, kinds[kind].name))
  if (answered.status === 202) await settle(arm, answered)
}
const listed = async (kind: Kind) => {
  const { body } = await ask(arm, 'GET', `${providers}/${namespaceOf(kind)}/${kinds[kind].listed}`)
  return (body['value'] as { name: string }[]).map(({ name }) => name)
}
const purge = (kind: Kind, as?: string) => {
  const [method, path] = kinds[kind].purge
  return ask(arm, method, `${providers}/${path}`, undefined, as === undefined ? {} : { as })
}

describe.each(each)('a deleted service (%s)', (kind) => {
  test('keeps its name until its time is over', async () => {
    await put(kind)
    await remove(kind)
    expect(await listed(kind)).toEqual([kinds[kind].name])
    expect((await put(kind)).code).toBe(kinds[kind].code)
    clock.passDays(kinds[kind].days - 0.5)
    expect((await put(kind)).code).toBe(kinds[kind].code)
    clock.passDays(1)
    expect(await listed(kind)).toEqual([])
    expect((await put(kind)).code).toBeUndefined()
    await remove(kind)
    await purge(kind)
  })

  test('is shown with the time when it will be gone, and purged by who may', async () => {
    await put(kind)
    await remove(kind)
    const [method, path] = kinds[kind].purge
    const address = method === 'POST' ? path.replace(/\/purge$/, '') : path
    const shown = await ask(arm, 'GET', `${providers}/${address}`)
    expect(shown.body).toMatchObject({
      id: `${providers}/${address}`,
      properties: { deletionDate: expect.any(String), scheduledPurgeDate: expect.any(String) },
    })
    expect((await purge(kind, reader)).code).toBe('AuthorizationFailed')
    const purged = await purge(kind)
    expect(purged.status).toBe(202)
    await settle(arm, purged)
    expect((await ask(arm, 'GET', `${providers}/${address}`)).status).toBe(404)
    expect((await put(kind)).code).toBeUndefined()
    await remove(kind)
    await purge(kind)
  })

  test('comes back as it was, and only when it is there', async () => {
    const { body: whole, recover } = kinds[kind]
    const nothing = { ...whole, properties: { ...whole.properties, ...recover.properties } }
    expect((await put(kind, nothing)).code).toMatch(/SoftDeletedVaultDoesNotExist|CanNotRestore/)
    await put(kind, { ...whole, tags: { team: 'search' } })
    await remove(kind)
    expect((await put(kind, recover)).code).toBeUndefined()
    const { body } = await ask(arm, 'GET', idOf(kinds[kind].type, kinds[kind].name))
    expect(body).toMatchObject({ tags: { team: 'search' }, properties: { provisioningState: 'Succeeded' } })
    expect(body['properties']).not.toMatchObject({ restore: true })
    expect(await listed(kind)).toEqual([])
    await remove(kind)
    await purge(kind)
  })
})

test('a name that is unique in all of Azure is kept from everybody', async () => {
  await put('vault')
  await remove('vault')
  const elsewhere = groupId.replace(subscription, otherSubscription)
  await arm.put(elsewhere, here)
  const id = `${elsewhere}/providers/Microsoft.KeyVault/vaults/kv-kept`
  expect((await ask(arm, 'PUT', id, kinds.vault.body)).code).toBe('VaultAlreadyExists')
  await purge('vault')
  expect((await ask(arm, 'PUT', id, kinds.vault.body)).code).toBeUndefined()
})

test('what is protected cannot be purged', async () => {
  const id = idOf('Microsoft.KeyVault/vaults', 'kv-guarded')
  const properties = { ...kinds.vault.body.properties, enablePurgeProtection: true }
  await ask(arm, 'PUT', id, { ...here, properties })
  await ask(arm, 'DELETE', id)
  const address = `${providers}/Microsoft.KeyVault/locations/swedencentral/deletedVaults/kv-guarded/purge`
  expect((await ask(arm, 'POST', address)).code).toBe('MethodNotAllowed')
})

test('stores of App Configuration without soft deletion are gone at once', async () => {
  const id = idOf('Microsoft.AppConfiguration/configurationStores', 'appcs-free')
  const body = { ...here, sku: { name: 'free' } }
  for (const _ of ['once', 'and again']) {
    const created = await ask(arm, 'PUT', id, body)
    expect(created.status).toBe(201)
    await settle(arm, created)
    await settle(arm, await ask(arm, 'DELETE', id))
  }
})

test('a Log Analytics workspace that is created again is the one of before, unless nothing was kept', async () => {
  const id = idOf('Microsoft.OperationalInsights/workspaces', 'la-kept')
  const deleted = `${groupId}/providers/Microsoft.OperationalInsights/deletedWorkspaces`
  await arm.put(id, { ...here, properties: { retentionInDays: 90 } })
  await settle(arm, await ask(arm, 'DELETE', id))
  expect((await ask(arm, 'GET', deleted)).body).toMatchObject({ value: [{ name: 'la-kept' }] })
  expect((await arm.put(id, here)).properties).toMatchObject({ retentionInDays: 90 })
  await settle(arm, await ask(arm, 'DELETE', `${id}?force=true`))
  expect((await ask(arm, 'GET', deleted)).body).toEqual({ value: [] })
  expect((await arm.put(id, here)).properties).toMatchObject({ retentionInDays: 30 })
})

test('a machine learning workspace keeps its name until it is deleted for good', async () => {
  const id = idOf('Microsoft.MachineLearningServices/workspaces', 'aml-kept')
  const storageAccount = idOf('Microsoft.Storage/storageAccounts', 'amlkept')
  const keyVault = idOf('Microsoft.KeyVault/vaults', 'kv-aml')
  await arm.put(storageAccount, { ...here, sku: { name: 'Standard_LRS' }, kind: 'StorageV2' })
  await arm.put(keyVault, { ...kinds.vault.body })
  const body = { ...here, identity: { type: 'SystemAssigned' }, properties: { storageAccount, keyVault } }
  await arm.put(id, body)
  await settle(arm, await ask(arm, 'DELETE', id))
  expect(await arm.refusal(id, body)).toBe('BadRequest')
  await ask(arm, 'DELETE', `${id}?forceToPurge=true`)
  expect(await arm.refusal(id, body)).toBe('accepted')
})

test('a SQL server is kept when it says so, and recovered by an action', async () => {
  const id = idOf('Microsoft.Sql/servers', 'sql-kept')
  const deleted = `${providers}/Microsoft.Sql/locations/swedencentral/deletedServers`
  await arm.put(id, { ...here, properties: { retentionDays: 7 } })
  await settle(arm, await ask(arm, 'DELETE', id))
  expect((await ask(arm, 'GET', deleted)).body).toMatchObject({ value: [{ name: 'sql-kept' }] })
  expect(await arm.refusal(id, here)).toBe('NameAlreadyExists')
  expect(await settle(arm, await ask(arm, 'POST', `${deleted}/sql-kept/recover`))).toBe('Succeeded')
  expect((await ask(arm, 'GET', id)).body).toMatchObject({ properties: { retentionDays: 7 } })
})
