/** The hub's side of the peering, in a subscription where the delivering identity has only what it was given. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openPermissions } from '../../src/azure/permissions.ts'
import { openResources, type Resources } from '../../src/azure/resources.ts'
import { documentOf, loadFactory } from '../../src/manifest/load.ts'
import { resolveFactory } from '../../src/manifest/resolve.ts'
import { runSteps } from '../../src/operations/apply-steps.ts'
import { type HubSide, planHubSide } from '../../src/operations/common/hub-side.ts'
import { commonAreaOf } from '../../src/operations/common-area.ts'
import { dev, ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'

const platform = '/subscriptions/22222222-2222-2222-2222-222222222203/resourceGroups/platform'
const hub = `${platform}/providers/Microsoft.Network/virtualNetworks/vnet-hub`
const version = '2024-05-01'
const networkContributor = '4d97b98b-1d4f-4787-a291-c67834d212e7'
const [toHub, back] = [
  `${ids.network}/virtualNetworkPeerings/peer-vnet-hub`,
  `${hub}/virtualNetworkPeerings/peer-${dev.network}`,
]

let here: OnSandbox
let hands: ByHand
let resources: Resources
beforeEach(async () => {
  here = await onSandbox({ durationScale: 0 })
  hands = await byHand(here.sandbox)
  resources = await openResources(here.session)
  await hands.put(platform, '2024-03-01', { location: 'swedencentral' })
  await hands.put(hub, version, {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } },
  })
})
afterEach(() => here.sandbox.close())

const plan = async (more = ''): Promise<HubSide> => {
  const text = `
version: 1
name: mrvel
instance: "001"
location: swedencentral
locationCode: sdc
salt: a1b2c
tenantId: ${dev.tenantId}
environments:
  dev: { subscriptionId: ${dev.subscriptionId}, network: { addressSpace: [172.16.0.0/16] } }
common: { hubPeering: { hub: ${hub}${more} } }
`
  const area = commonAreaOf(resolveFactory(documentOf(loadFactory(text, 'factory.yml')), 'dev'))
  return planHubSide(area, { resources, permissions: await openPermissions(here.session) })
}

const give = (roleId: string) =>
  hands.put(
    `${hub}/providers/Microsoft.Authorization/roleAssignments/77777777-0000-0000-0000-000000000001`,
    '2022-04-01',
    {
      properties: {
        roleDefinitionId: `/subscriptions/22222222-2222-2222-2222-222222222203/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
        principalId: dev.objectId,
        principalType: 'ServicePrincipal',
      },
    },
  )
const peerFromHere = () => hands.put(toHub, version, { properties: { remoteVirtualNetwork: { id: hub } } })
const stateOf = (id: string) => {
  const state = here.sandbox.state.arm.resources[id.toLowerCase()]?.properties?.['peeringState']
  return state
}

describe('without a right on the hub', () => {
  test('the plan has the command for its owner, and changes nothing', async () => {
    const { changes, before, after, warnings } = await plan(', useRemoteGateways: true')
    expect([changes, before, after]).toEqual([[], [], []])
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(
      `az network vnet peering create --subscription 22222222-2222-2222-2222-222222222203 --resource-group platform --vnet-name vnet-hub --name peer-${dev.network} --remote-vnet ${ids.network} --allow-vnet-access --allow-gateway-transit`,
    )
  })

  test('the network’s own side says that it is there', async () => {
    await peerFromHere()
    expect((await plan()).warnings[0]).toContain('is not known, as this identity may not read it')
    await peerFromHub('to-the-factory')
    expect(await plan()).toEqual({ changes: [], before: [], after: [], warnings: [] })
  })

  test('who may read it knows that it is there', async () => {
    await give('acdd72a7-3385-48ef-bd42-f606fba81ae7')
    expect((await plan()).warnings[0]).toContain('has no peering that leads back')
    await peerFromHere()
    // Whatever its owner calls it.
    await hands.put(`${hub}/virtualNetworkPeerings/to-the-factory`, version, {
      properties: { remoteVirtualNetwork: { id: ids.network } },
    })
    expect(await plan()).toEqual({ changes: [], before: [], after: [], warnings: [] })
  })
})

const peerFromHub = (name: string) =>
  hands.put(`${hub}/virtualNetworkPeerings/${name}`, version, {
    properties: { remoteVirtualNetwork: { id: ids.network }, allowForwardedTraffic: true },
  })

describe('the gateway of the hub', () => {
  test('is let through by the side that this factory made, and nothing else of it changes', async () => {
    await give(networkContributor)
    await peerFromHere()
    await peerFromHub(`peer-${dev.network}`)
    expect((await plan()).changes).toEqual([])
    const { changes, before, after, warnings } = await plan(', useRemoteGateways: true')
    expect(changes).toMatchObject([
      { change: 'modify', properties: [{ path: 'properties.allowGatewayTransit', after: true }] },
    ])
    expect([after, warnings]).toEqual([[], []])
    await runSteps(before, () => undefined)
    expect(here.sandbox.state.arm.resources[back.toLowerCase()]?.properties).toMatchObject({
      allowGatewayTransit: true,
      allowForwardedTraffic: true,
    })
    expect((await plan(', useRemoteGateways: true')).changes).toEqual([])
  })

  test('is its owner’s to let through where he made the side', async () => {
    await give(networkContributor)
    await peerFromHere()
    await peerFromHub('of-the-owner')
    const { changes, warnings } = await plan(', useRemoteGateways: true')
    expect(changes).toEqual([])
    expect(warnings[0]).toContain('--name of-the-owner --set allowGatewayTransit=true')
  })
})

describe('with a right on the hub', () => {
  beforeEach(() => give(networkContributor))

  test('its side is made after the network’s own, and a second plan has nothing to do', async () => {
    await peerFromHere()
    const { changes, before, after, warnings } = await plan()
    expect(changes).toMatchObject([{ change: 'create', scope: hub }])
    expect([before, warnings]).toEqual([[], []])
    await runSteps(after, () => undefined)
    expect([stateOf(toHub), stateOf(back)]).toEqual(['Connected', 'Connected'])
    expect(await plan()).toEqual({ changes: [], before: [], after: [], warnings: [] })
  })

  test('is made again when somebody removed it', async () => {
    await peerFromHere()
    await runSteps((await plan()).after, () => undefined)
    await hands.remove(back, version)
    const { changes, after } = await plan()
    expect(changes.map(({ change }) => change)).toEqual(['create'])
    await runSteps(after, () => undefined)
    expect([stateOf(toHub), stateOf(back)]).toEqual(['Connected', 'Connected'])
  })

  test('one that lost its network is made anew, since Azure would refuse the other side', async () => {
    await peerFromHere()
    await runSteps((await plan()).after, () => undefined)
    await hands.remove(toHub, version)
    const { changes, before, after } = await plan()
    expect(changes.map(({ change }) => change)).toEqual(['delete', 'create'])
    await runSteps(before, () => undefined)
    await peerFromHere()
    await runSteps(after, () => undefined)
    expect([stateOf(toHub), stateOf(back)]).toEqual(['Connected', 'Connected'])
  })
})
