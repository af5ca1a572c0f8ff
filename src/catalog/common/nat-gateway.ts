import { z } from 'zod'
import { networkName } from '../../naming/limits.ts'
import { ofType } from '../facts/api-versions.ts'
import { defineCommonPart } from './define.ts'

/** When its prices were looked up. */
const asOf = '2026-11-29'

/**
 * The way from private subnets to the Internet, with one address of its own: subnets have none by default.
 * https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
 */
export const natGateway = defineCommonPart({
  key: 'natGateway',
  title: 'NAT gateway',
  documentation: 'https://learn.microsoft.com/azure/nat-gateway/nat-overview',
  stack: 'network',
  enabled: false,
  existing: 'natGateway',
  resources: {
    natGateway: {
      type: 'Microsoft.Network/natGateways',
      name: { ...networkName, pattern: 'ng-esmlcmn-{location}-{env}-{instance}' },
    },
    natGatewayAddress: {
      type: 'Microsoft.Network/publicIPAddresses',
      name: { ...networkName, pattern: 'pip-ng-esmlcmn-{location}-{env}-{instance}' },
    },
  },
  subnets: {},
  options: {
    idleMinutes: z
      .int()
      .min(4)
      .max(120)
      .describe('Minutes after which a connection over which nothing is sent is cut.'),
  },
  defaults: { dev: { idleMinutes: 4 }, stage: { idleMinutes: 4 }, prod: { idleMinutes: 4 } },
  data: {
    'Microsoft.Network/natGateways': 'stateless',
    'Microsoft.Network/publicIPAddresses': {
      holds: 'an address that others may let through their firewalls',
    },
  },
  prices: {
    'Microsoft.Network/natGateways': {
      kind: 'list',
      unit: 'NAT gateways',
      by: 'sku.name',
      perHour: { Standard: 0.045 },
      plus: 'processed data',
      asOf,
      source: 'https://azure.microsoft.com/pricing/details/azure-nat-gateway/',
    },
    'Microsoft.Network/publicIPAddresses': {
      kind: 'list',
      unit: 'public IPv4 addresses',
      by: 'sku.name',
      perHour: { Standard: 0.005 },
      asOf,
      source: 'https://azure.microsoft.com/pricing/details/ip-addresses/',
    },
  },
  template: ({ names, ids, location, tags, options }) => [
    {
      ...ofType('Microsoft.Network/publicIPAddresses'),
      name: names.natGatewayAddress,
      location,
      tags,
      sku: { name: 'Standard' },
      properties: { publicIPAddressVersion: 'IPv4', publicIPAllocationMethod: 'Static' },
    },
    {
      ...ofType('Microsoft.Network/natGateways'),
      name: names.natGateway,
      location,
      tags,
      dependsOn: [ids.natGatewayAddress],
      sku: { name: 'Standard' },
      properties: {
        idleTimeoutInMinutes: options.idleMinutes,
        publicIpAddresses: [{ id: ids.natGatewayAddress }],
      },
    },
  ],
})
