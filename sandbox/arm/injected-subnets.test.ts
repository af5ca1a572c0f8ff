/** Subnets that services put themselves into: what agents and environments of container apps take. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import { idOf, makeArm, type TestArm } from './testing/served-arm.ts'

const here = { location: 'swedencentral' }
const vnet = idOf('Microsoft.Network/virtualNetworks', 'vnet')
const subnet = `${vnet}/subnets/one`

let arm: TestArm
beforeEach(async () => {
  arm = await makeArm()
})

const makeSubnet = async (addressPrefix: string, serviceName?: string) => {
  const addressPrefixes = ['10.0.0.0/16', '172.16.0.0/12', '100.64.0.0/16', '20.0.0.0/16']
  await arm.put(vnet, { ...here, properties: { addressSpace: { addressPrefixes } } })
  const delegations = serviceName === undefined ? [] : [{ name: 'd', properties: { serviceName } }]
  await arm.put(subnet, { properties: { addressPrefix, delegations } })
}

describe('agents', () => {
  test.each([
    ['10.0.0.0/24', 'accepted'],
    ['172.20.0.0/27', 'accepted'],
    ['10.0.0.0/28', 'SubnetTooSmall'],
    ['10.0.0.0/29', 'SubnetTooSmall'],
    ['100.64.0.0/24', 'InvalidSubnetAddressSpace'],
    ['20.0.0.0/24', 'InvalidSubnetAddressSpace'],
    ['172.30.0.0/24', 'InvalidSubnetAddressSpace'],
  ])('in a subnet of %s: %s', async (prefix, outcome) => {
    await makeSubnet(prefix, 'Microsoft.App/environments')
    const account = {
      ...here,
      kind: 'AIServices',
      sku: { name: 'S0' },
      identity: { type: 'SystemAssigned' },
      properties: {
        customSubDomainName: 'ai-agents',
        allowProjectManagement: true,
        networkInjections: [{ scenario: 'agent', subnetArmId: subnet }],
      },
    }
    expect(await arm.refusal(idOf('Microsoft.CognitiveServices/accounts', 'ai'), account)).toBe(outcome)
  })
})

describe('an environment of container apps', () => {
  const profiles = [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
  test.each([
    ['with profiles', '10.0.0.0/27', 'Microsoft.App/environments', profiles, 'accepted'],
    [
      'with profiles',
      '10.0.0.0/28',
      'Microsoft.App/environments',
      profiles,
      'ManagedEnvironmentInvalidNetworkConfiguration',
    ],
    ['with profiles', '10.0.0.0/27', undefined, profiles, 'ManagedEnvironmentSubnetDelegationError'],
    ['without profiles', '10.0.0.0/23', undefined, undefined, 'accepted'],
    [
      'without profiles',
      '10.0.0.0/24',
      undefined,
      undefined,
      'ManagedEnvironmentInvalidNetworkConfiguration',
    ],
    [
      'without profiles',
      '10.0.0.0/23',
      'Microsoft.App/environments',
      undefined,
      'ManagedEnvironmentSubnetIsDelegated',
    ],
  ])('%s in a subnet of %s delegated to %s', async (_what, prefix, service, workloadProfiles, outcome) => {
    await makeSubnet(prefix, service)
    const environment = {
      ...here,
      properties: {
        vnetConfiguration: { infrastructureSubnetId: subnet },
        ...(workloadProfiles === undefined ? {} : { workloadProfiles }),
      },
    }
    expect(await arm.refusal(idOf('Microsoft.App/managedEnvironments', 'env'), environment)).toBe(outcome)
  })
})
