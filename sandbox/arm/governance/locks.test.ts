/** Management locks: what they keep from changing, for everybody, Owners included. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { addRoleAssignment } from '../index.ts'
import { type Ask, asking } from '../testing/asking.ts'
import {
  groupId,
  idOf,
  owner,
  reader,
  roleIds,
  type ServedArm,
  serveArm,
  stranger,
  subscription,
} from '../testing/served-arm.ts'

let arm: ServedArm
let ask: Ask
beforeAll(async () => {
  arm = await serveArm({
    seed: (state) => {
      for (const [name, principalId, roleId] of [
        ['dddddddd-0000-0000-0000-000000000001', stranger, roleIds.contributor],
        ['dddddddd-0000-0000-0000-000000000002', reader, roleIds.userAccessAdministrator],
      ] as const)
        addRoleAssignment(state, {
          name,
          scope: `/subscriptions/${subscription}`,
          roleId,
          principalId,
          principalType: 'User',
        })
    },
  })
  ask = asking(arm)
})
afterAll(() => arm.close())

const nsg = (name: string, group = groupId) =>
  `${group}/providers/Microsoft.Network/networkSecurityGroups/${name}`
const lockAt = (scope: string, name = 'keep') => `${scope}/providers/Microsoft.Authorization/locks/${name}`
const lock = (scope: string, level: string, name = 'keep') =>
  ask('PUT', lockAt(scope, name), { properties: { level } })
const unlock = (scope: string, name = 'keep') => ask('DELETE', lockAt(scope, name))
const made = async (id: string) => {
  await arm.put(id, { location: 'swedencentral' })
  return id
}

describe('a lock CanNotDelete', () => {
  test('on a resource keeps it, its group and what it lies in from being deleted, and lets it change', async () => {
    const kept = await made(nsg('kept'))
    expect((await lock(kept, 'CanNotDelete')).status).toBe(201)
    expect(await ask('DELETE', kept)).toMatchObject({
      status: 409,
      code: 'ScopeLocked',
      message: `The scope '${kept}' cannot perform delete operation because following scope(s) are locked: '${kept}'. Please remove the lock and try again.`,
    })
    expect(await ask('DELETE', groupId)).toMatchObject({
      status: 409,
      code: 'ScopeLocked',
      message: expect.stringContaining(`'${kept}'`),
    })
    expect((await ask('PUT', kept, { location: 'swedencentral', tags: { a: 'b' } })).status).toBe(200)
    expect((await unlock(kept)).status).toBe(200)
    expect((await ask('DELETE', kept)).status).toBeLessThan(300)
  })

  test('on a subscription is inherited by all below, role assignments included', async () => {
    const scope = `/subscriptions/${subscription}`
    const below = await made(nsg('below'))
    const assignment = `${groupId}/providers/Microsoft.Authorization/roleAssignments/dddddddd-0000-0000-0000-000000000009`
    const roleDefinitionId = `${scope}/providers/Microsoft.Authorization/roleDefinitions/${roleIds.reader}`
    await ask('PUT', assignment, { properties: { roleDefinitionId, principalId: stranger } })
    await lock(scope, 'CanNotDelete')
    expect((await ask('DELETE', below)).code).toBe('ScopeLocked')
    expect((await ask('DELETE', assignment)).code).toBe('ScopeLocked')
    await unlock(scope)
    expect((await ask('DELETE', assignment)).status).toBe(200)
  })
})

describe('a lock ReadOnly', () => {
  test('refuses PUT, PATCH, DELETE and POST, and lets be read', async () => {
    const group = groupId.replace('/rg', '/frozen')
    await arm.put(group, { location: 'swedencentral' })
    const storage = `${group}/providers/Microsoft.Storage/storageAccounts/frozenaccount`
    await arm.put(storage, {
      location: 'swedencentral',
      sku: { name: 'Standard_LRS' },
      kind: 'StorageV2',
      properties: {},
    })
    expect((await ask('POST', `${storage}/listKeys`)).status).toBe(200)
    await lock(group, 'readonly')
    const refused = async (method: string, path: string, body?: unknown) =>
      (await ask(method, path, body)).code
    expect(await refused('PUT', nsg('new', group), { location: 'swedencentral' })).toBe('ScopeLocked')
    expect(await refused('PATCH', storage, { tags: { a: 'b' } })).toBe('ScopeLocked')
    expect(
      await refused('PATCH', `${group}/providers/Microsoft.Resources/tags/default`, {
        operation: 'Merge',
        properties: { tags: { a: 'b' } },
      }),
    ).toBe('ScopeLocked')
    expect(await refused('DELETE', storage)).toBe('ScopeLocked')
    expect(await refused('POST', `${storage}/listKeys`)).toBe('ScopeLocked')
    expect((await ask('GET', storage)).status).toBe(200)
    await unlock(group)
    expect((await ask('PATCH', storage, { tags: { a: 'b' } })).status).toBe(200)
  })
})

describe('the level of a lock', () => {
  test.each(['DoNotTouch', ''])('%j is refused: Azure knows no such level', async (level) => {
    expect(await lock(groupId, level)).toMatchObject({ status: 400, code: 'InvalidRequestContent' })
  })

  test('is shown in Azure’s spelling', async () => {
    expect((await lock(groupId, 'cannotdelete', 'spelled')).body).toMatchObject({
      properties: { level: 'CanNotDelete' },
    })
    await unlock(groupId, 'spelled')
  })
})

describe('locks are made and removed', () => {
  test('by whom Microsoft.Authorization/locks/* is given: not by a Contributor', async () => {
    const body = { properties: { level: 'CanNotDelete' } }
    expect((await ask('PUT', lockAt(groupId), body, stranger)).code).toBe('AuthorizationFailed')
    expect((await ask('PUT', lockAt(groupId), body, reader)).status).toBe(201)
    expect((await ask('DELETE', lockAt(groupId), undefined, stranger)).code).toBe('AuthorizationFailed')
    expect((await ask('DELETE', lockAt(groupId), undefined, reader)).status).toBe(200)
  })

  test('whatever they lock: a lock is no obstacle to its own removal', async () => {
    const frozen = await made(idOf('Microsoft.Network/routeTables', 'frozen'))
    await lock(frozen, 'ReadOnly')
    await lock(frozen, 'CanNotDelete', 'second')
    expect((await unlock(frozen)).status).toBe(200)
    expect((await unlock(frozen, 'second')).status).toBe(200)
    expect((await ask('GET', frozen, undefined, owner)).status).toBe(200)
  })
})
