/** What Azure counts by itself, asked by Microsoft's own clients. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { addRoleAssignment } from './index.ts'
import {
  groupId,
  idOf,
  roleIds,
  type ServedArm,
  serveArm,
  stranger,
  subscription,
} from './testing/served-arm.ts'

const assignments = 2_100
const guid = (number: number) => `dddddddd-0000-0000-0000-${String(number).padStart(12, '0')}`

let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm({
    limits: { roleAssignmentsPerSubscription: assignments + 2 },
    seed: (state) => {
      for (let number = 1; number <= assignments; number++)
        addRoleAssignment(state, {
          name: guid(number),
          scope: number % 2 === 0 ? groupId : idOf('Microsoft.KeyVault/vaults', `kv-${number}`),
          roleId: roleIds.reader,
          principalId: guid(number),
          principalType: 'User',
        })
    },
  })
})
afterAll(() => arm.close())

test('networks of a region count against their limit', async () => {
  await arm.network.virtualNetworks.createOrUpdate('rg', 'counted', {
    location: 'swedencentral',
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
  })
  const found = []
  for await (const usage of arm.network.usages.list('swedencentral')) found.push(usage)
  expect(found).toContainEqual({
    id: `/subscriptions/${subscription}/providers/Microsoft.Network/locations/swedencentral/usages/VirtualNetworks`,
    unit: 'Count',
    currentValue: 1,
    limit: 1_000,
    name: { value: 'VirtualNetworks', localizedValue: 'Virtual Networks' },
  })
  for await (const usage of arm.network.usages.list('westeurope'))
    if (usage.name.value === 'VirtualNetworks') expect(usage.currentValue).toBe(0)
})

test('subnets report how many addresses are in use, of those that Azure leaves', async () => {
  await arm.network.virtualNetworks.createOrUpdate('rg', 'used', {
    location: 'swedencentral',
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [
      { name: 'empty', addressPrefix: '10.0.0.0/24' },
      { name: 'pe', addressPrefix: '10.0.1.0/27' },
    ],
  })
  const network = idOf('Microsoft.Network/virtualNetworks', 'used')
  const vault = idOf('Microsoft.KeyVault/vaults', 'kv-used')
  await arm.put(vault, {
    location: 'swedencentral',
    properties: { sku: { name: 'standard', family: 'A' }, tenantId: '11111111-1111-1111-1111-111111111111' },
  })
  await arm.network.privateEndpoints.createOrUpdate('rg', 'pe', {
    location: 'swedencentral',
    subnet: { id: `${network}/subnets/pe` },
    privateLinkServiceConnections: [{ name: 'pe', privateLinkServiceId: vault, groupIds: ['vault'] }],
  })
  const found = []
  for await (const { id, currentValue, limit } of arm.network.virtualNetworks.listUsage('rg', 'used'))
    found.push([id, currentValue, limit])
  expect(found).toEqual([
    [`${network}/subnets/empty`, 0, 251],
    [`${network}/subnets/pe`, 1, 27],
  ])
})

test('role assignments of a subscription are all listed, page by page, until its limit', async () => {
  const scope = `subscriptions/${subscription}`
  const count = async (filter?: string) => {
    const pages = []
    const options = filter === undefined ? {} : { filter }
    for await (const page of arm.authorizations.roleAssignments.listForScope(scope, options).byPage())
      pages.push(page.length)
    return pages
  }
  expect(await count()).toEqual([1_000, 1_000, assignments + 1 - 2_000])
  expect(await count('atScope()')).toEqual([1])
  const listed = []
  for await (const { id } of arm.authorizations.roleAssignments.listForSubscription()) listed.push(id)
  expect(new Set(listed).size).toBe(assignments + 1)

  const assign = (number: number, principalId: string) =>
    arm.refusal(`${groupId}/providers/Microsoft.Authorization/roleAssignments/${guid(number)}`, {
      properties: {
        roleDefinitionId: `/${scope}/providers/Microsoft.Authorization/roleDefinitions/${roleIds.contributor}`,
        principalId,
        principalType: 'User',
      },
    })
  expect(await assign(9_001, stranger)).toBe('accepted')
  expect(await assign(9_002, 'aaaaaaaa-0000-0000-0000-000000000002')).toBe('RoleAssignmentLimitExceeded')
})
