import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { roles } from '../../src/catalog/facts/roles.ts'
import { baseline, partsOf, services } from '../../src/catalog/index.ts'
import { principals } from '../../src/catalog/principals.ts'
import { ownContainerRegistry } from '../../src/catalog/services/container-registry.ts'
import type { RoleGrant } from '../../src/catalog/types.ts'
import { projectResourceIds } from '../../src/compose/project-context.ts'
import { environments, serviceKeys } from '../../src/vocabulary.ts'
import { exampleNames, exampleProject } from '../fixtures/projects.ts'

const everyPart = partsOf({ services: serviceKeys, ownContainerRegistry: true })
const everyGrant = everyPart.flatMap((part) => part.roles)
const grantsTo = (kind: 'persona' | 'identity'): readonly RoleGrant[] =>
  everyGrant.filter(({ to }) => kind in to)

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
    const project = exampleProject('all', 'dev')
    const names = exampleNames(project)
    const context = {
      names: names.project,
      common: names.common,
      ids: projectResourceIds(project, names),
      location: 'swedencentral',
      tags: {},
      tenantId: project.factory.tenantId,
      environment: 'dev' as const,
      project,
      access: {
        publicNetwork: 'Disabled',
        defaultAction: 'Deny',
        allowedIps: [],
        privateEndpoints: true,
      } as const,
      cloud: 'AzureCloud' as const,
      options: { sku: 'gold' },
      has: () => true,
      subnetId: () => '/subnet',
    }
    expect(() => services.aiSearch.resources(context)).toThrow(/sku/)
  })

  test('two models of the same name are refused', () => {
    const model = { name: 'chat', model: 'gpt-5.6-luna', version: '2026-07-09', sku: 'Standard', capacity: 1 }
    expect(services.aiFoundry.options.safeParse({ models: [model] }).success).toBe(true)
    expect(services.aiFoundry.options.safeParse({ models: [model, model] }).success).toBe(false)
  })
})

describe('the parts of a project', () => {
  test('come in one order, however the services are listed', () => {
    const contents = { ownContainerRegistry: false, services: ['machineLearning', 'aiFoundry'] as const }
    expect(partsOf(contents)).toEqual([baseline, services.aiFoundry, services.machineLearning])
  })

  test('have a registry only when the factory does not share one', () => {
    expect(partsOf({ services: [], ownContainerRegistry: true })).toEqual([baseline, ownContainerRegistry])
    expect(partsOf({ services: [], ownContainerRegistry: false })).toEqual([baseline])
  })
})

describe('the roles', () => {
  test('people work in dev; beyond it, the lead may look', () => {
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

  test('nobody is given the same role on the same thing twice', () => {
    const keys = everyGrant.map(({ to, role, on }) => JSON.stringify([to, role, on]))
    expect(keys.filter((key, position) => keys.indexOf(key) !== position)).toEqual([])
  })

  test('every identity that is given a role can be found', () => {
    for (const { to } of everyGrant) if ('identity' in to) expect(principals).toHaveProperty(to.identity)
  })

  test('a role on, or for, another service is given only where that service exists', () => {
    for (const part of serviceKeys.map((key) => services[key])) {
      for (const { to, on, when = [] } of part.roles) {
        const meant = [on, ...('identity' in to ? [to.identity] : [])].map((key) =>
          key === 'aiFoundryProject' ? 'aiFoundry' : key,
        )
        const others = serviceKeys.filter((key) => meant.includes(key) && key !== part.key)
        expect(when).toEqual(others)
      }
    }
  })

  test('have identifiers of their own', () => {
    const ids = Object.values(roles).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })

  test('of Cosmos DB data are given on the Cosmos DB account only', () => {
    const cosmos = everyGrant.filter(({ role }) => roles[role].plane === 'cosmos')
    expect([...new Set(cosmos.map(({ on }) => on))]).toEqual(['cosmosDb'])
  })

  test('leave room in the 4,000 assignments of a subscription', () => {
    expect(everyGrant.filter(({ role }) => roles[role].plane === 'azure').length).toBeLessThanOrEqual(75)
  })
})
