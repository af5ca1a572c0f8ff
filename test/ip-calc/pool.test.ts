import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openVirtualNetworks } from '../../src/azure/virtual-networks.ts'
import { cidr, contains } from '../../src/cidr.ts'
import { dev, ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { annotations, factoryFolder, ipCalc } from './factory.ts'

// The pool is the platform team's, in a subscription where the identity of dev holds no role.
const platform = '/subscriptions/22222222-2222-2222-2222-222222222203/resourceGroups/platform'
const manager = `${platform}/providers/Microsoft.Network/networkManagers/avnm`
const pool = `${manager}/ipamPools/apps`
const action = 'Microsoft.Network/networkManagers/ipamPools/associateResourcesToPool/action'
const network = `${ids.common}/providers/Microsoft.Network/virtualNetworks/vnet-pooled`
const ipamPoolUser =
  '/subscriptions/22222222-2222-2222-2222-222222222203/providers/Microsoft.Authorization/roleDefinitions/7b3e853f-ad5d-4fb5-a7b8-56a3581c7037'

const factory = factoryFolder((text) => text.replace('addressSpace: [172.16.0.0/16]', `vnetId: ${network}`))
afterAll(() => factory.remove())

let here: OnSandbox
let hand: ByHand
beforeEach(async () => {
  here = await onSandbox({ durationScale: 0 })
  hand = await byHand(here.sandbox)
  await hand.put(platform, '2024-11-01', { location: 'swedencentral' })
  await hand.put(manager, '2025-05-01', {
    location: 'swedencentral',
    properties: { networkManagerScopes: { subscriptions: [`/subscriptions/${dev.subscriptionId}`] } },
  })
  await hand.put(pool, '2025-05-01', {
    location: 'swedencentral',
    properties: { addressPrefixes: ['10.64.0.0/16'] },
  })
  await hand.put(network, '2025-05-01', {
    location: 'swedencentral',
    properties: {
      addressSpace: { ipamPoolPrefixAllocations: [{ pool: { id: pool }, numberOfIpAddresses: '4096' }] },
    },
  })
})
afterEach(() => here.sandbox.close())

const letUsePool = () =>
  hand.put(
    `${pool}/providers/Microsoft.Authorization/roleAssignments/77777777-0000-0000-0000-000000000001`,
    '2022-04-01',
    {
      properties: {
        roleDefinitionId: ipamPoolUser,
        principalId: dev.objectId,
        principalType: 'ServicePrincipal',
      },
    },
  )
const run = (inputs: Record<string, string>) => ipCalc(here.sandbox, factory, inputs)
const writes = () =>
  here.sandbox.requests().filter(({ method, path }) => method === 'PUT' && /vnet-pooled/.test(path))
const read = async () => (await openVirtualNetworks(here.session)).read(network)

describe('In a VNet that a pool manages', () => {
  test('a plan says so, and what is missing to create subnets', async () => {
    const planned = await run({})
    expect(annotations(planned, 'error')).toEqual([])
    expect(annotations(planned, 'warning')).toEqual([
      expect.stringContaining(`The addresses of VNet 'vnet-pooled' are managed by the pool ${pool}.`),
      expect.stringContaining(
        `The identity ${dev.clientId} may not create subnets in VNet 'vnet-pooled'. The addresses of the VNet come from the pool ${pool}, and the identity lacks ${action} on it.`,
      ),
    ])
  })

  test.each(['planner', 'pool'])(
    'nothing is written without the right to use it (allocation: %s)',
    async (allocation) => {
      const before = writes().length
      const refused = await run({ mode: 'reserve', allocation })
      expect(annotations(refused, 'error')).toEqual([
        expect.stringMatching(
          `^The identity ${dev.clientId} may not create subnets .* --role "IPAM Pool User" --scope ${pool}`,
        ),
      ])
      expect(writes().length).toBe(before)
      expect((await read()).subnets).toEqual([])
    },
  )

  test('subnets get the addresses that the pool chooses, in plan, reservation and afterwards', async () => {
    await letUsePool()
    const planned = await run({ allocation: 'pool' })
    expect(annotations(planned, 'warning')).toEqual([])
    expect(JSON.parse(planned.outputs['subnets'] ?? '')).toMatchObject({
      genai: {
        addressPrefix: '',
        state: 'planned',
        attachments: { addressPools: [{ id: pool, numberOfIpAddresses: '128' }] },
      },
    })
    expect(planned.summary).toContain('chosen by the pool')

    const reserved = await run({ mode: 'reserve', allocation: 'pool' })
    expect(annotations(reserved, 'error')).toEqual([])
    const subnets = JSON.parse(reserved.outputs['subnets'] ?? '')
    const actual = await read()
    for (const { name, addressPrefix, state } of Object.values<Record<string, string>>(subnets)) {
      expect(state).toBe('reserved')
      const there = actual.subnets.find((subnet) => subnet.name === name)
      expect(there?.addressPrefixes).toEqual([addressPrefix])
      expect(contains(cidr(actual.addressPrefixes[0] ?? ''), cidr(addressPrefix ?? ''))).toBe(true)
      expect(there?.attachments.addressPools?.[0]?.id).toBe(pool)
      expect(there?.networkSecurityGroupId).toBeDefined()
    }

    const again = await run({ mode: 'reserve', allocation: 'pool' })
    expect(again.outputs['changed']).toBe('false')
    expect(annotations(again, 'warning')).toEqual([])
  })
})

test('A VNet without a pool is not asked for addresses of one', async () => {
  const refused = await run({ allocation: 'pool', 'vnet-id': ids.network })
  expect(annotations(refused, 'error')).toEqual([
    expect.stringMatching(/do not come from an IPAM pool .* Leave the input 'allocation' out/),
  ])
})
