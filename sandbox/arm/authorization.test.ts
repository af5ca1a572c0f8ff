/** Roles judged by Microsoft's own client, and what they allow. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { addRoleAssignment } from './index.ts'
import {
  callerOf,
  groupId,
  idOf,
  makeArm,
  owner,
  reader,
  refused,
  roleIds,
  type ServedArm,
  serveArm,
  stranger,
  subscription,
  team,
} from './testing/served-arm.ts'

let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm()
})
afterAll(() => arm.close())

const definition = (role: string) =>
  `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`
const guid = (number: number) => `dddddddd-0000-0000-0000-${String(number).padStart(12, '0')}`
const assign = (
  name: string,
  scope: string,
  principalId: string,
  principalType?: string,
  role = roleIds.reader,
) =>
  arm.authorizations.roleAssignments.create(scope.slice(1), name, {
    roleDefinitionId: definition(role),
    principalId,
    ...(principalType === undefined ? {} : { principalType }),
  })

describe('role assignments', () => {
  test('are their tuple: one more name for it is refused, and a name keeps its tuple', async () => {
    const made = await assign(guid(1), groupId, team, 'Group')
    expect(made).toMatchObject({ scope: groupId, principalId: team, principalType: 'Group' })
    expect(await refused(assign(guid(1), groupId, team, 'Group'))).toBe('accepted')
    expect(await refused(assign(guid(2), groupId, team, 'Group'))).toBe('RoleAssignmentExists')
    expect(await refused(assign(guid(1), groupId, reader, 'User'))).toBe('RoleAssignmentUpdateNotPermitted')
    await arm.authorizations.roleAssignments.delete(groupId.slice(1), guid(1))
    expect(await refused(assign(guid(2), groupId, team, 'Group'))).toBe('accepted')
  })

  test.each([
    ['a principal that does not exist', guid(9), undefined, roleIds.reader, 'PrincipalNotFound'],
    ['a user said to be a group', reader, 'Group', roleIds.reader, 'UnmatchedPrincipalType'],
    ['a role that does not exist', reader, 'User', guid(9), 'RoleDefinitionDoesNotExist'],
  ])('of %s are refused', async (_what, principal, type, role, code) => {
    expect(await refused(assign(guid(3), groupId, principal, type, role))).toBe(code)
  })

  test('are named by a GUID', async () => {
    expect(await refused(assign('my-assignment', groupId, reader))).toBe('InvalidRoleAssignmentId')
  })

  test('are listed at, above and below a scope, and by principal', async () => {
    const vault = idOf('Microsoft.KeyVault/vaults', 'kv-listed')
    await arm.put(vault, {
      location: 'swedencentral',
      properties: {
        sku: { name: 'standard', family: 'A' },
        tenantId: '11111111-1111-1111-1111-111111111111',
      },
    })
    await assign(guid(4), vault, stranger, 'User')
    const names = async (scope: string, filter?: string) => {
      const found: (string | undefined)[] = []
      const options = filter === undefined ? {} : { filter }
      for await (const item of arm.authorizations.roleAssignments.listForScope(scope.slice(1), options))
        found.push(item.name)
      return found
    }
    expect(await names(groupId)).toContain(guid(4))
    expect(await names(groupId, 'atScope()')).not.toContain(guid(4))
    expect(await names(vault, 'atScope()')).toEqual(expect.arrayContaining([guid(2), guid(4)]))
    expect(await names(groupId, `principalId eq '${stranger}'`)).toEqual([guid(4)])
    expect(await names(groupId, `assignedTo('${reader}')`)).toEqual([guid(2)])
  })

  test('stop at 4,000 in a subscription', async () => {
    const scope = `/subscriptions/${subscription}`
    const assignment = { scope, roleId: roleIds.reader, principalType: 'User' } as const
    const full = await makeArm({
      seed: (state) => {
        for (let number = 1; number < 3_999; number++)
          addRoleAssignment(state, { ...assignment, name: guid(number), principalId: guid(number) })
      },
    })
    const more = (number: number, principalId: string) =>
      full.refusal(`${scope}/providers/Microsoft.Authorization/roleAssignments/${guid(number)}`, {
        properties: { roleDefinitionId: definition(roleIds.reader), principalId },
      })
    expect(await more(5_000, reader)).toBe('accepted')
    expect(await more(5_001, stranger)).toBe('RoleAssignmentLimitExceeded')
  })

  test('of a group that is new wait until it is known everywhere; of others only without principalType', async () => {
    const lagging = await makeArm({ principalReplicationDelay: 100 })
    const give = (number: number, principalId: string, principalType?: string) =>
      lagging.refusal(`${groupId}/providers/Microsoft.Authorization/roleAssignments/${guid(number)}`, {
        properties: { roleDefinitionId: definition(roleIds.reader), principalId, principalType },
      })
    expect(await give(1, stranger)).toBe('PrincipalNotFound')
    expect(await give(1, stranger, 'User')).toBe('accepted')
    expect(await give(2, team, 'Group')).toBe('PrincipalNotFound')
    await new Promise((resolve) => setTimeout(resolve, 120))
    expect(await give(2, team, 'Group')).toBe('accepted')
  })
})

test('role definitions are found by name', async () => {
  const found = []
  const list = arm.authorizations.roleDefinitions.list(groupId.slice(1), {
    filter: "roleName eq 'Storage Blob Data Reader'",
  })
  for await (const role of list) found.push(role.name)
  expect(found).toEqual([roleIds.blobReader])
})

describe('what is allowed', () => {
  const caller = (objectId: string) => callerOf(objectId, '')
  const container = `${idOf('Microsoft.Storage/storageAccounts', 'lake')}/blobServices/default/containers/c`
  const read = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'

  test('follows roles down the scopes, and through groups', async () => {
    const plain = await makeArm()
    const { authorization } = plain
    const view = 'Microsoft.Network/virtualNetworks/read'
    expect(authorization.allows(caller(owner), container, view)).toBe(true)
    expect(authorization.allows(caller(reader), groupId, view)).toBe(false)
    await plain.put(`${groupId}/providers/Microsoft.Authorization/roleAssignments/${guid(5)}`, {
      properties: { roleDefinitionId: definition(roleIds.reader), principalId: team, principalType: 'Group' },
    })
    expect(authorization.allows(caller(reader), container, view)).toBe(true)
    expect(authorization.allows(caller(reader), container, view.replace('read', 'write'))).toBe(false)
    expect(authorization.allows(caller(reader), `/subscriptions/${subscription}`, view)).toBe(false)
  })

  test('keeps data apart from management: an owner reads no blob', async () => {
    const { authorization } = await makeArm()
    expect(authorization.allowsData(caller(owner), container, read)).toBe(false)
  })

  test('excepts what a role excepts: a contributor gives no roles', async () => {
    const scope = `/subscriptions/${subscription}`
    const { authorization } = await makeArm({
      seed: (state) =>
        addRoleAssignment(state, {
          name: guid(6),
          scope,
          roleId: roleIds.contributor,
          principalId: stranger,
          principalType: 'User',
        }),
    })
    const may = (action: string) => authorization.allows(caller(stranger), groupId, action)
    expect(may('Microsoft.Network/virtualNetworks/write')).toBe(true)
    expect(may('Microsoft.Authorization/roleAssignments/write')).toBe(false)
  })

  test('is refused in Azure’s sentence, naming who, what and where', async () => {
    const { network } = arm.as(stranger)
    const call = network.virtualNetworks.createOrUpdate('rg', 'vnet', {
      location: 'swedencentral',
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    })
    await expect(Promise.resolve(call)).rejects.toMatchObject({
      statusCode: 403,
      code: 'AuthorizationFailed',
      message: expect.stringContaining(
        `with object id '${stranger}' does not have authorization to perform action 'Microsoft.Network/virtualNetworks/write' over scope '${idOf('Microsoft.Network/virtualNetworks', 'vnet')}'`,
      ),
    })
  })

  test('needs the right on what a resource names: joining a subnet is a right of its own', async () => {
    const linked = await makeArm()
    const network = `${groupId.replace('/rg', '/network')}/providers/Microsoft.Network/virtualNetworks/vnet`
    await linked.put(groupId.replace('/rg', '/network'), { location: 'swedencentral' })
    await linked.put(network, {
      location: 'swedencentral',
      properties: {
        addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
        subnets: [{ name: 'pe', properties: { addressPrefix: '10.0.0.0/24' } }],
      },
    })
    const vault = idOf('Microsoft.KeyVault/vaults', 'kv-linked')
    await linked.put(vault, {
      location: 'swedencentral',
      properties: {
        sku: { name: 'standard', family: 'A' },
        tenantId: '11111111-1111-1111-1111-111111111111',
      },
    })
    await linked.put(`${groupId}/providers/Microsoft.Authorization/roleAssignments/${guid(7)}`, {
      properties: {
        roleDefinitionId: definition(roleIds.contributor),
        principalId: stranger,
        principalType: 'User',
      },
    })
    const body = {
      location: 'swedencentral',
      properties: {
        subnet: { id: `${network}/subnets/pe` },
        privateLinkServiceConnections: [
          { name: 'pe', properties: { privateLinkServiceId: vault, groupIds: ['vault'] } },
        ],
      },
    }
    const endpoint = idOf('Microsoft.Network/privateEndpoints', 'pe')
    expect(await linked.refusal(endpoint, body, stranger)).toBe('LinkedAuthorizationFailed')
    expect(await linked.refusal(endpoint, body)).toBe('accepted')
  })
})
