/** The subnet in which GitHub runs its runners. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import { callerOf, idOf, makeArm, owner, type TestArm } from './testing/served-arm.ts'

const here = { location: 'swedencentral' }
const network = idOf('Microsoft.Network/virtualNetworks', 'vnet')
const [runners, plain] = [`${network}/subnets/runners`, `${network}/subnets/plain`]
const settings = idOf('GitHub.Network/networkSettings', 'runners')
const to = (subnetId: string, businessId = '77') => ({ ...here, properties: { subnetId, businessId } })
const delegated = (addressPrefix: string) => ({
  properties: {
    addressPrefix,
    delegations: [{ name: 'github', properties: { serviceName: 'GitHub.Network/networkSettings' } }],
  },
})

let arm: TestArm
beforeEach(async () => {
  arm = await makeArm()
  await arm.put(network, { ...here, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } })
  await arm.put(runners, delegated('10.0.0.0/26'))
  await arm.put(plain, { properties: { addressPrefix: '10.0.1.0/26' } })
})

describe('network settings of GitHub', () => {
  test('are shown with the id that GitHub asks for, whatever tags they are given', async () => {
    await arm.put(settings, { ...to(runners), tags: { costCenter: '9999' } })
    const shown = arm.engine.get(settings)?.tags
    expect(shown).toEqual({ costCenter: '9999', GitHubId: expect.stringMatching(/^[0-9A-F]{32}$/) })
    await arm.put(settings, to(runners))
    expect(arm.engine.get(settings)?.tags).toEqual({ GitHubId: shown?.['GitHubId'] })
  })

  test('take a subnet that is delegated to GitHub, and that nobody else has', async () => {
    expect(await arm.refusal(settings, to(plain))).toBe('SubnetMissingRequiredDelegation')
    expect(await arm.refusal(settings, to(runners))).toBe('accepted')
    expect(await arm.refusal(`${settings}-2`, to(runners))).toBe('SubnetInUse')
  })

  test('hold their subnet, its size and its delegation until they are deleted', async () => {
    await arm.put(settings, to(runners))
    const gone = () => arm.engine.remove(runners, callerOf(owner, ''))
    await expect(gone()).rejects.toMatchObject({ body: { code: 'InUseSubnetCannotBeDeleted' } })
    expect(await arm.refusal(runners, delegated('10.0.0.0/27'))).toBe('InUsePrefixCannotBeDeleted')
    expect(await arm.refusal(runners, { properties: { addressPrefix: '10.0.0.0/26' } })).toBe(
      'SubnetMissingRequiredDelegation',
    )
    await arm.engine.remove(settings, callerOf(owner, ''))
    await gone()
  })

  test('stay with their subnet and their organisation', async () => {
    await arm.put(settings, to(runners))
    await arm.put(`${network}/subnets/more`, delegated('10.0.2.0/26'))
    expect(await arm.refusal(settings, to(runners, '78'))).not.toBe('accepted')
    expect(await arm.refusal(settings, to(`${network}/subnets/more`))).not.toBe('accepted')
  })

  test('are only where GitHub has runners, and need the organisation', async () => {
    const [western, there] = [
      idOf('Microsoft.Network/virtualNetworks', 'western'),
      { location: 'westeurope' },
    ]
    await arm.put(western, { ...there, properties: { addressSpace: { addressPrefixes: ['10.9.0.0/16'] } } })
    await arm.put(`${western}/subnets/runners`, delegated('10.9.0.0/26'))
    expect(await arm.refusal(settings, { ...to(`${western}/subnets/runners`), ...there })).toBe(
      'LocationNotAvailableForResourceType',
    )
    expect(await arm.refusal(settings, { ...here, properties: { subnetId: runners } })).not.toBe('accepted')
  })
})
