import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openResources, type Resources } from '../../src/azure/resources.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import type { Transcript } from '../runtime/transcribing-host.ts'
import { annotations, factoryFolder, ipCalc } from './factory.ts'

// What is in the VNet besides the project: release leaves it alone, and does not stumble over it.

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

const version = '2025-05-01'
const run = (mode: string, inputs: Readonly<Record<string, string>> = {}) =>
  ipCalc(here.sandbox, factory, { mode, project: '001', ...inputs })
const subnet = (name: string): string => `${ids.network}/subnets/${name}`
const group = (key: string): string =>
  `${ids.common}/providers/Microsoft.Network/networkSecurityGroups/${key}-nsg-prj001-sdc-dev`
const ours = { factory: 'mrvel-001', project: '001', environment: 'dev' }
const putGroup = (key: string) =>
  resources.put(group(key), version, { location: 'swedencentral', tags: ours, properties: {} })
const putSubnet = (name: string, properties = {}) =>
  resources.put(subnet(name), version, { properties: { addressPrefix: '172.16.200.0/26', ...properties } })
const deletions = (): readonly string[] =>
  here.sandbox
    .requests()
    .filter(({ method }) => method === 'DELETE')
    .map(({ path }) => path.replace(/\?.*/, '').split('/').at(-1) ?? '')
const changes = ({ outputs }: Transcript): readonly { readonly name: string; readonly reason?: string }[] =>
  JSON.parse(readFileSync(outputs['plan-file'] ?? '', 'utf8')).changes

describe('A subnet of the network team is never released', () => {
  test('not even when it has a network security group of the project', async () => {
    await run('reserve')
    await putSubnet('team', { networkSecurityGroup: { id: group('genai') } })
    for (const mode of ['plan-release', 'release']) {
      expect(annotations(await run(mode, { subnets: 'team' }), 'error')).toEqual([
        expect.stringMatching(
          /^Subnet 'team' does not belong to project 001\. It does not have a name of the project/,
        ),
      ])
    }
    expect(deletions()).toEqual([])
  })

  test('nor when there is a group that the project would have created for it', async () => {
    await putGroup('hub')
    await putSubnet('hub')
    const refused = await run('release', { subnets: 'hub' })
    expect(annotations(refused, 'error')).toEqual([
      expect.stringMatching(/'hub' does not belong to project 001/),
    ])
    expect(deletions()).toEqual([])
  })

  test('while one that has exactly that group is the project’s own', async () => {
    await putGroup('hub')
    await putSubnet('hub', { networkSecurityGroup: { id: group('hub') } })
    await run('release', { subnets: 'hub' })
    expect(deletions()).toEqual(['hub', 'hub-nsg-prj001-sdc-dev'])
  })
})

describe('A network security group of the project', () => {
  test('that a subnet of the same name in another VNet has too is kept, and that VNet is named', async () => {
    const other = `${ids.network}-other`
    await resources.put(other, version, {
      location: 'swedencentral',
      properties: { addressSpace: { addressPrefixes: ['172.30.0.0/20'] } },
    })
    await run('reserve')
    await run('reserve', { 'vnet-id': other })
    expect(annotations(await run('plan-release'), 'warning')).toContain(
      "Network security group 'genai-nsg-prj001-sdc-dev' is kept: it is also used by subnet 'snt-prj001-genai' of VNet 'vnt-esmlcmn-sdc-dev-001-other'.",
    )
  })

  test('that another subnet has too is kept, and that is said', async () => {
    await run('reserve')
    await putSubnet('team', { networkSecurityGroup: { id: group('genai') } })
    const planned = await run('plan-release')
    const released = await run('release')
    for (const done of [planned, released]) {
      expect(annotations(done, 'warning')).toContain(
        "Network security group 'genai-nsg-prj001-sdc-dev' is kept: it is also used by subnet 'team'.",
      )
    }
    expect(deletions()).toHaveLength(3)
    expect(changes(released).map(({ name }) => name)).toEqual(deletions())
    expect(changes(planned).map(({ name }) => name)).toEqual(deletions())
  })

  test('that could not be deleted is in the plan with the reason', async () => {
    await run('reserve')
    const refuse = (path: string, code: string, message: string): void =>
      here.sandbox.faults.add({ method: 'DELETE', path, status: 400, body: { error: { code, message } } })
    refuse('/subnets/snt-prj001-genai', 'InUseSubnetCannotBeDeleted', 'In use by /x/late.')
    refuse('/networkSecurityGroups/aca2', 'InUseNetworkSecurityGroupCannotBeDeleted', 'In use by /x/nic.')
    const reasons = new Map(changes(await run('release')).map(({ name, reason }) => [name, reason]))
    expect(reasons.get('snt-prj001-genai')).toMatch(/^In use by something added since .*\/x\/late\.$/)
    expect(reasons.get('genai-nsg-prj001-sdc-dev')).toBe("Subnet 'snt-prj001-genai' still uses it.")
    expect(reasons.get('aca2-nsg-prj001-sdc-dev')).toMatch(/^Deleting .* In use by \/x\/nic\.$/)
  })
})

test('Network security groups elsewhere that are on other subnets are not read', async () => {
  await run('reserve')
  const hub = `${ids.common.replace(/[^/]+$/, 'rg-hub')}/providers/Microsoft.Network/networkSecurityGroups/hub`
  const { properties, ...rest } = (await resources.read(ids.network, version)) ?? {}
  const team = {
    id: subnet('team'),
    name: 'team',
    properties: { addressPrefix: '172.16.200.0/26', networkSecurityGroup: { id: hub } },
  }
  const all = Array.isArray(properties?.['subnets']) ? properties['subnets'] : []
  const body = { ...rest, properties: { ...properties, subnets: [...all, team] } }
  here.sandbox.faults.add({ method: 'GET', path: '/virtualNetworks/vnt[^/]*\\?', status: 200, body })
  const planned = await run('plan-release')
  expect(annotations(planned, 'error')).toEqual([])
  expect(changes(planned)).toHaveLength(4)
  expect(here.sandbox.requests().filter(({ path }) => path.includes('rg-hub'))).toEqual([])
})
