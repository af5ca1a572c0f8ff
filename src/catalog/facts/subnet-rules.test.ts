import { describe, expect, test } from '@jest/globals'
import { cidr, overlaps } from '../../cidr.ts'
import type { SubnetRange, SubnetRule } from '../types.ts'
import { azureForbiddenRanges, isSubnetRuleKey, subnetRuleKeys, subnetRules } from './subnet-rules.ts'

const everyRule = subnetRuleKeys.map((key): readonly [string, SubnetRule] => [key, subnetRules[key]])

/** As Azure lists them. https://learn.microsoft.com/azure/templates/microsoft.network/virtualnetworks/subnets */
const delegationsOfAzure = [
  'GitHub.Network/networkSettings',
  'Microsoft.App/environments',
  'Microsoft.ContainerInstance/containerGroups',
  'Microsoft.Databricks/workspaces',
  'Microsoft.DBforPostgreSQL/flexibleServers',
  'Microsoft.Network/dnsResolvers',
  'Microsoft.PowerPlatform/enterprisePolicies',
  'Microsoft.PowerPlatform/vnetaccesslinks',
  'Microsoft.Web/hostingEnvironments',
  'Microsoft.Web/serverFarms',
]

/** https://learn.microsoft.com/azure/virtual-network/virtual-network-vnet-plan-design-arm */
const namesOfAzure = [
  'AzureBastionSubnet',
  'AzureFirewallManagementSubnet',
  'AzureFirewallSubnet',
  'GatewaySubnet',
]

const sourcesOf = (rule: SubnetRule): readonly string[] => [
  rule.smallest.source,
  rule.recommended.source,
  ...(rule.largest === undefined ? [] : [rule.largest.source]),
  ...(rule.onlyIn === undefined ? [] : [rule.onlyIn.source]),
  ...[...rule.forbidden, ...rule.avoided].map(({ source }) => source),
  rule.load.source,
  rule.documentation,
]

const reasonsOf = (rule: SubnetRule): readonly string[] => [
  rule.smallest.because,
  rule.recommended.because,
  ...(rule.largest === undefined ? [] : [rule.largest.because]),
  ...(rule.onlyIn === undefined ? [] : [rule.onlyIn.because]),
  ...[...rule.forbidden, ...rule.avoided].map(({ because }) => because),
]

describe.each(everyRule)('The rule %s', (_, rule) => {
  test('has sizes in order, none of which Azure refuses', () => {
    const { smallest, recommended, largest } = rule
    expect(smallest.prefixLength).toBeLessThanOrEqual(29)
    expect(recommended.prefixLength).toBeLessThanOrEqual(smallest.prefixLength)
    expect(largest?.prefixLength ?? 0).toBeLessThanOrEqual(recommended.prefixLength)
  })

  test('has a load that its recommended size holds', () => {
    const { load, recommended } = rule
    expect(load.fixed + load.count * load.each + 5).toBeLessThanOrEqual(2 ** (32 - recommended.prefixLength))
    expect(load.unit).toMatch(/^[a-z0-9 ]+$/)
  })

  test('has a source in the documentation for everything', () => {
    for (const source of sourcesOf(rule))
      expect(source).toMatch(/^https:\/\/(learn\.microsoft|docs\.github)\.com\/[a-z0-9/#-]+$/)
  })

  test('has reasons that follow "because"', () => {
    for (const reason of reasonsOf(rule)) expect(reason).toMatch(/^(?:[a-z0-9]|Azure|Container|DNS).*[^.]$/)
  })

  test('has networks as ranges, each once', () => {
    const all = [...rule.forbidden, ...rule.avoided].map(({ range }) => range)
    expect(new Set(all).size).toBe(all.length)
    const networks = [...all, ...(rule.onlyIn?.ranges ?? [])].map(cidr)
    expect(networks).toHaveLength(all.length + (rule.onlyIn?.ranges.length ?? 0))
  })
})

test('Delegations are spelled as Azure spells them', () => {
  const used = everyRule.flatMap(([, { delegation }]) => delegation ?? [])
  expect([...new Set(used)].sort()).toEqual([...delegationsOfAzure].sort())
})

test('Names that Azure keeps belong to one rule each', () => {
  expect(everyRule.flatMap(([, { fixedName }]) => fixedName ?? []).sort()).toEqual(namesOfAzure)
})

test('A subnet is shared by nobody when it is delegated', () => {
  for (const [, { delegation, exclusiveTo }] of everyRule) {
    if (delegation !== undefined) expect(exclusiveTo).toBeDefined()
  }
})

test('Gateways and firewalls refuse a network security group', () => {
  const refusing = everyRule.flatMap(([key, rule]) => (rule.networkSecurityGroup === 'refused' ? [key] : []))
  expect(refusing).toEqual(['firewall', 'firewallManagement', 'gateway'])
})

describe('Ranges that are refused', () => {
  const touches = (ranges: readonly SubnetRange[], text: string): boolean =>
    ranges.some(({ range }) => overlaps(cidr(range), cidr(text)))

  test.each(['224.1.0.0/16', '255.255.255.255/32', '127.0.0.0/24', '169.254.10.0/24', '168.63.129.0/24'])(
    'by Azure: %s',
    (range) => {
      expect(touches(azureForbiddenRanges, range)).toBe(true)
    },
  )

  test('by Azure are no private ones', () => {
    for (const range of ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10']) {
      expect(touches(azureForbiddenRanges, range)).toBe(false)
    }
  })

  test.each(['10.0.1.0/28', '10.0.7.128/25', '10.0.16.240/28'])('by DNS resolvers: %s', (range) => {
    expect(touches(subnetRules.dnsResolverInbound.forbidden, range)).toBe(true)
  })

  test.each(['10.0.0.240/28', '10.0.17.0/28'])('by DNS resolvers, no more: %s', (range) => {
    expect(touches(subnetRules.dnsResolverInbound.forbidden, range)).toBe(false)
  })

  test('by Container Apps, which agents run on and therefore avoid', () => {
    expect(touches(subnetRules.containerApps.forbidden, '172.30.4.0/24')).toBe(true)
    expect(touches(subnetRules.foundryAgents.avoided, '172.30.4.0/24')).toBe(true)
    expect(touches(subnetRules.foundryAgents.avoided, '172.16.0.0/16')).toBe(false)
  })

  test('by nobody, but avoided by clusters: the default range of their services and that of Docker', () => {
    expect(touches(subnetRules.kubernetesNodes.avoided, '10.0.4.0/24')).toBe(true)
    expect(touches(subnetRules.kubernetesNodes.avoided, '172.17.0.0/24')).toBe(true)
    expect(touches(subnetRules.kubernetesNodes.forbidden, '10.0.4.0/24')).toBe(false)
  })
})

test.each(['toaster', 'constructor', 'toString', ''])('%p is no kind of subnet', (key) => {
  expect(isSubnetRuleKey(key)).toBe(false)
})
