/** The subnets of the common area: `target: common`, without a project. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openResources, type Resources } from '../../src/azure/resources.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { calculate } from './calculate.ts'
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
  ipCalc(here.sandbox, factory, { mode, target: 'common', project: '', ...inputs })
const networkVersion = '2024-05-01'
const endpoints = 'snet-esml-cmn-001'
const changed = (summary: string): readonly string[] =>
  summary.match(/^.*\b(?:create|modify|delete)\b.*$/gmu) ?? []

test('The accelerator made it without a security group: it gets one, and what it has stays', async () => {
  const planned = await run('plan')
  expect(annotations(planned, 'error')).toEqual([])
  expect(annotations(planned, 'warning')).toContainEqual(
    expect.stringMatching(
      `Subnet '${endpoints}' exists without a known owner\\. .* It is empty, so the common area takes it over\\.`,
    ),
  )
  const reserved = await run('reserve')
  expect(annotations(reserved, 'error')).toEqual([])
  expect(changed(planned.summary)).not.toEqual([])
  expect(changed(reserved.summary)).toEqual(changed(planned.summary))
  const subnet = await resources.read(`${ids.network}/subnets/${endpoints}`, networkVersion)
  expect(subnet?.properties).toMatchObject({
    addressPrefix: '172.16.61.0/26',
    networkSecurityGroup: { id: expect.stringMatching(`/nsg-${endpoints}$`) },
  })
  const again = await run('reserve')
  expect(again.outputs['changed']).toBe('false')
  expect(annotations(again, 'warning')).not.toContainEqual(expect.stringContaining('without a known owner'))
})

describe('A subnet that is asked for by the input', () => {
  const scanner = '- { name: scanner, prefixLength: 28 }'

  test('gets a name of the common area, is found again by it, and is released by it', async () => {
    const reserved = await run('reserve', { subnets: scanner })
    expect(annotations(reserved, 'error')).toEqual([])
    expect(JSON.parse(reserved.outputs['subnets'] ?? '')).toMatchObject({
      scanner: { name: 'snet-esml-cmn-scanner', state: 'reserved' },
    })
    const again = await run('reserve', { subnets: '- { name: snet-esml-cmn-scanner, prefixLength: 28 }' })
    expect(again.outputs['changed']).toBe('false')
    const shown = await run('plan-release')
    expect(annotations(shown, 'notice').join()).toContain('snet-esml-cmn-scanner')
    const released = await run('release', { subnets: 'scanner' })
    expect(annotations(released, 'error')).toEqual([])
    expect(released.summary).toContain('Release of the subnets of the common area')
    expect(
      await resources.read(`${ids.network}/subnets/snet-esml-cmn-scanner`, networkVersion),
    ).toBeUndefined()
  })

  test('may have a name that Azure prescribes: such a subnet is the common area’s', async () => {
    const planned = await run('plan', { subnets: '- { name: GatewaySubnet, prefixLength: 27 }' })
    expect(annotations(planned, 'error')).toEqual([])
    expect(JSON.parse(planned.outputs['subnets'] ?? '')).toMatchObject({
      GatewaySubnet: { name: 'GatewaySubnet', state: 'planned' },
    })
  })
})

test('A project and the common area do not touch what is the other’s', async () => {
  await run('reserve')
  await ipCalc(here.sandbox, factory, { mode: 'reserve', project: '001' })
  const byProject = await ipCalc(here.sandbox, factory, {
    mode: 'release',
    project: '001',
    subnets: endpoints,
  })
  expect(annotations(byProject, 'error')).toEqual([
    expect.stringMatching(`Subnet '${endpoints}' belongs to the common area of factory mrvel-001 in dev`),
  ])
  const byCommonArea = await run('release', { subnets: 'snt-prj001-genai' })
  expect(annotations(byCommonArea, 'error')).toEqual([
    expect.stringMatching("Subnet 'snt-prj001-genai' belongs to project 001 of factory mrvel-001 in dev"),
  ])
  const named = await ipCalc(here.sandbox, factory, {
    project: '001',
    subnets: '- { name: snet-esml-cmn-x, prefixLength: 27 }',
  })
  expect(annotations(named, 'error')).toEqual([
    expect.stringContaining('is a name of the common area, but this is project 001.'),
  ])
})

test('A project is not given with it', async () => {
  const before = here.sandbox.requestCount()
  expect(annotations(await run('plan', { project: '001' }), 'error')).toEqual([
    expect.stringContaining("Input 'project' means nothing with target common."),
  ])
  expect(here.sandbox.requests(before)).toEqual([])
})

test('Offline it is planned in the address space that is given, without a call', async () => {
  const { places, failures } = await calculate({
    'factory-file': factory.file,
    target: 'common',
    environment: 'dev',
    'address-space': '10.7.0.0/24',
  })
  expect(failures).toEqual([])
  expect(places).toEqual({ privateEndpoints: expect.stringMatching(/^10\.7\.0\.\d+\/26$/) })
})

test('Claiming for a project in a VNet that nobody has made says who makes it', async () => {
  const other = factoryFolder((text) => text.replace('instance: "001"', 'instance: "002"'))
  other.addProject('001')
  const [error = ''] = annotations(await ipCalc(here.sandbox, other, { project: '001' }), 'error')
  other.remove()
  expect(error).toMatch(
    /factory\.yml:\d+:\d+: VNet 'vnt-esmlcmn-sdc-dev-002' does not exist, .* Deliver the common area of dev first: provision-project with 'target: common'\./,
  )
})

test('Capacity counts what fits beside the common subnets, also before there is a VNet', async () => {
  const smallest = async (space: string): Promise<number> => {
    const other = factoryFolder((text) =>
      text.replace('instance: "001"', 'instance: "002"').replace('[172.16.0.0/16]', `[${space}]`),
    )
    const { outputs } = await ipCalc(here.sandbox, other, { mode: 'capacity', project: '' })
    other.remove()
    const { projects }: { projects: readonly { type: string; profile: string; more: number }[] } = JSON.parse(
      outputs['capacity'] ?? '{}',
    )
    return projects.find(({ type, profile }) => type === 'esml' && profile === 'compact')?.more ?? -1
  }
  // A /26 is full with the private endpoints of the common area.
  expect(await smallest('172.16.0.0/26')).toBe(0)
  expect(await smallest('172.16.0.0/25')).toBe(2)
})
