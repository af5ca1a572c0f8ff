import { lastSegment } from '../../resource-id.ts'
import { ofType } from '../facts/api-versions.ts'
import { privateDnsZonesIn } from '../facts/private-dns.ts'
import { free } from '../prices.ts'
import type { ArmResource } from '../types.ts'
import { defineCommonPart } from './define.ts'
import type { CommonContext } from './types.ts'
import { virtualNetwork } from './virtual-network.ts'

/** A zone is asked on the internet when it does not know a name: a resource of another network may have it there. */
const resolutionPolicy = 'NxDomainRedirect'

const zone = (
  name: string,
  { ids, tags }: Pick<CommonContext<'virtualNetwork'>, 'ids' | 'tags'>,
): readonly ArmResource[] => [
  { ...ofType('Microsoft.Network/privateDnsZones'), name, location: 'global', tags },
  {
    ...ofType('Microsoft.Network/privateDnsZones/virtualNetworkLinks'),
    // A link leads to one VNet for good: another VNet has another.
    name: `${name}/${lastSegment(ids.virtualNetwork)}`,
    location: 'global',
    tags,
    dependsOn: [ids.virtualNetwork],
    properties: {
      registrationEnabled: false,
      resolutionPolicy,
      virtualNetwork: { id: ids.virtualNetwork },
    },
  },
]

/** The private DNS zones of all services that projects can have, linked to the VNet. */
export const privateDnsZones = defineCommonPart({
  key: 'privateDnsZones',
  title: 'Private DNS zones',
  documentation: 'https://learn.microsoft.com/azure/private-link/private-endpoint-dns',
  stack: 'network',
  enabled: 'always',
  decidedBy: ({ dns }) => (dns === 'standalone' ? undefined : { kind: 'off' }),
  resources: {},
  subnets: {},
  connectsTo: [virtualNetwork],
  options: {},
  defaults: { dev: {}, stage: {}, prod: {} },
  data: {
    'Microsoft.Network/privateDnsZones': {
      holds: 'records, also those of private endpoints that others made',
    },
    'Microsoft.Network/privateDnsZones/virtualNetworkLinks': 'stateless',
  },
  prices: {
    'Microsoft.Network/privateDnsZones': {
      kind: 'list',
      unit: 'zone',
      by: 'type',
      // By the month: half a dollar for each of the first 25 zones of a subscription, a tenth for each of the others.
      perHour: { 'Microsoft.Network/privateDnsZones': 0.5 / 730 },
      beyond: { first: 25, perHour: 0.1 / 730 },
      plus: 'queries',
      asOf: '2026-11-29',
      source: 'https://azure.microsoft.com/pricing/details/dns/',
    },
    'Microsoft.Network/privateDnsZones/virtualNetworkLinks': free,
  },
  template: (context) => privateDnsZonesIn(context).flatMap((name) => zone(name, context)),
})
