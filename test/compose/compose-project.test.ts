import { describe, expect, test } from '@jest/globals'
import { partsOf } from '../../src/catalog/contents.ts'
import { isResourceKey } from '../../src/catalog/index.ts'
import { composeProject } from '../../src/compose/compose-project.ts'
import { contentsOf } from '../../src/compose/project-context.ts'
import { managedResourceIds } from '../../src/compose/template-summary.ts'
import { type AccessMode, accessModes, environments, projectTypes } from '../../src/vocabulary.ts'
import { everyService, exampleNames, exampleProject, exampleSubnets } from '../fixtures/projects.ts'
import { namesOf, nested, ofKind, render, stringsIn } from './rendered.ts'

const examples = projectTypes.flatMap((type) =>
  environments.map((environment) => [type, environment] as const),
)
const complete = (accessMode: AccessMode, sharedContainerRegistry = false) =>
  exampleProject('all', 'prod', {
    services: everyService,
    factory: { accessMode, allowedIps: ['203.0.113.7'], sharedContainerRegistry },
  })

describe.each(examples)('the template of %s in %s', (type, environment) => {
  const project = exampleProject(type, environment)
  const template = render(project)
  const ids = managedResourceIds(template, project.factory.subscriptionId)

  test('is the same, byte for byte, every time', () => {
    expect(JSON.stringify(render(exampleProject(type, environment)))).toBe(JSON.stringify(template))
  })

  test('stays far below what Azure accepts', () => {
    expect(JSON.stringify(template).length).toBeLessThan(200_000)
    expect(ids.length).toBeLessThanOrEqual(800)
    for (const { name } of template.resources) expect(name.length).toBeLessThanOrEqual(90)
    for (const { name } of template.resources.slice(1)) expect(name.length).toBeLessThanOrEqual(64)
  })

  test('names everything once', () => {
    expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(ids.length)
  })

  test('waits only for what is in it, and never in a circle', () => {
    for (const resources of nested(template)) {
      for (const { dependsOn = [] } of resources) for (const id of dependsOn) expect(ids).toContain(id)
      expect(resolvableInOrder(resources)).toBe(true)
    }
  })

  test('tags everything that can have tags', () => {
    const untaggable = [
      'Microsoft.Storage/storageAccounts/blobServices',
      'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
      'Microsoft.CognitiveServices/accounts/projects/connections',
    ]
    for (const resource of nested(template).flat()) {
      if (untaggable.includes(resource.type)) continue
      expect(resource).toHaveProperty('tags', {
        costCenter: '1234',
        department: 'AI Platform',
        environment,
        factory: 'mrvel-001',
        owner: 'anna@contoso.example',
        project: '001',
      })
    }
  })

  test('holds no secret, no key, and no expression', () => {
    const texts = stringsIn(JSON.parse(JSON.stringify(template)))
    expect(texts.length).toBeGreaterThan(100)
    expect(texts.filter((text) => /^\[[^[].*\]$/.test(text))).toEqual([])
    expect(
      texts.filter((text) => /listKeys|password|connectionString|sharedKey=|AccountKey/i.test(text)),
    ).toEqual([])
  })
})

/** Can the resources be made one after another, each after those it waits for? */
function resolvableInOrder(
  resources: readonly {
    readonly type: string
    readonly name: string
    readonly dependsOn?: readonly string[]
  }[],
): boolean {
  const made: string[] = []
  let waiting = resources
  while (waiting.length > 0) {
    const ready = waiting.filter(({ dependsOn = [] }) =>
      dependsOn.every((id) => made.some((path) => id.endsWith(path))),
    )
    if (ready.length === 0) return false
    made.push(...ready.map(pathOf))
    waiting = waiting.filter((resource) => !ready.includes(resource))
  }
  return true
}

function pathOf({ type, name }: { readonly type: string; readonly name: string }): string {
  const [provider = '', ...types] = type.split('/')
  return `/providers/${provider}/${name
    .split('/')
    .map((segment, position) => `${types[position]}/${segment}`)
    .join('/')}`
}

describe('the network', () => {
  const written = [
    'Microsoft.Network/virtualNetworks',
    'Microsoft.Network/virtualNetworks/subnets',
    'Microsoft.Network/networkSecurityGroups',
  ]

  test.each(projectTypes)('is never written: what others attached to it is out of reach (%s)', (type) => {
    const resources = nested(render(exampleProject(type, 'dev', { services: everyService }))).flat()
    expect(resources.map((resource) => resource.type).filter((one) => written.includes(one))).toEqual([])
  })

  test('may be somewhere else, even in another subscription', () => {
    const id =
      '/subscriptions/99999999-9999-9999-9999-999999999999/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke'
    const project = exampleProject('esml', 'dev', {
      factory: {
        network: {
          source: { kind: 'existing', id },
          reserved: [],
          profile: 'standard',
          bringYourOwn: [],
          others: [],
          onPremises: [],
          at: () => ({ file: 'factory.yml', line: 1, column: 1 }),
        },
      },
    })
    const endpoints = ofKind(render(project), 'Microsoft.Network/privateEndpoints')
    expect(endpoints.length).toBeGreaterThan(0)
    for (const { properties } of endpoints)
      expect(properties).toMatchObject({ subnet: { id: `${id}/subnets/snt-prj001-genai` } })
  })

  test('may be that of bring-your-own subnets', () => {
    const subnet =
      '/subscriptions/s/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/v/subnets'
    const project = exampleProject('genai-1', 'dev', {
      subnets: { genai: { id: `${subnet}/endpoints` }, aca2: { id: `${subnet}/agents` } },
    })
    const template = render(project)
    expect(ofKind(template, 'Microsoft.Network/privateEndpoints')[0]?.['properties']).toMatchObject({
      subnet: { id: `${subnet}/endpoints` },
    })
    expect(ofKind(template, 'Microsoft.CognitiveServices/accounts')[0]?.['properties']).toMatchObject({
      networkInjections: [{ scenario: 'agent', subnetArmId: `${subnet}/agents` }],
    })
  })

  test('must be assigned all subnets that the services need', () => {
    const project = exampleProject('genai-1', 'dev')
    const { genai } = exampleSubnets(project)
    expect(() =>
      composeProject(project, exampleNames(project), genai === undefined ? {} : { genai }),
    ).toThrow(/'aca2'/)
  })
})

describe('access modes', () => {
  test.each(accessModes)('every service honours %s', (mode) => {
    const project = complete(mode)
    const names = exampleNames(project).project
    const reachable = partsOf(contentsOf(project))
      .flatMap(({ privateEndpoints }) => privateEndpoints.map(({ resource }) => resource))
      .filter(isResourceKey)
      .map((key) => names[key])
    const isClosed = mode.startsWith('private') && mode !== 'private-ip-allowlist'
    const settings = nested(render(project))
      .flat()
      .filter(({ name }) => reachable.includes(name))
      .map(({ properties }) => /"publicNetworkAccess":"\w+"/.exec(JSON.stringify(properties))?.[0])
    expect(settings).toHaveLength(new Set(reachable).size)
    expect([...new Set(settings)]).toEqual([`"publicNetworkAccess":"${isClosed ? 'Disabled' : 'Enabled'}"`])
  })

  test('an allow list reaches every service that opens its public network', () => {
    for (const { type, properties } of nested(render(complete('private-ip-allowlist'))).flat()) {
      const text = JSON.stringify(properties ?? {})
      if (!text.includes('"publicNetworkAccess":"Enabled"')) continue
      expect([type, text]).toEqual([type, expect.stringContaining('203.0.113.7')])
      expect(text).not.toContain('"defaultAction":"Allow"')
    }
  })

  test.each(accessModes)('nothing accepts keys in %s', (mode) => {
    const resources = nested(render(complete(mode))).flat()
    const property = (type: string) =>
      resources.filter((resource) => resource.type === type).map(({ properties }) => properties)
    expect(property('Microsoft.CognitiveServices/accounts')).toEqual([
      expect.objectContaining({ disableLocalAuth: true }),
    ])
    expect(property('Microsoft.Search/searchServices')).toEqual([
      expect.objectContaining({ disableLocalAuth: true }),
    ])
    expect(property('Microsoft.DocumentDB/databaseAccounts')).toEqual([
      expect.objectContaining({ disableLocalAuth: true }),
    ])
    expect(property('Microsoft.ContainerRegistry/registries')).toEqual([
      expect.objectContaining({ adminUserEnabled: false }),
    ])
    expect(property('Microsoft.Storage/storageAccounts')).toEqual([
      expect.objectContaining({ allowSharedKeyAccess: false, allowBlobPublicAccess: false }),
      expect.objectContaining({ allowSharedKeyAccess: false, allowBlobPublicAccess: false }),
    ])
  })
})

describe('private endpoints', () => {
  test.each(accessModes.filter((mode) => mode !== 'public-perimeter'))(
    'each has its records in %s',
    (mode) => {
      const endpoints = namesOf(complete(mode), 'Microsoft.Network/privateEndpoints')
      const parts = partsOf(contentsOf(complete(mode)))
      expect(endpoints).toHaveLength(parts.flatMap(({ privateEndpoints }) => privateEndpoints).length)
      expect(namesOf(complete(mode), 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups')).toEqual(
        endpoints.map((name) => `${name}/default`),
      )
    },
  )

  test('there are none within a public perimeter', () => {
    expect(namesOf(complete('public-perimeter'), 'Microsoft.Network/privateEndpoints')).toEqual([])
  })

  test('Foundry has one endpoint with three zones, after everything in the account', () => {
    const template = render(exampleProject('genai-1', 'dev'))
    const endpoint = ofKind(template, 'Microsoft.Network/privateEndpoints').find(({ name }) =>
      name.includes('-account-'),
    )
    expect(endpoint?.dependsOn?.map((id) => id.split('/').slice(-2).join('/'))).toEqual([
      'connections/aisearchprj001sdcdeva1b2c001',
    ])
    const group = ofKind(template, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups').find(
      ({ name }) => name.includes('-account-'),
    )
    expect(JSON.stringify(group?.['properties']).match(/privateDnsZones\/[a-z.]+/g)).toEqual([
      'privateDnsZones/privatelink.cognitiveservices.azure.com',
      'privateDnsZones/privatelink.openai.azure.com',
      'privateDnsZones/privatelink.services.ai.azure.com',
    ])
  })

  const zoneGroupsOf = (project: ReturnType<typeof exampleProject>): readonly string[] =>
    ofKind(render(project), 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups').flatMap(
      ({ properties }) => JSON.stringify(properties).match(/\/subscriptions\/[^"]+\/privateDnsZones/g) ?? [],
    )

  test('write into the zones of the common area, or of the hub', () => {
    const own = exampleProject('esml', 'dev')
    expect([...new Set(zoneGroupsOf(own))]).toEqual([
      `/subscriptions/${own.factory.subscriptionId}/resourceGroups/mrvel-esml-common-sdc-dev-001/providers/Microsoft.Network/privateDnsZones`,
    ])
    const hub = exampleProject('esml', 'dev', {
      factory: { dns: { mode: 'hub', subscriptionId: 'hub-subscription', resourceGroup: 'dns' } },
    })
    expect([...new Set(zoneGroupsOf(hub))]).toEqual([
      '/subscriptions/hub-subscription/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones',
    ])
  })
})

describe('services', () => {
  test('models are deployed one after another, then the project', () => {
    const models = ['a1', 'b2', 'c3'].map((name) => ({
      name,
      model: 'gpt-5.6-luna',
      version: '2026-07-09',
      format: 'OpenAI',
      sku: 'GlobalStandard',
      capacity: 1,
    }))
    const template = render(exampleProject('genai-1', 'dev', { services: { aiFoundry: { models } } }))
    const lastOf = (id: string | undefined) => id?.split('/').at(-1)
    expect(
      [
        ...ofKind(template, 'Microsoft.CognitiveServices/accounts/deployments'),
        ...ofKind(template, 'Microsoft.CognitiveServices/accounts/projects'),
      ].map(({ name, dependsOn = [] }) => [lastOf(name), dependsOn.map(lastOf)]),
    ).toEqual([
      ['a1', ['aif2a1b2c001001dev']],
      ['b2', ['a1']],
      ['c3', ['b2']],
      ['aif2-p001001dev', ['c3']],
    ])
  })

  test('the shared registry is used, not created; a registry of its own is created first', () => {
    const registry = 'Microsoft.ContainerRegistry/registries'
    const workspace = 'Microsoft.MachineLearningServices/workspaces'
    const shared = render(exampleProject('esml', 'dev'))
    expect(ofKind(shared, registry)).toEqual([])
    expect(ofKind(shared, workspace)[0]?.['properties']).toMatchObject({
      containerRegistry: expect.stringMatching(/mrvel-esml-common-sdc-dev-001.*\/acrcommon/),
    })
    const own = render(exampleProject('esml', 'dev', { factory: { sharedContainerRegistry: false } }))
    expect(ofKind(own, registry)).toHaveLength(1)
    expect(ofKind(own, workspace)[0]?.dependsOn).toContainEqual(
      expect.stringMatching(/\/registries\/acrprj001/),
    )
  })

  test('a compute instance is created for a person only', () => {
    const computes = (computeInstanceUser: string | null) =>
      ofKind(
        render(exampleProject('esml', 'dev', { services: { machineLearning: { computeInstanceUser } } })),
        'Microsoft.MachineLearningServices/workspaces/computes',
      )
    expect(computes(null)).toHaveLength(1)
    expect(computes('12345678-1234-4234-8234-123456789abc')[1]?.['properties']).toMatchObject({
      computeType: 'ComputeInstance',
      properties: {
        personalComputeInstanceSettings: {
          assignedUser: { objectId: '12345678-1234-4234-8234-123456789abc' },
        },
      },
    })
  })

  test.each([
    ['dev', 'Standard_DS3_v2', 3],
    ['stage', 'Standard_D13_v2', 5],
    ['prod', 'Standard_D13_v2', 5],
  ] as const)(
    'the cluster in %s is of size %s, with %i nodes at most',
    (environment, vmSize, maxNodeCount) => {
      const [cluster] = ofKind(
        render(exampleProject('esml', environment)),
        'Microsoft.MachineLearningServices/workspaces/computes',
      )
      expect(cluster?.['properties']).toMatchObject({
        properties: { vmSize, scaleSettings: { minNodeCount: 0, maxNodeCount } },
      })
    },
  )

  test('a service that is switched off leaves nothing behind', () => {
    const off = JSON.stringify(render(exampleProject('genai-1', 'dev', { services: { aiSearch: false } })))
    expect(off).not.toContain('Microsoft.Search')
    expect(off).not.toContain('CognitiveSearch')
  })
})

describe('text that strangers wrote', () => {
  test('is never evaluated', () => {
    const project = exampleProject('genai-1', 'dev', {
      project: { description: "[reference('/subscriptions/x').keys]", costCenter: '[0]', name: '[rag' },
    })
    const [foundryProject] = ofKind(render(project), 'Microsoft.CognitiveServices/accounts/projects')
    expect(foundryProject).toMatchObject({
      tags: { costCenter: '[[0]' },
      properties: { description: "[[reference('/subscriptions/x').keys]", displayName: '[rag' },
    })
    expect(render(project).resources[0]).toMatchObject({ tags: { costCenter: '[[0]' } })
  })

  test('a tag of the project overrides the same tag of the factory, in any case', () => {
    const project = exampleProject('esml', 'dev', { factory: { tags: { CostCenter: '9999', Zone: 'a' } } })
    expect(render(project).resources[0]?.['tags']).toEqual({
      Zone: 'a',
      costCenter: '1234',
      environment: 'dev',
      factory: 'mrvel-001',
      owner: 'anna@contoso.example',
      project: '001',
    })
  })
})
