import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openResources, type Resources } from '../../src/azure/resources.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { annotations, factoryFolder, ipCalc } from './factory.ts'

// What answers need not be Azure, and what Azure answers was typed by somebody.

const factory = factoryFolder()
factory.addProject('001')
afterAll(() => factory.remove())

let here: OnSandbox
let resources: Resources
beforeEach(async () => {
  here = await onSandbox({ durationScale: 0 })
  resources = await openResources(here.session)
})
afterEach(() => here.sandbox.close())

const run = (mode: string, inputs: Readonly<Record<string, string>> = {}) =>
  ipCalc(here.sandbox, factory, { mode, project: '001', ...inputs })
const answering = (path: string, body: unknown): void =>
  here.sandbox.faults.add({ method: 'GET', path, status: 200, body, times: 'always' })
const networkPath = '/virtualNetworks/vnt[^/]*\\?'

const network = (properties: object) => ({
  id: ids.network,
  name: 'vnet',
  location: 'swedencentral',
  properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] }, subnets: [], ...properties },
})
const subnet = (properties: object, name: unknown = 'x') =>
  network({ subnets: [{ id: `${ids.network}/subnets/x`, name, properties }] })
const pooled = (allocation: object) =>
  network({ addressSpace: { addressPrefixes: ['10.1.0.0/16'], ipamPoolPrefixAllocations: [allocation] } })

describe('An answer that is not a VNet is reported as such, and never read as an empty one', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'Please sign in'],
    ['an empty object', {}],
    ['no address space', network({ addressSpace: undefined })],
    ['no list of subnets', network({ subnets: undefined })],
    ['no subnets but null', network({ subnets: null })],
    ['a prefix that is none', network({ addressSpace: { addressPrefixes: ['10.1.0.0/99'] } })],
    ['prefixes that are numbers', network({ addressSpace: { addressPrefixes: [1] } })],
    ['a subnet without a name', subnet({ addressPrefix: '10.1.0.0/24' }, null)],
    ['a subnet whose prefix is a number', subnet({ addressPrefix: 5 })],
    ['a network security group whose id is a number', subnet({ networkSecurityGroup: { id: 7 } })],
    ['a pool without an id of one', pooled({ pool: { id: 'junk' } })],
  ])('%s', async (_what, body) => {
    answering(networkPath, body)
    for (const mode of ['plan', 'plan-release']) {
      expect(annotations(await run(mode), 'error')).toEqual([
        expect.stringMatching(
          /^Reading VNet '.*' failed\. Unexpected response, not from Azure: .* Probably a proxy in between responded/,
        ),
      ])
    }
  })

  test('but what is not there may be null', async () => {
    const nulls = {
      addressPrefixes: null,
      delegations: null,
      ipamPoolPrefixAllocations: null,
      networkSecurityGroup: null,
      privateEndpoints: null,
    }
    answering(networkPath, subnet({ addressPrefix: '10.1.0.0/24', ...nulls }))
    const { lines, outputs } = await run('plan')
    expect(lines).toEqual([expect.stringMatching(/^::notice::2 of 2 subnets to create/)])
    expect(outputs['subnets']).not.toContain('10.1.0.0/')
  })

  test.each([{ subnets: [{ id: 5 }] }, { networkInterfaces: 'all' }])(
    'nor is a list of network security groups with %j',
    async (properties) => {
      const group = { id: '/x', name: 'x', tags: {}, properties }
      answering('/networkSecurityGroups\\?', { value: [group] })
      expect(annotations(await run('plan-release'), 'error')).toEqual([
        expect.stringMatching(
          /^Reading the network security groups failed\. Unexpected response, not from Azure/,
        ),
      ])
    },
  )
})

test.each(['storageAccounts/x', 'virtualNetworks/x/subnets/y', 'virtualNetworks/x?y'])(
  'The id of something other than a VNet is refused before anything is called: %s',
  async (rest) => {
    const before = here.sandbox.requestCount()
    const refused = await run('plan', { 'vnet-id': `${ids.common}/providers/Microsoft.Network/${rest}` })
    expect(annotations(refused, 'error')).toEqual([
      expect.stringMatching(/^".*" is not the resource id of a VNet\./),
    ])
    expect(here.sandbox.requests(before).filter(({ path }) => path.includes(rest))).toEqual([])
  },
)

test('Names cannot turn the reading direction of the log or the map', async () => {
  const evil = 'vnet-\u202eevil\u2066'
  const { id, location, properties } = (await resources.read(ids.network, '2025-05-01')) ?? {}
  answering(networkPath, { id, name: evil, location, properties })
  const { lines, outputs, summary } = await run('plan')
  const map = readFileSync(outputs['map-file'] ?? '', 'utf8')
  expect(lines.join()).toContain('vnet-?evil?')
  for (const text of [...lines, map, summary]) expect(text).not.toMatch(/\p{Bidi_Control}/u)
})
