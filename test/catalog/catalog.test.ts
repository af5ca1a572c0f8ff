import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { keysOf } from '../../src/by-key.ts'
import { buildCatalogue } from '../../src/catalog/catalogue.ts'
import { everything, grantsOf, partsOf } from '../../src/catalog/contents.ts'
import { roles } from '../../src/catalog/facts/roles.ts'
import { baseline, catalogue, isResourceKey, serviceKeys, services } from '../../src/catalog/index.ts'
import { statefulType } from '../../src/catalog/stateful-types.ts'
import type { ArmResource, PartDefinition, RoleGrant } from '../../src/catalog/types.ts'
import { partContext, projectContext } from '../../src/compose/project-context.ts'
import { environments } from '../../src/vocabulary.ts'
import { everyService, exampleNames, exampleProject, exampleSubnets } from '../fixtures/projects.ts'

const everyPart = partsOf(everything())
const everyGrant = grantsOf(everything())
const grantsTo = (kind: 'persona' | 'identity'): readonly RoleGrant[] =>
  everyGrant.filter(({ to }) => kind in to)

/** What a part deploys in an environment, in a project that has everything. */
function deployed(part: PartDefinition, environment: (typeof environments)[number]): readonly ArmResource[] {
  const project = exampleProject('all', environment, { services: everyService })
  const names = exampleNames(project)
  const context = projectContext(project, names, exampleSubnets(project), 'AzureCloud')
  return part.template(partContext(part, context, project))
}

describe('the services', () => {
  test.each(serviceKeys)('%s stands under its own key', (key) => {
    expect(services[key].key).toBe(key)
    expect(services[key].documentation).toMatch(/^https:\/\/learn\.microsoft\.com\//)
  })

  test.each(serviceKeys.flatMap((key) => environments.map((environment) => [key, environment] as const)))(
    'the defaults of %s in %s are what its own schema accepts, and complete',
    (key, environment) => {
      const { options, defaults } = services[key]
      expect(options.parse(defaults[environment])).toEqual(defaults[environment])
      expect(Object.keys(defaults[environment]).sort()).toEqual(Object.keys(options.shape).sort())
    },
  )

  test.each(serviceKeys)('a manifest may say nothing about %s, and nothing unknown', (key) => {
    expect(services[key].options.parse({})).toEqual({})
    expect(services[key].options.safeParse({ colour: 'blue' }).success).toBe(false)
  })

  test.each(serviceKeys)('every option of %s is described, for editors', (key) => {
    const { properties = {} } = z.toJSONSchema(services[key].options)
    expect(Object.keys(properties)).toEqual(Object.keys(services[key].options.shape))
    for (const property of Object.values(properties)) {
      expect(property).toHaveProperty('description', expect.stringMatching(/^[A-Z].{20,}\.$/))
    }
  })

  test('resources are not made from options the schema refuses', () => {
    const project = exampleProject('all', 'dev', { services: everyService })
    const context = projectContext(project, exampleNames(project), exampleSubnets(project), 'AzureCloud')
    const { aiSearch } = services
    const refused = { ...partContext(aiSearch, context, project), options: { sku: 'gold' } }
    expect(() => aiSearch.template(refused)).toThrow(/sku/)
  })

  test('two models of the same name are refused', () => {
    const model = { name: 'chat', model: 'gpt-5.6-luna', version: '2026-07-09', sku: 'Standard', capacity: 1 }
    expect(services.aiFoundry.options.safeParse({ models: [model] }).success).toBe(true)
    expect(services.aiFoundry.options.safeParse({ models: [model, model] }).success).toBe(false)
  })
})

describe('the parts of a project', () => {
  test('come in one order, however the services are listed', () => {
    const contents = { ownContainerRegistry: true, services: serviceKeys.toReversed() }
    expect(partsOf(contents)).toEqual([...baseline, ...Object.values(services)])
  })

  test('leave out the services that are off', () => {
    expect(partsOf({ services: [], ownContainerRegistry: true })).toEqual(baseline)
  })

  test('deploy no registry when the factory shares one, and still have roles on it', () => {
    const shared = partsOf({ services: [], ownContainerRegistry: false })
    const registry = shared.find(({ resources }) => Object.hasOwn(resources, 'containerRegistry'))
    expect(registry?.privateEndpoints).toEqual([])
    expect(registry?.roles.length).toBeGreaterThan(0)
    expect(shared.flatMap((part) => deployed(part, 'dev')).map(({ type }) => type)).not.toContain(
      'Microsoft.ContainerRegistry/registries',
    )
  })

  test.each(everyPart.map((part) => [part.title, part] as const))(
    '%s says of every type that it deploys what it holds',
    (_, part) => {
      const types = environments.flatMap((environment) => deployed(part, environment).map(({ type }) => type))
      expect(Object.keys(part.data)).toEqual(expect.arrayContaining([...new Set(types)]))
    },
  )

  test.each(everyPart.map((part) => [part.title, part] as const))(
    '%s deploys each of its resources under the name and type that it declares',
    (_, part) => {
      const project = exampleProject('all', 'dev', { services: everyService })
      const names = exampleNames(project).project
      const own = deployed(part, 'dev').map(({ type, name }) => `${type} ${name.split('/').at(-1)}`)
      const declared = Object.keys(part.resources)
        .filter(isResourceKey)
        // A compute instance belongs to one person, and nobody is named here.
        .filter((key) => key !== 'machineLearningInstance')
        .map((key) => `${catalogue.resources[key].type} ${names[key]}`)
      expect(own).toEqual(expect.arrayContaining(declared))
    },
  )

  test('name a source for everything that Azure keeps of what is deleted', () => {
    const kept = everyPart
      .flatMap(({ data }) => Object.keys(data))
      .map((type) => statefulType(type)?.softDelete)
    for (const softDelete of kept) {
      if (softDelete === undefined) continue
      expect(softDelete.sentence).toMatch(/^[A-Z].*\.$/)
      expect(softDelete.source).toMatch(/^https:\/\/learn\.microsoft\.com\//)
    }
  })
})

describe('a catalogue that contradicts itself is refused', () => {
  test.each([
    ['two parts with one resource', () => buildCatalogue([...baseline, baseline[2]], services), /declare/],
    [
      'a service under the key of another',
      () => buildCatalogue(baseline, { chat: services.aiSearch }),
      /'aiSearch' stands under the key 'chat'/,
    ],
    [
      'a type of which nobody says what it holds',
      () => buildCatalogue(baseline, { cosmosDb: { ...services.cosmosDb, data: {} } }),
      /does not say what a Microsoft.DocumentDB\/databaseAccounts holds/,
    ],
    [
      'the child of nothing',
      () => {
        const { aiFoundryProject } = services.aiFoundry.resources
        return buildCatalogue(baseline, {
          aiFoundry: { ...services.aiFoundry, resources: { aiFoundryProject } },
        })
      },
      /child of 'aiFoundry'/,
    ],
  ])('%s', (_, build, message) => {
    expect(build).toThrow(message)
  })
})

describe('the roles', () => {
  test('people work in dev; beyond it, only the lead may read', () => {
    expect(grantsTo('persona').filter((grant) => grant.in?.join() !== 'dev')).toEqual([
      { to: { persona: 'lead' }, role: 'Reader', on: 'resourceGroup' },
    ])
  })

  test('identities hold theirs in every environment', () => {
    expect(grantsTo('identity').filter((grant) => grant.in !== undefined)).toEqual([])
  })

  test('nobody holds more than Reader on the whole resource group, but for approving private endpoints', () => {
    const onGroup = everyGrant.filter(({ on }) => on === 'resourceGroup').map(({ role }) => role)
    expect([...new Set(onGroup)].sort()).toEqual([
      'Azure AI Enterprise Network Connection Approver',
      'Reader',
    ])
  })

  test('people never push into the registry, which may be shared', () => {
    const onRegistry = grantsTo('persona').filter(({ on }) => on === 'containerRegistry')
    expect([...new Set(onRegistry.map(({ role }) => role))]).toEqual(['AcrPull'])
  })

  test('nobody is assigned the same role on the same scope twice', () => {
    const keys = everyGrant.map(({ to, role, on }) => JSON.stringify([to, role, on]))
    expect(keys.filter((key, position) => keys.indexOf(key) !== position)).toEqual([])
  })

  test('every identity that is assigned a role can be found', () => {
    for (const { to } of everyGrant) {
      if ('identity' in to) expect(catalogue.resources[to.identity].identity).toMatch(/^(system|user)$/)
    }
  })

  test.each(keysOf(services))('without %s there is no role on it, nor for it', (off) => {
    const contents = { ...everything(), services: serviceKeys.filter((key) => key !== off) }
    const own = Object.keys(services[off].resources)
    const concerned = ({ to, on }: RoleGrant) =>
      own.includes(on) || ('identity' in to && own.includes(to.identity))
    expect(everyGrant.some(concerned)).toBe(true)
    expect(grantsOf(contents).filter(concerned)).toEqual([])
    const others = everyPart.filter((part) => part !== services[off]).flatMap(({ roles }) => roles)
    expect(grantsOf(contents)).toEqual(others.filter((grant) => !concerned(grant)))
  })

  test('have identifiers of their own', () => {
    const ids = Object.values(roles).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })

  test('of Cosmos DB data are assigned on the Cosmos DB account only', () => {
    const cosmos = everyGrant.filter(({ role }) => roles[role].plane === 'cosmos')
    expect([...new Set(cosmos.map(({ on }) => on))]).toEqual(['cosmosDb'])
  })

  test.each(everyPart.map((part) => [part.title, part] as const))(
    '%s takes few of the 4,000 assignments of a subscription',
    (_, part) => {
      const counted = part.roles.filter(({ role }) => roles[role].plane === 'azure')
      expect(counted.length).toBeLessThanOrEqual(20)
    },
  )
})
