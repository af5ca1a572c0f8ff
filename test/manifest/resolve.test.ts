import { describe, expect, test } from '@jest/globals'
import { byKey } from '../../src/by-key.ts'
import { commonCatalogue } from '../../src/catalog/common/index.ts'
import { catalogue, serviceKeys } from '../../src/catalog/index.ts'
import { deliveredEnvironments } from '../../src/manifest/project-rules.ts'
import { namingScheme, resolveFactory, resolveProject } from '../../src/manifest/resolve.ts'
import type { ServiceSetting } from '../../src/manifest/resolved.ts'
import { commonNames } from '../../src/naming/names.ts'
import { type Environment, environments, projectTypes } from '../../src/vocabulary.ts'
import { exampleFactory, exampleText, project, smallest } from './examples.ts'

const factory = exampleFactory()
const withDefaults = (defaults: string) =>
  exampleFactory((text) => text.replace('defaults: {}', `defaults: ${defaults}`))

describe('a factory in one environment', () => {
  test('as it is written', () => {
    // personas.test.ts is about them.
    const { personas: _, ...rest } = resolveFactory(factory, 'prod')
    expect(rest).toMatchInlineSnapshot(`
{
  "accessMode": "private-peered",
  "allowedIps": [],
  "at": [Function],
  "clientId": "33333333-3333-3333-3333-333333333303",
  "common": {
    "adminVm": {
      "kind": "off",
    },
    "budget": {
      "kind": "own",
      "options": {
        "amount": 500,
        "contactEmails": [],
      },
    },
    "containerRegistry": {
      "kind": "own",
      "options": {},
    },
    "dataLake": {
      "kind": "own",
      "options": {
        "coolAfterDays": 90,
        "retentionDays": 30,
        "sku": "Standard_ZRS",
      },
    },
    "diagnostics": {
      "kind": "own",
      "options": {
        "tier": "gold",
      },
    },
    "githubRunners": {
      "kind": "off",
    },
    "hubPeering": {
      "kind": "off",
    },
    "keyVault": {
      "kind": "own",
      "options": {
        "retentionDays": 90,
      },
    },
    "logAnalytics": {
      "kind": "own",
      "options": {},
    },
    "machineLearningRegistry": {
      "kind": "own",
      "options": {},
    },
    "natGateway": {
      "kind": "off",
    },
    "privateDnsZones": {
      "kind": "own",
      "options": {},
    },
    "routeTable": {
      "kind": "off",
    },
    "virtualNetwork": {
      "kind": "own",
      "options": {},
    },
  },
  "commonAt": [Function],
  "coreTeam": {
    "dataOps": [],
    "itAdmin": [
      "ops@contoso.example",
    ],
  },
  "dns": {
    "mode": "standalone",
  },
  "environment": "prod",
  "identities": {},
  "instance": "001",
  "lake": {
    "container": "lake3",
    "traversal": "group",
  },
  "location": "swedencentral",
  "locationCode": "sdc",
  "members": {
    "foreign": "keep",
    "invite": false,
  },
  "name": "mrvel",
  "network": {
    "at": [Function],
    "bringYourOwn": [],
    "onPremises": [],
    "others": [
      {
        "addressSpace": [
          "172.16.0.0/16",
        ],
        "environment": "dev",
      },
      {
        "addressSpace": [
          "172.18.0.0/16",
        ],
        "environment": "stage",
      },
    ],
    "profile": "standard",
    "reserved": [
      "10.0.0.0/16",
    ],
    "source": {
      "addressSpace": [
        "172.19.0.0/16",
      ],
      "kind": "factory",
    },
  },
  "roles": "custom",
  "salt": "a1b2c",
  "servicesOff": [],
  "sharedContainerRegistry": true,
  "sharedRegistryMode": "AbacRepositoryPermissions",
  "subscriptionId": "22222222-2222-2222-2222-222222222203",
  "tags": {
    "costCenter": "9999",
  },
  "tenantId": "11111111-1111-1111-1111-111111111111",
}
`)
  })

  test('has the names of that environment', () => {
    expect(commonNames(commonCatalogue, namingScheme(resolveFactory(factory, 'stage'))).lake).toBe(
      'mrvela1b2cesml001test',
    )
  })

  test('what it need not say', () => {
    const bare = exampleFactory((text) =>
      text.replace(/^tags:[\s\S]*?(?=environments:)/m, '').replace('defaults: {}', ''),
    )
    const { tags, accessMode, allowedIps, dns, lake, sharedContainerRegistry, coreTeam, members } =
      resolveFactory(bare, 'dev')
    expect({ tags, accessMode, allowedIps, dns, lake, sharedContainerRegistry, coreTeam, members }).toEqual({
      tags: {},
      accessMode: 'private-peered',
      allowedIps: [],
      dns: { mode: 'standalone' },
      lake: { container: 'lake3', traversal: 'group' },
      sharedContainerRegistry: true,
      coreTeam: {},
      members: { foreign: 'keep', invite: false },
    })
  })

  test('an environment it does not have', () => {
    const small = exampleFactory((text) => text.replace(/ {2}prod:\n(?: {4}.*\n)+/, ''))
    expect(() => resolveFactory(small, 'prod')).toThrow(
      "aifactory/factory.yml:18:1: The factory 'mrvel' has no environment prod. It has: dev, stage.",
    )
  })
})

describe('a project in one environment', () => {
  test("has the factory's cost centre, however the tag is written", () => {
    const capital = exampleFactory((text) => text.replace('costCenter:', 'CostCenter:'))
    expect(resolveProject(capital, project(smallest), 'dev').costCenter).toBe('9999')
  })

  test('the smallest one', () => {
    const {
      factory: _,
      services,
      at: __,
      subnetSettingAt: ___,
      ...rest
    } = resolveProject(factory, project(smallest), 'dev')
    expect(rest).toMatchInlineSnapshot(`
{
  "costCenter": "9999",
  "description": "small",
  "environment": "dev",
  "name": "small",
  "number": "007",
  "owner": "anna@contoso.example",
  "subnetProfile": "standard",
  "subnetSettings": {
    "aca2": {},
    "genai": {},
  },
  "subnets": {},
  "team": {
    "lead": [
      "anna@contoso.example",
    ],
  },
  "type": "genai-1",
}
`)
    expect(onOff(services)).toEqual(
      byKey(serviceKeys, (key) => catalogue.services[key].defaultFor.includes('genai-1')),
    )
    expect(services).toMatchObject({ aiFoundry: { enabled: true }, machineLearning: { enabled: false } })
  })

  test('is delivered to all environments of its factory, or to those it names', () => {
    expect(deliveredEnvironments(project(smallest).document, factory.document)).toEqual([
      'dev',
      'stage',
      'prod',
    ])
    const some = project(`${smallest}environments: { prod: {}, dev: {} }\n`)
    expect(deliveredEnvironments(some.document, factory.document)).toEqual(['dev', 'prod'])
    expect(() => resolveProject(factory, some, 'stage')).toThrow(
      "project.yml:6:1: Project 007 is not delivered to stage. Its manifest names: dev, prod. Add 'stage: {}' under 'environments' of project.yml",
    )
  })

  test('the owner leads, unless the team says otherwise', () => {
    const team = (text: string) => resolveProject(factory, project(`${smallest}${text}`), 'dev').team['lead']
    expect(team('')).toEqual(['anna@contoso.example'])
    expect(team('team: { dataScientist: [bo@contoso.example] }\n')).toEqual(['anna@contoso.example'])
    expect(team('team: { lead: [bo@contoso.example] }\n')).toEqual(['bo@contoso.example'])
  })

  test('differences for an environment count in that environment only', () => {
    const example = project(exampleText('projects/prj002.yml'))
    const cosmosDb = environments.map(
      (environment) => resolveProject(factory, example, environment).services.cosmosDb.enabled,
    )
    expect(cosmosDb).toEqual([true, false, true])
  })

  test.each([
    ['the factory', '', '', 'compact'],
    ['the project over the factory', 'network: { profile: standard }', '', 'standard'],
    [
      'an environment of the project over both',
      'network: { profile: standard }',
      '{ network: { profile: compact } }',
      'compact',
    ],
  ])('the profile of subnets comes from %s', (_, whole, below, profile) => {
    const compact = exampleFactory((text) => text.replace('# profile: compact', 'profile: compact'))
    const sized = project(`${smallest}${whole}\nenvironments: { dev: ${below || '{}'}, prod: {} }\n`, compact)
    expect(resolveProject(compact, sized, 'dev').subnetProfile).toBe(profile)
    expect(resolveProject(compact, sized, 'prod').subnetProfile).toBe('standard')
  })

  test('subnets of an environment count more than those for all', () => {
    const sized =
      project(`${smallest}environments: { dev: {}, prod: { network: { subnets: { aca2: { prefixLength: 24 } } } } }
network: { subnets: { aca2: { prefixLength: 27 }, genai: { prefixLength: 26 } } }\n`)
    expect(resolveProject(factory, sized, 'dev').subnets).toEqual({
      genai: { prefixLength: 26 },
      aca2: { prefixLength: 27 },
    })
    expect(resolveProject(factory, sized, 'prod').subnets).toEqual({
      genai: { prefixLength: 26 },
      aca2: { prefixLength: 24 },
    })
  })

  test.each(projectTypes)(
    '%s: every service is decided in every environment, and its options are complete',
    (type) => {
      for (const environment of environments) {
        const { services } = resolveProject(factory, project(smallest.replace('genai-1', type)), environment)
        expect(Object.keys(services)).toEqual(serviceKeys)
      }
    },
  )
})

describe('who decides about a service', () => {
  const search = (defaults: string, text: string, environment: Environment = 'dev'): ServiceSetting => {
    const own = withDefaults(defaults)
    return resolveProject(own, project(`${smallest}${text}`, own), environment).services.aiSearch
  }
  const sku = (setting: ServiceSetting): unknown => (setting.enabled ? setting.options['sku'] : 'off')

  test('from weakest to strongest: catalogue, factory, its environment, project, its environment', () => {
    const factoryAll = '{ services: { aiSearch: { sku: standard } } }'
    const factoryDev =
      '{ services: { aiSearch: { sku: standard } }, environments: { dev: { services: { aiSearch: { sku: standard2 } } } } }'
    const projectAll = 'services: { aiSearch: { sku: standard3 } }\n'
    const projectDev = `${projectAll}environments: { dev: { services: { aiSearch: { sku: storage_optimized_l1 } } } }\n`
    expect(sku(search('{}', ''))).toBe('basic')
    expect(sku(search(factoryAll, ''))).toBe('standard')
    expect(sku(search(factoryDev, ''))).toBe('standard2')
    expect(sku(search(factoryDev, '', 'stage'))).toBe('standard')
    expect(sku(search(factoryDev, projectAll))).toBe('standard3')
    expect(sku(search(factoryDev, projectDev))).toBe('storage_optimized_l1')
  })

  test('options merge key by key', () => {
    const setting = search(
      '{ services: { aiSearch: { replicas: 3 } } }',
      'services: { aiSearch: { sku: standard2 } }\n',
    )
    expect(setting).toMatchObject({
      enabled: true,
      options: { sku: 'standard2', replicas: 3, partitions: 1 },
    })
  })

  test("a factory's options switch nothing on, a project's do", () => {
    const mlOf = (defaults: string, text: string) => {
      const own = withDefaults(defaults)
      return resolveProject(own, project(`${smallest}${text}`, own), 'dev').services.machineLearning
    }
    expect(mlOf('{ services: { machineLearning: { clusterMaxNodes: 9 } } }', '')).toEqual({ enabled: false })
    expect(mlOf('{ services: { machineLearning: true } }', '').enabled).toBe(true)
    expect(
      mlOf(
        '{ services: { machineLearning: { clusterMaxNodes: 9 } } }',
        'services: { machineLearning: true }\n',
      ),
    ).toMatchObject({ enabled: true, options: { clusterMaxNodes: 9 } })
    expect(mlOf('{}', 'services: { machineLearning: { clusterMaxNodes: 2 } }\n')).toMatchObject({
      enabled: true,
      options: { clusterMaxNodes: 2 },
    })
  })

  test('what the factory switches off, a project may switch on again', () => {
    expect(sku(search('{ services: { aiSearch: false } }', ''))).toBe('off')
    expect(sku(search('{ services: { aiSearch: false } }', 'services: { aiSearch: true }\n'))).toBe('basic')
  })
})

const onOff = (services: Readonly<Record<string, ServiceSetting>>) =>
  Object.fromEntries(Object.entries(services).map(([key, { enabled }]) => [key, enabled]))

test('a fault in a value of one environment is reported at its place, otherwise at the place of the value for all', () => {
  const text = [
    ...[
      smallest.trimEnd(),
      'network: { subnets: { genai: { prefixLength: 26 }, aca2: { prefixLength: 25 } } }',
    ],
    'environments:',
    '  dev:',
    '    network:',
    '      subnets:',
    '        aca2: { prefixLength: 26 }',
    '  stage: {}',
  ].join('\n')
  const lines = text.split('\n')
  const lineOf = (environment: Environment, key: string) =>
    resolveProject(factory, project(text), environment).at(`network.subnets.${key}`).line
  const lineOfAll = lines.findIndex((line) => line.startsWith('network:')) + 1
  const lineOfDev = lines.findIndex((line) => line.startsWith('        aca2:')) + 1
  expect([lineOf('dev', 'aca2'), lineOf('dev', 'genai'), lineOf('stage', 'aca2')]).toEqual([
    lineOfDev,
    lineOfAll,
    lineOfAll,
  ])
})
