import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { documentError } from '../../src/diagnostics/fault.ts'
import { documentOf, loadFactory } from '../../src/manifest/load.ts'
import { readYaml } from '../../src/manifest/yaml-document.ts'
import { exampleText, transcript } from './examples.ts'

const example = exampleText('factory.yml')

/** The faults after one piece of the example was replaced. */
function faultsWith(piece: string | RegExp, replacement: string): readonly string[] {
  const text = example.replace(piece, replacement)
  expect(text).not.toBe(example)
  return transcript(loadFactory(text, 'factory.yml'))
}

/** The line of the example that begins so. */
const lineOf = (beginning: string): number =>
  example.split('\n').findIndex((line) => line.startsWith(beginning)) + 1

test('the factory a bootstrap repository starts from has no fault', () => {
  expect(transcript(loadFactory(example, 'factory.yml'))).toEqual([])
})

test('a factory needs eight keys, and one environment', () => {
  const text = `version: 1
name: ab
instance: "001"
location: swedencentral
locationCode: sdc
salt: a1b2c
tenantId: 11111111-1111-1111-1111-111111111111
environments:
  prod:
    subscriptionId: 22222222-2222-2222-2222-222222222203
    network: { addressSpace: [10.0.0.0/20] }
`
  expect(transcript(loadFactory(text, 'factory.yml'))).toEqual([])
})

test('what set-up writes of identities is checked as what people write', () => {
  const text = example
    .replace('location:', 'repository: contoso\nlocation:')
    .replace(
      '    network:',
      '    identities: { plan: { clientId: x }, people: { clientId: y } }\n    network:',
    )
  expect(transcript(loadFactory(text, 'factory.yml')).map((line) => line.replace(/^\d+:\d+ /, ''))).toEqual([
    "'repository' must be a GitHub repository with its owner, such as contoso/ai-factory, not 'contoso'.",
    "'environments.dev.identities.plan.clientId' must be a GUID such as 11111111-1111-1111-1111-111111111111, not 'x'.",
    "'environments.dev.identities.people.objectId' is missing. It must be a GUID such as 11111111-1111-1111-1111-111111111111.",
    "'environments.dev.identities.people.clientId' must be a GUID such as 11111111-1111-1111-1111-111111111111, not 'y'.",
  ])
})

test('addresses and amounts are asked for in words', () => {
  const text = `${example.replace('addressSpace:', 'dnsServers: [ns1.example]\n      addressSpace:')}
common:
  routeTable: { firewallIp: 10.0.1.400 }
  budget: { amount: 0 }
`
  expect(transcript(loadFactory(text, 'factory.yml')).map((line) => line.replace(/^\d+:\d+ /, ''))).toEqual([
    "'environments.dev.network.dnsServers.0' must be an IPv4 address such as 10.0.0.4, not 'ns1.example'.",
    "'common.routeTable.firewallIp' must be an IPv4 address such as 10.0.0.4, not '10.0.1.400'.",
    "'common.budget.amount' must be a whole number from 1 to 10000000, not 0.",
  ])
})

describe('a resource of one’s own', () => {
  const subscription = '/subscriptions/22222222-2222-2222-2222-2222222222ff/resourceGroups/Shared'
  const lake = `${subscription}/providers/Microsoft.Storage/storageAccounts/byolake`
  const loaded = (common: object) =>
    loadFactory(`${example}\ncommon: ${JSON.stringify(common)}\n`, 'factory.yml')
  const faults = (common: object) => transcript(loaded(common)).map((line) => line.replace(/^\d+:\d+ /, ''))

  test('is named in any case, and is from then on as Azure writes it', () => {
    const common = { dataLake: { id: `${lake.toLowerCase()}/` }, hubPeering: { hub: hub.toUpperCase() } }
    const { document } = documentOf(loaded(common))
    expect(document.common).toEqual({
      dataLake: { id: lake.replace('Shared', 'shared') },
      hubPeering: { hub: hub.toUpperCase().replace(/SUBSCRIPTIONS.*(?=\/HUB)/, upper) },
    })
  })
  const hub = `${subscription}/providers/Microsoft.Network/virtualNetworks/hub`
  const upper =
    'subscriptions/22222222-2222-2222-2222-2222222222FF/resourceGroups/SHARED/providers/Microsoft.Network/virtualNetworks'

  test('of another type, or none at all, is refused in a sentence about just that', () => {
    const vault = `${subscription}/providers/Microsoft.KeyVault/vaults/kv`
    expect(faults({ dataLake: { id: vault }, logAnalytics: false, keyVault: { retention: 7 } })).toEqual([
      `'common.dataLake.id' must be a resource id: /subscriptions/…/providers/Microsoft.Storage/storageAccounts/…, not '${vault.slice(0, 59)}…'.`,
      "'common.logAnalytics' must be its options, or { id: … } of an existing one (there is always one), not false.",
      expect.stringMatching(
        /^The key 'retention' is not known in 'common.keyVault'\. Did you mean 'retentionDays'\?/,
      ),
    ])
  })

  test.each(['dataLake', 'logAnalytics'])(
    'in the subscription of another environment is refused (%s)',
    (part) => {
      const there = {
        dataLake: lake,
        logAnalytics: `${subscription}/providers/Microsoft.OperationalInsights/workspaces/la`,
      }
      const id = Object.entries(there)
        .find(([key]) => key === part)?.[1]
        .replace('2222ff', '222201')
      expect(faults({ [part]: { id } })).toEqual([
        expect.stringMatching(
          /^'common\.\w+\.id' names '\w+' for others than dev, .* belongs under 'environments\.dev\.common'/,
        ),
      ])
    },
  )
})

test('an existing VNet has the DNS servers that its owner has set', () => {
  const faults = faultsWith(
    /addressSpace: .*/,
    'vnetId: /subscriptions/22222222-2222-2222-2222-222222222201/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet\n      dnsServers: [10.0.0.4]',
  )
  expect(faults.join()).toContain('names DNS servers for an existing VNet, which its owner changes')
})

describe('all faults at once, each at its place', () => {
  const broken = `version: 0
nam: mrvel
instance: 001
location: Sweden Central
locationCode: swece
salt: 12e45
tenantId: 1
tags: { a<b: x, costCenter: 99 }
accessMode: private-per
dns: { mode: hubb }
lake: { container: Lake }
coreTeam:
  itAdmins: [ops]
  dataOps: [a@b.c, A@b.c, nobody]
environments:
  dev:
    subscriptionId: 2222
    network: { addressSpace: [172.16.0.1/16, 172.016.0.0/16], vnetId: /x, reserved: 10.0.0.0/8 }
  stage:
  test: {}
defaults:
  services: { aiSearch: { sku: basc, replica: 1, partitions: 5 }, machineLearning: "yes" }
  environments: { prod: {} }
`
  const loaded = loadFactory(broken, 'factory.yml')

  test('in the order of the text', () => {
    expect(transcript(loaded)).toMatchInlineSnapshot(`
[
  "1:1 'name' is missing. It must be 2 to 8 of a-z and 0-9.",
  "1:10 'version' must be 1, not 0.",
  "2:1 The key 'nam' is not known. Did you mean 'name'? Known keys: version, name, instance, repository, location, locationCode, salt, tenantId, tags, accessMode, allowedIps, dns, common, lake, sharedContainerRegistry, roles, members, personas, coreTeam, environments, defaults.",
  "3:11 'instance' must be three digits in quotes, such as "001", not 001. YAML reads it as a number: write it in quotes, "001".",
  "4:11 'location' must be an Azure region's name such as swedencentral, not 'Sweden Central'. Did you mean 'swedencentral'?",
  "5:15 'locationCode' must be 2 to 4 of a-z and 0-9, such as sdc, not 'swece'.",
  "6:7 'salt' must be 5 of a-z and 0-9, in quotes when it looks like a number, not 12e45. YAML reads it as a number: write it in quotes, "12e45".",
  "7:11 'tenantId' must be a GUID such as 11111111-1111-1111-1111-111111111111, not 1.",
  "8:9 The key 'a<b' must be 1 to 128 characters without < > % & \\ ? / and control characters, and not begin with [.",
  "8:29 'tags.costCenter' must be text of at most 256 characters, not 99. YAML reads it as a number: write it in quotes, "99".",
  "9:13 'accessMode' must be one of private-peered, private-vpn, private-ip-allowlist, private-bastion, public-perimeter, not 'private-per'. Did you mean 'private-peered'?",
  "10:14 'dns.mode' must be standalone, or hub, or policy, not 'hubb'. Did you mean 'hub'?",
  "11:20 'lake.container' must be 3 to 63 of a-z, 0-9 and single hyphens, not 'Lake'.",
  "13:3 The key 'itAdmins' is not known in 'coreTeam'. Did you mean 'itAdmin'? Known keys: itAdmin, dataOps, fabricDataOps.",
  "13:14 'coreTeam.itAdmins.0' must be an e-mail address such as anna@contoso.example, or the object id of a person or group, not 'ops'.",
  "14:20 'A@b.c' appears twice in 'coreTeam.dataOps'. Remove one.",
  "14:27 'coreTeam.dataOps.2' must be an e-mail address such as anna@contoso.example, or the object id of a person or group, not 'nobody'.",
  "17:21 'environments.dev.subscriptionId' must be a GUID such as 11111111-1111-1111-1111-111111111111, not 2222.",
  "18:31 'environments.dev.network.addressSpace.0' must be the first address of its network: 172.16.0.0/16, not '172.16.0.1/16'.",
  "18:46 'environments.dev.network.addressSpace.1' must be an IPv4 network such as 172.16.0.0/16 ('016' has a leading zero), not '172.016.0.0/16'.",
  "18:63 'environments.dev.network' has both 'addressSpace' and 'vnetId'. Keep 'vnetId' to use an existing VNet, or 'addressSpace' to have one created.",
  "18:71 'environments.dev.network.vnetId' must be a VNet's resource id: /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…, not '/x'.",
  "18:85 'environments.dev.network.reserved' must be a list, not '10.0.0.0/8'.",
  "19:3 'environments.stage' must be an object with the keys subscriptionId, clientId, identities, administrativeUnit, network, common, not nothing.",
  "20:3 The key 'test' is not known in 'environments'. Known keys: dev, stage, prod.",
  "22:32 'defaults.services.aiSearch.sku' must be one of basic, standard, standard2, standard3, storage_optimized_l1, storage_optimized_l2, not 'basc'. Did you mean 'basic'?",
  "22:38 The key 'replica' is not known in 'defaults.services.aiSearch'. Did you mean 'replicas'? Known keys: sku, replicas, partitions, semanticSearch.",
  "22:62 'defaults.services.aiSearch.partitions' must be one of 1, 2, 3, 4, 6, 12, not 5.",
  "22:84 'defaults.services.machineLearning' must be true or false, or an object with the keys clusterSize, clusterMaxNodes, clusterIdleSeconds, computeInstanceUser, computeInstanceSize, outbound, allowedHosts, not 'yes'.",
  "23:19 'defaults' has the environment prod, which this factory does not have. It has: dev, stage.",
]
`)
  })

  test('with its parts, for programs', () => {
    const faults = loaded.kind === 'faults' ? loaded.faults : []
    expect(faults.find(({ key }) => key === 'nam')).toEqual({
      where: { file: 'factory.yml', line: 2, column: 1 },
      key: 'nam',
      found: "the key 'nam'",
      allowed: expect.stringContaining('version, name, instance'),
      nearest: 'name',
      what: expect.any(String),
    })
  })

  test('as one error that says them all', () => {
    const faults = loaded.kind === 'faults' ? loaded.faults : []
    const error = documentError(faults)
    expect(error.parts.where).toEqual(faults[0]?.where)
    for (const { what } of faults) expect(error.message).toContain(what)
    expect(error.message).toContain(`There are ${faults.length - 1} more faults in this file.`)
    expect(() => documentOf(loaded)).toThrow(error.message)
  })
})

describe('what YAML allows and a manifest does not', () => {
  test.each([
    ['a key twice', `${example}salt: zzzzz\n`, "The key 'salt' is already defined"],
    ['an alias', 'name: &a mrvel\nlocation: *a\n', "Aliases such as '*a' are not allowed"],
    ['a tag', 'name: !!binary aGVsbG8=\n', 'Unresolved tag'],
    ['two documents', 'name: a\n---\nname: b\n', 'A second document begins here'],
    ['a key that is a list', '? [a]\n: 1\n', 'all keys must be strings'],
    ['an open bracket', 'tags: {', 'This is not valid YAML: Flow map'],
    ['a thousand levels', '['.repeat(50_000), 'nested too deeply'],
    [
      'a text of ordinary YAML that is far too long',
      `# ${'x'.repeat(200_000)}`,
      'more than 200000 characters',
    ],
    ['nothing', '', 'The document must be an object'],
    ['a list', '- 1\n', 'The document must be an object'],
  ])('%s', (_, text, sentence) => {
    expect(transcript(loadFactory(text, 'factory.yml')).join('\n')).toContain(sentence)
  })

  test('a bomb of aliases is refused before it goes off', () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x, x]'
        : `a${level}: &a${level} [${Array(10)
            .fill(`*a${level - 1}`)
            .join(', ')}]`,
    )
    expect(transcript(loadFactory(levels.join('\n'), 'factory.yml'))[0]).toContain('not allowed')
  })

  test('control characters in a fault are shown, not sent', () => {
    const [fault = ''] = transcript(loadFactory('"\\e[31m::error::\\n\\u202e": 1\n', 'factory.yml')).filter(
      (line) => line.includes('not known'),
    )
    expect(fault).toContain("'\\u{1b}[31m::error::⏎\\u{202e}'")
  })
})

describe('combinations that cannot be', () => {
  test('addresses without the access mode that uses them', () => {
    expect(faultsWith('allowedIps: []', 'allowedIps: [203.0.113.7]')).toMatchInlineSnapshot(`
[
  "11:1 'allowedIps' only counts with the access mode 'private-ip-allowlist', not with 'private-peered'. Change the mode or remove the addresses.",
]
`)
  })

  test('the access mode without addresses', () => {
    expect(
      faultsWith('accessMode: private-peered', 'accessMode: private-ip-allowlist'),
    ).toMatchInlineSnapshot(`
[
  "11:1 The access mode 'private-ip-allowlist' needs at least one address in 'allowedIps': without one nobody could reach anything.",
]
`)
  })

  test('the access mode with addresses is fine', () => {
    const text = example
      .replace('private-peered', 'private-ip-allowlist')
      .replace('allowedIps: []', 'allowedIps: [203.0.113.7, 198.51.100.0/24]')
    expect(transcript(loadFactory(text, 'factory.yml'))).toEqual([])
  })

  test('a VNet that is both created and existing', () => {
    const id = `/subscriptions/22222222-2222-2222-2222-222222222201/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet`
    expect(
      faultsWith('addressSpace: [172.16.0.0/16]', `addressSpace: [172.16.0.0/16]\n      vnetId: ${id}`),
    ).toMatchInlineSnapshot(`
[
  "24:7 'environments.dev.network' has both 'addressSpace' and 'vnetId'. Keep 'vnetId' to use an existing VNet, or 'addressSpace' to have one created.",
]
`)
    expect(faultsWith('addressSpace: [172.16.0.0/16]', `vnetId: ${id}`)).toEqual([])
    const both = example
      .replace('addressSpace: [172.16.0.0/16]', `vnetId: ${id}`)
      .replace('addressSpace: [172.18.0.0/16]', `vnetId: ${id.toUpperCase()}`)
    expect(transcript(loadFactory(both, 'factory.yml')).join()).toContain('dev and stage name the same VNet')
  })

  test('a VNet that is neither', () => {
    expect(faultsWith('addressSpace: [172.16.0.0/16]\n', '\n')).toMatchInlineSnapshot(`
[
  "22:5 'environments.dev.network' needs 'addressSpace', to have a VNet created, or 'vnetId', to use an existing one.",
]
`)
  })

  test('prefixes of one VNet that overlap', () => {
    expect(faultsWith('[172.16.0.0/16]', '[172.16.0.0/16, 172.16.128.0/20]')).toMatchInlineSnapshot(`
[
  "23:37 The prefixes 172.16.0.0/16 and 172.16.128.0/20 of one VNet overlap. Remove or change one.",
]
`)
  })

  test('a network on-premises in the address space of a VNet is refused, and one beside it is not', () => {
    const onPremises = (range: string): readonly string[] =>
      faultsWith('[172.16.0.0/16]', `[172.16.0.0/16]\n      onPremises: [${range}]`)
    expect(onPremises('172.16.0.0/12')).toEqual([
      "23:22 172.16.0.0/16 of dev overlaps 172.16.0.0/12, which is on-premises. What the VNet calls there would never leave the VNet. Give the VNet other addresses, or correct 'onPremises'.",
    ])
    expect(onPremises('10.0.0.0/8')).toEqual([])
  })

  test.each(['127.0.0.0/8', '169.254.0.0/16', '168.63.0.0/16', '224.0.0.0/8'])(
    'a VNet on addresses that Azure refuses: %s',
    (range) => {
      expect(faultsWith('[172.16.0.0/16]', `[172.16.0.0/16, ${range}]`)).toEqual([
        expect.stringMatching(`^23:37 No VNet can have ${range}: Azure refuses .*, because it is .*`),
      ])
    },
  )

  test('addresses that two environments share, since they are peered with one hub', () => {
    expect(faultsWith(/172\.1[89]/g, '172.16')).toMatchInlineSnapshot(`
[
  "31:22 172.16.0.0/16 of stage overlaps 172.16.0.0/16 of dev. With the access mode 'private-peered' both VNets are peered with one hub, which can route each address to one of them only. Give each environment addresses of its own, or choose another access mode.",
  "37:22 172.16.0.0/16 of prod overlaps 172.16.0.0/16 of dev. With the access mode 'private-peered' both VNets are peered with one hub, which can route each address to one of them only. Give each environment addresses of its own, or choose another access mode.",
]
`)
  })

  test('the same addresses with any other access mode: those environments are not peered', () => {
    const shared = example.replaceAll(/172\.1[89]/g, '172.16')
    for (const mode of ['private-vpn', 'private-bastion', 'public-perimeter']) {
      expect(transcript(loadFactory(shared.replace('private-peered', mode), 'factory.yml'))).toEqual([])
    }
    expect(transcript(loadFactory(shared.replace(/^accessMode.*$/m, ''), 'factory.yml'))).toHaveLength(2)
  })

  test('a profile that is none', () => {
    expect(faultsWith('# profile: compact', 'profile: compacted')).toMatchInlineSnapshot(`
[
  "26:16 'environments.dev.network.profile' must be one of standard, compact, not 'compacted'. Did you mean 'compact'?",
]
`)
  })

  test('no environment at all', () => {
    const text = `${example.slice(0, example.indexOf('environments:'))}environments: {}\n`
    expect(transcript(loadFactory(text, 'factory.yml'))).toEqual([
      "18:1 'environments' must have at least one of dev, stage, prod: without one there is nothing to deliver to.",
    ])
  })

  test('a hub without its place', () => {
    expect(faultsWith('{ mode: standalone }', '{ mode: hub }')).toMatchInlineSnapshot(`
[
  "12:1 'dns.subscriptionId' is missing. It must be a GUID such as 11111111-1111-1111-1111-111111111111.",
  "12:1 'dns.resourceGroup' is missing. It must be a resource group's name of at most 90 characters.",
]
`)
  })
})

test('whatever the text, the answer is a document or faults, and never an exception', () => {
  const lines = example.split('\n')
  const mangled = fc
    .tuple(
      fc.nat(lines.length - 1),
      fc.constantFrom(
        '',
        '  ',
        '- ',
        '{',
        '}',
        ': ',
        '*x',
        '&x ',
        '? ',
        '!!set ',
        '"',
        '\t',
        '<<: ',
        '__proto__: ',
      ),
      fc.string(),
    )
    .map(([line, before, after]) => lines.with(line, `${before}${lines[line] ?? ''}${after}`).join('\n'))
  return fc.assert(
    fc.property(fc.oneof(fc.string(), mangled), (text) => {
      const loaded = loadFactory(text, 'factory.yml')
      if (loaded.kind === 'document') return
      expect(loaded.faults.length).toBeGreaterThan(0)
      for (const { where, what } of loaded.faults) {
        expect(where.line).toBeGreaterThanOrEqual(1)
        expect(where.column).toBeGreaterThanOrEqual(1)
        expect(what).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
      }
    }),
    { numRuns: 200 },
  )
})

test('the name of a tag is no expression', () => {
  expect(faultsWith(/tags: .*/, 'tags: { "[subscription().id]": x }')).toEqual([
    expect.stringMatching(
      /^\d+:9 The key '\[subscription\(\)\.id\]' must be 1 to 128 .*and not begin with \[\.$/,
    ),
  ])
})

describe('a document for a newer release', () => {
  const advice =
    "This document is written for a newer release of the actions: its version is 2, and this release reads version 1. Update the actions, by the release behind '@' wherever workflows use them."

  test('is refused as that, and nothing else in it is judged', () => {
    const text = `${example.replace('version: 1', 'version: 2')}tomorrow: true\n`
    expect(transcript(loadFactory(text, 'factory.yml'))).toEqual([`${lineOf('version:')}:10 ${advice}`])
  })

  test.each(['1.5', '"2"', '-1', '0', 'two'])('is not one whose version is %s', (version) => {
    expect(faultsWith('version: 1', `version: ${version}`).join()).toContain("'version' must be 1, not")
  })
})

describe('a region', () => {
  test.each([
    ['swedencentrl', 'swedencentral'],
    ['westeuropa', 'westeurope'],
  ])('that does not exist is refused at its line, with the nearest: %s', (location, meant) => {
    expect(faultsWith('location: swedencentral', `location: ${location}`)).toEqual([
      `${lineOf('location:')}:11 'location' must be a region that Azure has, not '${location}'. Did you mean '${meant}'?`,
    ])
  })

  test.each(['eastus3', 'saudiarabiaeast', 'redmond'])(
    'that may be new, or of a cloud of its own, is left to Azure: %s',
    (location) => {
      expect(faultsWith('location: swedencentral', `location: ${location}`)).toEqual([])
    },
  )
})

describe('tags', () => {
  const withTags = (tags: string): readonly string[] => faultsWith(/^tags: .*$/m, `tags: { ${tags} }`)

  test.each(['microsoft-owner', 'Azure', 'windowsVersion'])(
    'whose name Azure keeps for itself are refused: %s',
    (name) => {
      expect(withTags(`costCenter: "1", ${name}: x`)).toEqual([
        `${lineOf('tags:')}:26 The tag '${name}' cannot be used: Azure keeps names that begin with '${/^[a-z]+?(?:soft|ure|ows)/.exec(name.toLowerCase())?.[0]}' for itself, in any case. Rename it.`,
      ])
    },
  )

  test('that differ in case only are refused', () => {
    expect(withTags('costCenter: "1", COSTCENTER: x')).toEqual([
      `${lineOf('tags:')}:26 The tags 'costCenter' and 'COSTCENTER' are the same to Azure, which ignores the case of their names. Remove one.`,
    ])
  })

  test('that would be lost on the way are refused', () => {
    expect(withTags('costCenter: "1", __proto__: x')).toEqual([
      `${lineOf('tags:')}:26 The tag '__proto__' cannot be used: JavaScript keeps this name for itself, and it would be lost on the way to Azure. Rename it.`,
    ])
  })

  test.each(['ourAzure', 'hidden-title', 'micro'])('may be called %s', (name) => {
    expect(withTags(`${name}: x`)).toEqual([])
  })
})

describe('a text that would take long to read', () => {
  test.each([
    [
      'characters',
      `# ${'x'.repeat(200_000)}`,
      '1:1 This has more than 200000 characters, and no more are read.',
    ],
    [
      'commas',
      `a: [${','.repeat(190_000)}]`,
      '1:1 This has more than 100000 words and marks such as commas, and no more are read.',
    ],
    [
      'lines with a comma',
      `a: [${'\n,'.repeat(99_000)}]`,
      '1:1 This has more than 100000 words and marks such as commas, and no more are read.',
    ],
  ])('of many %s is not parsed', (_what, text, fault) => {
    // Whatever is parsed gives a fault for each comma.
    expect(transcript(loadFactory(text, 'factory.yml'))).toEqual([fault])
  })

  test.each([
    ['commas', `a: [${','.repeat(3_000)}]`],
    ['escapes', `a: "${'\\z'.repeat(3_000)}"`],
  ])('because of many %s has its first mistakes explained', (_what, text) => {
    expect(readYaml(text, 'factory.yml').faults).toHaveLength(1_000)
    expect(transcript(loadFactory(text, 'factory.yml'))).toEqual([
      expect.stringMatching(/^1:\d+ This is not valid YAML: /),
    ])
  })

  test('is read as far as it is allowed', () => {
    const items = Array.from({ length: 30_000 }, () => '1,').join('')
    const faults = transcript(loadFactory(`${example}extra: [${items}]\n`, 'factory.yml'))
    expect(faults).toEqual([expect.stringContaining("The key 'extra' is not known")])
  })
})

test('thousands of faults are all found, and reported in a readable message', () => {
  const keys = Array.from({ length: 12_000 }, (_, index) => `key${index}: 1\n`).join('')
  const loaded = loadFactory(`${example}${keys}`, 'factory.yml')
  expect(transcript(loaded)).toHaveLength(12_000)
  expect(() => documentOf(loaded)).toThrow(
    /There are 11999 more faults in this file\. .*The first 50 are listed here\.$/,
  )
  expect(() => documentOf(loaded)).not.toThrow("'key50'")
})
