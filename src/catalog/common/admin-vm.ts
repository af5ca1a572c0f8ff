import { subnetRules } from '../facts/subnet-rules.ts'
import { denyInternetInbound } from '../security-rules.ts'
import { defineCommonPart } from './define.ts'

/**
 * The subnet of virtual machines from which administrators work inside of the network. The machines are theirs: they are
 * reached through a Bastion, a VPN or a peered network, and never from the Internet.
 */
export const adminVm = defineCommonPart({
  key: 'adminVm',
  title: 'Subnet of admin VMs',
  documentation: 'https://learn.microsoft.com/azure/bastion/bastion-overview',
  stack: 'common',
  enabled: false,
  resources: {},
  subnets: {
    adminVm: {
      purpose: 'Virtual machines from which administrators work',
      rule: subnetRules.virtualMachines,
      prefixLength: 28,
      slug: 'admin',
      serviceEndpoints: [],
      securityRules: [denyInternetInbound],
    },
  },
  options: {},
  defaults: { dev: {}, stage: {}, prod: {} },
  data: {},
  template: () => [],
})
