import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals'
import { cidr, contains, overlaps } from '../../src/cidr.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import type { Transcript } from '../runtime/transcribing-host.ts'
import { annotations, factoryFolder, ipCalc } from './factory.ts'

const network = `${ids.common}/providers/Microsoft.Network/virtualNetworks/vnet-dual`
const factory = factoryFolder((text) => text.replace('addressSpace: [172.16.0.0/16]', `vnetId: ${network}`))
afterAll(() => factory.remove())

let here: OnSandbox
let hand: ByHand
beforeEach(async () => {
  here = await onSandbox({ durationScale: 0 })
  hand = await byHand(here.sandbox)
})
afterEach(() => here.sandbox.close())

const vnet = (...addressPrefixes: string[]) =>
  hand.put(network, '2025-05-01', {
    location: 'swedencentral',
    properties: {
      addressSpace: { addressPrefixes },
      subnets: [
        { name: 'both', properties: { addressPrefixes: ['172.30.0.0/24', 'fd00:db8::/64'] } },
        { name: 'reversed', properties: { addressPrefixes: ['fd00:db8:0:1::/64', '172.30.15.0/24'] } },
      ],
    },
  })
const run = (mode: string) => ipCalc(here.sandbox, factory, { mode })
const places = ({ outputs }: Transcript) =>
  Object.values<{ addressPrefix: string }>(JSON.parse(outputs['subnets'] ?? '{}')).map(({ addressPrefix }) =>
    cidr(addressPrefix),
  )

test.each([
  ['after IPv4', ['172.30.0.0/20', 'fd00:db8::/48']],
  ['before IPv4', ['fd00:db8::/48', '172.30.0.0/20']],
])(
  'In a VNet with IPv6 %s every mode works, and keeps to the IPv4 addresses that are free',
  async (_where, prefixes) => {
    await vnet(...prefixes)
    const planned = await run('plan')
    const reserved = await run('reserve')
    for (const each of [planned, reserved]) {
      expect(annotations(each, 'error')).toEqual([])
      expect(places(each)).toHaveLength(2)
      for (const place of places(each)) {
        expect(contains(cidr('172.30.0.0/20'), place)).toBe(true)
        expect(['172.30.0.0/24', '172.30.15.0/24'].filter((used) => overlaps(cidr(used), place))).toEqual([])
      }
    }
    expect(places(reserved)).toEqual(places(planned))
    const counted = await ipCalc(here.sandbox, factory, { mode: 'capacity', project: '' })
    expect(annotations(counted, 'error')).toEqual([])
    const used = 2 * 256 + 128 + 512
    expect(counted.summary).toContain(
      `172.30.0.0/20: ${(4096 - used).toLocaleString('en-US')} of 4,096 addresses free`,
    )
    const released = await run('release')
    expect(annotations(released, 'error')).toEqual([])
    expect(released.outputs['changed']).toBe('true')
  },
)
