/** The common area of an environment whose VNet is peered with a hub in another subscription. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { hasChanges } from '../../src/plan/model.ts'
import type { Report } from '../../src/plan/report.ts'
import { dev } from '../azure/on-sandbox.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { planOf } from '../provision-project/in-process.ts'
import { failureOf } from './failure-of.ts'
import { type CommonInProcess, commonInProcess, writesOf } from './in-process.ts'

const platform = '/subscriptions/22222222-2222-2222-2222-222222222203/resourceGroups/platform'
const hub = `${platform}/providers/Microsoft.Network/virtualNetworks/vnet-hub`
const back = `${hub}/virtualNetworkPeerings/peer-vnt-esmlcmn-sdc-dev-002`
const networkContributor =
  '/subscriptions/22222222-2222-2222-2222-222222222203/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7'

let sandbox: Sandbox
let here: CommonInProcess
let hands: ByHand
beforeEach(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  here = commonInProcess(sandbox)
  hands = await byHand(sandbox)
  await hands.put(platform, '2024-03-01', { location: 'swedencentral' })
  await hands.put(hub, '2024-05-01', {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } },
  })
  here.parts({ hubPeering: { hub } })
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

const give = (role: string) =>
  hands.put(
    `${hub}/providers/Microsoft.Authorization/roleAssignments/77777777-0000-0000-0000-000000000001`,
    '2022-04-01',
    {
      properties: {
        roleDefinitionId: role,
        principalId: dev.objectId,
        principalType: 'ServicePrincipal',
      },
    },
  )
/** Lets it peer with the hub and look at it, no more. */
const letPeer = async () => {
  const subscription = '/subscriptions/22222222-2222-2222-2222-222222222203'
  const role = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/77777777-0000-0000-0000-000000000003`
  const networks = 'Microsoft.Network/virtualNetworks'
  await hands.put(role, '2022-04-01', {
    properties: {
      roleName: 'May be peered with',
      type: 'CustomRole',
      permissions: [
        {
          actions: [`${networks}/peer/action`, `${networks}/read`, `${networks}/virtualNetworkPeerings/read`],
        },
      ],
      assignableScopes: [subscription],
    },
  })
  await give(role)
}
const peering = (id: string) => sandbox.state.arm.resources[id.toLowerCase()]?.properties?.['peeringState']

test('both sides are in the plan, and made, where the rights allow it; then nothing changes', async () => {
  await give(networkContributor)
  const planned = planOf(await here.provision('plan'))
  const sides = planned.changes.filter(({ kind }) => kind.endsWith('/virtualNetworkPeerings'))
  expect(sides.map(({ change }) => change)).toEqual(['create', 'create'])
  await here.provision('apply')
  expect(peering(back)).toBe('Connected')
  const again = await here.provision('apply')
  expect(planOf(again).changes.filter(({ change }) => change !== 'keep')).toEqual([])
  expect(hasChanges(planOf(again))).toBe(false)
})

test('is made on this side, and the owner of the hub gets the command for the other', async () => {
  await letPeer()
  const { warnings } = planOf(await here.provision('plan'))
  expect(warnings.join('\n')).toContain(
    'az network vnet peering create --subscription 22222222-2222-2222-2222-222222222203',
  )
  await here.provision('apply')
  expect(peering(back)).toBeUndefined()
  const again = planOf(await here.provision('plan'))
  expect(hasChanges(again)).toBe(false)
  // The peering waits for its other side, which is said once.
  expect(again.warnings.filter((line) => line.includes('peer'))).toHaveLength(1)
})

test('needs one right on the hub, which is named before anything is written', async () => {
  const since = sandbox.requestCount()
  const { message } = await failureOf(here.provision('apply'))
  expect(message).toContain('Microsoft.Network/virtualNetworks/peer/action')
  expect(writesOf(sandbox, since)).toEqual([])
})

describe('the side of the hub', () => {
  const sides = async (run: Promise<Report>) =>
    planOf(await run).changes.filter(({ kind }) => kind.endsWith('/virtualNetworkPeerings'))

  test('goes with the peering when it is switched off, and nothing is left to do', async () => {
    await give(networkContributor)
    await here.provision('apply')
    here.parts({})
    expect((await sides(here.provision('plan'))).map(({ change }) => change)).toEqual(['delete', 'delete'])
    await here.provision('apply')
    expect(sandbox.state.arm.resources[back.toLowerCase()]).toBeUndefined()
    expect(hasChanges(planOf(await here.provision('plan')))).toBe(false)
  })

  test('goes with the common area', async () => {
    await give(networkContributor)
    await here.provision('apply')
    expect((await sides(here.destroy())).map(({ change }) => change)).toEqual(['delete', 'delete'])
    const { outcome, outputs } = await here.destroy('common-dev', ['deletion'])
    expect(outcome).toBe('applied')
    expect(outputs?.['left']).not.toContain('virtualNetworkPeerings')
    expect(sandbox.state.arm.resources[back.toLowerCase()]).toBeUndefined()
  })

  test('that its owner made and that lost the VNet keeps a new peering away, and the owner has to delete it', async () => {
    await letPeer()
    await here.provision('apply')
    const id = Object.keys(sandbox.state.arm.resources).find((one) =>
      one.endsWith('/virtualnetworks/vnt-esmlcmn-sdc-dev-002'),
    )
    await hands.put(`${hub}/virtualNetworkPeerings/of-the-owner`, '2024-05-01', {
      properties: { remoteVirtualNetwork: { id } },
    })
    here.parts({})
    await here.provision('apply')
    here.parts({ hubPeering: { hub } })
    await expect(here.provision('plan')).rejects.toMatchObject({
      cause: { message: expect.stringContaining('az network vnet peering delete --ids') },
    })
  })

  test('is left to its owner, with the command, when somebody else made it', async () => {
    await letPeer()
    const vnet = back.slice(back.indexOf('peer-') + 'peer-'.length)
    await here.provision('apply')
    const id = Object.keys(sandbox.state.arm.resources).find((one) =>
      one.endsWith(`/virtualnetworks/${vnet}`),
    )
    await hands.put(`${hub}/virtualNetworkPeerings/of-the-owner`, '2024-05-01', {
      properties: { remoteVirtualNetwork: { id } },
    })
    const { outcome, outputs } = await here.destroy('common-dev', ['deletion'])
    expect(outcome).toBe('applied')
    expect(outputs?.['left']).toContain(
      'az network vnet peering delete --subscription 22222222-2222-2222-2222-222222222203 --resource-group platform --vnet-name vnet-hub --name of-the-owner',
    )
  })
})
