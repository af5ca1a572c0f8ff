/** How resources stand to policies: counted. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Ask, asking } from '../../testing/asking.ts'
import { groupId, idOf, type ServedArm, serveArm, stranger, subscription } from '../../testing/served-arm.ts'

let arm: ServedArm
let ask: Ask
beforeAll(async () => {
  arm = await serveArm()
  ask = asking(arm)
})
afterAll(() => arm.close())

const scope = `/subscriptions/${subscription}`
const allowedLocations =
  '/providers/Microsoft.Authorization/policyDefinitions/e56962a6-4747-49cd-b67b-bf8b01975c4c'
const states = (action: string) =>
  `${groupId}/providers/Microsoft.PolicyInsights/policyStates/latest/${action}`

test('what does not comply is counted, by assignment and by definition, for whom may ask that', async () => {
  for (const [name, location] of [
    ['one', 'westeurope'],
    ['two', 'westeurope'],
    ['home', 'swedencentral'],
  ] as const)
    await arm.put(idOf('Microsoft.Network/networkSecurityGroups', name), { location })
  const assignment = `${scope}/providers/Microsoft.Authorization/policyAssignments/where`
  await ask('PUT', assignment, {
    properties: {
      policyDefinitionId: allowedLocations,
      parameters: { listOfAllowedLocations: { value: ['swedencentral'] } },
    },
  })
  const counted = { nonCompliantResources: 2, nonCompliantPolicies: 1 }
  const { body } = await ask('POST', states('summarize'))
  expect(body['value']).toMatchObject([
    {
      results: counted,
      policyAssignments: [
        {
          policyAssignmentId: assignment,
          results: counted,
          policyDefinitions: [{ policyDefinitionId: allowedLocations, effect: 'deny', results: counted }],
        },
      ],
    },
  ])

  const role = `${scope}/providers/Microsoft.Authorization/roleDefinitions/dddddddd-0000-0000-0000-000000000001`
  await ask('PUT', role, {
    properties: {
      roleName: 'Lists',
      permissions: [{ actions: ['Microsoft.PolicyInsights/policyStates/queryResults/action'] }],
      assignableScopes: [scope],
    },
  })
  await ask(
    'PUT',
    `${scope}/providers/Microsoft.Authorization/roleAssignments/dddddddd-0000-0000-0000-000000000002`,
    { properties: { roleDefinitionId: role, principalId: stranger } },
  )
  expect((await ask('POST', states('queryResults'), undefined, stranger)).status).toBe(200)
  expect((await ask('POST', states('summarize'), undefined, stranger)).code).toBe('AuthorizationFailed')
})
