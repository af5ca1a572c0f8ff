import { z } from 'zod'
import { lastSegment } from '../../resource-id.ts'
import { ofType } from '../facts/api-versions.ts'
import { byUsage } from '../prices.ts'
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
    hub: z
      .string()
      .regex(
        /^\/subscriptions\/[0-9a-fA-F-]{36}\/resourceGroups\/[A-Za-z0-9_().-]{1,90}\/providers\/Microsoft\.Network\/virtualNetworks\/[A-Za-z0-9_.-]{2,64}$/,
      )
      .meta({
        description: 'Resource id of the VNet of the hub, in any subscription of the tenant.',
        patternErrorMessage:
          "a VNet's resource id: /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…",
      }),
    useRemoteGateways: z
      .boolean()
      .describe('Does traffic to other networks go through the VPN or ExpressRoute gateway of the hub?'),
    allowForwardedTraffic: z
      .boolean()
      .describe('May the hub send on what comes from other networks, as its firewall does?'),
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
