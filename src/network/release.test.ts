import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { catalogue } from '../catalog/index.ts'
import { denyInternetInbound } from '../catalog/security-rules.ts'
import type { SecurityRule } from '../catalog/types.ts'
import type { JsonObject } from '../json.ts'
import { planRelease } from './release.ts'
import type { ReleaseSearch, UsedSecurityGroup } from './release-search.ts'
import type { ActualSubnet } from './vnet.ts'

const home = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network'
const network = `${home}/virtualNetworks/v`
const declared = catalogue.subnets
const owner = { factory: 'mrvel-001', project: '001', environment: 'dev' }
const names = {
  subnet: (key: string) => (key.startsWith('snt-prj001-') ? key : `snt-prj001-${key}`),
  networkSecurityGroup: (key: string) => `${key}-nsg-prj001`,
}
const groupOf = (key: string, more: Partial<UsedSecurityGroup> = {}): UsedSecurityGroup => ({
  id: `${home}/networkSecurityGroups/${key}-nsg-prj001`,
  name: `${key}-nsg-prj001`,
  tags: { ...owner },
  subnetIds: [`${network}/subnets/snt-prj001-${key}`],
  hasInterfaces: false,
  rules: [denyInternetInbound],
  ...more,
})
const subnetOf = (key: string, occupied = false): ActualSubnet => ({
  id: `${network}/subnets/snt-prj001-${key}`,
  name: `snt-prj001-${key}`,
  addressPrefixes: ['10.0.0.0/26'],
  networkSecurityGroupId: groupOf(key).id,
  occupants: occupied ? [{ kind: 'network interface', id: '/x/nic' }] : [],
})
const plan = (
  search: Partial<Omit<ReleaseSearch, 'network'>> & { readonly subnets: readonly ActualSubnet[] },
) => {
  const { subnets, ...rest } = search
  return planRelease({
    network: { id: network, name: 'v', addressPrefixes: ['10.0.0.0/16'], subnets },
    ...{ owner, names, declared, groups: [], byo: [], needed: [], only: undefined, unneededOnly: false },
    ...rest,
  })
}

describe('A network security group', () => {
  test('goes with its subnet', () => {
    const { groups } = plan({ subnets: [subnetOf('a')], groups: [groupOf('a')] })
    expect(groups.map(({ name }) => name)).toEqual(['a-nsg-prj001'])
  })

  test.each<[string, Partial<UsedSecurityGroup>]>([
    ['another subnet has it', { subnetIds: [subnetOf('a').id, `${network}/subnets/other`] }],
    ['a network interface uses it', { hasInterfaces: true }],
    ['it is not called like one of the project', { name: 'hub-nsg' }],
  ])('stays when %s', (_why, more) => {
    const { free, groups } = plan({ subnets: [subnetOf('a')], groups: [groupOf('a', more)] })
    expect(free).toHaveLength(1)
    expect(groups).toEqual([])
  })

  test('that a run left behind goes too', () => {
    const orphan = groupOf('a', { subnetIds: [] })
    expect(plan({ subnets: [], groups: [orphan] }).groups).toEqual([orphan])
    expect(plan({ subnets: [], groups: [orphan], only: ['b'] }).groups).toEqual([])
    expect(plan({ subnets: [], groups: [orphan], only: ['a'] }).groups).toEqual([orphan])
  })

  test("without the project's tags stays", () => {
    const untagged = groupOf('a', { tags: {}, subnetIds: [] })
    expect(plan({ subnets: [], groups: [untagged] }).groups).toEqual([])
  })
})

describe('What goes with a subnet and its security group', () => {
  const usual = { defaultOutboundAccess: false, privateEndpointNetworkPolicies: 'Enabled' }
  const warningsWith = (properties: JsonObject, rules: readonly SecurityRule[] = []): readonly string[] =>
    plan({ subnets: [{ ...subnetOf('genai'), properties }], groups: [groupOf('genai', { rules })] }).warnings

  test('is named when others attached or set it', () => {
    const [warning, ...more] = warningsWith({
      addressPrefixes: ['10.0.0.0/26', '10.0.9.0/26'],
      networkSecurityGroup: { id: groupOf('genai').id },
      routeTable: { id: `${home}/routeTables/rt-hub` },
      natGateway: { id: `${home}/natGateways/nat` },
      ...usual,
    })
    expect(more).toEqual([])
    expect(warning).toMatch(
      /^Subnet 'snt-prj001-genai' goes, .*: address prefix 10\.0\.9\.0\/26, route table 'rt-hub', NAT gateway 'nat'\. /,
    )
  })

  test('is named when others wrote the rule, or changed one of the project', () => {
    const { name, properties } = denyInternetInbound
    const theirs: SecurityRule = { name: 'Scanner', properties: { priority: 310 } }
    const changed: SecurityRule = { name, properties: { ...properties, priority: 3999 } }
    expect(warningsWith({ ...usual }, [changed, theirs]).join()).toContain(
      "rules that others put into it: 'DenyInternetInbound' (changed), 'Scanner'.",
    )
  })

  test('is not mentioned when the project made it, however Azure writes it', () => {
    const { name, properties } = denyInternetInbound
    const listed = { ...properties, provisioningState: 'Succeeded', sourceAddressPrefix: 'INTERNET' }
    expect(warningsWith({ ...usual }, [{ name, properties: listed }])).toEqual([])
  })
})

test('Whatever is in a VNet, only empty subnets of the project are released, and all of them', () => {
  const subnets = fc.uniqueArray(
    fc.record({
      key: fc.stringMatching(/^[a-z]{1,3}$/),
      occupied: fc.boolean(),
      whose: fc.constantFrom('ours', 'network team'),
    }),
    { selector: ({ key }) => key },
  )
  fc.assert(
    fc.property(subnets, (all) => {
      const actual = all.map(({ key, occupied, whose }) => {
        const subnet = subnetOf(key, occupied)
        return whose === 'ours' ? subnet : { ...subnet, id: `${network}/subnets/${key}`, name: key }
      })
      const { free, inUse } = plan({ subnets: actual, groups: all.map(({ key }) => groupOf(key)) })
      const ours = all.filter(({ whose }) => whose === 'ours')
      const keys = (list: typeof free) => list.map(({ key }) => key)
      expect(keys(free)).toEqual(ours.filter(({ occupied }) => !occupied).map(({ key }) => key))
      expect(keys(inUse)).toEqual(ours.filter(({ occupied }) => occupied).map(({ key }) => key))
    }),
  )
})
