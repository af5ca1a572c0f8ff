import type { Sandbox } from '../../sandbox/start.ts'
import { privateDnsZonesIn } from '../../src/catalog/facts/private-dns.ts'
import { dev } from '../azure/on-sandbox.ts'
import type { ByHand } from '../e2e/support/by-hand.ts'

const subscriptionId = '22222222-2222-2222-2222-222222222203'
const resourceGroup = 'hub-dns'
const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`
const zoneNamed = (name: string): string => `${group}/providers/Microsoft.Network/privateDnsZones/${name}`
const version = '2024-06-01'
const dnsZoneContributor = 'b12aa53e-6015-4669-85d0-8515ebb3ae7f'

/** Private DNS zones that another team runs. */
export const hubZones = {
  /** What factory.yml says of them under `dns`. */
  mode: `{ mode: hub, subscriptionId: ${subscriptionId}, resourceGroup: ${resourceGroup} }`,
  /** Makes all of them, and lets the identity that delivers to dev write there. */
  make: async (hands: ByHand): Promise<void> => {
    await hands.put(group, '2024-03-01', { location: 'swedencentral' })
    for (const name of privateDnsZonesIn({ cloud: 'AzureCloud', location: 'swedencentral' })) {
      await hands.put(zoneNamed(name), version, { location: 'global' })
    }
    await hands.put(
      `${group}/providers/Microsoft.Authorization/roleAssignments/77777777-0000-0000-0000-0000000000d1`,
      '2022-04-01',
      {
        properties: {
          roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${dnsZoneContributor}`,
          principalId: dev.objectId,
          principalType: 'ServicePrincipal',
        },
      },
    )
  },
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
