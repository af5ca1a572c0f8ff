import { describe, expect, test } from '@jest/globals'
import { composeCommonArea } from '../../src/compose/compose-common.ts'
import { templateBodies } from '../../src/compose/template-summary.ts'
import type { JsonObject } from '../../src/json.ts'
import { documentOf, loadFactory } from '../../src/manifest/load.ts'
import { resolveFactory } from '../../src/manifest/resolve.ts'
import { commonAreaOf } from '../../src/operations/common-area.ts'

const subscription = '22222222-2222-2222-2222-222222222201'
const hub =
  '/subscriptions/22222222-2222-2222-2222-2222222222ff/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/vnet-hub'
const today = new Date('2026-11-30T12:00:00Z')

const load = (common: string, network = 'addressSpace: [172.16.0.0/16]') =>
  loadFactory(
    `
version: 1
name: mrvel
instance: "001"
location: swedencentral
locationCode: sdc
salt: a1b2c
tenantId: 11111111-1111-1111-1111-111111111111
environments:
  dev: { subscriptionId: ${subscription}, network: { ${network} } }
  stage: { subscriptionId: 22222222-2222-2222-2222-222222222202, network: { addressSpace: [172.17.0.0/16] } }
common: ${common}
`,
    'factory.yml',
  )

const areaWith = (common: string) => commonAreaOf(resolveFactory(documentOf(load(common)), 'dev'), today)

/** What both templates have of a type. */
const resources = (type: string, common: string): readonly JsonObject[] =>
  Object.values(composeCommonArea(areaWith(common)))
    .flatMap((template) => [...templateBodies({ ...template }, subscription).values()])
    .filter((body) => body['type'] === type)

const faults = (common: string, network?: string): string => {
  const loaded = load(common, network)
  return loaded.kind === 'faults' ? loaded.faults.map(({ what }) => what).join('\n') : ''
}

const usual = '{}'

describe('a peering with a hub', () => {
  test('is this side of it, by the id of the hub, and only when factory.yml asks for it', () => {
    const type = 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings'
    expect(resources(type, usual)).toEqual([])
    expect(resources(type, `{ hubPeering: { hub: ${hub} } }`)).toMatchObject([
      {
        name: 'vnt-esmlcmn-sdc-dev-001/peer-vnet-hub',
        properties: {
          remoteVirtualNetwork: { id: hub },
          allowForwardedTraffic: true,
          useRemoteGateways: false,
        },
      },
    ])
  })

  test('needs the hub, said once for all environments, and by its id', () => {
    expect(faults('{ hubPeering: true }').match(/needs 'hub'/g)).toHaveLength(1)
    expect(faults('{ hubPeering: { hub: vnet-hub } }')).toContain("VNet's resource id")
  })

  test('is not for a VNet of one’s own, whose owner peers it', () => {
    const spoke = hub.replace('vnet-hub', 'spoke')
    expect(faults(`{ hubPeering: { hub: ${hub} } }`, `vnetId: ${spoke}`)).toContain(
      'dev uses an existing VNet, which its owner changes',
    )
    expect(faults(usual, `vnetId: ${spoke}`)).toBe('')
  })
})

describe('ways out of the VNet', () => {
  test('there is none unless factory.yml asks for one', () => {
    for (const type of ['natGateways', 'publicIPAddresses', 'routeTables'])
      expect(resources(`Microsoft.Network/${type}`, usual)).toEqual([])
  })

  test('a NAT gateway has an address that stays', () => {
    const [gateway] = resources('Microsoft.Network/natGateways', '{ natGateway: { idleMinutes: 10 } }')
    const [address] = resources('Microsoft.Network/publicIPAddresses', '{ natGateway: true }')
    expect(gateway).toMatchObject({ sku: { name: 'Standard' }, properties: { idleTimeoutInMinutes: 10 } })
    expect(JSON.stringify(gateway?.['properties'])).toContain(
      `/publicIPAddresses/${String(address?.['name'])}`,
    )
    expect(address?.['properties']).toMatchObject({ publicIPAllocationMethod: 'Static' })
  })

  test('a route table leads through the firewall of a hub', () => {
    const [table] = resources('Microsoft.Network/routeTables', '{ routeTable: { firewallIp: 10.1.0.4 } }')
    expect(table?.['properties']).toMatchObject({
      disableBgpRoutePropagation: true,
      routes: [{ properties: { addressPrefix: '0.0.0.0/0', nextHopIpAddress: '10.1.0.4' } }],
    })
    expect(faults('{ routeTable: { firewallIp: firewall } }')).toContain('common.routeTable')
  })

  test('existing ones stand in', () => {
    const id = hub.replace('virtualNetworks/vnet-hub', 'natGateways/ng')
    const area = areaWith(`{ natGateway: { id: ${id} } }`)
    expect(area.ids.natGateway).toBe(id)
    expect(resources('Microsoft.Network/publicIPAddresses', `{ natGateway: { id: ${id} } }`)).toEqual([])
  })
})

describe('runners that GitHub hosts', () => {
  test('are put into the runners’ subnet, for the organisation', () => {
    expect(
      resources('GitHub.Network/networkSettings', '{ githubRunners: { organizationId: "9919" } }'),
    ).toMatchObject([
      {
        properties: {
          subnetId: expect.stringMatching(/\/vnt-esmlcmn-sdc-dev-001\/subnets\/snet-esml-cmn-runners$/),
          businessId: '9919',
        },
      },
    ])
  })

  test('need the organisation’s id, a number in quotes', () => {
    expect(faults('{ githubRunners: true }')).toContain("needs 'organizationId'")
    expect(faults('{ githubRunners: { organizationId: contoso } }')).toContain('databaseId')
  })
})

describe('a budget', () => {
  test('is there without a word in factory.yml, from this month on, and tells owners', () => {
    const [budget] = resources('Microsoft.Consumption/budgets', usual)
    expect(budget?.['properties']).toMatchObject({
      timePeriod: { startDate: '2026-11-01T00:00:00Z' },
      notifications: {
        actual50: { threshold: 50, thresholdType: 'Actual', contactRoles: ['Owner'] },
        actual80: { threshold: 80 },
        actual100: { threshold: 100 },
        forecasted100: { threshold: 100, thresholdType: 'Forecasted' },
      },
    })
  })

  test('tells others too, of another amount', () => {
    const said = '{ budget: { amount: 750, contactEmails: [ops@contoso.example] } }'
    expect(resources('Microsoft.Consumption/budgets', said)[0]?.['properties']).toMatchObject({
      amount: 750,
      notifications: { actual80: { contactEmails: ['ops@contoso.example'] } },
    })
    expect(faults('{ budget: { amount: 0.5 } }')).toContain('common.budget')
    expect(faults('{ budget: { contactEmails: [ops] } }')).toContain('common.budget')
  })

  test('is not there when it is switched off', () => {
    expect(resources('Microsoft.Consumption/budgets', '{ budget: false }')).toEqual([])
  })
})
