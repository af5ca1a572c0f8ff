/** What would stop the delivery of a common area is found before anything is written, all of it at once. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openResources, type Resources } from '../../src/azure/resources.ts'
import { privateDnsZonesIn } from '../../src/catalog/facts/private-dns.ts'
import { setupRoles } from '../../src/catalog/facts/setup-roles.ts'
import { checkCommonDelivery } from '../../src/operations/check/common/check-common.ts'
import { FailureWithReport, type Report } from '../../src/plan/report.ts'
import type { Allowance } from '../../src/vocabulary.ts'
import { dev, ids, idToken, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { factoryFolder } from '../ip-calc/factory.ts'
import { openChecking } from './checking.ts'
import { assign, withoutRoles } from './delivering-identity.ts'

const networkVersion = '2024-05-01'
let here: OnSandbox
let resources: Resources
beforeEach(async () => {
  here = await onSandbox()
  resources = await openResources(here.session)
})
afterEach(() => here.sandbox.close())

interface Finding {
  readonly severity: string
  readonly subject: string
  readonly what: string
  readonly fix?: string
  readonly where?: { readonly file: string; readonly line: number }
}

/** What a check of another instance of the factory finds, whose common area is still to come. */
async function check(change: (text: string) => string = (text) => text, allowed: readonly Allowance[] = []) {
  const factory = factoryFolder((text) => change(text.replace('instance: "001"', 'instance: "002"')))
  const since = here.sandbox.requestCount()
  const report = await checkCommonDelivery(
    { factoryFile: factory.file, environment: 'dev', azureCloud: here.sandbox.url, allowed },
    {
      action: 'provision-project',
      userAgent: 'test',
      environment: here.sandbox.env,
      info: () => undefined,
      idToken: idToken(here.sandbox.env),
    },
  ).catch((error: unknown): Report => {
    if (error instanceof FailureWithReport) return error.report
    throw error
  })
  factory.remove()
  const written = here.sandbox
    .requests(since)
    .filter(
      ({ method, path }) => ['PUT', 'PATCH', 'DELETE'].includes(method) && path.startsWith('/subscriptions/'),
    )
  expect(written).toEqual([])
  const findings: readonly Finding[] = JSON.parse(report.outputs['findings'] ?? '[]')
  return { report, findings }
}
/** The VNet of the sandbox's common area stands in. */
const inNetwork = (text: string): string =>
  text.replace('addressSpace: [172.16.0.0/16]', `vnetId: ${ids.network}`)
const of = (findings: readonly Finding[], severity: string): readonly string[] =>
  findings.filter((finding) => finding.severity === severity).map(({ what }) => what)

test('Nothing speaks against one that is still to come', async () => {
  const { report, findings } = await check()
  expect(of(findings, 'fault')).toEqual([])
  expect(of(findings, 'unchecked')).toEqual([])
  expect(report.notice).toMatch(/^Common area in dev: check: 0 faults/)
  expect(JSON.parse(report.outputs['rights'] ?? '[]')).toContainEqual(
    expect.objectContaining({ action: 'Microsoft.Network/virtualNetworks/write' }),
  )
})

test('One that somebody made by hand is to be taken over only when somebody says so', async () => {
  const byHand = (text: string): string => text.replace('instance: "002"', 'instance: "001"')
  const { findings } = await check(byHand)
  expect(of(findings, 'fault')).toEqual([
    expect.stringContaining(
      'would take over what this factory did not make: Microsoft.Network/virtualNetworks',
    ),
    expect.stringMatching(/would take over what this factory did not make: .*Microsoft.KeyVault\/vaults/),
  ])
  const allowed = await check(byHand, ['take-over'])
  expect(of(allowed.findings, 'fault')).toEqual([])
  expect(of(allowed.findings, 'warning')).toContainEqual(expect.stringContaining('That is allowed.'))
})

test('What factory.yml names instead of parts is refused at its line, with cause and fix', async () => {
  const providers = `${ids.common}/providers`
  const lake = `${providers}/Microsoft.Storage/storageAccounts/flataccount`
  await resources.put(lake, '2024-01-01', {
    location: 'swedencentral',
    sku: { name: 'Standard_LRS' },
    kind: 'StorageV2',
    properties: {},
  })
  const registry = `${providers}/Microsoft.ContainerRegistry/registries/smallregistry`
  await resources.put(registry, '2023-07-01', { location: 'swedencentral', sku: { name: 'Standard' } })
  const tables = `${providers}/Microsoft.Network/routeTables/elsewhere`
  await resources.put(tables, networkVersion, { location: 'westeurope' })
  const vault = `${providers}/Microsoft.KeyVault/vaults/gone`
  const common = { dataLake: lake, containerRegistry: registry, routeTable: tables, keyVault: vault }
  const lines = Object.entries(common).map(([part, id]) => `      ${part}: { id: ${id} }`)
  const { findings } = await check((text) =>
    text.replace('\n  dev:\n', `\n  dev:\n    common:\n${lines.join('\n')}\n`),
  )
  const faults = findings.filter(({ severity }) => severity === 'fault')
  expect(faults.map(({ what }) => what)).toEqual([
    expect.stringContaining("'elsewhere' is in westeurope, and the VNet is in swedencentral"),
    expect.stringContaining("'gone' does not exist"),
    expect.stringContaining("'flataccount' has no hierarchical namespace"),
    expect.stringContaining("'smallregistry' has the SKU Standard, not Premium"),
  ])
  for (const { fix, where } of faults) {
    expect(fix).toBeTruthy()
    expect(where).toMatchObject({ file: expect.stringContaining('factory.yml'), line: expect.any(Number) })
  }
  expect(new Set(faults.map(({ where }) => where?.line)).size).toBe(faults.length)
})

test('From where one’s own can be reached, and in which region it is, is said before anything relies on it', async () => {
  const providers = `${ids.common}/providers`
  const open = `${providers}/Microsoft.Storage/storageAccounts/openaccount`
  await resources.put(open, '2024-01-01', {
    location: 'westeurope',
    sku: { name: 'Standard_LRS' },
    kind: 'StorageV2',
    properties: {
      isHnsEnabled: true,
      isSftpEnabled: true,
      allowSharedKeyAccess: true,
      publicNetworkAccess: 'Enabled',
    },
  })
  const closed = `${providers}/Microsoft.ContainerRegistry/registries/closedregistry`
  await resources.put(closed, '2023-07-01', {
    location: 'swedencentral',
    sku: { name: 'Premium' },
    properties: { publicNetworkAccess: 'Disabled' },
  })
  const bringing = (text: string): string =>
    inNetwork(text).replace(
      '\n  dev:\n',
      `\n  dev:\n    common: { dataLake: { id: ${open} }, containerRegistry: { id: ${closed} } }\n`,
    )
  const { findings } = await check(bringing)
  expect(of(findings, 'fault')).toEqual([])
  const own = findings.filter(({ subject }) => subject === 'Bring your own')
  expect(of(own, 'warning')).toEqual([
    expect.stringContaining("'openaccount' is in westeurope, and the factory is in swedencentral"),
    expect.stringContaining("'openaccount' is open to the Internet"),
    expect.stringContaining("'openaccount' lets in whoever has one of its keys"),
    expect.stringContaining("'openaccount' takes SFTP"),
    expect.stringContaining("'closedregistry' is closed, and has no private endpoint that may connect to it"),
  ])

  await resources.put(`${providers}/Microsoft.Network/privateEndpoints/theirs`, networkVersion, {
    location: 'swedencentral',
    properties: {
      subnet: { id: `${ids.network}/subnets/snet-esml-cmn-001` },
      privateLinkServiceConnections: [
        { name: 'theirs', properties: { privateLinkServiceId: closed, groupIds: ['registry'] } },
      ],
    },
  })
  const again = await check(bringing)
  expect(of(again.findings, 'warning').join()).not.toContain('closedregistry')
})

test('A closed lake needs a private endpoint for each of its services, in the VNet or near by', async () => {
  const lake = `${ids.common}/providers/Microsoft.Storage/storageAccounts/closedaccount`
  await resources.put(lake, '2024-01-01', {
    location: 'swedencentral',
    sku: { name: 'Standard_LRS' },
    kind: 'StorageV2',
    properties: { isHnsEnabled: true, allowSharedKeyAccess: false, publicNetworkAccess: 'Disabled' },
  })
  const far = `${ids.common}/providers/Microsoft.Network/virtualNetworks/vnet-of-others`
  await resources.put(far, networkVersion, {
    location: 'swedencentral',
    properties: {
      addressSpace: { addressPrefixes: ['10.99.0.0/16'] },
      subnets: [{ name: 'theirs', properties: { addressPrefix: '10.99.0.0/24' } }],
    },
  })
  const connect = (name: string, group: string, subnet: string) =>
    resources.put(`${ids.common}/providers/Microsoft.Network/privateEndpoints/${name}`, networkVersion, {
      location: 'swedencentral',
      properties: {
        subnet: { id: subnet },
        privateLinkServiceConnections: [
          { name, properties: { privateLinkServiceId: lake, groupIds: [group] } },
        ],
      },
    })
  const lacking = async (): Promise<string> => {
    const { findings } = await check((text) =>
      inNetwork(text).replace('\n  dev:\n', `\n  dev:\n    common: { dataLake: { id: ${lake} } }\n`),
    )
    return of(findings, 'warning').find((line) => line.includes("'closedaccount' is closed")) ?? 'nothing'
  }
  expect(await lacking()).toContain('(blob, dfs)')
  await connect('blob', 'blob', `${ids.network}/subnets/snet-esml-cmn-001`)
  await connect('far-away', 'dfs', `${far}/subnets/theirs`)
  expect(await lacking()).toContain('(dfs)')
  await connect('dfs', 'dfs', `${ids.network}/subnets/snet-esml-cmn-001`)
  expect(await lacking()).toBe('nothing')
})

test('Zones that a hub lacks are named, with the key that says where they are', async () => {
  const { findings } = await check((text) =>
    text.replace(
      'dns: { mode: standalone }',
      `dns: { mode: hub, subscriptionId: ${dev.subscriptionId}, resourceGroup: hub-dns }`,
    ),
  )
  expect(of(findings, 'fault')).toContainEqual(
    expect.stringMatching(
      /^The private DNS zone 'privatelink\.\S+' does not exist in resource group 'hub-dns' of the hub\./,
    ),
  )
})

test('Zones of a hub that the VNet cannot ask are a warning, until it has a DNS server or is linked to them', async () => {
  const hub = `/subscriptions/${dev.subscriptionId}/resourceGroups/hub-dns`
  await resources.put(hub, '2024-11-01', { location: 'swedencentral' })
  const zones = `${hub}/providers/Microsoft.Network/privateDnsZones`
  for (const name of privateDnsZonesIn({ cloud: 'AzureCloud', location: 'swedencentral' }))
    await resources.put(`${zones}/${name}`, '2024-06-01', { location: 'global' })
  const inHub = (text: string): string =>
    text.replace(
      'dns: { mode: standalone }',
      `dns: { mode: hub, subscriptionId: ${dev.subscriptionId}, resourceGroup: hub-dns }`,
    )
  const unresolved = expect.stringMatching(
    /nobody finds private endpoints by their names: it has no DNS servers, .*privatelink\.blob\.core\.windows\.net/,
  )
  expect(of((await check(inHub)).findings, 'warning')).toContainEqual(unresolved)
  const asking = await check((text) =>
    inHub(text).replace('[172.16.0.0/16]', '[172.16.0.0/16]\n      dnsServers: [10.1.0.4]'),
  )
  expect(of(asking.findings, 'warning')).not.toContainEqual(unresolved)

  const vnet = `${hub}/providers/Microsoft.Network/virtualNetworks/spoke`
  await resources.put(vnet, networkVersion, {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['172.16.0.0/16'] } },
  })
  const linked = ['blob.core.windows.net', 'dfs.core.windows.net', 'vaultcore.azure.net', 'azurecr.io']
  for (const name of linked)
    await resources.put(`${zones}/privatelink.${name}/virtualNetworkLinks/ours`, '2024-06-01', {
      location: 'global',
      properties: { registrationEnabled: false, virtualNetwork: { id: vnet } },
    })
  const existing = await check((text) =>
    inHub(text).replace('addressSpace: [172.16.0.0/16]', `vnetId: ${vnet}`),
  )
  expect(of(existing.findings, 'warning')).not.toContainEqual(unresolved)
  expect(of(existing.findings, 'good')).toContainEqual(
    expect.stringContaining('the VNet can ask for their names'),
  )
})

test('Addresses of the hub are a fault of the network, at the line of the prefix', async () => {
  await resources.put(`/subscriptions/${dev.subscriptionId}/resourceGroups/hub`, '2024-11-01', {
    location: 'swedencentral',
  })
  const hub = `/subscriptions/${dev.subscriptionId}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub`
  await resources.put(hub, networkVersion, {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['172.16.0.0/12'] } },
  })
  const { findings } = await check((text) => `${text}\ncommon: { hubPeering: { hub: ${hub} } }\n`)
  expect(findings.filter(({ severity }) => severity === 'fault')).toEqual([
    expect.objectContaining({
      subject: 'Network',
      what: expect.stringContaining("overlaps 172.16.0.0/12 of the hub 'hub'."),
      where: expect.objectContaining({ line: 23 }),
    }),
  ])
})

test('That the identity has no rights in the subscription is one of the faults', async () => {
  const stage = '22222222-2222-2222-2222-222222222202'
  const { findings } = await check((text) => text.replace(dev.subscriptionId, stage))
  expect(findings).toContainEqual(
    expect.objectContaining({
      severity: 'fault',
      subject: 'Rights',
      what: expect.stringMatching(
        `^The delivering identity may not do on /subscriptions/${stage}: .*Microsoft.Resources/deploymentStacks/write`,
      ),
    }),
  )
  // One for what is in the subscription, and for what comes later: the data of the lake, the roles of the core team.
  expect(findings.filter(({ subject }) => subject === 'Rights').map(({ severity }) => severity)).toEqual([
    'fault',
    'warning',
    'warning',
  ])
})

test('That its right to the files of the lake went with the group, at a destroy, is a warning that names set-up', async () => {
  const hand = await byHand(here.sandbox)
  await withoutRoles(here.sandbox, hand)
  for (const role of ['Contributor', 'Role Based Access Control Administrator'] as const) {
    await assign(hand, setupRoles[role])
  }
  const { findings } = await check()
  expect(findings.filter(({ subject }) => subject === 'Rights')).toEqual([
    expect.objectContaining({
      severity: 'warning',
      what: expect.stringContaining('has no right to the files of the data lake'),
      fix: expect.stringContaining('npm run setup'),
    }),
  ])
})

test('A vault of the same name that Azure keeps is named before the delivery brings it back', async () => {
  const vault = `${ids.common}/providers/Microsoft.KeyVault/vaults/kv-cmndev-a1b2c-002`
  await resources.put(vault, '2023-07-01', {
    location: 'swedencentral',
    properties: {
      tenantId: dev.tenantId,
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: true,
    },
  })
  await resources.remove(vault, '2023-07-01')
  const { findings } = await check()
  expect(findings).toContainEqual(
    expect.objectContaining({
      severity: expect.stringMatching(/^(fault|warning)$/),
      subject: 'Names',
      what: expect.stringContaining("'kv-cmndev-a1b2c-002' is softly deleted"),
      where: expect.objectContaining({ line: expect.any(Number) }),
    }),
  )
})

test('The action checks it with target common', async () => {
  const { check: run } = await openChecking()
  const { succeeded, findings } = await run('', { target: 'common', allow: 'take-over' })
  expect(findings.filter(({ severity }) => severity === 'fault')).toEqual([])
  expect(succeeded).toBe(true)
})

const providersAnswer = (status: number, code: string) =>
  here.sandbox.faults.add({
    method: 'GET',
    path: '^/subscriptions/[^/]+/providers[?]',
    status,
    body: { error: { code, message: 'No.' } },
    times: 'always',
  })

test.each([
  [403, 'AuthorizationFailed'],
  [400, 'Odd'],
])(
  'Resource providers that answer %i leave the rest its findings and rights, and that is said',
  async (status, code) => {
    const known = JSON.parse((await check()).report.outputs['rights'] ?? '[]')
    providersAnswer(status, code)
    const { report, findings } = await check()
    expect(of(findings, 'unchecked')).toEqual([
      expect.stringContaining('Resource providers: not checked'),
      expect.stringContaining(
        'What registering resource providers takes: the list of rights may lack some of them.',
      ),
    ])
    expect(JSON.parse(report.outputs['rights'] ?? '[]')).toEqual(known)
    expect(report.outputs['role-commands']).toContain('az role assignment create')
  },
)
