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

test('A plan asks nothing twice', async () => {
  const since = here.sandbox.requestCount()
  await run('plan')
  const asked = here.sandbox
    .requests(since)
    .filter(({ path }) => path.startsWith('/subscriptions/'))
    .map(({ method, path }) => `${method} ${path}`)
  expect(asked.length).toBeGreaterThan(1)
  expect(asked).toEqual([...new Set(asked)])
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

test.each(['plan', 'reserve'])(
  'No subnet is claimed for a project whose private endpoints the VNet will refuse (%s)',
  async (mode) => {
    const network = await resources.read(ids.network, networkVersion)
    const full = {
      name: 'full',
      id: `${ids.network}/subnets/full`,
      properties: {
        addressPrefix: '172.16.100.0/22',
        privateEndpoints: Array.from({ length: 998 }, (_, index) => ({
          id: `${ids.common}/providers/Microsoft.Network/privateEndpoints/others-${index}`,
        })),
      },
    }
    here.sandbox.faults.add({
      method: 'GET',
      path: '/virtualNetworks/vnt-esmlcmn-sdc-dev-001\\?',
      status: 200,
      body: { ...network, properties: { ...network?.properties, subnets: [full] } },
      times: 'always',
    })
    const refused = await run(mode)
    expect(annotations(refused, 'error')).toEqual([
      expect.stringMatching(
        /^VNet 'vnt-esmlcmn-sdc-dev-001' has 998 private endpoints of at most 1,000, and the project needs \d+ more\. No subnet was created\. .*High Scale Private Endpoints/,
      ),
    ])
    expect(Object.keys(here.sandbox.state.arm.resources).filter((id) => id.includes('prj001'))).toEqual([])
  },
)

test('A VNet that does not exist is reported with who named it', async () => {
  const missing = `${ids.network.replace('mrvel-esml-common-sdc-dev-001', 'no-such-group')}`
  const [named = ''] = annotations(await run('plan', { 'vnet-id': missing }), 'error')
  expect(named).toMatch(
    /does not exist, or its resource group does not: .*no-such-group.* Correct the input 'vnet-id'\./,
  )
  const theirs = factoryFolder((text) => text.replace('addressSpace: [172.16.0.0/16]', `vnetId: ${missing}`))
  theirs.addProject('001')
  const [listed = ''] = annotations(await ipCalc(here.sandbox, theirs, { project: '001' }), 'error')
  theirs.remove()
  expect(listed).toMatch(
    /factory\.yml:\d+:\d+: VNet .* does not exist, .* Correct the resource id in factory\.yml/,
  )
  expect(listed).not.toContain('common area')
})

test('A region that nobody knows is more likely misspelt than the VNet is misplaced', async () => {
  const nowhere = factoryFolder((text) =>
    text
      .replace('location: swedencentral', 'location: antarctica')
      .replace('addressSpace: [172.16.0.0/16]', `vnetId: ${ids.network}`),
  )
  nowhere.addProject('001')
  const [error = ''] = annotations(await ipCalc(here.sandbox, nowhere, { project: '001' }), 'error')
  nowhere.remove()
  expect(error).toContain("No region called 'antarctica' is known here. Correct 'location' in factory.yml")
  expect(error).not.toContain('Use a VNet in antarctica')
})
