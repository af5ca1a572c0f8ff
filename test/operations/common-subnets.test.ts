/** The common subnets of an environment, between the two stacks of its common area. Nothing is there at first. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openResources, type Resources } from '../../src/azure/resources.ts'
import { UserError } from '../../src/diagnostics/user-error.ts'
import { readCommonArea } from '../../src/operations/common-area.ts'
import { type CommonSubnets, openCommonSubnets } from '../../src/operations/network/common-subnets.ts'
import { dev, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { type FactoryFolder, factoryFolder } from '../ip-calc/factory.ts'

/** Another instance than the one whose common area the sandbox begins with. */
const second = (text: string): string => text.replace('instance: "001"', 'instance: "002"')
const group = `/subscriptions/${dev.subscriptionId}/resourceGroups/mrvel-esml-common-sdc-dev-002`
const network = `${group}/providers/Microsoft.Network/virtualNetworks/vnt-esmlcmn-sdc-dev-002`
const groupOf = (subnet: string): string =>
  `${group}/providers/Microsoft.Network/networkSecurityGroups/nsg-${subnet}`
const networkVersion = '2024-05-01'
const endpoints = 'snet-esml-cmn-001'

let here: OnSandbox
let resources: Resources
beforeEach(async () => {
  here = await onSandbox()
  resources = await openResources(here.session)
})
afterEach(() => here.sandbox.close())

const factories: FactoryFolder[] = []
const open = (change: (text: string) => string = (text) => text): Promise<CommonSubnets> => {
  const folder = factoryFolder((text) => change(second(text)))
  factories.push(folder)
  const area = readCommonArea({ factoryFile: folder.file, environment: 'dev', azureCloud: here.sandbox.url })
  return openCommonSubnets(here.session, area, (line) => here.logged.push(line))
}
afterAll(() => {
  for (const folder of factories) folder.remove()
})

/** What the stack of the network makes. */
async function makeNetwork(prefixes: readonly string[] = ['172.16.0.0/16']): Promise<void> {
  await resources.put(group, '2024-11-01', { location: 'swedencentral' })
  await resources.put(network, networkVersion, {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: [...prefixes] } },
  })
}
const writes = (since: number): readonly string[] =>
  here.sandbox
    .requests(since)
    .filter(({ method, path }) => method !== 'GET' && path.startsWith('/subscriptions/'))
    .map(({ method, path }) => `${method} ${path}`)
const rows = ({ changes }: { readonly changes: readonly { change: string; kind: string; name: string }[] }) =>
  changes.map(({ change, kind, name }) => `${change} ${kind} ${name}`)

test('are planned in a VNet that is still to come, without a write', async () => {
  const since = here.sandbox.requestCount()
  const planned = await (await open()).plan()
  expect(writes(since)).toEqual([])
  expect(rows(planned)).toEqual(
    expect.arrayContaining([`create subnet ${endpoints}`, `create network security group nsg-${endpoints}`]),
  )
  expect(planned.subnets['privateEndpoints']).toMatchObject({
    id: `${network}/subnets/${endpoints}`,
    addressPrefix: expect.stringMatching(/^172\.16\./),
    state: 'planned',
  })
})

test('are claimed as they were planned, with the tags that say whose they are; then nothing changes', async () => {
  const subnets = await open()
  const planned = await subnets.plan()
  await makeNetwork()
  const claimed = await subnets.claim()
  expect(rows(claimed).toSorted()).toEqual(rows(planned).toSorted())
  const prefixes = (of: typeof planned) => Object.values(of.subnets).map((subnet) => subnet?.addressPrefix)
  expect(prefixes(claimed)).toEqual(prefixes(planned))
  const securityGroup = await resources.read(groupOf(endpoints), networkVersion)
  expect(securityGroup?.tags).toMatchObject({
    factory: 'mrvel-002',
    project: 'common',
    environment: 'dev',
  })
  const subnet = await resources.read(`${network}/subnets/${endpoints}`, networkVersion)
  expect(subnet?.properties).toMatchObject({
    networkSecurityGroup: { id: groupOf(endpoints) },
    defaultOutboundAccess: false,
    // What a VNet with High Scale Private Endpoints demands.
    privateEndpointNetworkPolicies: 'Enabled',
  })

  const since = here.sandbox.requestCount()
  const again = await subnets.claim()
  expect(rows(again).filter((row) => !row.startsWith('keep'))).toEqual([])
  expect(rows(await subnets.plan()).filter((row) => !row.startsWith('keep'))).toEqual([])
  expect(writes(since)).toEqual([])
})

test('are planned in the prefix that the VNet is to get, when what it has is full', async () => {
  await makeNetwork(['172.20.0.0/28'])
  const planned = await (
    await open((text) => text.replace('[172.16.0.0/16]', '[172.20.0.0/28, 172.16.0.0/16]'))
  ).plan()
  expect(planned.subnets['privateEndpoints']?.addressPrefix).toMatch(/^172\.16\./)
})

test('that no part needs any more are planned to go, and go; what others have stays', async () => {
  await makeNetwork()
  const subnets = await open()
  await subnets.claim()
  // As an earlier document asked for it.
  const tags = { factory: 'mrvel-002', project: 'common', environment: 'dev' }
  await resources.put(groupOf('snet-esml-cmn-old'), networkVersion, { location: 'swedencentral', tags })
  await resources.put(`${network}/subnets/snet-esml-cmn-old`, networkVersion, {
    properties: {
      addressPrefix: '172.16.9.0/26',
      networkSecurityGroup: { id: groupOf('snet-esml-cmn-old') },
    },
  })
  await resources.put(`${network}/subnets/theirs`, networkVersion, {
    properties: { addressPrefix: '172.16.10.0/26' },
  })
  const planned = await subnets.planRelease('unneeded')
  expect(rows(planned ?? { changes: [] })).toEqual(
    expect.arrayContaining([
      'delete subnet snet-esml-cmn-old',
      'delete network security group nsg-snet-esml-cmn-old',
    ]),
  )
  await subnets.release('unneeded')
  const left = async (): Promise<readonly string[]> => {
    const all = await resources.list(`${network}/subnets`, networkVersion)
    return all.map(({ name }) => name)
  }
  expect(await left()).toEqual([endpoints, 'theirs'])
  await subnets.release('all')
  expect(await left()).toEqual(['theirs'])
  expect(await resources.read(groupOf(endpoints), networkVersion)).toBeUndefined()
})

test('of another factory in the same VNet are refused, and nothing is changed', async () => {
  await makeNetwork()
  const tags = { factory: 'other-001', project: 'common', environment: 'dev' }
  await resources.put(groupOf(endpoints), networkVersion, { location: 'swedencentral', tags })
  const since = here.sandbox.requestCount()
  const subnets = await open()
  for (const attempt of [subnets.plan, subnets.claim]) {
    await expect(attempt()).rejects.toThrow(
      `Subnet '${endpoints}' belongs to the common area of factory other-001 in dev, not to the common area of factory mrvel-002 in dev`,
    )
  }
  expect(writes(since)).toEqual([])
})

test('that do not fit name the line of factory.yml and the way out, before anything is written', async () => {
  const since = here.sandbox.requestCount()
  const subnets = await open((text) => text.replace('[172.16.0.0/16]', '[172.16.0.0/28]'))
  await expect(subnets.plan()).rejects.toMatchObject({
    parts: {
      what: expect.stringContaining(`does not have enough free address space for subnet '${endpoints}'`),
      where: expect.objectContaining({ file: expect.stringContaining('factory.yml') }),
      // There is no key for their size.
      fix: expect.stringMatching(
        /^Add an address prefix of at least \/26.*environments\.dev\.network\.addressSpace/,
      ),
    },
  })
  expect(writes(since)).toEqual([])
})

describe('before anything is written, factory.yml is refused at its line', () => {
  const hub = `${group.replace('mrvel-esml-common-sdc-dev-002', 'hub')}/providers/Microsoft.Network/virtualNetworks/hub`
  const peered = (text: string): string => `${text}\ncommon: { hubPeering: { hub: ${hub} } }\n`
  const makeHub = async (prefix: string): Promise<void> => {
    await resources.put(group.replace('mrvel-esml-common-sdc-dev-002', 'hub'), '2024-11-01', {
      location: 'swedencentral',
    })
    await resources.put(hub, networkVersion, {
      location: 'swedencentral',
      properties: { addressSpace: { addressPrefixes: [prefix] } },
    })
  }
  const refusal = async (change: (text: string) => string): Promise<string> => {
    const since = here.sandbox.requestCount()
    const subnets = await open(change)
    const error = await subnets.plan().then(
      () => undefined,
      (refused: unknown) => refused,
    )
    expect(error).toBeInstanceOf(UserError)
    expect(writes(since)).toEqual([])
    return error instanceof UserError ? error.message : ''
  }

  test('when the VNet has addresses of the hub', async () => {
    await makeHub('172.16.0.0/12')
    expect(await refusal(peered)).toMatch(
      /factory\.yml:\d+:\d+: 172\.16\.0\.0\/16 of the VNet of dev overlaps 172\.16\.0\.0\/12 of the hub 'hub'\. Azure does not peer/,
    )
  })

  test('when the hub is peered with a VNet of the same addresses, as that of another environment may be', async () => {
    await makeHub('10.9.0.0/16')
    const other = network
      .replace('vnt-esmlcmn-sdc-dev-002', 'spoke')
      .replace(group, hub.split('/providers')[0] ?? '')
    await resources.put(other, networkVersion, {
      location: 'swedencentral',
      properties: { addressSpace: { addressPrefixes: ['172.16.4.0/22'] } },
    })
    await resources.put(`${hub}/virtualNetworkPeerings/spoke`, networkVersion, {
      properties: { remoteVirtualNetwork: { id: other }, allowVirtualNetworkAccess: true },
    })
    expect(await refusal(peered)).toMatch(
      /172\.16\.0\.0\/16 of the VNet of dev overlaps 172\.16\.4\.0\/22 of VNet 'spoke'\. The hub 'hub' is peered with it already/,
    )
  })

  test('when there is no such hub', async () => {
    expect(await refusal(peered)).toMatch(
      /factory\.yml:\d+:\d+: The VNet of the hub does not exist: .* Correct 'hub'/,
    )
  })

  test('when a subnet would lose its prefix', async () => {
    await makeNetwork(['172.16.0.0/16', '172.20.0.0/24'])
    await resources.put(`${network}/subnets/theirs`, networkVersion, {
      properties: { addressPrefix: '172.20.0.0/26' },
    })
    expect(await refusal((text) => text)).toMatch(
      /factory\.yml:\d+:\d+: VNet '\S+' has subnets outside of the addresses that factory\.yml gives it: 'theirs' \(172\.20\.0\.0\/26\)\. .* Add their prefix to/,
    )
  })
})

test('A hub whose addresses fit is no obstacle', async () => {
  const hubGroup = group.replace('mrvel-esml-common-sdc-dev-002', 'hub')
  const hub = `${hubGroup}/providers/Microsoft.Network/virtualNetworks/hub`
  await resources.put(hubGroup, '2024-11-01', { location: 'swedencentral' })
  await resources.put(hub, networkVersion, {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['10.9.0.0/16'] } },
  })
  const planned = await (await open((text) => `${text}\ncommon: { hubPeering: { hub: ${hub} } }\n`)).plan()
  expect(planned.warnings).toEqual([])
})

test('Runners go out by the NAT gateway and the route table of the common area, private endpoints do not', async () => {
  const common = 'common: { natGateway: true, routeTable: true, githubRunners: { organizationId: "9919" } }'
  const subnets = await open((text) => `${text}\n${common}\n`)
  const planned = await subnets.plan()
  const attached = planned.changes.flatMap(({ kind, name, properties = [] }) =>
    kind === 'subnet'
      ? properties
          .filter(({ path }) => path === 'natGateway' || path === 'routeTable')
          .map(({ path }) => `${name} ${path}`)
      : [],
  )
  expect(attached).toEqual(['snet-esml-cmn-runners routeTable', 'snet-esml-cmn-runners natGateway'])
  await makeNetwork()
  const providers = `${group}/providers/Microsoft.Network`
  const place = { location: 'swedencentral' }
  await resources.put(`${providers}/natGateways/ng-esmlcmn-sdc-dev-002`, networkVersion, {
    ...place,
    sku: { name: 'Standard' },
  })
  await resources.put(`${providers}/routeTables/rt-esmlcmn-sdc-dev-002`, networkVersion, place)
  await subnets.claim()
  const runners = await resources.read(`${network}/subnets/snet-esml-cmn-runners`, networkVersion)
  expect(runners?.properties).toMatchObject({
    natGateway: { id: `${providers}/natGateways/ng-esmlcmn-sdc-dev-002` },
    routeTable: { id: `${providers}/routeTables/rt-esmlcmn-sdc-dev-002` },
    delegations: [
      expect.objectContaining({
        properties: expect.objectContaining({ serviceName: 'GitHub.Network/networkSettings' }),
      }),
    ],
  })
})
