/** Parts of the network in a delivery of the common area: on, off, and on again, each without touching anything else. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { hasChanges } from '../../src/plan/model.ts'
import type { Report } from '../../src/plan/report.ts'
import { dev } from '../azure/on-sandbox.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { planOf } from '../provision-project/in-process.ts'
import { type CommonInProcess, openDeliveredCommon } from './in-process.ts'

const prod = '22222222-2222-2222-2222-222222222203'
const platform = `/subscriptions/${prod}/resourceGroups/platform`
const hub = `${platform}/providers/Microsoft.Network/virtualNetworks/vnet-hub`
const runners = { githubRunners: { organizationId: '9919' } }

let sandbox: Sandbox
let here: CommonInProcess
beforeEach(async () => {
  const open = await openDeliveredCommon()
  sandbox = open.sandbox
  here = open.here
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

const differing = (report: Report): readonly string[] =>
  planOf(report)
    .changes.filter(({ change, kind }) => change !== 'keep' && kind !== 'deployment stack')
    .map(({ change, kind, name }) => `${change} ${kind.split('/').at(-1)} ${name.split('/').at(-1)}`)
const settled = async () => hasChanges(planOf(await here.provision('plan')))

describe('a NAT gateway', () => {
  test('is made before the subnets that get it, let go of before it goes, and made again', async () => {
    here.parts({ ...runners, natGateway: true })
    const made = differing(await here.provision('apply'))
    expect(made).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^create natGateways /),
        'create subnet snet-esml-cmn-runners',
        expect.stringMatching(/^create networkSettings /),
      ]),
    )
    expect(await settled()).toBe(false)

    here.parts(runners)
    const gone = differing(await here.provision('apply', ['deletion']))
    expect(gone.toSorted()).toEqual([
      expect.stringMatching(/^delete natGateways /),
      expect.stringMatching(/^delete publicIPAddresses /),
      'modify subnet snet-esml-cmn-runners',
    ])
    expect(await settled()).toBe(false)

    here.parts({ ...runners, natGateway: true })
    expect(differing(await here.provision('apply'))).toEqual(
      expect.arrayContaining(['modify subnet snet-esml-cmn-runners']),
    )
    expect(await settled()).toBe(false)
  })
})

describe('runners', () => {
  const subnets = () =>
    Object.keys(sandbox.state.arm.resources).filter((id) => /snet-esml-cmn-runners(?!\/)/.test(id))
  test.each([
    ['alone', {}],
    ['with the NAT gateway of their subnet', { natGateway: true }],
    ['with the route table of their subnet', { routeTable: true }],
  ])('go in one run with their subnet and its security group: %s', async (_, more) => {
    here.parts({ ...runners, ...more })
    await here.provision('apply')
    expect(subnets()).not.toEqual([])
    here.parts({})
    const gone = differing(await here.provision('apply', ['deletion']))
    expect(gone).toEqual(
      expect.arrayContaining([
        'delete subnet snet-esml-cmn-runners',
        'delete network security group nsg-snet-esml-cmn-runners',
      ]),
    )
    expect(subnets()).toEqual([])
    expect(await settled()).toBe(false)
  })
})

test('the subnet of admin VMs comes with a security group that keeps the Internet out, and goes again', async () => {
  const made = (type: string) =>
    Object.values(sandbox.state.arm.resources).find(
      (resource) => resource.type === type && resource.name.endsWith('snet-esml-cmn-admin'),
    )
  here.parts({ adminVm: true })
  expect(differing(await here.provision('apply')).toSorted()).toEqual([
    'create network security group nsg-snet-esml-cmn-admin',
    'create subnet snet-esml-cmn-admin',
  ])
  const group = 'Microsoft.Network/networkSecurityGroups'
  const subnet = 'Microsoft.Network/virtualNetworks/subnets'
  expect(made(subnet)?.properties).toMatchObject({
    defaultOutboundAccess: false,
    networkSecurityGroup: { id: made(group)?.id },
  })
  const rules = Object.values(sandbox.state.arm.resources).filter(({ id }) =>
    id.startsWith(`${made(group)?.id}/securityRules/`),
  )
  expect(rules.map(({ name }) => name.split('/').at(-1))).toEqual(['DenyInternetInbound'])
  expect(await settled()).toBe(false)
  here.parts({})
  expect(differing(await here.provision('apply'))).toEqual([
    'delete subnet snet-esml-cmn-admin',
    'delete network security group nsg-snet-esml-cmn-admin',
  ])
  expect(made(subnet)).toBeUndefined()
})

describe('a peering with a hub', () => {
  beforeEach(async () => {
    const hands = await byHand(sandbox)
    await hands.put(platform, '2024-03-01', { location: 'swedencentral' })
    await hands.put(hub, '2024-05-01', {
      location: 'swedencentral',
      properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } },
    })
    await hands.put(
      `${hub}/providers/Microsoft.Authorization/roleAssignments/77777777-0000-0000-0000-000000000001`,
      '2022-04-01',
      {
        properties: {
          roleDefinitionId: `/subscriptions/${prod}/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7`,
          principalId: dev.objectId,
          principalType: 'ServicePrincipal',
        },
      },
    )
  })
  const states = () =>
    Object.values(sandbox.state.arm.resources)
      .filter(({ type }) => type.endsWith('virtualNetworkPeerings'))
      .map(({ properties }) => properties?.['peeringState'])

  test('is made on both sides, and again after it was gone', async () => {
    here.parts({ hubPeering: { hub } })
    expect(differing(await here.provision('apply'))).toEqual([
      'create virtualNetworkPeerings peer-vnet-hub',
      expect.stringMatching(/^create virtualNetworkPeerings peer-vnt-esmlcmn/),
    ])
    expect(states()).toEqual(['Connected', 'Connected'])
    expect(await settled()).toBe(false)

    here.parts({})
    await here.provision('apply', ['deletion'])
    here.parts({ hubPeering: { hub } })
    await here.provision('apply')
    expect(states()).toEqual(['Connected', 'Connected'])
    expect(await settled()).toBe(false)
  })
})

test('a budget begins when it began, and nothing of it changes', async () => {
  const budgets = () =>
    Object.values(sandbox.state.arm.resources).filter(({ type }) => type.endsWith('budgets'))
  const [before] = budgets()
  expect(before).toBeDefined()
  here.parts({ budget: { amount: 777 } })
  expect(differing(await here.provision('apply'))).toEqual([expect.stringMatching(/^modify budgets /)])
  expect(budgets()[0]?.properties).toMatchObject({
    amount: 777,
    timePeriod: before?.properties?.['timePeriod'],
  })
})
