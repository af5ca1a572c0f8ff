import { describe, expect, test } from '@jest/globals'
import { subnetsNeeded } from './contents.ts'
import { catalogue, subnetKeys } from './index.ts'
import { networkSecurityGroup, subnetProperties } from './subnet-properties.ts'

const placement = { addressPrefix: '172.16.0.0/24', networkSecurityGroupId: '/nsg' }

describe('subnets', () => {
  test('every project needs one for private endpoints, and Foundry one for agents', () => {
    expect(subnetsNeeded([])).toEqual(['genai'])
    expect(subnetsNeeded(['machineLearning', 'aiSearch', 'cosmosDb'])).toEqual(['genai'])
    expect(subnetsNeeded(['machineLearning', 'aiFoundry'])).toEqual(['genai', 'aca2'])
  })

  test('one PUT carries the address, the network security group and the delegation', () => {
    expect(subnetProperties(catalogue.subnets.aca2, placement)).toMatchObject({
      addressPrefix: '172.16.0.0/24',
      networkSecurityGroup: { id: '/nsg' },
      delegations: [{ properties: { serviceName: 'Microsoft.App/environments' } }],
    })
    expect(subnetProperties(catalogue.subnets.genai, placement)).toMatchObject({ delegations: [] })
  })

  test('what the documents want to be attached is in the same PUT', () => {
    const settings = {
      routeTableId: '/rt',
      natGatewayId: '/nat',
      serviceEndpoints: ['Microsoft.Storage'],
      defaultOutboundAccess: false,
    }
    expect(subnetProperties(catalogue.subnets.aca2, { ...placement, settings })).toMatchObject({
      routeTable: { id: '/rt' },
      natGateway: { id: '/nat' },
      serviceEndpoints: [{ service: 'Microsoft.Storage' }],
      defaultOutboundAccess: false,
    })
    expect(subnetProperties(catalogue.subnets.aca2, placement)).not.toHaveProperty('routeTable')
  })

  test.each([
    ['that has chosen them', '172.16.0.0/24'],
    ['that has not chosen them yet', ''],
  ])(
    'addresses of a pool %s are asked of it, and no range besides, since Azure refuses both',
    (_, addressPrefix) => {
      const attachments = { addressPools: [{ id: '/pool', numberOfIpAddresses: '256' }] }
      const properties = subnetProperties(catalogue.subnets.aca2, {
        ...placement,
        addressPrefix,
        attachments,
      })
      expect(properties).toMatchObject({
        ipamPoolPrefixAllocations: [{ pool: { id: '/pool' }, numberOfIpAddresses: '256' }],
      })
      expect(properties).not.toHaveProperty('addressPrefix')
    },
  )

  test('security groups and route tables count for private endpoints, which large VNets ask for', () => {
    expect(subnetProperties(catalogue.subnets.genai, placement)).toMatchObject({
      privateEndpointNetworkPolicies: 'Enabled',
    })
  })

  test.each(subnetKeys)('nothing comes into %s from the Internet', (key) => {
    const inbound = catalogue.subnets[key].securityRules.filter(
      ({ properties }) => properties['direction'] === 'Inbound',
    )
    expect(inbound).toContainEqual(
      expect.objectContaining({
        properties: expect.objectContaining({ access: 'Deny', sourceAddressPrefix: 'Internet' }),
      }),
    )
    for (const { properties } of inbound.filter(({ properties }) => properties['access'] === 'Allow')) {
      expect(['AzureLoadBalancer', 'VirtualNetwork']).toContain(properties['sourceAddressPrefix'])
    }
  })

  test.each(subnetKeys)('the rules of %s have priorities of their own', (key) => {
    const places = catalogue.subnets[key].securityRules.map(
      ({ properties }) => `${properties['direction']} ${properties['priority']}`,
    )
    expect(new Set(places).size).toBe(places.length)
    expect(networkSecurityGroup(catalogue.subnets[key], 'nsg', 'swedencentral', {})['properties']).toEqual({
      securityRules: catalogue.subnets[key].securityRules,
    })
  })
})
