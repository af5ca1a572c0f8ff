import { expect, test } from '@jest/globals'
import { cidr } from '../cidr.ts'
import { claimSteps } from './claim.ts'

const group = '/subscriptions/s/resourceGroups/common'
const place = {
  virtualNetworkId: `${group}/providers/Microsoft.Network/virtualNetworks/v`,
  names: { networkSecurityGroup: (key: string) => `nsg-${key}` },
  location: 'swedencentral',
  tags: { project: '001' },
}
const aca2 = { key: 'aca2', name: 'snt-aca2', cidr: cidr('10.0.1.0/24'), delegation: '' } as const

test('A subnet is written after its network security group, with group and delegation in the same PUT', () => {
  const steps = claimSteps([aca2, { ...aca2, key: 'genai', name: 'snt-genai' }], place)
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
  expect(claimSteps([aca2], place)[0]).toMatchObject({
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
  expect(claimSteps([], place)).toEqual([])
})
