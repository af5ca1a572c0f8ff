/** What others set on what the common area has stays when something else of it changes, and what cannot change is not tried. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import type { JsonObject } from '../../src/json.ts'
import { hasChanges } from '../../src/plan/model.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { planOf } from '../provision-project/in-process.ts'
import { failureOf } from './failure-of.ts'
import { type CommonInProcess, openDeliveredCommon } from './in-process.ts'

let sandbox: Sandbox
let here: CommonInProcess
let hands: ByHand
beforeEach(async () => {
  const open = await openDeliveredCommon()
  sandbox = open.sandbox
  here = open.here
  hands = await byHand(sandbox)
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

/** The one resource of a type whose name begins so in the common area of this factory. */
function the(type: string, begins = '') {
  const found = Object.values(sandbox.state.arm.resources).find(
    ({ id, name }) =>
      id.includes('-esml-common-sdc-dev-002/') &&
      id.includes(`/${type}/`) &&
      id.split('/').at(-2) === type.split('/').at(-1) &&
      (name.split('/').at(-1) ?? '').startsWith(begins),
  )
  if (found === undefined) throw new Error(`There is no ${type}.`)
  return found
}

/** Somebody changes some properties of a resource. */
async function set(type: string, version: string, properties: JsonObject, begins = '') {
  const { id, location, tags, sku, kind, properties: present } = the(type, begins)
  const subnets = Object.values(sandbox.state.arm.resources)
    .filter((one) => one.id.toLowerCase().startsWith(`${id.toLowerCase()}/subnets/`))
    .map((one) => ({ name: one.name.split('/').at(-1), properties: one.properties }))
  await hands.put(id, version, {
    ...(location !== undefined && { location }),
    ...(tags !== undefined && { tags }),
    ...(sku !== undefined && { sku }),
    ...(kind !== undefined && { kind }),
    properties: { ...present, ...(type === network && { subnets }), ...properties },
  })
}

const network = 'Microsoft.Network/virtualNetworks'
const lake = 'Microsoft.Storage/storageAccounts'
const isSettled = async (): Promise<boolean> => !hasChanges(planOf(await here.provision('plan')))

describe('a VNet keeps what others have set', () => {
  const settings = { dhcpOptions: { dnsServers: ['10.0.0.4', '10.0.0.5'] }, flowTimeoutInMinutes: 10 }
  const prefixes = () => the(network).properties?.['addressSpace']

  test('when its address space grows, with prefixes that factory.yml does not name', async () => {
    await set(network, '2024-05-01', {
      ...settings,
      privateEndpointVNetPolicies: 'Basic',
      addressSpace: { addressPrefixes: ['172.16.0.0/16', '10.77.0.0/16'] },
    })
    expect(await isSettled()).toBe(true)
    here.change((text) => text.replace('[172.16.0.0/16]', '[172.16.0.0/16, 172.20.0.0/16]'))
    const report = await here.provision('apply')
    expect(the(network).properties).toMatchObject({ ...settings, privateEndpointVNetPolicies: 'Basic' })
    expect(prefixes()).toMatchObject({ addressPrefixes: ['172.16.0.0/16', '10.77.0.0/16', '172.20.0.0/16'] })
    expect(planOf(report).warnings.join('\n')).toContain('It has the addresses 10.77.0.0/16')
    expect(await isSettled()).toBe(true)
  })

  test('but the DNS servers that factory.yml names', async () => {
    const servers = () => the(network).properties?.['dhcpOptions']
    await set(network, '2024-05-01', settings)
    here.change((text) => text.replace('[172.16.0.0/16]', '[172.16.0.0/16]\n      dnsServers: [10.1.0.4]'))
    await here.provision('apply')
    expect(servers()).toEqual({ dnsServers: ['10.1.0.4'] })
    here.change((text) => text.replace('dnsServers: [10.1.0.4]', 'dnsServers: []'))
    await here.provision('apply')
    expect(servers()).toEqual({ dnsServers: [] })
    expect(await isSettled()).toBe(true)
  })

  test('and a smaller address space in factory.yml takes nothing away, but says so', async () => {
    here.change((text) => text.replace('[172.16.0.0/16]', '[172.16.0.0/17]'))
    const report = await here.provision('apply')
    expect(prefixes()).toMatchObject({ addressPrefixes: ['172.16.0.0/16'] })
    expect(planOf(report).warnings.join('\n')).toContain('It has the addresses 172.16.0.0/16')
  })
})

describe('a route table keeps the routes of others', () => {
  const routes = () =>
    Object.values(sandbox.state.arm.resources)
      .filter(({ type }) => type === 'Microsoft.Network/routeTables/routes')
      .map(({ name }) => name.split('/').at(-1))
  const theirs = {
    addressPrefix: '10.0.0.0/8',
    nextHopType: 'VirtualAppliance',
    nextHopIpAddress: '10.0.0.9',
  }

  test('also when it has none of its own, gets one, and loses it', async () => {
    here.parts({ routeTable: true })
    await here.provision('apply')
    await set('Microsoft.Network/routeTables', '2024-05-01', {
      routes: [{ name: 'to-premises', properties: theirs }],
    })
    expect(await isSettled()).toBe(true)
    here.parts({ routeTable: { firewallIp: '10.0.0.4' } })
    await here.provision('apply')
    expect(routes()).toEqual(['to-premises', 'through-firewall'])
    expect(await isSettled()).toBe(true)
    here.parts({ routeTable: true })
    await here.provision('apply')
    expect(routes()).toEqual(['to-premises'])
  })
})

test('logs, images and the lake keep limits, retention and rules that others have set', async () => {
  const kept: readonly [type: string, version: string, properties: JsonObject, begins?: string][] = [
    ['Microsoft.OperationalInsights/workspaces', '2023-09-01', { workspaceCapping: { dailyQuotaGb: 5 } }],
    [
      'Microsoft.ContainerRegistry/registries',
      '2023-07-01',
      {
        policies: {
          azureADAuthenticationAsArmPolicy: { status: 'enabled' },
          retentionPolicy: { status: 'enabled', days: 30 },
        },
      },
      'acrcommond',
    ],
  ]
  for (const [type, version, properties, begins] of kept) await set(type, version, properties, begins)
  const services = `${the(lake).id}/blobServices/default`
  const cors = {
    corsRules: [
      {
        allowedOrigins: ['https://contoso.com'],
        allowedMethods: ['GET'],
        maxAgeInSeconds: 60,
        exposedHeaders: ['*'],
        allowedHeaders: ['*'],
      },
    ],
  }
  const present = sandbox.state.arm.resources[services.toLowerCase()]?.properties
  await hands.put(services, '2023-05-01', { properties: { ...present, cors } })
  expect(await isSettled()).toBe(true)

  here.parts({ logAnalytics: { retentionDays: 60 }, dataLake: { retentionDays: 30 } })
  await here.provision('apply', ['deletion'])
  for (const [type, , properties, begins] of kept)
    expect(the(type, begins).properties).toMatchObject(properties)
  expect(sandbox.state.arm.resources[services.toLowerCase()]?.properties).toMatchObject({
    cors,
    deleteRetentionPolicy: { days: 30 },
  })
  expect(await isSettled()).toBe(true)
})

describe('what lets in people without a role', () => {
  test('is closed again where it can be, and the plan shows it: SFTP and local users of the lake', async () => {
    const doors = { isSftpEnabled: true, isLocalUserEnabled: true }
    await set(lake, '2025-06-01', doors)
    const { changes } = planOf(await here.provision('plan'))
    expect(
      changes
        .filter(({ change }) => change === 'modify')
        .flatMap(({ properties = [] }) => properties.map(({ path }) => path))
        .toSorted(),
    ).toEqual(
      Object.keys(doors)
        .map((key) => `properties.${key}`)
        .toSorted(),
    )
    await here.provision('apply')
    expect(the(lake).properties).toMatchObject({ isSftpEnabled: false, isLocalUserEnabled: false })
    expect(await isSettled()).toBe(true)
  })

  test('is said where it stays: NFS of a lake, and a vault that deployments may read', async () => {
    Object.assign(the(lake).properties ?? {}, { isNfsV3Enabled: true })
    await set('Microsoft.KeyVault/vaults', '2023-07-01', { enabledForTemplateDeployment: true })
    const { warnings } = planOf(await here.provision('plan'))
    expect(warnings.join('\n')).toContain('It takes NFS 3.0')
    expect(warnings.join('\n')).toMatch(
      /gets its secrets, without a role on them: enabledForTemplateDeployment\./,
    )
    expect(await isSettled()).toBe(true)
  })
})

test('a vault keeps the days that were decided when it was made, and the plan says which', async () => {
  here.parts({ keyVault: { retentionDays: 90 } })
  const planned = planOf(await here.provision('apply'))
  expect(planned.changes.filter(({ change, kind }) => change !== 'keep' && kind.includes('vaults'))).toEqual(
    [],
  )
  expect(planned.warnings.join('\n')).toContain(
    "It keeps what is deleted for 7 days, which is decided when a vault is created, and not for 90. Set 'common.keyVault.retentionDays' in factory.yml to 7.",
  )
  expect(the('Microsoft.KeyVault/vaults').properties).toMatchObject({ softDeleteRetentionInDays: 7 })
})

test('lifecycle rules go only when somebody says so: they may be those of others', async () => {
  here.parts({ dataLake: { coolAfterDays: null } })
  const { message } = await failureOf(here.provision('apply'))
  expect(message).toMatch(/would lose stateful resources: .*managementPolicies/)
  expect((await here.provision('apply', ['deletion'])).outcome).toBe('applied')
})
