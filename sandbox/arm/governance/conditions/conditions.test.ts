/** Conditions on role assignments: what may be delegated, read and judged as Azure does. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { addRoleAssignment } from '../../index.ts'
import { type Ask, asking } from '../../testing/asking.ts'
import {
  groupId,
  owner,
  reader,
  roleIds,
  type ServedArm,
  serveArm,
  stranger,
  subscription,
  team,
} from '../../testing/served-arm.ts'
import { fulfils } from './conditions.ts'

let arm: ServedArm
let ask: Ask
beforeAll(async () => {
  arm = await serveArm({
    seed: (state) =>
      addRoleAssignment(state, {
        name: delegated,
        scope: `/subscriptions/${subscription}`,
        roleId: roleIds.rbacAdministrator,
        principalId: stranger,
        principalType: 'User',
      }),
  })
  ask = asking(arm)
})
afterAll(() => arm.close())

const delegated = 'dddddddd-0000-0000-0000-000000000001'
const assignments = 'Microsoft.Authorization/roleAssignments'
const definition = (role: string) =>
  `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`
const at = (scope: string, name: string) => `${scope}/providers/${assignments}/${name}`
const only = (verb: 'write' | 'delete', test: string) =>
  `((!(ActionMatches{'${assignments}/${verb}'})) OR (${test}))`
const request = (name: string) => `@Request[${assignments}:${name}]`
const resource = (name: string) => `@Resource[${assignments}:${name}]`

/** Puts the stranger, who may assign roles, under a condition. */
const constrain = (condition: string, conditionVersion = '2.0') =>
  ask('PUT', at(`/subscriptions/${subscription}`, delegated), {
    properties: {
      roleDefinitionId: definition(roleIds.rbacAdministrator),
      principalId: stranger,
      condition,
      conditionVersion,
    },
  })
let count = 100
/** What becomes of an assignment by the stranger; it is taken back by the owner. */
const assign = async (role: string, principalId: string, principalType?: string) => {
  const id = at(groupId, `dddddddd-0000-0000-0000-${String(count++).padStart(12, '0')}`)
  const body = { properties: { roleDefinitionId: definition(role), principalId, principalType } }
  const { code = 'accepted' } = await ask('PUT', id, body, stranger)
  await ask('DELETE', id)
  return code
}

// https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
describe('who may assign roles can be held to', () => {
  test('some roles', async () => {
    const set = `{${roleIds.reader}, ${roleIds.blobReader}}`
    await constrain(
      `${only('write', `${request('RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals ${set}`)} AND ${only('delete', `${resource('RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals ${set}`)}`,
    )
    expect(await assign(roleIds.reader, reader)).toBe('accepted')
    for (const role of [roleIds.owner, roleIds.userAccessAdministrator, roleIds.rbacAdministrator])
      expect(await assign(role, reader)).toBe('AuthorizationFailed')
  })

  test('removing only what it may assign', async () => {
    await constrain(
      only('delete', `${resource('RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals {${roleIds.reader}}`),
    )
    const [allowed, other] = [
      at(groupId, 'dddddddd-0000-0000-0000-000000000011'),
      at(groupId, 'dddddddd-0000-0000-0000-000000000012'),
    ]
    await ask('PUT', allowed, {
      properties: { roleDefinitionId: definition(roleIds.reader), principalId: reader },
    })
    await ask('PUT', other, {
      properties: { roleDefinitionId: definition(roleIds.contributor), principalId: reader },
    })
    expect((await ask('DELETE', other, undefined, stranger)).code).toBe('AuthorizationFailed')
    expect((await ask('DELETE', allowed, undefined, stranger)).status).toBe(200)
    await ask('DELETE', other)
  })

  test('roles and types of principals, whatever the request says of the type', async () => {
    const roles = `${request('RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals {${roleIds.reader}}`
    const types = `${request('PrincipalType')} ForAnyOfAnyValues:StringEqualsIgnoreCase {'group', 'ServicePrincipal'}`
    await constrain(only('write', `${roles} AND ${types}`))
    expect(await assign(roleIds.reader, team, 'Group')).toBe('accepted')
    expect(await assign(roleIds.reader, team)).toBe('accepted')
    expect(await assign(roleIds.reader, reader, 'User')).toBe('AuthorizationFailed')
    expect(await assign(roleIds.reader, reader, 'Group')).toBe('AuthorizationFailed')
    expect(await assign(roleIds.owner, team, 'Group')).toBe('AuthorizationFailed')
  })

  test('roles and certain principals', async () => {
    const roles = `${request('RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals {${roleIds.reader}}`
    await constrain(
      only('write', `${roles} AND ${request('PrincipalId')} ForAnyOfAnyValues:GuidEquals {${team}}`),
    )
    expect(await assign(roleIds.reader, team)).toBe('accepted')
    expect(await assign(roleIds.reader, reader)).toBe('AuthorizationFailed')
  })

  test('all roles but some', async () => {
    const set = `{${roleIds.owner}, ${roleIds.userAccessAdministrator}, ${roleIds.rbacAdministrator}}`
    await constrain(only('write', `${request('RoleDefinitionId')} ForAnyOfAllValues:GuidNotEquals ${set}`))
    expect(await assign(roleIds.contributor, reader)).toBe('accepted')
    expect(await assign(roleIds.owner, reader)).toBe('AuthorizationFailed')
  })

  test('and may not lift the condition from itself', async () => {
    await constrain(
      only('write', `${request('RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals {${roleIds.reader}}`),
    )
    const free = {
      properties: { roleDefinitionId: definition(roleIds.rbacAdministrator), principalId: stranger },
    }
    const own = at(`/subscriptions/${subscription}`, delegated)
    expect((await ask('PUT', own, free, stranger)).code).toBe('AuthorizationFailed')
    expect((await ask('PUT', own, free, owner)).status).toBe(200)
    expect(await assign(roleIds.owner, reader)).toBe('accepted')
  })
})

describe('a condition is refused', () => {
  const good = only(
    'write',
    `${request('RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals {${roleIds.reader}}`,
  )
  test.each([
    ['of version 1.0', good, '1.0'],
    ['without an end', good.slice(0, -2), '2.0'],
    ['with an operator that there is not', good.replace('GuidEquals', 'GuidIs'), '2.0'],
    ['with an attribute that there is not', good.replace('RoleDefinitionId', 'RoleName'), '2.0'],
    ['about an action that the role does not have', good.replace('/write', '/approve'), '2.0'],
    ['that is no condition', 'RoleDefinitionId is Reader', '2.0'],
  ])('%s', async (_what, condition, version) => {
    expect(await constrain(condition, version)).toMatchObject({
      status: 400,
      code: 'InvalidRoleAssignmentCondition',
      message: 'The given role assignment condition is invalid.',
    })
  })
})

describe('data', () => {
  const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs'
  const attributes = (name: string, value: string) => {
    const values = new Map([[name.toLowerCase(), [value]]])
    return { request: values, resource: values }
  }

  test('of a path can be all that a role reads', () => {
    const path = `(!(ActionMatches{'${blobs}/read'})) OR (@Resource[${blobs}:path] StringLike 'projects/prj001/*')`
    const reads = (value: string) => fulfils(path, `${blobs}/read`, attributes(`${blobs}:path`, value))
    expect(reads('projects/prj001/a.txt')).toBe(true)
    expect(reads('projects/prj002/a.txt')).toBe(false)
    expect(fulfils(path, `${blobs}/read`, {})).toBe(false)
  })

  test('of a container can be all that an assignment in force grants', async () => {
    const container = `${groupId}/providers/Microsoft.Storage/storageAccounts/lake/blobServices/default/containers`
    const id = at(groupId, 'dddddddd-0000-0000-0000-000000000031')
    const condition = `@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'mine'`
    const properties = {
      roleDefinitionId: definition(roleIds.blobReader),
      principalId: reader,
      condition,
      conditionVersion: '2.0',
    }
    expect((await ask('PUT', id, { properties })).status).toBe(201)
    const caller = {
      tenantId: '11111111-1111-1111-1111-111111111111',
      objectId: reader,
      kind: 'User',
      audience: '',
    } as const
    const may = (name: string) =>
      arm.authorization.allowsData(caller, `${container}/${name}`, `${blobs}/read`)
    expect([may('mine'), may('other')]).toEqual([true, false])
  })

  // https://learn.microsoft.com/azure/role-based-access-control/conditions-format#exists
  test.each([
    [`NOT Exists @Request[${blobs}:versionId]`, true],
    [`Exists @Request[${blobs}:versionId]`, false],
    [`Exists @Resource[${blobs}:path]`, true],
    [`NOT Exists @Resource[${blobs}:path]`, false],
    [`Exists @Resource[${blobs}/tags:Project<$key_case_sensitive$>]`, false],
    [`NOT Exists @Resource[${blobs}/tags:Project<$key_case_sensitive$>]`, false],
  ])('can ask whether there is an attribute: %s', (condition, expected) => {
    const about = attributes(`${blobs}:path`, 'projects/a.txt')
    expect(fulfils(condition, `${blobs}/read`, about)).toBe(expected)
  })

  test('of a registry can be limited to repositories of a prefix', () => {
    const registries = 'Microsoft.ContainerRegistry/registries/repositories'
    const condition = `(!(ActionMatches{'${registries}/content/read'})) OR (@Request[${registries}:name] StringStartsWithIgnoreCase 'prj001/')`
    const pulls = (name: string) =>
      fulfils(condition, `${registries}/content/read`, attributes(`${registries}:name`, name))
    expect([pulls('PRJ001/app'), pulls('prj0011/app')]).toEqual([true, false])
  })
})

test('a condition that nobody can judge grants nothing, also when it is negated', () => {
  const department = "@Principal[Microsoft.Directory/CustomSecurityAttributes/Id:Team_Name] StringEquals 'a'"
  expect(fulfils(department, 'any/read', {})).toBe(false)
  expect(fulfils(`!(${department})`, 'any/read', {})).toBe(false)
})
