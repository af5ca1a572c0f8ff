/** The rights of a delivery as custom roles: at the narrowest place, and exactly these. */
import { describe, expect, test } from '@jest/globals'
import { control, type Right } from '../../src/azure/granted-rights.ts'
import { deliveryRoles, roleCommands } from '../../src/operations/check/delivery-roles.ts'

const subscription = '/subscriptions/22222222-2222-2222-2222-222222222201'
const group = `${subscription}/resourceGroups/prj`
const network = `${subscription}/resourceGroups/common/providers/Microsoft.Network/virtualNetworks/vnet`
const zone = (name: string) =>
  `${subscription}/resourceGroups/common/providers/Microsoft.Network/privateDnsZones/${name}`
const places = {
  subject: 'project 003 of mrvel in dev',
  subscription,
  group,
  network,
  hasGroup: true,
  condition: 'limited',
}
const rolesFor = (rights: readonly Right[], more: Partial<typeof places> = {}) =>
  deliveryRoles(rights, { ...places, ...more }).map(({ role, scopes }) => ({
    actions: role.Actions,
    dataActions: role.DataActions,
    scopes,
  }))

describe('each right is given', () => {
  test('where it is needed', () => {
    const rights = [...control(group, 'a/write', 'a/read'), ...control(subscription, 'b/write')]
    expect(rolesFor(rights)).toEqual([
      { actions: ['a/read', 'a/write'], dataActions: [], scopes: [group] },
      { actions: ['b/write'], dataActions: [], scopes: [subscription] },
    ])
  })

  test('at the subscription while the resource group does not exist', () => {
    const rights = [...control(group, 'a/write'), ...control(subscription, 'b/write')]
    expect(rolesFor(rights, { hasGroup: false })).toEqual([
      { actions: ['a/write', 'b/write'], dataActions: [], scopes: [subscription] },
    ])
  })

  test('at the VNet for its subnets, which come and go', () => {
    expect(rolesFor(control(`${network}/subnets/to-come`, 'join/action'))).toEqual([
      { actions: ['join/action'], dataActions: [], scopes: [network] },
    ])
  })

  test('by one role in all places that take the same', () => {
    const rights = [...control(zone('a'), 'join/action'), ...control(zone('b'), 'join/action')]
    expect(rolesFor(rights)).toEqual([
      { actions: ['join/action'], dataActions: [], scopes: [zone('a'), zone('b')] },
    ])
  })

  test('by another role in another subscription, in which the first cannot be assigned', () => {
    const other = group.replace('201/', '299/')
    const roles = deliveryRoles([...control(group, 'a/read'), ...control(other, 'a/read')], places)
    expect(roles.map(({ role }) => role.AssignableScopes)).toEqual([
      [subscription],
      ['/subscriptions/22222222-2222-2222-2222-222222222299'],
    ])
  })
})

test('to assign roles is a right under a condition, and apart from all others', () => {
  const rights = control(group, 'a/read', 'Microsoft.Authorization/roleAssignments/write')
  const roles = deliveryRoles(rights, places)
  expect(roles.map(({ role, condition }) => [role.Actions, condition !== undefined])).toEqual([
    [['a/read'], false],
    [['Microsoft.Authorization/roleAssignments/write'], true],
  ])
  expect(new Set(roles.map(({ role }) => role.Name)).size).toBe(2)
  const commands = roleCommands(roles, 'identity')
  expect(commands.map((command) => command.replace(/^(az \w+ \w+ \w+).*/s, '$1'))).toEqual([
    'az role definition create',
    'az role definition create',
    'az role assignment create',
    'az role assignment create',
  ])
  expect(commands.map((command) => command.includes('--condition '))).toEqual([false, false, false, true])
})
