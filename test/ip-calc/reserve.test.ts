import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals'
import { openResources, type Resources } from '../../src/azure/resources.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { annotations, factoryFolder, ipCalc } from './factory.ts'

const factory = factoryFolder()
factory.addProject('001')
afterAll(() => factory.remove())

let here: OnSandbox
let resources: Resources
beforeEach(async () => {
  here = await onSandbox()
  resources = await openResources(here.session)
})
afterEach(() => here.sandbox.close())

const run = (mode: string, inputs: Readonly<Record<string, string>> = {}) =>
  ipCalc(here.sandbox, factory, { mode, project: '001', ...inputs })
const networkVersion = '2024-05-01'
const web = '- { name: web, prefixLength: 27, service: appService }\n- { name: plain, addresses: 20 }'

test('What reserve creates is what plan shows, also for subnets that are not of the catalogue', async () => {
  const planned = await run('plan', { subnets: web })
  const reserved = await run('reserve', { subnets: web })
  expect(annotations(reserved, 'error')).toEqual([])
  const created = (summary: string) => [...(summary.match(/➕.create.*/g) ?? [])].sort()
  expect(created(reserved.summary)).toEqual(created(planned.summary))
  expect(created(reserved.summary)).toHaveLength(4)
  expect(JSON.parse(reserved.outputs['subnets'] ?? '')).toMatchObject({
    web: { name: 'snt-prj001-web', state: 'reserved', delegation: 'Microsoft.Web/serverFarms' },
    plain: { name: 'snt-prj001-plain', state: 'reserved', delegation: '' },
  })
  const plain = await resources.read(`${ids.network}/subnets/snt-prj001-plain`, networkVersion)
  expect(plain?.properties).toMatchObject({
    networkSecurityGroup: { id: expect.stringContaining('/plain-nsg-prj001-') },
    defaultOutboundAccess: false,
  })
})

test('The summary says of each new subnet why it has its size', async () => {
  const { summary } = await run('reserve')
  expect(summary).toMatch(/\| Subnet \| Addresses \| State \| Delegation \|/)
  expect(summary).toMatch(/snt-prj001-aca-002 \| 172[^|]*\| reserved \| Microsoft\.App\/environments \|/)
  expect(summary).toMatch(/Why these sizes:\n\n(- .*\n)*- snt-prj001-aca-002: 50 agent sessions/)
})

test('A size that the manifest asks for is explained by its line', async () => {
  const own = factoryFolder()
  own.addProject(
    '001',
    (text) => `${text}environments: { dev: { network: { subnets: { aca2: { prefixLength: 25 } } } } }\n`,
  )
  const { summary, outputs } = await ipCalc(here.sandbox, own, { project: '001' })
  own.remove()
  expect(JSON.parse(outputs['subnets'] ?? '').aca2.addressPrefix).toMatch(/\/25$/)
  const [, why = ''] = summary.split('Why these sizes:')
  expect(why).toMatch(/^- snt-prj001-aca-002: \S*prj001\.yml:\d+ requests a \/25\.$/m)
  expect(why).toMatch(/^- snt-prj001-genai: .*private endpoints/m)
})

test('In another VNet than the factory delivers into, the way to make it that one is reported', async () => {
  const other = `${ids.network}-other`
  await resources.put(other, networkVersion, {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['172.30.0.0/20'] } },
  })
  const reserved = await run('reserve', { 'vnet-id': other })
  expect(annotations(reserved, 'error')).toEqual([])
  expect(annotations(reserved, 'warning')).toContainEqual(
    expect.stringMatching(/set environments\.dev\.network\.vnetId to it in factory\.yml\./),
  )
  expect(annotations(await run('plan', { 'vnet-id': other }), 'warning').join()).not.toContain('vnetId')
})

test.each(['plan', 'reserve'])(
  'A subnet that serves the whole VNet is not claimed for a project (%s)',
  async (mode) => {
    const before = here.sandbox.requestCount()
    const refused = await run(mode, { subnets: '- { name: AzureBastionSubnet, prefixLength: 26 }' })
    expect(annotations(refused, 'error')).toEqual([
      expect.stringMatching(
        /Subnet 'AzureBastionSubnet' cannot be claimed for project 001\. .*it belongs to the common area\. .*network\.bringYourOwn/,
      ),
    ])
    expect(here.sandbox.requests(before)).toEqual([])
  },
)
