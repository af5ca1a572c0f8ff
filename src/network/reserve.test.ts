import { describe, expect, test } from '@jest/globals'
import { subnetRules } from '../catalog/facts/subnet-rules.ts'
import { catalogue } from '../catalog/index.ts'
import type { SubnetRule } from '../catalog/types.ts'
import { createSteps } from './reserve.ts'

const group = '/subscriptions/s/resourceGroups/common'
const place = {
  virtualNetworkId: `${group}/providers/Microsoft.Network/virtualNetworks/v`,
  location: 'swedencentral',
  tags: { project: '001' },
}
const aca2 = {
  request: { key: 'aca2', securityGroupName: 'nsg-aca2', definition: catalogue.subnets.aca2 },
  subnet: { name: 'snt-aca2', addressPrefix: '10.0.1.0/24' },
} as const
const genai = {
  request: { key: 'genai', securityGroupName: 'nsg-genai', definition: catalogue.subnets.genai },
  subnet: { name: 'snt-genai', addressPrefix: '10.0.2.0/25' },
} as const

test('A subnet is written after its network security group, with group and delegation in the same PUT', () => {
  const steps = createSteps([aca2, genai], place)
  expect(steps.map(({ id }) => id)).toEqual([
    `${group}/providers/Microsoft.Network/networkSecurityGroups/nsg-aca2`,
    `${place.virtualNetworkId}/subnets/snt-aca2`,
    `${group}/providers/Microsoft.Network/networkSecurityGroups/nsg-genai`,
    `${place.virtualNetworkId}/subnets/snt-genai`,
  ])
  expect(steps[1]?.body).toMatchObject({
    properties: {
      addressPrefix: '10.0.1.0/24',
      networkSecurityGroup: { id: steps[0]?.id },
      delegations: [{ properties: { serviceName: 'Microsoft.App/environments' } }],
    },
  })
})

test('A network security group carries the tags of the project and its rules', () => {
  expect(createSteps([aca2], place)[0]).toMatchObject({
    kind: 'network security group',
    name: 'nsg-aca2',
    body: {
      location: 'swedencentral',
      tags: { project: '001' },
      properties: { securityRules: expect.any(Array) },
    },
  })
})

test('Nothing is written when nothing is missing', () => {
  expect(createSteps([], place)).toEqual([])
})

describe('A subnet that is not of the catalogue', () => {
  const web = {
    request: { key: 'web', securityGroupName: 'nsg-web' },
    subnet: { name: 'snt-web', addressPrefix: '10.0.3.0/27' },
  } as const
  const stepsWith = (rule: SubnetRule) => createSteps([{ ...web, request: { ...web.request, rule } }], place)

  test('is closed to the Internet without a known purpose', () => {
    const [group, subnet] = createSteps([web], place)
    expect(group?.body).toMatchObject({ properties: { securityRules: [{ name: 'DenyInternetInbound' }] } })
    expect(subnet?.body).toMatchObject({
      properties: { networkSecurityGroup: { id: group?.id }, delegations: [], defaultOutboundAccess: false },
    })
  })

  test('has what the rule of its service says', () => {
    const rule = { ...subnetRules.foundryAgents, delegation: 'Microsoft.Web/serverFarms' }
    expect(stepsWith(rule)[1]?.body).toMatchObject({
      properties: {
        delegations: [{ properties: { serviceName: 'Microsoft.Web/serverFarms' } }],
        defaultOutboundAccess: true,
      },
    })
  })

  test('gets no network security group when its request has none', () => {
    const steps = createSteps([{ ...web, request: { key: 'web' } }], place)
    expect(steps.map(({ kind }) => kind)).toEqual(['subnet'])
    expect(steps[0]?.body['properties']).not.toHaveProperty('networkSecurityGroup')
  })
})

test('What the documents attach to a subnet is in its one PUT; its own group still says whose it is', () => {
  const settings = {
    networkSecurityGroupId: '/nsg-of-the-network-team',
    routeTableId: '/rt',
    serviceEndpoints: ['Microsoft.Storage'],
  }
  const [own, subnet] = createSteps([{ ...aca2, request: { ...aca2.request, settings } }], place)
  expect(own).toMatchObject({ name: 'nsg-aca2', body: { tags: place.tags } })
  expect(subnet?.body['properties']).toMatchObject({
    networkSecurityGroup: { id: '/nsg-of-the-network-team' },
    routeTable: { id: '/rt' },
    serviceEndpoints: [{ service: 'Microsoft.Storage' }],
  })
})

test('A pool chooses the addresses of a subnet that names one', () => {
  const attachments = { addressPools: [{ id: '/pool', numberOfIpAddresses: '64' }] }
  const [, subnet] = createSteps(
    [{ ...aca2, subnet: { name: 'snt-aca2', addressPrefix: '', attachments } }],
    place,
  )
  expect(subnet?.body['properties']).toMatchObject({
    ipamPoolPrefixAllocations: [{ pool: { id: '/pool' }, numberOfIpAddresses: '64' }],
  })
  expect(subnet?.body['properties']).not.toHaveProperty('addressPrefix')
})
