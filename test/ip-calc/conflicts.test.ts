import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openResources } from '../../src/azure/resources.ts'
import { cidr, contains, formatCidr, overlaps } from '../../src/cidr.ts'
import type { JsonObject } from '../../src/json.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import type { Transcript } from '../runtime/transcribing-host.ts'
import { annotations, type FactoryFolder, factoryFolder, ipCalc } from './factory.ts'

let here: OnSandbox
let hand: ByHand
const folders: FactoryFolder[] = []
beforeEach(async () => {
  here = await onSandbox({ durationScale: 0 })
  hand = await byHand(here.sandbox)
})
afterEach(async () => {
  for (const folder of folders.splice(0)) folder.remove()
  await here.sandbox.close()
})

function factory(change?: (text: string) => string): FactoryFolder {
  const folder = factoryFolder(change)
  folders.push(folder)
  return folder
}
const run = (folder: FactoryFolder, inputs: Record<string, string> = {}) =>
  ipCalc(here.sandbox, folder, inputs)
const places = ({ outputs }: Transcript) =>
  Object.values<{ addressPrefix: string }>(JSON.parse(outputs['subnets'] ?? '{}')).map(({ addressPrefix }) =>
    cidr(addressPrefix),
  )

const version = '2025-05-01'
const sibling = (name: string): string => `${ids.common}/providers/Microsoft.Network/virtualNetworks/${name}`
const network = (id: string, ...addressPrefixes: string[]) =>
  hand.put(id, version, { location: 'swedencentral', properties: { addressSpace: { addressPrefixes } } })
const peer = (from: string, to: string) =>
  hand.put(`${from}/virtualNetworkPeerings/to-${to.split('/').at(-1)}`, version, {
    properties: { remoteVirtualNetwork: { id: to }, allowVirtualNetworkAccess: true },
  })

describe('A VNet that is peered', () => {
  test('with VNets beside it is not mentioned once both sides agree, and reported while they do not', async () => {
    const hub = sibling('hub')
    await network(hub, '192.168.0.0/20', 'fd00:1::/48')
    await peer(ids.network, hub)
    const folder = factory()
    expect(annotations(await run(folder), 'warning')).toEqual([
      expect.stringMatching(
        /^The peering 'to-hub' of VNet '\S+' with 'hub' is Initiated, not Connected: .* Create the peering from the other side too\./,
      ),
    ])
    await peer(hub, ids.network)
    expect(annotations(await run(folder), 'warning')).toEqual([])
  })

  test('with one that has some of its addresses gets no subnet there, and both ranges are named', async () => {
    const hub = sibling('hub')
    await network(hub, '192.168.0.0/20')
    await peer(ids.network, hub)
    await peer(hub, ids.network)
    // Azure lets nobody make such a peering, but shows those that have come to overlap.
    const actual = await (await openResources(here.session)).read(ids.network, version)
    const peerings = (actual?.properties['virtualNetworkPeerings'] ?? []) as readonly JsonObject[]
    const overlapping = peerings.map((peering) => ({
      ...peering,
      properties: {
        ...(peering['properties'] as JsonObject),
        remoteAddressSpace: { addressPrefixes: ['172.16.0.0/17'] },
      },
    }))
    expect(overlapping).toHaveLength(1)
    here.sandbox.faults.add({
      method: 'GET',
      path: `${ids.network}\\?`,
      status: 200,
      body: { ...actual, properties: { ...actual?.properties, virtualNetworkPeerings: overlapping } },
      times: 'always',
    })
    const planned = await run(factory())
    expect(annotations(planned, 'warning')).toEqual([
      expect.stringMatching(
        /^The peered VNet 'hub' has 172\.16\.0\.0\/17, which overlaps 172\.16\.0\.0\/16 of VNet '\S+'\./,
      ),
    ])
    expect(places(planned)).toHaveLength(2)
    expect(places(planned).filter((place) => overlaps(place, cidr('172.16.0.0/17')))).toEqual([])
  })
})

describe('The addresses of another environment', () => {
  const own = sibling('own')
  const vnetOf = (accessMode: string) =>
    factory((text) =>
      text
        .replace('addressSpace: [172.16.0.0/16]', `vnetId: ${own}`)
        .replace('accessMode: private-peered', `accessMode: ${accessMode}`),
    )
  // Those of stage, and some that no environment has.
  const free = cidr('172.22.0.0/20')
  const spread = () => network(own, '172.18.0.0/16', formatCidr(free))

  test('are kept free of subnets when the VNets are to be peered, and both ranges are named', async () => {
    await spread()
    const planned = await run(vnetOf('private-peered'))
    expect(annotations(planned, 'error')).toEqual([])
    expect(annotations(planned, 'warning')).toEqual([
      expect.stringMatching(
        /^The VNet of stage has 172\.18\.0\.0\/16, which overlaps 172\.18\.0\.0\/16 of VNet 'own'\. The access mode private-peered/,
      ),
    ])
    expect(places(planned)).toHaveLength(2)
    expect(places(planned).filter((place) => !contains(free, place))).toEqual([])
  })

  test('are nothing to speak of when the VNets never meet', async () => {
    await spread()
    const planned = await run(vnetOf('private-vpn'))
    expect(annotations(planned, 'error')).toEqual([])
    expect(annotations(planned, 'warning').join()).not.toContain('stage')
  })

  test('are refused at their line when factory.yml has the same for both environments', async () => {
    const refused = await run(
      factory((text) => text.replace('addressSpace: [172.18.0.0/16]', 'addressSpace: [172.16.0.0/17]')),
    )
    expect(annotations(refused, 'error')).toEqual([
      expect.stringMatching(
        /factory\.yml:31:\d+: 172\.16\.0\.0\/17 of stage overlaps 172\.16\.0\.0\/16 of dev\./,
      ),
    ])
  })
})

describe('What factory.yml reserves', () => {
  const reserving = (range: string) =>
    factory((text) => text.replace('reserved: [10.0.0.0/16]', `reserved: [10.0.0.0/16, ${range}]`))

  test('is kept free of subnets, and is on the map', async () => {
    const planned = await run(reserving('172.16.0.0/17'))
    expect(annotations(planned, 'warning')).toEqual([])
    expect(places(planned).length).toBe(2)
    expect(places(planned).filter((place) => overlaps(place, cidr('172.16.0.0/17')))).toEqual([])
    expect(readFileSync(planned.outputs['map-file'] ?? '', 'utf8')).toContain('172.16.0.0/17')
  })

  test('may not be the whole VNet: the error is at its line', async () => {
    const refused = await run(reserving('172.16.0.0/12'))
    const [error = '', ...more] = annotations(refused, 'error')
    expect(more).toEqual([])
    expect(error).toMatch(
      /factory\.yml:24:\d+: Subnets cannot be placed anywhere in VNet '\S+' \(172\.16\.0\.0\/16\)/,
    )
    expect(error).toContain('172.16.0.0/12')
    expect(error).toContain('because it is reserved')
    expect(refused.outputs).toEqual({})
  })

  test('may be taken by a subnet already, which is reported and kept', async () => {
    const folder = factory()
    await run(folder, { mode: 'reserve' })
    const later = await run(folder, { mode: 'reserve', reserved: '172.16.0.0/16' })
    expect(annotations(later, 'error')).toEqual([])
    expect(later.outputs['changed']).toBe('false')
    expect(annotations(later, 'warning').join('\n')).toMatch(
      /Subnet 'snt-prj003-genai' has 172\.16\.\S+, but 172\.16\.0\.0\/16 must stay free of subnets, because it is reserved\./,
    )
  })
})

describe('Offline', () => {
  const subnets = '- { name: endpoints, prefixLength: 26 }'
  const offline = (addressSpace: string, more: Record<string, string> = {}) =>
    run(factory(), { 'address-space': addressSpace, subnets, project: '', environment: '', ...more })

  test.each([
    ['172.16.0.0/12', 'overlaps 172.17.0.0/16, the bridge of Docker'],
    ['10.0.0.0/8', 'overlaps 10.0.0.0/16, the default service range of Kubernetes clusters'],
  ])('the address space %s is seen to clash: it %s', async (addressSpace, text) => {
    const planned = await offline(addressSpace)
    expect(annotations(planned, 'warning')).toEqual([expect.stringContaining(text)])
    expect(annotations(planned, 'error')).toEqual([])
  })

  test.each([
    ['224.0.0.0/8', 'it is for multicast'],
    ['127.1.0.0/16', 'it is for loopback'],
    ['169.254.0.0/16', 'it is for link-local addresses'],
  ])('no subnet is put into %s, because %s', async (addressSpace, because) => {
    const refused = await offline(addressSpace)
    expect(annotations(refused, 'error')).toEqual([expect.stringContaining(`because ${because}`)])
    expect(refused.outputs).toEqual({})
  })

  test.each([
    ['168.63.129.0/27', '168.63.129.16/28'],
    ['255.255.255.224/27', '255.255.255.240/28'],
  ])('in %s the half that has an address of Azure, %s, gets no subnet', async (addressSpace, kept) => {
    const half = (count: number) =>
      offline(addressSpace, {
        subnets: JSON.stringify(
          Array.from({ length: count }, (_, index) => ({ name: `s${index}`, prefixLength: 28 })),
        ),
      })
    const one = await half(1)
    expect(places(one).map((place) => overlaps(place, cidr(kept)))).toEqual([false])
    expect(annotations(await half(2), 'error')).toEqual([
      expect.stringContaining('does not have enough free address space for'),
    ])
  })

  test('nothing is reported about a range that is reserved, or beside the address space', async () => {
    const planned = await offline('172.16.0.0/12', { reserved: '172.17.0.0/16, 192.168.0.0/16' })
    expect(annotations(planned, 'warning')).toEqual([])
  })
})
