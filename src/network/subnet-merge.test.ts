import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { JsonObject } from '../json.ts'
import { mergeSubnet, type SubnetDemand } from './subnet-merge.ts'
import { writable } from './writable.ts'

const demand: SubnetDemand = {
  delegation: 'Microsoft.App/environments',
  securityGroupIfNone: '/nsg-of-the-project',
  routeTableId: '/rt',
  serviceEndpoints: ['Microsoft.Storage'],
  defaultOutboundAccess: false,
}

describe('a subnet that exists', () => {
  test('gets what is demanded, each with before and after', () => {
    const { properties, changes } = mergeSubnet(
      { addressPrefix: '10.0.0.0/24', routeTable: { id: '/old' } },
      demand,
    )
    expect(properties).toEqual({
      addressPrefix: '10.0.0.0/24',
      networkSecurityGroup: { id: '/nsg-of-the-project' },
      routeTable: { id: '/rt' },
      serviceEndpoints: [{ service: 'Microsoft.Storage' }],
      delegations: [{ name: 'delegation', properties: { serviceName: 'Microsoft.App/environments' } }],
      defaultOutboundAccess: false,
    })
    expect(changes).toContainEqual({ path: 'routeTable', before: '/old', after: '/rt' })
  })

  test('keeps the security group of somebody else, unless a document names another', () => {
    const current = { networkSecurityGroup: { id: '/nsg-of-others' } }
    const idOf = (wanted: SubnetDemand) => mergeSubnet(current, wanted).properties['networkSecurityGroup']
    expect(idOf(demand)).toEqual({ id: '/nsg-of-others' })
    expect(idOf({ ...demand, networkSecurityGroupId: '/nsg-named' })).toEqual({ id: '/nsg-named' })
  })

  test('keeps every property that nobody here knows, and every one that nobody asked to change', () => {
    const anything = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true })
    fc.assert(
      fc.property(anything, (current) => {
        const { properties, changes } = mergeSubnet(current as JsonObject, demand)
        const asked = [
          'networkSecurityGroup',
          'routeTable',
          'serviceEndpoints',
          'delegations',
          'defaultOutboundAccess',
        ]
        for (const [key, value] of Object.entries(current)) {
          if (!asked.includes(key)) expect(properties[key]).toBe(value)
        }
        // Merged once, nothing is missing any more.
        expect(mergeSubnet(properties, demand)).toEqual({ properties, changes: [] })
        expect(changes.length).toBeGreaterThan(0)
      }),
    )
  })

  test('is written without what only Azure writes, and with all else', () => {
    expect(
      writable({
        addressPrefixes: ['10.0.0.0/24', 'fd00::/64'],
        serviceEndpoints: [
          { service: 'Microsoft.Storage', locations: ['*'], provisioningState: 'Succeeded' },
        ],
        somethingNew: { of: ['the', 'future'] },
        provisioningState: 'Succeeded',
        privateEndpoints: [{ id: '/endpoint' }],
      }),
    ).toEqual({
      addressPrefixes: ['10.0.0.0/24', 'fd00::/64'],
      serviceEndpoints: [{ service: 'Microsoft.Storage', locations: ['*'] }],
      somethingNew: { of: ['the', 'future'] },
    })
  })

  test('is written without the range that a pool chose', () => {
    const pools = [
      { pool: { id: '/pool' }, numberOfIpAddresses: '64', allocatedAddressPrefixes: ['10.0.0.0/26'] },
    ]
    expect(writable({ addressPrefix: '10.0.0.0/26', ipamPoolPrefixAllocations: pools })).toEqual({
      ipamPoolPrefixAllocations: [{ pool: { id: '/pool' }, numberOfIpAddresses: '64' }],
    })
  })
})
