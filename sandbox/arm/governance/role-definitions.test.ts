/** Custom roles: who may define them, what they must be, and where they can be assigned. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { addManagementGroup, addRoleAssignment } from '../index.ts'
import { type Ask, asking } from '../testing/asking.ts'
import {
  groupId,
  otherSubscription,
  reader,
  roleIds,
  type ServedArm,
  serveArm,
  stranger,
  subscription,
} from '../testing/served-arm.ts'

const scope = `/subscriptions/${subscription}`
const guid = (number: number) => `eeeeeeee-0000-0000-0000-${String(number).padStart(12, '0')}`

let arm: ServedArm
let ask: Ask
beforeAll(async () => {
  arm = await serveArm({
    limits: { rolesPerTenant: 8 },
    seed: (state) => {
      addManagementGroup(state, { name: 'platform' })
      for (const [name, principalId, roleId] of [
        [guid(1), stranger, roleIds.rbacAdministrator],
        [guid(2), reader, roleIds.userAccessAdministrator],
      ] as const)
        addRoleAssignment(state, { name, scope, roleId, principalId, principalType: 'User' })
      addRoleAssignment(state, {
        name: guid(3),
        scope: '/',
        roleId: roleIds.owner,
        principalId: 'aaaaaaaa-0000-0000-0000-000000000001',
        principalType: 'User',
      })
    },
  })
  ask = asking(arm)
})
afterAll(() => arm.close())

const definition = (name: string, at = scope) =>
  `${at}/providers/Microsoft.Authorization/roleDefinitions/${name}`
const define = (name: string, more: Record<string, unknown> = {}, as?: string) =>
  ask(
    'PUT',
    definition(name),
    {
      properties: {
        roleName: `Role ${name}`,
        permissions: [{ actions: ['Microsoft.Search/searchServices/read'] }],
        assignableScopes: [scope],
        ...more,
      },
    },
    as,
  )
const remove = (name: string) => ask('DELETE', definition(name))

describe('a custom role', () => {
  test('is defined by Owner and User Access Administrator, not by who only assigns roles', async () => {
    expect((await define(guid(10), {}, stranger)).code).toBe('AuthorizationFailed')
    expect((await define(guid(10), {}, reader)).status).toBe(201)
    expect((await define(guid(10), { description: 'later' })).status).toBe(201)
    await remove(guid(10))
  })

  test('is read with its own id, and all four lists', async () => {
    await define(guid(11))
    const { body } = await ask('GET', definition(guid(11)))
    expect(body).toMatchObject({
      id: definition(guid(11)),
      name: guid(11),
      type: 'Microsoft.Authorization/roleDefinitions',
      properties: {
        type: 'CustomRole',
        assignableScopes: [scope],
        permissions: [
          {
            actions: ['Microsoft.Search/searchServices/read'],
            notActions: [],
            dataActions: [],
            notDataActions: [],
          },
        ],
      },
    })
    const listed = await ask(
      'GET',
      `${groupId}/providers/Microsoft.Authorization/roleDefinitions?$filter=${encodeURIComponent("type eq 'CustomRole'")}`,
    )
    expect(listed.body['value']).toEqual([body])
    await remove(guid(11))
  })

  test('changes what its assignments grant, at once', async () => {
    await define(guid(12))
    await ask('PUT', `${groupId}/providers/Microsoft.Authorization/roleAssignments/${guid(90)}`, {
      properties: { roleDefinitionId: definition(guid(12)), principalId: stranger },
    })
    const caller = {
      tenantId: '11111111-1111-1111-1111-111111111111',
      objectId: stranger,
      kind: 'User',
      audience: '',
    } as const
    const may = () => arm.authorization.allows(caller, groupId, 'Microsoft.Search/searchServices/write')
    expect(may()).toBe(false)
    await define(guid(12), { permissions: [{ actions: ['Microsoft.Search/*'] }] })
    expect(may()).toBe(true)
    expect(await remove(guid(12))).toMatchObject({ status: 400, code: 'RoleDefinitionHasAssignments' })
    await ask('DELETE', `${groupId}/providers/Microsoft.Authorization/roleAssignments/${guid(90)}`)
    expect((await remove(guid(12))).status).toBe(200)
  })

  test('is assigned in its assignable scopes and below, nowhere else', async () => {
    await define(guid(13), { assignableScopes: [groupId] })
    const assign = (at: string) =>
      ask('PUT', `${at}/providers/Microsoft.Authorization/roleAssignments/${guid(91)}`, {
        properties: { roleDefinitionId: definition(guid(13)), principalId: stranger },
      })
    expect((await assign(scope)).code).toBe('RoleAssignmentScopeNotAssignableToRoleDefinition')
    expect((await assign(groupId)).status).toBe(201)
    await ask('DELETE', `${groupId}/providers/Microsoft.Authorization/roleAssignments/${guid(91)}`)
    await remove(guid(13))
  })
})

describe('a custom role is refused', () => {
  const group = '/providers/Microsoft.Management/managementGroups/platform'
  test.each([
    ['with the name of a built-in role', { roleName: 'reader' }, 'RoleDefinitionWithSameNameExists'],
    ['without an assignable scope', { assignableScopes: [] }, 'InvalidAssignableScopes'],
    ['for the whole tenant', { assignableScopes: ['/'] }, 'LinkedInvalidPropertyId'],
    [
      'for a group that is not there',
      { assignableScopes: [`${scope}/resourceGroups/none`] },
      'LinkedInvalidPropertyId',
    ],
    [
      'with 2,001 assignable scopes',
      { assignableScopes: Array.from({ length: 2_001 }, () => scope) },
      'InvalidAssignableScopes',
    ],
    [
      'with data actions for a management group',
      { assignableScopes: [group], permissions: [{ dataActions: ['Microsoft.Search/*'] }] },
      'InvalidAssignableScopes',
    ],
    [
      'with an action that is none',
      { permissions: [{ actions: ['everything'] }] },
      'InvalidActionOrNotAction',
    ],
  ])('%s', async (_what, more, code) => {
    expect((await define(guid(20), more)).code).toBe(code)
  })

  test('with the name of another one', async () => {
    await define(guid(21), { roleName: 'Mine' })
    expect(await define(guid(22), { roleName: 'mine' })).toMatchObject({
      status: 409,
      code: 'RoleDefinitionWithSameNameExists',
    })
    await remove(guid(21))
  })

  test('that reaches further than who defines it', async () => {
    const more = { assignableScopes: [scope, `/subscriptions/${otherSubscription}`] }
    expect((await define(guid(23), more, reader)).code).toBe('LinkedAuthorizationFailed')
  })

  test('that is built in, or one too many', async () => {
    expect((await define(roleIds.reader)).code).toBe('RoleDefinitionUpdateNotPermitted')
    for (let number = 30; number < 38; number++) expect((await define(guid(number))).status).toBe(201)
    expect((await define(guid(38))).code).toBe('RoleDefinitionLimitExceeded')
  })
})
