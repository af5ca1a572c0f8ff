/** The caller's own permissions, asked by Microsoft's own client where it can ask. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
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
  team,
} from './testing/served-arm.ts'

const subscriptionId = `/subscriptions/${subscription}`
const network = idOf('Microsoft.Network/virtualNetworks', 'vnet')

let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm()
  await arm.put(network, {
    location: 'swedencentral',
    properties: {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [{ name: 'pe', properties: { addressPrefix: '10.0.0.0/24' } }],
    },
  })
  await give(1, groupId, team, 'Group', roleIds.reader)
  await give(2, network, reader, 'User', roleIds.contributor)
  await give(3, network, stranger, 'User', roleIds.blobReader)
})
afterAll(() => arm.close())

const give = (number: number, scope: string, principalId: string, principalType: string, role: string) =>
  arm.put(
    `${scope}/providers/Microsoft.Authorization/roleAssignments/eeeeeeee-0000-0000-0000-00000000000${number}`,
    {
      properties: {
        roleDefinitionId: `${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
        principalId,
        principalType,
      },
    },
  )

/** The actions of each role, at any scope; there is no client for the scope of a subscription. */
const asked = async (scope: string, as: string) => {
  const response = await fetch(
    `${arm.url}${scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`,
    { headers: { authorization: `Bearer ${as}` } },
  )
  const body = (await response.json()) as { value?: { actions: string[] }[]; error?: { code: string } }
  return body.error?.code ?? body.value?.map(({ actions }) => actions[0] ?? 'none')
}

describe('permissions', () => {
  test('of the caller at a resource are those of its roles, inherited ones and those of its groups included', async () => {
    const found = []
    const permissions = arm.as(reader).authorizations.permissions
    for await (const permission of permissions.listForResource(
      'rg',
      'Microsoft.Network',
      'virtualNetworks/vnet',
      'subnets',
      'pe',
    ))
      found.push(permission)
    expect(found).toEqual([
      { actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] },
      expect.objectContaining({
        actions: ['*'],
        notActions: expect.arrayContaining(['Microsoft.Authorization/*/Write']),
      }),
    ])
  })

  test('at a resource group leave out what is given below it', async () => {
    const found = []
    for await (const permission of arm.as(reader).authorizations.permissions.listForResourceGroup('rg'))
      found.push(permission.actions)
    expect(found).toEqual([['*/read']])
  })

  test.each([
    ['an owner at the subscription', subscriptionId, owner, ['*']],
    ['a reader of a resource group at the subscription', subscriptionId, reader, []],
    [
      'who holds only a role over data, at a network',
      network,
      stranger,
      ['Microsoft.Storage/storageAccounts/blobServices/containers/read'],
    ],
    ['anybody in a resource group that does not exist', `${groupId}-none`, owner, 'ResourceGroupNotFound'],
    [
      'anybody in a subscription that does not exist',
      '/subscriptions/99999999-9999-9999-9999-999999999999',
      owner,
      'SubscriptionNotFound',
    ],
  ])('of %s', async (_who, scope, as, permissions) => {
    expect(await asked(scope, as)).toEqual(permissions)
  })
})
