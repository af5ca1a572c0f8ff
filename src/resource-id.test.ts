import { describe, expect, test } from '@jest/globals'
import { isWithin, lastSegment, networkIdOf, resourceGroupIdOf, subscriptionOf } from './resource-id.ts'

test('a resource group does not contain one whose name only starts the same', () => {
  expect(isWithin('/subscriptions/s/resourceGroups/A/providers/x', '/Subscriptions/S/resourcegroups/a')).toBe(
    true,
  )
  expect(isWithin('/subscriptions/s/resourceGroups/a', '/subscriptions/s/resourceGroups/a/')).toBe(true)
  expect(isWithin('/subscriptions/s/resourceGroups/ab', '/subscriptions/s/resourceGroups/a')).toBe(false)
  expect(isWithin('/subscriptions/s', '/subscriptions/s/resourceGroups/a')).toBe(false)
})

describe('The id of a subnet', () => {
  const group = '/subscriptions/s/resourceGroups/g'
  const network = `${group}/Providers/Microsoft.Network/virtualNetworks/v`
  const subnet = `${network}/Subnets/a`

  test('says what it is called, and where it is, however Azure writes it', () => {
    expect(lastSegment(subnet)).toBe('a')
    expect(networkIdOf(subnet)).toBe(network)
    expect(resourceGroupIdOf(subnet)).toBe(group)
    expect(subscriptionOf(subnet)).toBe('s')
  })

  test('of a VNet alone is that of the VNet', () => {
    expect(networkIdOf(network)).toBe(network)
  })
})
