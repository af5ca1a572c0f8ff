import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { cidr, overlaps } from '../../src/cidr.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { annotations, type FactoryFolder, factoryFolder, ipCalc, type Transcript } from './factory.ts'

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
  test('with VNets beside it is nothing to speak of once both sides agree, and told while they do not', async () => {
    const hub = sibling('hub')
    await network(hub, '192.168.0.0/20', 'fd00:1::/48')
    await peer(ids.network, hub)
    const folder = factory()
    expect(annotations(await run(folder), 'warning')).toEqual([
      expect.stringMatching(
        /^The peering 'to-hub' of VNet '\S+' with 'hub' is Initiated, not Connected: .* Create the peering of the other side\./,
      ),
    ])
    await peer(hub, ids.network)
    expect(annotations(await run(folder), 'warning')).toEqual([])
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
      /factory\.yml:24:\d+: No subnet may be put anywhere in VNet '\S+' \(172\.16\.0\.0\/16\)/,
    )
    expect(error).toContain('172.16.0.0/12')
    expect(error).toContain('because it is reserved')
    expect(refused.outputs).toEqual({})
  })

  test('may be taken by a subnet already, which is told and kept', async () => {
    const folder = factory()
    await run(folder, { mode: 'reserve' })
    const later = await run(folder, { mode: 'reserve', reserved: '172.16.0.0/16' })
    expect(annotations(later, 'error')).toEqual([])
    expect(later.outputs['changed']).toBe('false')
    expect(annotations(later, 'warning').join('\n')).toMatch(
      /Subnet 'snt-prj003-genai' has 172\.16\.\S+, but 172\.16\.0\.0\/16 is to be kept free of subnets, because it is reserved\./,
    )
  })
})

describe('Offline', () => {
  const subnets = '- { name: endpoints, prefixLength: 26 }'
  const offline = (addressSpace: string, more: Record<string, string> = {}) =>
    run(factory(), { 'address-space': addressSpace, subnets, project: '', environment: '', ...more })

  test.each([
    ['172.16.0.0/12', 'overlaps 172.17.0.0/16, the bridge of Docker'],
    ['10.0.0.0/8', 'overlaps 10.0.0.0/16, the service range that Kubernetes clusters have'],
  ])('the address space %s is seen to clash: it %s', async (addressSpace, text) => {
    const planned = await offline(addressSpace)
    expect(annotations(planned, 'warning')).toEqual([expect.stringContaining(text)])
    expect(annotations(planned, 'error')).toEqual([])
  })

  test('nothing is told of a range that is reserved, or beside the address space', async () => {
    const planned = await offline('172.16.0.0/12', { reserved: '172.17.0.0/16, 192.168.0.0/16' })
    expect(annotations(planned, 'warning')).toEqual([])
  })
})
