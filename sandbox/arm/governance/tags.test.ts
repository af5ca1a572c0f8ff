/** The tags API: tags of a subscription, a resource group or a resource, changed without writing the thing itself. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { addRoleAssignment } from '../index.ts'
import { type Ask, asking } from '../testing/asking.ts'
import {
  groupId,
  idOf,
  roleIds,
  type ServedArm,
  serveArm,
  stranger,
  subscription,
} from '../testing/served-arm.ts'

let arm: ServedArm
let ask: Ask
const nsg = idOf('Microsoft.Network/networkSecurityGroups', 'tagged')
beforeAll(async () => {
  arm = await serveArm({
    seed: (state) =>
      addRoleAssignment(state, {
        name: 'dddddddd-0000-0000-0000-000000000001',
        scope: `/subscriptions/${subscription}`,
        roleId: roleIds.tagContributor,
        principalId: stranger,
        principalType: 'User',
      }),
  })
  ask = asking(arm)
  await arm.put(nsg, { location: 'swedencentral', tags: { first: '1', second: '2' } })
})
afterAll(() => arm.close())

const tagsOf = (scope: string) => `${scope}/providers/Microsoft.Resources/tags/default`
const put = (scope: string, tags: unknown, as?: string) =>
  ask('PUT', tagsOf(scope), { properties: { tags } }, as)
const patch = (scope: string, operation: string, tags: unknown) =>
  ask('PATCH', tagsOf(scope), { operation, properties: { tags } })

describe('tags at a scope', () => {
  test('are those of the resource, and change with it', async () => {
    expect((await ask('GET', tagsOf(nsg))).body).toEqual({
      id: tagsOf(nsg),
      name: 'default',
      type: 'Microsoft.Resources/tags',
      properties: { tags: { first: '1', second: '2' } },
    })
    expect((await put(nsg, { only: 'one' })).status).toBe(200)
    expect((await ask('GET', nsg)).body['tags']).toEqual({ only: 'one' })
  })

  test('are merged, replaced, and deleted by name and value', async () => {
    await put(nsg, { a: '1', b: '2' })
    expect((await patch(nsg, 'Merge', { B: '3', c: '4' })).body).toMatchObject({
      properties: { tags: { a: '1', B: '3', c: '4' } },
    })
    await patch(nsg, 'Delete', { a: '1', c: 'another value' })
    expect((await ask('GET', nsg)).body['tags']).toEqual({ B: '3', c: '4' })
    await patch(nsg, 'Replace', { z: '9' })
    expect((await ask('GET', nsg)).body['tags']).toEqual({ z: '9' })
    expect((await patch(nsg, 'Add', { z: '9' })).code).toBe('InvalidRequestContent')
    expect((await ask('DELETE', tagsOf(nsg))).status).toBe(200)
    expect((await ask('GET', nsg)).body['tags']).toEqual({})
  })

  test.each(['/subscriptions/22222222-2222-2222-2222-222222222222', groupId])(
    'of %s are its own',
    async (scope) => {
      await put(scope, { costCenter: '42' })
      expect((await ask('GET', scope)).body['tags']).toEqual({ costCenter: '42' })
    },
  )

  test('of what is not there are 404', async () => {
    expect((await ask('GET', tagsOf(idOf('Microsoft.Network/networkSecurityGroups', 'none')))).status).toBe(
      404,
    )
    expect((await put(groupId.replace('/rg', '/none'), {})).status).toBe(404)
  })
})

describe('tags are refused', () => {
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, '']))
  test.each([
    ['more than 50', many, 'InvalidTagCount'],
    ['an empty name', { '': 'x' }, 'InvalidTagName'],
    ['a blank name', { ' ': 'x' }, 'InvalidTagName'],
    ['a reserved character in a name', { 'a/b': '' }, 'InvalidTagNameCharacters'],
    ['a name of 513 characters', { ['x'.repeat(513)]: '' }, 'InvalidTagName'],
    ['a value of 257 characters', { a: 'x'.repeat(257) }, 'InvalidTagValue'],
    ['names that differ by case only', { a: '1', A: '2' }, 'InvalidTagNames'],
    ['a value that is no text', { a: 1 }, 'InvalidRequestContent'],
  ])('with %s, at the scope and with the resource', async (_what, tags, code) => {
    expect(await put(nsg, tags)).toMatchObject({ status: 400, code })
    expect((await ask('PUT', nsg, { location: 'swedencentral', tags })).code).toBe(code)
  })
})

test('Tag Contributor changes tags, and nothing else', async () => {
  expect((await put(nsg, { by: 'tag contributor' }, stranger)).status).toBe(200)
  const written = await ask('PUT', nsg, { location: 'swedencentral', tags: {} }, stranger)
  expect(written.code).toBe('AuthorizationFailed')
})
