import type { Sandbox } from '../../sandbox/start.ts'
import { privateDnsZonesIn } from '../../src/catalog/facts/private-dns.ts'
import { dev } from '../azure/on-sandbox.ts'
import type { ByHand } from '../e2e/support/by-hand.ts'

const subscriptionId = '22222222-2222-2222-2222-222222222203'
const group = `/subscriptions/${subscriptionId}/resourceGroups/platform`
const inGroup = (type: string, name: string): string => `${group}/providers/Microsoft.Network/${type}/${name}`
const zoneNamed = (name: string): string => inGroup('privateDnsZones', name)
const location = 'swedencentral'
const versions = { group: '2024-03-01', network: '2024-05-01', zone: '2024-06-01', role: '2022-04-01' }
/** Network Contributor, and Private DNS Zone Contributor. */
const roles = ['4d97b98b-1d4f-4787-a291-c67834d212e7', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f']

/** The VNet of a hub, with a gateway. */
export const hubId = inGroup('virtualNetworks', 'vnet-hub')

/** What factory.yml says under `dns` of private DNS zones that another team runs. */
export const zonesInHub = `{ mode: hub, subscriptionId: ${subscriptionId}, resourceGroup: platform }`

/** Makes a hub with such zones, in which the identity that delivers to dev may do all that a delivery needs. */
export async function makePlatform({ put }: ByHand): Promise<void> {
  await put(group, versions.group, { location })
  await put(hubId, versions.network, {
    location,
    properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } },
  })
  await makeGateway(put)
  for (const name of privateDnsZonesIn({ cloud: 'AzureCloud', location })) {
    await put(zoneNamed(name), versions.zone, { location: 'global' })
  }
  for (const role of roles) {
    const roleDefinitionId = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`
    const properties = { roleDefinitionId, principalId: dev.objectId, principalType: 'ServicePrincipal' }
    await put(`${group}/providers/Microsoft.Authorization/roleAssignments/${role}`, versions.role, {
      properties,
    })
  }
}

async function makeGateway(put: ByHand['put']): Promise<void> {
  const [subnet, address] = [`${hubId}/subnets/GatewaySubnet`, inGroup('publicIPAddresses', 'pip-hub')]
  await put(subnet, versions.network, { properties: { addressPrefix: '10.1.0.0/27' } })
  await put(address, versions.network, {
    location,
    sku: { name: 'Standard' },
    properties: { publicIPAllocationMethod: 'Static' },
  })
  const properties = { subnet: { id: subnet }, publicIPAddress: { id: address } }
  await put(inGroup('virtualNetworkGateways', 'vgw-hub'), versions.network, {
    location,
    properties: { gatewayType: 'Vpn', ipConfigurations: [{ name: 'default', properties }] },
  })
}

/** A policy of the platform gives every private endpoint of the common area a zone group of its own, which writes there. */
export async function policyWrites({ state }: Sandbox, hands: ByHand): Promise<void> {
  const groups = Object.values(state.arm.resources).filter(
    ({ id, type }) => id.includes('-common-sdc-dev-002/') && type.endsWith('/privateDnsZoneGroups'),
  )
  for (const { id, properties } of groups) {
    const zones = [...JSON.stringify(properties).matchAll(/privateDnsZones\/([^"]+)"/g)].map(
      ([, zone = '']) => zone,
    )
    await hands.remove(id, '2025-05-01')
    await hands.put(id.replace(/[^/]+$/, 'deployedByPolicy'), '2025-05-01', {
      properties: {
        privateDnsZoneConfigs: zones.map((zone) => ({
          name: zone.replaceAll('.', '-'),
          properties: { privateDnsZoneId: zoneNamed(zone) },
        })),
      },
    })
  }
}
