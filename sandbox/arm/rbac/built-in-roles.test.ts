/** The table of built-in roles. */
import { describe, expect, test } from '@jest/globals'
import { addRoleAssignment } from '../index.ts'
import { groupId, makeArm, reader, stranger, subscription } from '../testing/served-arm.ts'
import { builtInRoles } from './roles.ts'

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const named = (name: string) => builtInRoles.find((role) => role.name === name)
const scope = `/subscriptions/${subscription}`
const definition = (id: string) => `${scope}/providers/Microsoft.Authorization/roleDefinitions/${id}`

describe('built-in roles', () => {
  test('have an identifier and a name each, of their own', () => {
    expect(builtInRoles.filter(({ id }) => !guid.test(id))).toEqual([])
    for (const key of ['id', 'name'] as const)
      expect(new Set(builtInRoles.map((role) => role[key])).size).toBe(builtInRoles.length)
  })

  test.each([
    'Cognitive Services Speech User',
    'Azure Event Hubs Data Receiver',
    'Storage Blob Delegator',
    'App Configuration Data Reader',
    'Azure Kubernetes Service RBAC Writer',
    'Container Registry Repository Contributor',
    'Container Registry Repository Catalog Lister',
    'API Management Service Reader Role',
    'AzureML Registry User',
    'Foundry User',
    'Resource Policy Contributor',
    'Tag Contributor',
  ])('include %s', (name) => {
    expect(named(name)).toBeDefined()
  })

  test('Contributor excepts what gives rights, shares or cancels', () => {
    expect(named('Contributor')?.notActions).toEqual([
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
      'Microsoft.Blueprint/blueprintAssignments/write',
      'Microsoft.Blueprint/blueprintAssignments/delete',
      'Microsoft.Compute/galleries/share/action',
      'Microsoft.Purview/consents/write',
      'Microsoft.Purview/consents/delete',
      'Microsoft.Resources/deploymentStacks/manageDenySetting/action',
      'Microsoft.Subscription/cancel/action',
      'Microsoft.Subscription/enable/action',
    ])
  })

  test('only Owner and User Access Administrator define roles, lock, and assign policies', async () => {
    const powers = ['roleDefinitions/write', 'locks/write', 'policyAssignments/write']
    const may = async (role: string) => {
      const { authorization } = await makeArm({
        seed: (state) =>
          addRoleAssignment(state, {
            name: 'dddddddd-0000-0000-0000-000000000001',
            scope,
            roleId: named(role)?.id ?? '',
            principalId: stranger,
            principalType: 'User',
          }),
      })
      const caller = { tenantId: 't', objectId: stranger, kind: 'User', audience: '' } as const
      return powers.map((power) => authorization.allows(caller, groupId, `Microsoft.Authorization/${power}`))
    }
    for (const role of ['Owner', 'User Access Administrator'])
      expect(await may(role)).toEqual([true, true, true])
    for (const role of ['Contributor', 'Role Based Access Control Administrator', 'Foundry Account Owner'])
      expect(await may(role)).toEqual([false, false, false])
  })

  test('that manage Foundry assign the role of its users, and no other', async () => {
    const arm = await makeArm({
      seed: (state) =>
        addRoleAssignment(state, {
          name: 'dddddddd-0000-0000-0000-000000000001',
          scope,
          roleId: named('Foundry Project Manager')?.id ?? '',
          principalId: stranger,
          principalType: 'User',
        }),
    })
    const assign = (role: string) =>
      arm.refusal(
        `${groupId}/providers/Microsoft.Authorization/roleAssignments/dddddddd-0000-0000-0000-000000000002`,
        { properties: { roleDefinitionId: definition(named(role)?.id ?? ''), principalId: reader } },
        stranger,
      )
    expect(await assign('Owner')).toBe('AuthorizationFailed')
    expect(await assign('Reader')).toBe('AuthorizationFailed')
    expect(await assign('Foundry User')).toBe('accepted')
  })
})
