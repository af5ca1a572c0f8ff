/** Management groups and the tenant: what is assigned there is inherited by the subscriptions below. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { addManagementGroup, addRoleAssignment, addSubscription } from '../index.ts'
import { type Ask, asking } from '../testing/asking.ts'
import {
  groupId,
  otherSubscription,
  owner,
  reader,
  roleIds,
  type ServedArm,
  serveArm,
  stranger,
  subscription,
  tenantId,
} from '../testing/served-arm.ts'

let arm: ServedArm
let ask: Ask
beforeAll(async () => {
  arm = await serveArm({
    seed: (state) => {
      addManagementGroup(state, { name: 'platform', displayName: 'Platform' })
      addManagementGroup(state, { name: 'factory', parent: 'platform' })
      addSubscription(state, {
        subscriptionId: subscription,
        displayName: 'Development',
        managementGroup: 'factory',
      })
      addRoleAssignment(state, {
        name: 'dddddddd-0000-0000-0000-000000000001',
        scope: '/',
        roleId: roleIds.owner,
        principalId: owner,
        principalType: 'User',
      })
    },
  })
  ask = asking(arm)
})
afterAll(() => arm.close())

const group = (name: string) => `/providers/Microsoft.Management/managementGroups/${name}`
const namesIn = (body: Record<string, unknown>) =>
  (body['value'] as { name: string }[]).map(({ name }) => name)
const assignment = (scope: string) =>
  `${scope}/providers/Microsoft.Authorization/roleAssignments/dddddddd-0000-0000-0000-000000000009`
const assign = (scope: string, principalId: string) =>
  ask('PUT', assignment(scope), {
    properties: {
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleIds.reader}`,
      principalId,
    },
  })

describe('a role', () => {
  test.each([
    ['a management group', group('platform')],
    ['the root group', group(tenantId)],
    ['the tenant', ''],
  ])('at %s reaches every subscription below', async (_what, scope) => {
    const seen = () => ask('GET', groupId, undefined, stranger)
    expect((await seen()).code).toBe('AuthorizationFailed')
    expect((await assign(scope, stranger)).status).toBe(201)
    expect((await seen()).status).toBe(200)
    const { body } = await ask(
      'GET',
      `${groupId}/providers/Microsoft.Authorization/roleAssignments?$filter=principalId eq '${stranger}'`,
    )
    expect(body['value']).toMatchObject([{ properties: { scope: scope || '/' } }])
    await ask('DELETE', assignment(scope))
  })

  test('at a management group does not reach subscriptions elsewhere', async () => {
    await assign(group('factory'), stranger)
    const { body } = await ask('GET', '/subscriptions', undefined, stranger)
    expect(
      (body['value'] as { subscriptionId: string }[]).map(({ subscriptionId }) => subscriptionId),
    ).toEqual([subscription])
    await ask('DELETE', assignment(group('factory')))
  })

  test('at a management group that is not there is refused', async () => {
    expect((await assign(group('nowhere'), reader)).status).toBe(404)
  })
})

test('a lock is not for management groups: it belongs to a subscription or something below one', async () => {
  const lock = `${group('factory')}/providers/Microsoft.Authorization/locks/keep`
  expect((await ask('PUT', lock, { properties: { level: 'CanNotDelete' } })).status).toBe(400)
})

describe('management groups', () => {
  test('are listed and shown, with what is in them', async () => {
    expect(namesIn((await ask('GET', group('').slice(0, -1))).body)).toEqual([
      tenantId,
      'platform',
      'factory',
    ])
    const { body } = await ask('GET', `${group('platform')}?$expand=children&$recurse=true`)
    expect(body).toMatchObject({
      id: group('platform'),
      properties: {
        displayName: 'Platform',
        details: { parent: { id: group(tenantId) } },
        children: [{ name: 'factory', children: [{ id: `/subscriptions/${subscription}` }] }],
      },
    })
    expect(namesIn((await ask('GET', `${group('platform')}/descendants`)).body)).toEqual([
      'factory',
      subscription,
    ])
    const entities = await ask('POST', '/providers/Microsoft.Management/getEntities')
    expect(entities.body['value']).toContainEqual(
      expect.objectContaining({
        name: subscription,
        properties: expect.objectContaining({ parentNameChain: [tenantId, 'platform', 'factory'] }),
      }),
    )
  })

  test('are created, take subscriptions, and go when they are empty', async () => {
    expect(
      (
        await ask('PUT', group('new'), {
          properties: { displayName: 'New', details: { parent: { id: group('platform') } } },
        })
      ).status,
    ).toBe(200)
    const member = `${group('new')}/subscriptions/${otherSubscription}`
    expect((await ask('PUT', member)).status).toBe(200)
    expect((await ask('DELETE', group('new'))).code).toBe('Conflict')
    expect((await ask('DELETE', member)).status).toBe(200)
    expect((await ask('DELETE', group('new'))).status).toBe(200)
    expect((await ask('GET', group('new'))).status).toBe(404)
  })

  test('change only for whom has a right on them', async () => {
    expect((await ask('PUT', group('mine'), {}, stranger)).code).toBe('AuthorizationFailed')
    expect(
      (await ask('PUT', `${group('platform')}/subscriptions/${otherSubscription}`, undefined, stranger)).code,
    ).toBe('AuthorizationFailed')
    expect((await ask('GET', group('platform'), undefined, stranger)).code).toBe('AuthorizationFailed')
  })

  test('let go only of subscriptions that are in them', async () => {
    const member = (name: string) => `${group(name)}/subscriptions/${subscription}`
    await ask('PUT', group('other'))
    await ask('PUT', assignment(group('other')), {
      properties: {
        roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleIds.owner}`,
        principalId: stranger,
      },
    })
    for (const method of ['GET', 'DELETE'])
      expect((await ask(method, member('other'), undefined, stranger)).status).toBe(404)
    expect((await ask('GET', member('factory'))).status).toBe(200)
    await ask('DELETE', assignment(group('other')))
    await ask('DELETE', group('other'))
  })

  test('are never below themselves', async () => {
    const under = { properties: { details: { parent: { id: group('factory') } } } }
    expect((await ask('PUT', group('platform'), under)).code).toBe('BadRequest')
  })
})

test.each([
  '/tenants',
  '/subscriptions',
  `/subscriptions/${subscription}`,
  `/subscriptions/${subscription}/locations`,
  `/subscriptions/${subscription}/providers`,
  `/subscriptions/${subscription}/providers/Microsoft.Network`,
  '/providers',
  '/providers/Microsoft.Network',
  group('').slice(0, -1),
  `${group('platform')}/descendants`,
  `${group('platform')}/subscriptions`,
])('what can only be read is only read: %s', async (path) => {
  expect((await ask('GET', path)).status).toBe(200)
  for (const method of ['PUT', 'PATCH', 'POST', 'DELETE'])
    expect(await ask(method, path)).toMatchObject({ status: 405, code: 'MethodNotAllowed' })
})

test.each([group('platform'), ''])(
  'a deployment at %j is refused: the sandbox has none there',
  async (scope) => {
    const deployment = `${scope}/providers/Microsoft.Resources/deployments/d`
    expect(await ask('PUT', deployment, { location: 'swedencentral', properties: {} })).toMatchObject({
      status: 404,
      code: 'SandboxUnknownAddress',
    })
  },
)
