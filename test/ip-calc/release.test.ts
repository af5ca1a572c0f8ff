import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openResources, type Resources } from '../../src/azure/resources.ts'
import { openVirtualNetworks } from '../../src/azure/virtual-networks.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { annotations, factoryFolder, ipCalc } from './factory.ts'

const factory = factoryFolder()
factory.addProject('001')
factory.addProject('002')
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
const subnet = (name: string): string => `${ids.network}/subnets/${name}`

/** Names of the subnets and network security groups of projects. */
async function standing(): Promise<string[]> {
  const { read } = await openVirtualNetworks(here.session)
  const { subnets } = await read(ids.network)
  const groups = await resources.list(
    `${ids.common}/providers/Microsoft.Network/networkSecurityGroups`,
    networkVersion,
  )
  return [...subnets, ...groups].map(({ name }) => name).filter((name) => /prj\d{3}/.test(name))
}
const deletions = (): readonly string[] =>
  here.sandbox
    .requests()
    .filter(({ method }) => method === 'DELETE')
    .map(({ path }) => path.split('/').at(-1) ?? '')

/** A private endpoint of the lake in a subnet. */
const putEndpoint = (name: string, subnetName: string): Promise<unknown> =>
  resources.put(`${ids.common}/providers/Microsoft.Network/privateEndpoints/${name}`, networkVersion, {
    location: 'swedencentral',
    properties: {
      subnet: { id: subnet(subnetName) },
      privateLinkServiceConnections: [
        { name: 'c', properties: { privateLinkServiceId: ids.lake, groupIds: ['blob'] } },
      ],
    },
  })

describe('The subnets of a project', () => {
  test('are shown by plan-release, and deleted by release with their network security groups', async () => {
    await run('reserve')
    await run('reserve', { project: '002' })
    const others = (await standing()).filter((name) => name.includes('prj002'))
    const planned = await run('plan-release')
    expect(deletions()).toEqual([])
    expect(annotations(planned, 'notice')).toEqual([
      expect.stringMatching(/^2 subnets and 2 network security groups to release \(snt-prj001-/),
    ])
    expect(annotations(planned, 'warning')).toEqual([
      expect.stringMatching(
        /^The manifest of project 001 still requests .*: the next delivery would create them again/,
      ),
    ])
    const released = await run('release')
    expect(annotations(released, 'error')).toEqual([])
    expect(await standing()).toEqual(others)
    // What was done is what was shown.
    expect(deletions()).toHaveLength(4)
    expect(planned.summary).toContain('4 to destroy')
    expect(released.summary).toContain('4 destroyed')
    expect(JSON.parse(released.outputs['subnets'] ?? '')).toMatchObject({
      genai: { name: 'snt-prj001-genai', state: 'released' },
      aca2: { name: 'snt-prj001-aca-002', state: 'released', delegation: 'Microsoft.App/environments' },
    })
    expect(released.outputs['changed']).toBe('true')
  })

  test('are deleted once', async () => {
    await run('reserve')
    await run('release')
    const before = deletions().length
    const again = await run('release')
    expect(deletions()).toHaveLength(before)
    expect(again.outputs['changed']).toBe('false')
    expect(annotations(again, 'notice')).toEqual(['Nothing to release in VNet vnt-esmlcmn-sdc-dev-001.'])
  })

  test('leave their addresses to others', async () => {
    const first = await run('reserve')
    await run('release')
    const second = await run('reserve', { project: '002' })
    const places = (text: string | undefined) =>
      Object.values<{ addressPrefix: string }>(JSON.parse(text ?? '')).map(
        ({ addressPrefix }) => addressPrefix,
      )
    expect(places(second.outputs['subnets'])).toEqual(places(first.outputs['subnets']))
  })

  test.each(['genai', 'snt-prj001-genai', '- { name: genai, prefixLength: 27 }', '["SNT-PRJ001-GENAI"]'])(
    'can be named: %s',
    async (subnets) => {
      await run('reserve')
      await run('release', { subnets })
      expect((await standing()).sort()).toEqual(['aca2-nsg-prj001-sdc-dev', 'snt-prj001-aca-002'])
    },
  )

  test('are finished when a run was cut off between a subnet and its network security group', async () => {
    await run('reserve')
    await resources.remove(subnet('snt-prj001-genai'), networkVersion)
    const { lines } = await run('release', { subnets: 'genai' })
    expect(lines.at(-1)).toMatch(/^::notice::0 subnets and 1 network security group released/)
    expect(await standing()).not.toContain('genai-nsg-prj001-sdc-dev')
  })
})

describe('A subnet that is in use', () => {
  test('is kept, with what is in it; the others are deleted and the run fails once', async () => {
    await run('reserve')
    await putEndpoint('saprj001-blob-pend', 'snt-prj001-genai')
    const planned = await run('plan-release')
    expect(planned.summary).toContain("private endpoint 'saprj001-blob-pend'")
    const { lines, outputs } = await run('release')
    expect(lines.filter((line) => line.startsWith('::error::'))).toEqual([
      expect.stringMatching(
        /^::error::One subnet is still in use and kept: 'snt-prj001-genai' by private endpoint 'saprj001-blob-pend' \(Azure Storage\)\. What was empty has been deleted\./,
      ),
    ])
    expect((await standing()).sort()).toEqual(['genai-nsg-prj001-sdc-dev', 'snt-prj001-genai'])
    expect(JSON.parse(outputs['subnets'] ?? '')).toMatchObject({
      genai: { state: 'existing' },
      aca2: { state: 'released' },
    })
  })

  test('since the run read the VNet is kept too, because Azure decides at the moment of deletion', async () => {
    await run('reserve')
    here.sandbox.faults.add({
      method: 'DELETE',
      path: '/subnets/snt-prj001-genai',
      status: 400,
      body: { error: { code: 'InUseSubnetCannotBeDeleted', message: 'Subnet is in use by /x/late.' } },
    })
    const released = await run('release')
    expect(annotations(released, 'error')).toEqual([
      expect.stringMatching(
        /'snt-prj001-genai' by something added since the VNet was read: .*in use by \/x\/late/,
      ),
    ])
    expect((await standing()).sort()).toEqual(['genai-nsg-prj001-sdc-dev', 'snt-prj001-genai'])
  })
})

describe("What is not the project's stays", () => {
  test('when another factory has the number', async () => {
    const other = factoryFolder((text) => text.replace('name: mrvel', 'name: other'))
    other.addProject('001')
    await run('reserve')
    const refused = await ipCalc(here.sandbox, other, {
      mode: 'release',
      project: '001',
      'vnet-id': ids.network,
    })
    other.remove()
    expect(annotations(refused, 'error')).toEqual([
      expect.stringMatching(/^Subnet 'snt-prj001-[a-z0-9-]+' belongs to project 001 of factory mrvel-001/),
    ])
    expect(deletions()).toEqual([])
  })

  test('when nothing says whose it is, unless it is named', async () => {
    await resources.put(subnet('snt-prj001-lost'), networkVersion, {
      properties: { addressPrefix: '172.16.200.0/26' },
    })
    const all = await run('release')
    expect(annotations(all, 'warning')).toEqual([
      expect.stringMatching(/^Subnet 'snt-prj001-lost' is kept: no tag shows that this factory created it/),
    ])
    expect(await standing()).toEqual(['snt-prj001-lost'])
    await run('release', { subnets: 'lost' })
    expect(await standing()).toEqual([])
  })

  test.each([
    [
      'a subnet of the network team',
      'AzureBastionSubnet',
      /'AzureBastionSubnet' does not belong to project 001/,
    ],
    ['a subnet of another project', 'snt-prj002-genai', /'snt-prj002-genai' belongs to project 002/],
  ])('when it is %s', async (_what, subnets, expected) => {
    await run('reserve', { project: '002' })
    const refused = await run('release', { subnets })
    expect(annotations(refused, 'error')).toEqual([expect.stringMatching(expected)])
    expect(deletions()).toEqual([])
  })

  test('when it is a bring-your-own one of the project', async () => {
    const id = subnet('snt-prj001-byo')
    const own = factoryFolder((text) =>
      text.replace(
        'addressSpace: [172.16.0.0/16]',
        `addressSpace: [172.16.0.0/16]\n      bringYourOwn: [${id}]`,
      ),
    )
    own.addProject(
      '001',
      (text) => `${text}environments: { dev: { network: { subnets: { genai: { id: ${id} } } } } }\n`,
    )
    await resources.put(id, networkVersion, { properties: { addressPrefix: '172.16.200.0/26' } })
    const inputs = { mode: 'release', project: '001' }
    const all = await ipCalc(here.sandbox, own, inputs)
    expect(annotations(all, 'notice')).toEqual([expect.stringMatching(/^Nothing to release/)])
    const named = await ipCalc(here.sandbox, own, { ...inputs, subnets: 'snt-prj001-byo' })
    own.remove()
    expect(annotations(named, 'error')).toEqual([
      expect.stringMatching(/bring-your-own subnet of the project and is never/),
    ])
    expect(await standing()).toEqual(['snt-prj001-byo'])
  })

  test('and a name that does not exist is reported', async () => {
    const released = await run('release', { subnets: 'nothing' })
    expect(annotations(released, 'warning')).toEqual([
      expect.stringMatching(/^There is no subnet 'nothing' in VNet/),
    ])
  })
})
