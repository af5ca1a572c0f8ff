/** From where the parts of a common area can be reached, as its plan shows it to an architect. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { dev } from '../azure/on-sandbox.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { type CommonInProcess, openDeliveredCommon } from './in-process.ts'

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

/** What the plan says of a part. */
async function reach(part: string): Promise<string> {
  const { summary = '' } = await here.provision('plan')
  const row = summary.split('\n').find((line) => line.startsWith(`| ${part} |`)) ?? ''
  return row.split('|').at(-2)?.trim() ?? ''
}

const registries = ['Shared container registry', 'Container registry of Machine Learning']
const through =
  'the VNet and what is peered with it, through 1 private endpoint in subnet snet-esml-cmn-001; '

describe('registries', () => {
  test.each(registries)('%s is closed in a private mode', async (part) => {
    expect(await reach(part)).toBe(`${through}not from the Internet`)
  })

  test.each(registries)('%s is open to the addresses of an allow list', async (part) => {
    here.change((text) =>
      text
        .replace('accessMode: private-peered', 'accessMode: private-ip-allowlist')
        .replace('allowedIps: []', 'allowedIps: [203.0.113.4, 198.51.100.0/24]'),
    )
    expect(await reach(part)).toBe(`${through}of the Internet only 203.0.113.4, 198.51.100.0/24`)
    expect(await reach('Data lake')).toContain('not from the Internet')
  })

  test.each(registries)('%s is open to everybody who may sign in, with a public perimeter', async (part) => {
    here.change((text) => text.replace('accessMode: private-peered', 'accessMode: public-perimeter'))
    expect(await reach(part)).toBe(`${through}from anywhere, by who signs in with Entra and has a role`)
  })
})

describe('the VNet', () => {
  const version = '2024-05-01'
  const group = `/subscriptions/${dev.subscriptionId}/resourceGroups/network-team`
  const other = `${group}/providers/Microsoft.Network/virtualNetworks/vnet-office`
  let hands: ByHand
  const own = () =>
    Object.values(sandbox.state.arm.resources).find(({ name }) => name === 'vnt-esmlcmn-sdc-dev-002')?.id ??
    ''
  const peer = (from: string, to: string) =>
    hands.put(`${from}/virtualNetworkPeerings/by-hand`, version, {
      properties: { remoteVirtualNetwork: { id: to }, allowVirtualNetworkAccess: true },
    })
  beforeEach(async () => {
    hands = await byHand(sandbox)
    await hands.put(group, '2024-03-01', { location: 'swedencentral' })
    await hands.put(other, version, {
      location: 'swedencentral',
      properties: { addressSpace: { addressPrefixes: ['10.9.0.0/16'] } },
    })
  })

  test('is reached from what the network team has peered it with, once both sides are there', async () => {
    expect(await reach('Virtual network')).toContain('nowhere else: it is not peered; ')
    await peer(own(), other)
    expect(await reach('Virtual network')).toContain('peerings that carry nothing: vnet-office is Initiated')
    await peer(other, own())
    expect(await reach('Virtual network')).toContain('vnet-office and what that leads to; ')
  })

  test('is reached from its hub no more when the peering is switched off, which its plan says already', async () => {
    here.parts({ hubPeering: { hub: other } })
    expect(await reach('Virtual network')).toContain('hub vnet-office and what that leads to')
    await here.provision('apply')
    expect(await reach('Virtual network')).toContain('hub vnet-office and what that leads to')
    here.parts({})
    expect(await reach('Virtual network')).toContain('nowhere else: it is not peered; ')
  })
})
