/** What becomes of a resource group that is to be deleted, and of what is said of it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Ask, asking, settle } from './testing/asking.ts'
import {
  groupId,
  idOf,
  reader,
  roleIds,
  type ServedArm,
  serveArm,
  stranger,
  subscription,
} from './testing/served-arm.ts'

const here = { location: 'swedencentral' }
const doomed = groupId.replace(/\/rg$/, '/doomed')
const securityGroup = `${doomed}/providers/Microsoft.Network/networkSecurityGroups/used`
const network = idOf('Microsoft.Network/virtualNetworks', 'elsewhere')
const role = (guid: string, scope = doomed) =>
  `${scope}/providers/Microsoft.Authorization/roleAssignments/${guid}`
const ownership = role('dddddddd-0000-0000-0000-000000000021')
const policy = `${doomed}/providers/Microsoft.Authorization/policyAssignments/tags`
const budget = `${doomed}/providers/Microsoft.Consumption/budgets/monthly`

let arm: ServedArm
let ask: Ask
beforeAll(async () => {
  arm = await serveArm()
  ask = asking(arm)
})
afterAll(() => arm.close())

const assign = (at: string, roleId: string, principalId: string) =>
  arm.put(at, {
    properties: {
      roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
      principalId,
      principalType: 'User',
    },
  })
const subnetWith = (properties: object) =>
  arm.put(network, {
    ...here,
    properties: {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [{ name: 'workload', properties: { addressPrefix: '10.0.0.0/24', ...properties } }],
    },
  })

test('a deletion that is blocked leaves the group with its role assignments, policies and budgets', async () => {
  await arm.put(doomed, here)
  await arm.put(securityGroup, here)
  await subnetWith({ networkSecurityGroup: { id: securityGroup } })
  await assign(ownership, roleIds.owner, stranger)
  await arm.put(policy, {
    properties: {
      policyDefinitionId:
        '/providers/Microsoft.Authorization/policyDefinitions/871b6d14-10aa-478d-b590-94f262ecfa99',
      parameters: { tagName: { value: 'team' } },
      enforcementMode: 'DoNotEnforce',
    },
  })
  await arm.put(budget, {
    properties: {
      category: 'Cost',
      amount: 100,
      timeGrain: 'Monthly',
      timePeriod: { startDate: '2026-12-01T00:00:00Z', endDate: '2027-12-01T00:00:00Z' },
    },
  })

  expect(await settle(arm, await ask('DELETE', doomed, undefined, stranger), stranger)).toMatch(
    /ResourceGroupDeletionBlocked|Failed/,
  )
  for (const id of [doomed, securityGroup, ownership, policy, budget])
    expect([id, (await ask('GET', id, undefined, stranger)).status]).toEqual([id, 200])
})

test('a Contributor, who may assign no roles, deletes the group with all that is said of it', async () => {
  await subnetWith({})
  await assign(role('dddddddd-0000-0000-0000-000000000022'), roleIds.contributor, reader)
  expect(await settle(arm, await ask('DELETE', doomed, undefined, reader), reader)).toBe('Succeeded')
  for (const id of [doomed, ownership, policy, budget])
    expect([id, (await ask('GET', id)).status]).toEqual([id, 404])
})
