/** What a company has set, or has not given, is found by the check of a common area before anything is written. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { FailureWithReport, type Report } from '../../src/plan/report.ts'
import { dev, ids } from '../azure/on-sandbox.ts'
import { type CommonInProcess, commonInProcess } from '../common/in-process.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'

const subscription = `/subscriptions/${dev.subscriptionId}`
const group = ids.common.replace(/001$/, '002')
const hub =
  '/subscriptions/22222222-2222-2222-2222-222222222203/resourceGroups/platform/providers/Microsoft.Network/virtualNetworks/vnet-hub'
const networkVersion = '2024-05-01'

let sandbox: Sandbox
let here: CommonInProcess
let hand: ByHand
beforeEach(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  here = commonInProcess(sandbox)
  hand = await byHand(sandbox)
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

interface Finding {
  readonly severity: string
  readonly subject: string
  readonly what: string
  readonly fix?: string
  readonly commands?: readonly string[]
  readonly where?: { readonly line: number }
}

async function findings(): Promise<readonly Finding[]> {
  const report = await here.provision('check').catch((error: unknown): Report => {
    if (error instanceof FailureWithReport) return error.report
    throw error
  })
  return JSON.parse(report.outputs['findings'] ?? '[]')
}

const about = async (subject: string): Promise<readonly Finding[]> =>
  (await findings()).filter((one) => one.subject === subject)

/** Assigns a policy of one's own to the subscription, which denies what a rule says. */
async function deny(rule: object): Promise<void> {
  const definition = `${subscription}/providers/Microsoft.Authorization/policyDefinitions/own`
  // biome-ignore lint/suspicious/noThenProperty: that is what Azure calls it
  const policyRule = { if: rule, then: { effect: 'deny' } }
  await hand.put(definition, '2023-04-01', {
    properties: { displayName: 'Own rule', mode: 'All', policyRule },
  })
  await hand.put(`${subscription}/providers/Microsoft.Authorization/policyAssignments/own`, '2023-04-01', {
    properties: { displayName: 'Own assignment', policyDefinitionId: definition },
  })
}

test.each([
  [
    'public addresses',
    { natGateway: true },
    { field: 'type', equals: 'Microsoft.Network/publicIPAddresses' },
  ],
  [
    'subnets, which are in no template',
    {},
    { field: 'type', equals: 'Microsoft.Network/virtualNetworks/subnets' },
  ],
])('a policy that denies %s', async (_what, parts, rule) => {
  here.parts(parts)
  expect((await about('Policies')).map(({ severity }) => severity)).toEqual(['good'])
  await deny(rule)
  expect(await about('Policies')).toEqual([
    expect.objectContaining({
      severity: 'fault',
      what: expect.stringMatching(/^Azure would deny Microsoft\.Network\/.*the policy 'Own rule'/),
      fix: expect.stringContaining('or request an exemption.'),
    }),
  ])
})

test('a lock on the resource group', async () => {
  await hand.put(group, '2024-11-01', { location: 'swedencentral' })
  const lock = `${group}/providers/Microsoft.Authorization/locks/frozen`
  await hand.put(lock, '2020-05-01', { properties: { level: 'ReadOnly' } })
  expect(await about('Locks')).toEqual([
    expect.objectContaining({
      severity: 'fault',
      what: expect.stringContaining("The lock 'frozen' (ReadOnly)"),
      commands: [`az lock delete --ids '${lock}'`],
    }),
  ])
})

test('a resource group that is another factory’s, or in another region', async () => {
  const of = { factory: 'other-001', project: 'common', environment: 'dev' }
  await hand.put(group, '2024-11-01', { location: 'swedencentral', tags: of })
  expect((await about('Resource group')).map(({ severity }) => severity)).toEqual(['fault'])
  await hand.remove(group, '2024-11-01')
  await hand.put(group, '2024-11-01', { location: 'westeurope' })
  expect(await about('Resource group')).toEqual([
    expect.objectContaining({
      severity: 'fault',
      what: expect.stringContaining('is in westeurope, and factory.yml says swedencentral'),
      where: expect.objectContaining({ line: expect.any(Number) }),
    }),
  ])
})

test('that no more storage accounts fit the region', async () => {
  sandbox.faults.add({
    path: '/Microsoft\\.Storage/locations/[^/]+/usages',
    status: 200,
    times: 'always',
    body: { value: [{ name: { value: 'StorageAccounts' }, currentValue: 250, limit: 250 }] },
  })
  expect(await about('Quotas')).toEqual([
    expect.objectContaining({
      severity: 'fault',
      what: expect.stringContaining('1 more storage accounts (StorageAccounts) do not fit'),
    }),
  ])
})

test('a hub without the gateway that the VNet is to use, at its line', async () => {
  const near = `${ids.common}/providers/Microsoft.Network/virtualNetworks/vnet-hub`
  await hand.put(near, networkVersion, {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } },
  })
  here.parts({ hubPeering: { hub: near, useRemoteGateways: true } })
  expect(await about('Network')).toEqual([
    expect.objectContaining({
      severity: 'fault',
      what: "The hub 'vnet-hub' has no gateway that the VNet could use.",
      where: expect.objectContaining({ line: expect.any(Number) }),
    }),
  ])
  const address = `${ids.common}/providers/Microsoft.Network/publicIPAddresses/pip-hub`
  const location = 'swedencentral'
  await hand.put(`${near}/subnets/GatewaySubnet`, networkVersion, {
    properties: { addressPrefix: '10.1.0.0/27' },
  })
  await hand.put(address, networkVersion, {
    location,
    sku: { name: 'Standard' },
    properties: { publicIPAllocationMethod: 'Static' },
  })
  await hand.put(`${ids.common}/providers/Microsoft.Network/virtualNetworkGateways/vgw-hub`, networkVersion, {
    location,
    properties: {
      gatewayType: 'Vpn',
      ipConfigurations: [
        {
          name: 'default',
          properties: {
            subnet: { id: `${near}/subnets/GatewaySubnet` },
            publicIPAddress: { id: address },
          },
        },
      ],
    },
  })
  expect((await about('Network')).map(({ severity }) => severity)).toEqual(['good'])
})

test('a hub of others: what its owner has to run so that the VNet may be peered with it', async () => {
  await hand.put(hub.split('/providers/')[0] ?? '', '2024-11-01', { location: 'swedencentral' })
  await hand.put(hub, networkVersion, {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } },
  })
  here.parts({ hubPeering: { hub } })
  const [open] = (await about('Rights')).filter(({ severity }) => severity === 'unchecked')
  expect(open?.what).toContain(`${hub}: Microsoft.Network/virtualNetworks/peer/action`)
  const commands = (open?.fix?.split(' to run: ')[1] ?? '').split(' && ')
  expect(commands).toEqual([
    expect.stringMatching(/^az role definition create .*Microsoft\.Network\/virtualNetworks\/peer\/action/),
    expect.stringMatching(new RegExp(`^az role assignment create .*${dev.objectId}.*${hub}`)),
  ])
})
