import { describe, expect, test } from '@jest/globals'
import { composeCommonArea } from '../../src/compose/compose-common.ts'
import type { SubscriptionTemplate } from '../../src/compose/subscription-template.ts'
import { templateBodies } from '../../src/compose/template-summary.ts'
import type { FactoryManifest } from '../../src/manifest/load.ts'
import { documentOf, loadFactory } from '../../src/manifest/load.ts'
import { resolveFactory } from '../../src/manifest/resolve.ts'
import type { ResolvedFactory } from '../../src/manifest/resolved.ts'
import { commonAreaOf } from '../../src/operations/common-area.ts'

const subscription = '22222222-2222-2222-2222-222222222201'
const elsewhere = `/subscriptions/${subscription}/resourceGroups/platform/providers`

/** A factory of nothing but what every factory says, and more. */
function factoryWith(more = '', network = 'addressSpace: [172.16.0.0/16]'): FactoryManifest {
  const text = `
version: 1
name: mrvel
instance: "001"
location: swedencentral
locationCode: sdc
salt: a1b2c
tenantId: 11111111-1111-1111-1111-111111111111
environments:
  dev:
    subscriptionId: ${subscription}
    clientId: 33333333-3333-3333-3333-333333333301
    network: { ${network} }
${more}`
  return documentOf(loadFactory(text, 'factory.yml'))
}

const areaWith = (more?: string, network?: string) =>
  commonAreaOf(resolveFactory(factoryWith(more, network), 'dev'))

const bodiesIn = (template: SubscriptionTemplate) => templateBodies({ ...template }, subscription)

/** The types in a template with their names, but for the many zones. */
function contents(stack: 'network' | 'common', more?: string, network?: string): readonly string[] {
  const bodies = bodiesIn(composeCommonArea(areaWith(more, network))[stack])
  return [...bodies.values()]
    .map(
      ({ type, name, scope }) =>
        `${String(type)} ${String(name)}${scope === undefined ? '' : ` of ${String(scope).split('/').at(-1)}`}`,
    )
    .filter((line) => !line.includes('privatelink'))
    .sort()
}

describe('the common area of a factory that says nothing of it', () => {
  test('has a network that leaves its subnets to others', () => {
    expect(contents('network')).toEqual([
      'Microsoft.Network/virtualNetworks vnt-esmlcmn-sdc-dev-001',
      'Microsoft.Resources/resourceGroups mrvel-esml-common-sdc-dev-001',
    ])
    expect(JSON.stringify(composeCommonArea(areaWith()).network)).not.toContain('"subnets"')
  })

  test('has a zone for every private endpoint of its own and of projects, linked to the VNet', () => {
    const { network, common } = composeCommonArea(areaWith())
    const zones = [...bodiesIn(network).keys()].filter((id) => /privatednszones\/[^/]+$/.test(id))
    const used = JSON.stringify(common).match(/privateDnsZones\/[^"/]+/g) ?? []
    expect(used.length).toBeGreaterThan(0)
    for (const zone of used) expect(zones.join()).toContain(zone.toLowerCase())
    const links = [...bodiesIn(network).keys()].filter((id) => id.includes('/virtualnetworklinks/'))
    expect(links).toHaveLength(zones.length)
  })

  test('is closed to the public network, and has no keys', () => {
    const bodies = [...bodiesIn(composeCommonArea(areaWith()).common).values()]
    const open = bodies.filter(({ properties }) =>
      /"(publicNetworkAccess":"Enabled|allowSharedKeyAccess":true|adminUserEnabled":true)/.test(
        JSON.stringify(properties),
      ),
    )
    expect(open).toEqual([])
  })

  test('has its private endpoints in a common subnet', () => {
    const endpoints = [...bodiesIn(composeCommonArea(areaWith()).common).values()].filter(
      ({ type }) => type === 'Microsoft.Network/privateEndpoints',
    )
    expect(endpoints.length).toBeGreaterThan(0)
    for (const { properties } of endpoints)
      expect(JSON.stringify(properties)).toContain(
        '/virtualNetworks/vnt-esmlcmn-sdc-dev-001/subnets/snet-esml-cmn-001',
      )
  })
})

describe('what factory.yml can say', () => {
  test('a part is switched off, with its private endpoint', () => {
    const without = contents('common', 'common: { keyVault: false }')
    expect(contents('common').filter((line) => !without.includes(line))).toEqual([
      'Microsoft.Insights/diagnosticSettings aifactory of kv-cmndev-a1b2c-001',
      'Microsoft.KeyVault/vaults kv-cmndev-a1b2c-001',
      'Microsoft.Network/privateEndpoints kv-cmndev-a1b2c-001-vault-pend',
      'Microsoft.Network/privateEndpoints/privateDnsZoneGroups kv-cmndev-a1b2c-001-vault-pend/default',
    ])
  })

  test('an environment says otherwise than all', () => {
    const area = areaWith(
      '    common: { logAnalytics: { retentionDays: 60 } }\ncommon: { diagnostics: { tier: gold }, logAnalytics: { retentionDays: 40 } }',
    )
    expect(area.factory.common).toMatchObject({
      logAnalytics: { kind: 'own', options: { retentionDays: 60 } },
      diagnostics: { kind: 'own', options: { tier: 'gold' } },
    })
  })

  test('the tier of the logs decides what is sent, and how long it is kept', () => {
    const common = (more: string) => JSON.stringify(composeCommonArea(areaWith(more)).common)
    expect(common('common: { diagnostics: { tier: gold } }')).toMatch(/"retentionInDays":365.*"allLogs"/)
    expect(common('common: { diagnostics: { tier: bronze } }')).toMatch(/"retentionInDays":30.*"audit"/)
    expect(common('common: { diagnostics: false }')).not.toContain('diagnosticSettings')
  })

  test('an existing resource stands in, and what refers to it means that one', () => {
    const id = `${elsewhere}/Microsoft.OperationalInsights/workspaces/central`
    const area = areaWith(`common: { logAnalytics: { id: ${id} } }`)
    expect(area.ids.logAnalytics).toBe(id)
    expect(contents('common', `common: { logAnalytics: { id: ${id} } }`).join()).not.toContain('workspaces')
  })

  test('an existing VNet has no template, and is linked to the zones', () => {
    const id = `${elsewhere}/Microsoft.Network/virtualNetworks/spoke`
    const { network } = composeCommonArea(areaWith('', `vnetId: ${id}`))
    expect(contents('network', '', `vnetId: ${id}`)).toEqual([
      'Microsoft.Resources/resourceGroups mrvel-esml-common-sdc-dev-001',
    ])
    expect(JSON.stringify(network)).toContain(id)
    // A link leads to one VNet for good.
    expect(JSON.stringify(network)).toContain('privatelink.azurecr.io/spoke')
  })

  test('zones of a hub, or of a policy, are not made', () => {
    for (const dns of [
      '{ mode: policy }',
      `{ mode: hub, subscriptionId: ${subscription}, resourceGroup: dns }`,
    ]) {
      expect(JSON.stringify(composeCommonArea(areaWith(`dns: ${dns}`)).network)).not.toContain('privatelink')
    }
  })

  test('what cannot be switched off says so', () => {
    const loaded = loadFactory(`version: 1\ncommon: { dataLake: false }\n`, 'factory.yml')
    expect(loaded.kind === 'faults' ? loaded.faults.map(({ what }) => what).join('\n') : '').toContain(
      "'common.dataLake' must be",
    )
  })
})

describe('the container registries', () => {
  const registries = (
    more?: string,
    change: Partial<ResolvedFactory> = {},
  ): Readonly<Record<string, unknown>> => {
    const { factory } = areaWith(more)
    const bodies = bodiesIn(composeCommonArea(commonAreaOf({ ...factory, ...change })).common)
    return Object.fromEntries(
      [...bodies.values()]
        .filter(({ type }) => type === 'Microsoft.ContainerRegistry/registries')
        .map(({ name, properties }) => [String(name), properties]),
    )
  }
  const shared = 'acrcommona1b2csdc001dev'
  const forWorkspaces = 'acrcommonmla1b2csdc001dev'

  test('are one that knows repositories and takes the tokens of hosted agents, and one for workspaces', () => {
    expect(registries()).toEqual({
      [shared]: expect.objectContaining({
        roleAssignmentMode: 'AbacRepositoryPermissions',
        policies: { azureADAuthenticationAsArmPolicy: { status: 'enabled' } },
      }),
      [forWorkspaces]: expect.objectContaining({ roleAssignmentMode: 'LegacyRegistryPermissions' }),
    })
  })

  test('are one where the shared one is in the older mode, which it keeps', () => {
    expect(registries('', { sharedRegistryMode: 'LegacyRegistryPermissions' })[shared]).toMatchObject({
      roleAssignmentMode: 'LegacyRegistryPermissions',
    })
  })

  test('for workspaces is there only where projects may have them, or its own key says so', () => {
    const off = 'defaults: { services: { machineLearning: false } }'
    expect(Object.keys(registries(off))).toEqual([shared])
    expect(Object.keys(registries(`${off}\ncommon: { machineLearningRegistry: true }`))).toEqual([
      shared,
      forWorkspaces,
    ])
    expect(Object.keys(registries('common: { machineLearningRegistry: false }'))).toEqual([shared])
  })

  test('are none where each project has one of its own', () => {
    expect(registries('sharedContainerRegistry: false')).toEqual({})
  })
})

describe('the data lake', () => {
  const lake = (more?: string): string =>
    JSON.stringify(
      [...bodiesIn(composeCommonArea(areaWith(more)).common).values()].filter(({ name }) =>
        String(name).startsWith('mrvela1b2cesml001dev'),
      ),
    )

  test('has its endpoints for blobs and for folders, keeps what was deleted, and deletes nothing by itself', () => {
    const whole = lake()
    for (const part of [
      'mrvela1b2cesml001dev-blob-pend',
      'mrvela1b2cesml001dev-dfs-pend',
      '"isHnsEnabled":true',
      '"allowSharedKeyAccess":false',
      '"deleteRetentionPolicy":{"enabled":true,"days":7}',
      '"containerDeleteRetentionPolicy":{"enabled":true,"days":7}',
      '"tierToCool":{"daysAfterModificationGreaterThan":90}',
      '"prefixMatch":["lake3/"]',
    ])
      expect(whole).toContain(part)
    expect(whole).not.toMatch(/"delete":|tierToArchive/)
  })

  test('cools files after other days, or never', () => {
    expect(lake('common: { dataLake: { coolAfterDays: 30 } }')).toContain(
      '"daysAfterModificationGreaterThan":30',
    )
    expect(lake('common: { dataLake: { coolAfterDays: null } }')).not.toContain('managementPolicies')
  })
})
