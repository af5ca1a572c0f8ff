import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openResources, type Resources } from '../../src/azure/resources.ts'
import type { JsonObject } from '../../src/json.ts'
import { writable } from '../../src/network/writable.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import type { Transcript } from '../runtime/transcribing-host.ts'
import { annotations, type FactoryFolder, factoryFolder, ipCalc } from './factory.ts'

const version = '2025-05-01'
const folders: FactoryFolder[] = []
afterAll(() => {
  for (const folder of folders) folder.remove()
})

/** The factory of the examples, whose subnets of one kind get what these lines of YAML say. */
function factoryWith(subnets = ''): FactoryFolder {
  const network = subnets === '' ? '' : `\n      subnets: ${subnets}`
  const folder = factoryFolder((text) =>
    text.replace('addressSpace: [172.16.0.0/16]', `addressSpace: [172.16.0.0/16]${network}`),
  )
  folder.addProject('001')
  folders.push(folder)
  return folder
}

let here: OnSandbox
let resources: Resources
beforeEach(async () => {
  here = await onSandbox({ durationScale: 0 })
  resources = await openResources(here.session)
})
afterEach(() => here.sandbox.close())

const run = (mode: string, factory = factoryWith()): Promise<Transcript> =>
  ipCalc(here.sandbox, factory, { mode, project: '001' })
const of = (type: string, name: string): string => `${ids.common}/providers/Microsoft.Network/${type}/${name}`
const endpoints = `${ids.network}/subnets/snt-prj001-genai`
const agents = `${ids.network}/subnets/snt-prj001-aca-002`
const properties = async (id: string): Promise<JsonObject> =>
  (await resources.read(id, version))?.properties ?? {}
/** What the network team does to a subnet: nothing else of it changes. */
const byHand = async (id: string, change: JsonObject): Promise<unknown> =>
  resources.put(id, version, { properties: writable({ ...(await properties(id)), ...change }) })

/** Addresses that were written while something happened. */
async function writesDuring(work: () => Promise<unknown>): Promise<readonly string[]> {
  const since = here.sandbox.requestCount()
  await work()
  return here.sandbox
    .requests(since)
    .filter(({ method }) => ['PUT', 'PATCH', 'DELETE'].includes(method))
    .map(({ method, path }) => `${method} ${path.replace(/\?.*/, '').split('/').slice(-2).join('/')}`)
}

async function attachEverything(): Promise<void> {
  const location = 'swedencentral'
  await resources.put(of('routeTables', 'rt-hub'), version, { location })
  await resources.put(of('publicIPAddresses', 'pip-nat'), version, {
    location,
    sku: { name: 'Standard' },
    properties: { publicIPAllocationMethod: 'Static' },
  })
  await resources.put(of('natGateways', 'nat-hub'), version, {
    location,
    sku: { name: 'Standard' },
    properties: { publicIpAddresses: [{ id: of('publicIPAddresses', 'pip-nat') }] },
  })
  const network = await resources.read(ids.network, version)
  await resources.put(ids.network, version, {
    location,
    properties: {
      ...network?.properties,
      addressSpace: { addressPrefixes: ['172.16.0.0/16', 'fd00:1234::/48'] },
    },
  })
  const { addressPrefix, addressPrefixes } = await properties(endpoints)
  const first = Array.isArray(addressPrefixes) ? addressPrefixes : [addressPrefix ?? '']
  await byHand(endpoints, {
    addressPrefix: undefined,
    addressPrefixes: [...first, '172.16.90.0/26', 'fd00:1234:0:1::/64'],
    routeTable: { id: of('routeTables', 'rt-hub') },
    natGateway: { id: of('natGateways', 'nat-hub') },
    serviceEndpoints: [{ service: 'Microsoft.Storage', locations: [location] }],
    defaultOutboundAccess: true,
    privateEndpointNetworkPolicies: 'RouteTableEnabled',
    privateLinkServiceNetworkPolicies: 'Disabled',
  })
}

describe('what others attach to a subnet of the project', () => {
  test('stays, is shown, and is nothing to change', async () => {
    const factory = factoryWith()
    await run('reserve', factory)
    await attachEverything()
    const before = await properties(endpoints)

    const planned = await run('plan', factory)
    expect(planned.outputs['changed']).toBe('false')
    expect(planned.summary.replaceAll('&#8203;', '')).toContain(
      'Kept as others have set it:\n\n- snt-prj001-genai: address prefix 172.16.90.0/26, address prefix fd00:1234:0:1::/64, route table \'rt-hub\', NAT gateway \'nat-hub\', service endpoint Microsoft.Storage, defaultOutboundAccess true, privateEndpointNetworkPolicies "RouteTableEnabled", privateLinkServiceNetworkPolicies "Disabled"',
    )
    expect(await writesDuring(() => run('reserve', factory))).toEqual([])
    expect(await properties(endpoints)).toEqual(before)
  })

  test('stays when a document asks for something else: that alone changes, in one PUT, and was shown before', async () => {
    await run('reserve')
    await attachEverything()
    const before = await properties(endpoints)
    const fixed = of('routeTables', 'rt-new')
    await resources.put(fixed, version, { location: 'swedencentral' })
    const factory = factoryWith(
      `{ genai: { routeTableId: ${fixed}, serviceEndpoints: [Microsoft.KeyVault], defaultOutboundAccess: false } }`,
    )

    const planned = await run('plan', factory)
    expect(annotations(planned, 'notice')).toEqual([
      'Both subnets exist. snt-prj001-genai to change in VNet vnt-esmlcmn-sdc-dev-001.',
    ])
    expect(planned.summary).toMatch(/routeTable: .*rt-hub.* → .*rt-new/)
    expect(planned.summary).toMatch(/defaultOutboundAccess: .*true.* → .*false/)
    expect(planned.summary).toMatch(/serviceEndpoints: .*Microsoft\.KeyVault/)
    // What a document asks for is not of others, neither now nor when it is there.
    const kept =
      "snt-prj001-genai: address prefix 172.16.90.0/26, address prefix fd00:1234:0:1::/64, NAT gateway 'nat-hub', service endpoint Microsoft.Storage, privateEndpointNetworkPolicies"
    expect(planned.summary.replaceAll('&#8203;', '')).toContain(kept)

    expect(await writesDuring(() => run('reserve', factory))).toEqual(['PUT subnets/snt-prj001-genai'])
    expect((await run('plan', factory)).summary.replaceAll('&#8203;', '')).toContain(kept)
    expect(await properties(endpoints)).toEqual({
      ...before,
      routeTable: { id: fixed },
      defaultOutboundAccess: false,
      serviceEndpoints: [
        expect.objectContaining({ service: 'Microsoft.Storage' }),
        expect.objectContaining({ service: 'Microsoft.KeyVault' }),
      ],
    })
    expect((await run('plan', factory)).outputs['changed']).toBe('false')
  })

  test('stays when somebody attaches it between reading and writing', async () => {
    await run('reserve')
    const table = of('routeTables', 'rt-late')
    await resources.put(table, version, { location: 'swedencentral' })
    const factory = factoryWith('{ genai: { serviceEndpoints: [Microsoft.KeyVault] } }')
    here.sandbox.faults.add({
      method: 'PUT',
      path: 'snt-prj001-genai',
      status: 412,
      body: { error: { code: 'PreconditionFailed', message: 'The etag does not match.' } },
    })
    const { lines } = await run('reserve', factory)
    expect(lines.join('\n')).toContain('(PreconditionFailed). Retrying')
    await byHand(endpoints, { routeTable: { id: table } })
    expect((await run('plan', factory)).outputs['changed']).toBe('false')
    expect(await properties(endpoints)).toMatchObject({
      routeTable: { id: table },
      serviceEndpoints: [expect.objectContaining({ service: 'Microsoft.KeyVault' })],
    })
  })
})

describe('the rules of a network security group', () => {
  const rule = (name: string, priority: number) => ({
    name,
    properties: {
      priority,
      direction: 'Inbound',
      access: 'Allow',
      protocol: 'Tcp',
      sourceAddressPrefix: '10.1.0.0/16',
      sourcePortRange: '*',
      destinationAddressPrefix: '*',
      destinationPortRange: '443',
    },
  })
  const group = of('networkSecurityGroups', 'aca2-nsg-prj001-sdc-dev')
  const names = async () => {
    const { securityRules } = await properties(group)
    return Array.isArray(securityRules) ? securityRules.map((one) => Object(one).name) : []
  }
  const setRules = async (...rules: readonly JsonObject[]): Promise<void> => {
    const existing = await resources.read(group, version)
    await resources.put(group, version, {
      location: 'swedencentral',
      tags: existing?.tags ?? {},
      properties: { securityRules: rules },
    })
  }

  test('of the network team stay, and one of ours that is missing comes back', async () => {
    await run('reserve')
    await setRules(rule('AllowOnPremises', 200))
    const planned = await run('plan')
    expect(planned.outputs['changed']).toBe('true')
    expect(planned.summary).toMatch(/securityRules: .*AllowLoadBalancerProbes/)
    await run('reserve')
    expect(await names()).toEqual(['AllowOnPremises', 'AllowLoadBalancerProbes', 'DenyInternetInbound'])
    expect(await writesDuring(() => run('reserve'))).toEqual([])
  })

  test('are not moved: where the priority is taken, ours is missing with a warning', async () => {
    await run('reserve')
    await setRules(rule('AllowOnPremises', 4000), rule('AllowMore', 100))
    const reserved = await run('reserve')
    expect(annotations(reserved, 'warning')).toEqual([
      expect.stringContaining(
        "lacks the rule 'AllowLoadBalancerProbes', and its priority is taken by 'AllowMore'",
      ),
      expect.stringContaining(
        "lacks the rule 'DenyInternetInbound', and its priority is taken by 'AllowOnPremises'",
      ),
    ])
    expect(await names()).toEqual(['AllowOnPremises', 'AllowMore'])
  })
})

describe('a subnet that the network team made for the project', () => {
  test('keeps its security group, gets the delegation its service demands, and is known as the project’s from then on', async () => {
    const group = of('networkSecurityGroups', 'nsg-of-the-network-team')
    await resources.put(group, version, { location: 'swedencentral' })
    await resources.put(agents, version, {
      properties: { addressPrefix: '172.16.40.0/23', networkSecurityGroup: { id: group } },
    })
    const planned = await run('plan')
    expect(planned.summary).toMatch(/delegation: .*Microsoft\.App\/environments/)
    expect(planned.summary).toContain(
      "Kept as others have it: network security group 'nsg-of-the-network-team'",
    )
    const reserved = await run('reserve')
    expect(annotations(reserved, 'error')).toEqual([])
    expect(await properties(agents)).toMatchObject({
      addressPrefix: '172.16.40.0/23',
      networkSecurityGroup: { id: group },
      delegations: [
        expect.objectContaining({
          properties: expect.objectContaining({ serviceName: 'Microsoft.App/environments' }),
        }),
      ],
    })
    const again = await run('reserve')
    expect([again.outputs['changed'], annotations(again, 'warning')]).toEqual(['false', []])

    // The group that only says whose the subnet is stays with it, and goes with it.
    expect(await writesDuring(() => run('release-unneeded'))).toEqual([])
    expect((await run('release')).outputs['changed']).toBe('true')
    expect(await properties(agents)).toEqual({})
    expect(await properties(of('networkSecurityGroups', 'aca2-nsg-prj001-sdc-dev'))).toEqual({})
    expect(await resources.read(group, version)).toBeDefined()
  })

  test('cannot be delegated while something is in it', async () => {
    await resources.put(agents, version, { properties: { addressPrefix: '172.16.40.0/23' } })
    await resources.put(of('networkInterfaces', 'vm-nic'), version, {
      location: 'swedencentral',
      properties: {
        ipConfigurations: [{ name: 'one', properties: { subnet: { id: agents } } }],
      },
    })
    const [error = ''] = annotations(await run('plan'), 'error')
    expect(error).toMatch(/snt-prj001-aca-002/)
  })
})

test('what the documents want of a new subnet is in the one PUT that policies look at', async () => {
  const [table, group] = [of('routeTables', 'rt-hub'), of('networkSecurityGroups', 'nsg-shared')]
  await resources.put(table, version, { location: 'swedencentral' })
  await resources.put(group, version, { location: 'swedencentral' })
  const factory = factoryWith(
    `{ genai: { routeTableId: ${table}, networkSecurityGroupId: ${group}, serviceEndpoints: [Microsoft.Storage] } }`,
  )
  const writes = await writesDuring(() => run('reserve', factory))
  expect(writes.filter((write) => write.endsWith('/snt-prj001-genai'))).toHaveLength(1)
  expect(await properties(endpoints)).toMatchObject({
    routeTable: { id: table },
    networkSecurityGroup: { id: group },
    serviceEndpoints: [expect.objectContaining({ service: 'Microsoft.Storage' })],
    defaultOutboundAccess: false,
  })
  expect(await writesDuring(() => run('reserve', factory))).toEqual([])
})

describe('what a document attaches', () => {
  test.each([
    ['does not exist', undefined, /which does not exist\. .*ask the network team to create it first/],
    ['is in another region', 'westeurope', /which is in westeurope, and the VNet is in swedencentral/],
  ])('%s: refused before anything is created, at its place', async (_, location, message) => {
    const table = of('routeTables', 'rt-wrong')
    if (location !== undefined) await resources.put(table, version, { location })
    const factory = factoryWith(`{ aca2: { routeTableId: ${table} } }`)
    const transcripts: Transcript[] = []
    const writes = await writesDuring(async () => transcripts.push(await run('reserve', factory)))
    expect(writes).toEqual([])
    const [line] = transcripts[0]?.lines.filter((one) => one.startsWith('::error')) ?? []
    expect(line).toMatch(message)
    expect(line).toMatch(/^::error::.*factory\.yml:24:26: /)
  })
})
