import { nameRulesOf } from '../../naming/limits.ts'
import { ofType } from '../facts/api-versions.ts'
import { subnetRules } from '../facts/subnet-rules.ts'
import { free } from '../prices.ts'
import { denyInternetInbound, denyInternetOutbound } from '../security-rules.ts'
import { defineCommonPart } from './define.ts'

/**
 * The VNet of an environment, with the subnet of the common area's private endpoints. Its subnets are the network
 * operation's: a template that named them would take away all others.
 */
export const virtualNetwork = defineCommonPart({
  key: 'virtualNetwork',
  title: 'Virtual network',
  documentation: 'https://learn.microsoft.com/azure/virtual-network/virtual-networks-overview',
  stack: 'network',
  enabled: 'always',
  existing: 'virtualNetwork',
  existingBy: 'network.vnetId',
  decidedBy: ({ virtualNetworkId: id }) => (id === undefined ? undefined : { kind: 'existing', id }),
  resources: {
    virtualNetwork: {
      type: 'Microsoft.Network/virtualNetworks',
      name: {
        pattern: 'vnt-esmlcmn-{location}-{env}-{instance}',
        givesWay: 'location',
        minLength: 2,
        maxLength: 64,
        accepts: /^[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?$/,
        scope: 'group',
        source: nameRulesOf('microsoftnetwork'),
      },
    },
  },
  subnets: {
    privateEndpoints: {
      purpose: 'Private endpoints of the common area: data lake, key vault, container registries',
      rule: subnetRules.privateEndpoints,
      prefixLength: 26,
      slug: '001',
      serviceEndpoints: [],
      securityRules: [denyInternetInbound, denyInternetOutbound],
    },
  },
  // What a plan, a fault or an alert is about: nothing of it can be changed by hand, deliveries do.
  roles: [{ to: 'itAdmin', role: 'Reader', on: 'resourceGroup' }],
  rights: [
    {
      key: 'commonArea',
      title: 'The whole common area',
      offers: [{ role: 'Reader', on: 'resourceGroup' }],
    },
  ],
  options: {},
  defaults: { dev: {}, stage: {}, prod: {} },
  data: { 'Microsoft.Network/virtualNetworks': 'stateless' },
  prices: { 'Microsoft.Network/virtualNetworks': free },
  template: ({ names, location, tags, addressSpace, dnsServers }) => [
    {
      ...ofType('Microsoft.Network/virtualNetworks'),
      name: names.virtualNetwork,
      location,
      tags,
      properties: {
        addressSpace: { addressPrefixes: addressSpace },
        ...(dnsServers && { dhcpOptions: { dnsServers } }),
      },
    },
  ],
})
