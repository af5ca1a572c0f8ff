/** Names that are public host names: whoever has one keeps it from everybody else. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { globalNames } from './global-names.ts'
import { ask } from './testing/asking.ts'
import {
  callerOf,
  groupId,
  idOf,
  otherSubscription,
  owner,
  type ServedArm,
  serveArm,
  subscription,
  tenantId,
} from './testing/served-arm.ts'

let arm: ServedArm
const near = groupId.replace(/rg$/, 'other')
const far = groupId.replace(subscription, otherSubscription)
beforeAll(async () => {
  arm = await serveArm()
  for (const group of [near, far]) await arm.put(group, here)
})
afterAll(() => arm.close())

const here = { location: 'swedencentral' }
const standard = { ...here, sku: { name: 'Standard' } }
const server = { administratorLogin: 'somebody', administratorLoginPassword: 'Not-a-real-1' }

interface Expected {
  readonly body: object
  readonly codes: readonly string[]
  /** What the answer to the question for a name says, where the service can be asked. */
  readonly available?: 'nameAvailable' | 'available'
}
/** A body that the type takes, and the codes: of a live one nearby and far away, and of one that is kept nearby. */
const types: Readonly<Record<string, Expected>> = {
  'Microsoft.Storage/storageAccounts': {
    available: 'nameAvailable',
    body: { ...here, kind: 'StorageV2', sku: { name: 'Standard_LRS' } },
    codes: ['StorageAccountInAnotherResourceGroup', 'StorageAccountAlreadyTaken'],
  },
  'Microsoft.KeyVault/vaults': {
    available: 'nameAvailable',
    body: {
      ...here,
      properties: { tenantId, sku: { family: 'A', name: 'standard' }, enableRbacAuthorization: true },
    },
    codes: ['VaultAlreadyExists', 'VaultAlreadyExists', 'ConflictError'],
  },
  'Microsoft.Search/searchServices': {
    available: 'nameAvailable',
    body: { ...here, sku: { name: 'basic' } },
    codes: ['ServiceNameUnavailable', 'ServiceNameUnavailable'],
  },
  'Microsoft.ContainerRegistry/registries': {
    available: 'nameAvailable',
    body: { ...here, sku: { name: 'Basic' } },
    codes: ['AlreadyInUse', 'AlreadyInUse'],
  },
  'Microsoft.DocumentDB/databaseAccounts': {
    body: {
      ...here,
      properties: {
        databaseAccountOfferType: 'Standard',
        locations: [{ locationName: 'swedencentral', failoverPriority: 0 }],
      },
    },
    codes: ['BadRequest', 'BadRequest'],
  },
  'Microsoft.CognitiveServices/accounts': {
    body: {
      ...here,
      kind: 'AIServices',
      sku: { name: 'S0' },
      properties: { customSubDomainName: 'unique-label' },
    },
    codes: ['CustomDomainInUse', 'CustomDomainInUse', 'CustomDomainInUse'],
  },
  'Microsoft.ApiManagement/service': {
    available: 'nameAvailable',
    body: {
      ...here,
      sku: { name: 'Developer', capacity: 1 },
      properties: { publisherEmail: 'team@example.com', publisherName: 'Team' },
    },
    codes: ['ServiceAlreadyExists', 'ServiceAlreadyExists', 'ServiceAlreadyExistsInSoftDeletedState'],
  },
  'Microsoft.AppConfiguration/configurationStores': {
    available: 'nameAvailable',
    body: { ...here, sku: { name: 'standard' } },
    codes: ['NameUnavailable', 'NameUnavailable', 'NameUnavailable'],
  },
  'Microsoft.EventHub/namespaces': {
    available: 'nameAvailable',
    body: standard,
    codes: ['BadRequest', 'BadRequest'],
  },
  'Microsoft.ServiceBus/namespaces': {
    available: 'nameAvailable',
    body: standard,
    codes: ['BadRequest', 'BadRequest'],
  },
  'Microsoft.Cache/redis': {
    body: { ...here, properties: { sku: { name: 'Standard', family: 'C', capacity: 1 } } },
    codes: ['NameNotAvailable', 'NameNotAvailable'],
  },
  'Microsoft.DBforPostgreSQL/flexibleServers': {
    available: 'nameAvailable',
    body: { ...here, properties: server },
    codes: ['ServerNameAlreadyExists', 'ServerNameAlreadyExists'],
  },
  'Microsoft.Sql/servers': {
    available: 'available',
    body: { ...here, properties: { ...server, retentionDays: 7 } },
    codes: ['NameAlreadyExists', 'NameAlreadyExists', 'NameAlreadyExists'],
  },
  'Microsoft.DataFactory/factories': {
    body: here,
    codes: ['DataFactoryNameInUse', 'DataFactoryNameInUse'],
  },
  'Microsoft.Web/sites': { available: 'nameAvailable', body: here, codes: ['Conflict', 'Conflict'] },
}

test('every type of the table has its codes here', () => {
  expect(Object.keys(types).sort()).toEqual(globalNames.map(({ type }) => type).sort())
})

describe.each(Object.keys(types).map((type, index) => [type, `uniquename${index}`]))(
  'the name of %s',
  (type, name) => {
    const { body = {}, codes = [], available } = types[type] ?? {}
    const id = idOf(type, name)
    const [nearby, faraway] = [id.replace(groupId, near), id.replace(groupId, far)]
    const [liveNearby, liveFaraway, keptNearby] = codes
    const put = (at: string) => arm.refusal(at, { ...body })
    const isFree = async () => {
      const path = `/subscriptions/${subscription}/providers/${type.split('/')[0]}/checkNameAvailability`
      const asked = type === 'Microsoft.Search/searchServices' ? 'searchServices' : type
      const answer = await ask(arm, 'POST', path, { name, type: asked })
      return answer.body?.[available ?? '']
    }

    test('is kept from everybody while the resource lives, and longer where its service keeps it', async () => {
      if (available !== undefined) expect(await isFree()).toBe(true)
      await arm.put(id, { ...body })
      expect([await put(nearby), await put(faraway)]).toEqual([liveNearby, liveFaraway])
      if (available !== undefined) expect(await isFree()).toBe(false)
      expect(await put(id)).toBe('accepted')
      await arm.engine.remove(id, callerOf(owner, arm.url))
      if (available !== undefined) expect(await isFree()).toBe(keptNearby === undefined)
      const isKept = [keptNearby ?? 'accepted', liveFaraway]
      expect([await put(nearby), await put(faraway)]).toEqual(isKept)
      if (keptNearby === undefined) await arm.engine.remove(nearby, callerOf(owner, arm.url))
    })
  },
)

test('the name of a cache is asked for with the refusal as the answer', async () => {
  const id = idOf('Microsoft.Cache/redis', 'redis-asked')
  const check = `/subscriptions/${subscription}/providers/Microsoft.Cache/checkNameAvailability`
  const asked = { name: 'redis-asked', type: 'Microsoft.Cache/Redis' }
  expect((await ask(arm, 'POST', check, asked)).status).toBe(200)
  await arm.put(id, { ...types['Microsoft.Cache/redis']?.body })
  const answer = await ask(arm, 'POST', check, asked)
  expect([answer.status, answer.code]).toEqual([409, 'NameNotAvailable'])
})

test('namespaces of Event Hubs and of Service Bus have each name once', async () => {
  const hubs = idOf('Microsoft.EventHub/namespaces', 'shared-zone')
  await arm.put(hubs, { ...standard })
  const bus = idOf('Microsoft.ServiceBus/namespaces', 'shared-zone')
  expect((await ask(arm, 'PUT', bus, standard)).code).toBe('BadRequest')
  const check = `/subscriptions/${subscription}/providers/Microsoft.ServiceBus/checkNameAvailability`
  expect((await ask(arm, 'POST', check, { name: 'shared-zone' })).body).toMatchObject({
    nameAvailable: false,
    reason: 'NameInUse',
  })
})
