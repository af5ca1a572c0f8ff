import { z } from 'zod'
import { networkName } from '../../naming/limits.ts'
import { ofType } from '../facts/api-versions.ts'
import { firewallRoute } from '../facts/settings-of-others.ts'
import { free } from '../prices.ts'
import { defineCommonPart } from './define.ts'

/**
 * The route table of subnets whose traffic goes another way than Azure's own, usually through the firewall of a hub. Subnets
 * that exist are changed only when factory.yml says so.
 */
export const routeTable = defineCommonPart({
  key: 'routeTable',
  title: 'Route table',
  documentation: 'https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview',
  stack: 'network',
  enabled: false,
  existing: 'routeTable',
  resources: {
    routeTable: {
      type: 'Microsoft.Network/routeTables',
      name: { ...networkName, pattern: 'rt-esmlcmn-{location}-{env}-{instance}' },
    },
  },
  subnets: {},
  options: {
    firewallIp: z
      .ipv4()
      .optional()
      .describe(
        'Private address of a firewall, usually in a hub, through which everything goes that leaves the VNet and its peers.',
      ),
    propagateGatewayRoutes: z
      .boolean()
      .describe('Do subnets learn the routes of VPN and ExpressRoute gateways too?'),
  },
  defaults: {
    dev: { propagateGatewayRoutes: false },
    stage: { propagateGatewayRoutes: false },
    prod: { propagateGatewayRoutes: false },
  },
  data: { 'Microsoft.Network/routeTables': 'stateless' },
  prices: { 'Microsoft.Network/routeTables': free },
  template: ({ names, location, tags, options: { firewallIp, propagateGatewayRoutes } }) => [
    {
      ...ofType('Microsoft.Network/routeTables'),
      name: names.routeTable,
      location,
      tags,
      properties: {
        disableBgpRoutePropagation: !propagateGatewayRoutes,
        routes:
          firewallIp === undefined
            ? []
            : [
                {
                  name: firewallRoute,
                  properties: {
                    addressPrefix: '0.0.0.0/0',
                    nextHopType: 'VirtualAppliance',
                    nextHopIpAddress: firewallIp,
                  },
                },
              ],
      },
    },
  ],
})
