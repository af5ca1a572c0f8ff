import { z } from 'zod'
import { lastSegment } from '../../resource-id.ts'
import { ofType } from '../facts/api-versions.ts'
import { byUsage } from '../prices.ts'
import { resourceIdText } from '../resource-id-text.ts'
import { defineCommonPart } from './define.ts'
import { virtualNetwork } from './virtual-network.ts'

/** What a peering is called, on either side. */
export const peeringName = (remoteNetworkId: string): string => `peer-${lastSegment(remoteNetworkId)}`

/**
 * The peering of the VNet with that of a hub, this side of it. The hub's side is its owner's: it is made by the delivery when the
 * rights allow it, and the traffic flows when both are there.
 */
export const hubPeering = defineCommonPart({
  key: 'hubPeering',
  title: 'Peering with a hub',
  documentation: 'https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview',
  stack: 'network',
  enabled: false,
  ownNetworkOnly: true,
  resources: {},
  subnets: {},
  connectsTo: [virtualNetwork],
  options: {
    hub: resourceIdText(
      'Microsoft.Network/virtualNetworks',
      "a VNet's resource id: /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…",
      'Resource id of the VNet of the hub, in any subscription of the tenant.',
    ),
    useRemoteGateways: z
      .boolean()
      .describe('Does traffic to other networks go through the VPN or ExpressRoute gateway of the hub?'),
    allowForwardedTraffic: z
      .boolean()
      .describe('May the hub send on into the VNet what comes from other networks, as its firewall does?'),
  },
  defaults: {
    dev: { useRemoteGateways: false, allowForwardedTraffic: true },
    stage: { useRemoteGateways: false, allowForwardedTraffic: true },
    prod: { useRemoteGateways: false, allowForwardedTraffic: true },
  },
  data: { 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings': 'stateless' },
  prices: {
    'Microsoft.Network/virtualNetworks/virtualNetworkPeerings': byUsage('traffic between the two networks'),
  },
  template: ({ names, ids, options: { hub, useRemoteGateways, allowForwardedTraffic } }) => [
    {
      ...ofType('Microsoft.Network/virtualNetworks/virtualNetworkPeerings'),
      name: `${names.virtualNetwork}/${peeringName(hub)}`,
      dependsOn: [ids.virtualNetwork],
      properties: {
        remoteVirtualNetwork: { id: hub },
        allowVirtualNetworkAccess: true,
        allowForwardedTraffic,
        allowGatewayTransit: false,
        useRemoteGateways,
      },
    },
  ],
})
