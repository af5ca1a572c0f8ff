import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { subnetRuleKeys, subnetRules } from '../../src/catalog/facts/subnet-rules.ts'
import { catalogue } from '../../src/catalog/index.ts'
import { projectNames, projectOfSubnet } from '../../src/naming/names.ts'
import { readSubnetSpecs, type SubnetSpec } from '../../src/network/inputs.ts'
import { requestsFromSpecs } from '../../src/network/subnets-from-input.ts'

const names = projectNames(
  catalogue,
  { factory: 'mrvel', instance: '001', locationCode: 'sdc', salt: 'a1b2c', environment: 'dev' },
  '001',
)

const spec = (name: string, prefixLength: number, service?: string): SubnetSpec => ({
  name,
  prefixLength,
  line: 1,
  ...(service === undefined ? {} : { service }),
})

describe('The input subnets asks', () => {
  test('for any name, without rules', () => {
    expect(requestsFromSpecs([spec('vm', 29)])).toEqual([
      { kind: 'own', key: 'vm', name: 'vm', prefixLength: 29, delegation: '' },
    ])
  })

  test('for a subnet of the catalogue by its key, with its rules and its full name', () => {
    expect(requestsFromSpecs([spec('aca2', 24)], names)).toEqual([
      {
        kind: 'own',
        key: 'aca2',
        name: 'snt-prj001-aca-002',
        prefixLength: 24,
        smallestPrefixLength: 27,
        delegation: 'Microsoft.App/environments',
        rule: subnetRules.foundryAgents,
        definition: catalogue.subnets.aca2,
        securityGroupName: expect.stringContaining('aca2-nsg-prj001-'),
      },
    ])
  })

  test.each(['aca2', 'aca-002', 'snt-prj001-aca-002', 'SNT-PRJ001-ACA-002'])(
    'for the same subnet of the project as %s',
    (name) => {
      expect(requestsFromSpecs([spec(name, 24)], names)).toMatchObject([
        { key: 'aca2', rule: subnetRules.foundryAgents },
      ])
    },
  )

  test('for a service of the catalogue, which brings the rules of the subnet it is put into', () => {
    expect(requestsFromSpecs([spec('agents', 24, 'aiFoundry')])).toMatchObject([
      { name: 'agents', delegation: 'Microsoft.App/environments' },
    ])
    expect(requestsFromSpecs([spec('endpoints', 27, 'aiSearch')])).toMatchObject([
      { name: 'endpoints', rule: subnetRules.privateEndpoints },
    ])
  })

  test.each(subnetRuleKeys)('for a subnet of the kind %s, with its rules', (kind) => {
    const { fixedName, smallest, recommended, ...rule } = { fixedName: undefined, ...subnetRules[kind] }
    const name = fixedName ?? 'mine'
    expect(requestsFromSpecs([spec(name, recommended.prefixLength, kind)])).toEqual([
      {
        kind: 'own',
        key: name,
        name,
        prefixLength: recommended.prefixLength,
        smallestPrefixLength: smallest.prefixLength,
        delegation: 'delegation' in rule ? rule.delegation : '',
        rule: subnetRules[kind],
      },
    ])
  })
})

describe('A requested subnet is refused', () => {
  test.each([
    ['below the smallest size', spec('agents', 28, 'aiFoundry'), /line 1: 'agents' requests a \/28, .*small/],
    [
      'above the largest',
      spec('dns', 23, 'dnsResolverInbound'),
      /'dns' requests a \/23, .* too large for: DNS/,
    ],
    [
      'for an unknown service',
      spec('a', 25, 'toaster'),
      /service 'toaster', which does not exist\. Use aiFou/,
    ],
    ['misspelt', spec('a', 25, 'databrickPublic'), /Did you mean databricksPublic\?/],
    [
      'with another name than the fixed one',
      spec('bastion', 26, 'bastion'),
      /be called 'AzureBastionSubnet'/,
    ],
    ['with the fixed name misspelt', spec('azureBastionSubnet', 26), /must be called 'AzureBastionSubnet'/],
    ['too small for the service of its name', spec('GatewaySubnet', 30, 'gateway'), /GatewaySubnet.* \/30/],
    [
      'with the fixed name of another',
      spec('GatewaySubnet', 27, 'bastion'),
      /a subnet for: VPN .* be for: Azure B/,
    ],
    [
      'with a key of the catalogue for something else',
      spec('genai', 26, 'aiFoundry'),
      /for: Private endpoints/,
    ],
    [
      "with another project's name",
      spec('snt-prj002-x', 27),
      /is a name of project 002, but this is project 001/,
    ],
  ])('%s', (_, asked, message) => {
    expect(() => requestsFromSpecs([asked], names)).toThrow(message)
  })

  test('when it is the same subnet as another', () => {
    const specs = [spec('aca2', 24), { ...spec('aca-002', 24), line: 2 }]
    expect(() => requestsFromSpecs(specs, names)).toThrow(
      "Input 'subnets', line 2: 'aca-002' is the same subnet as 'aca2' in line 1: 'snt-prj001-aca-002'.",
    )
  })
})

describe('Names', () => {
  test('are of the project when there is one, so that the subnets are found again', () => {
    const named = (...specs: readonly SubnetSpec[]) => requestsFromSpecs(specs, names).map(({ name }) => name)
    expect(named(spec('vm', 28), spec('snt-prj001-web', 26), spec('AzureBastionSubnet', 26))).toEqual([
      'snt-prj001-vm',
      'snt-prj001-web',
      'AzureBastionSubnet',
    ])
  })

  test('stay as they are without a project', () => {
    expect(requestsFromSpecs([spec('vm', 28)]).map(({ name }) => name)).toEqual(['vm'])
  })

  test('are what Azure accepts, and lead back to the project, whatever was requested', () => {
    const preferred = fc.stringMatching(/^[a-zA-Z0-9]([a-zA-Z0-9_.-]{0,78}[a-zA-Z0-9_])?$/)
    fc.assert(
      fc.property(preferred, (name) => {
        fc.pre(projectOfSubnet(name) === undefined)
        const read = readSubnetSpecs('subnets', JSON.stringify([{ name, prefixLength: 24 }]))
        for (const request of requestsFromSpecs(read, names)) {
          expect(request.name).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,78}[a-zA-Z0-9_]$/)
          expect(projectOfSubnet(request.name)).toBe('001')
        }
      }),
    )
  })
})
