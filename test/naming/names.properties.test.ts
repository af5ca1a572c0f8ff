import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { keysOf } from '../../src/by-key.ts'
import { type CommonResourceKey, commonCatalogue } from '../../src/catalog/common/index.ts'
import { catalogue, type ResourceKey, subnetKeys } from '../../src/catalog/index.ts'
import { productKeys, productPersonas } from '../../src/catalog/personas.ts'
import { commonNames, projectNames } from '../../src/naming/names.ts'
import { commonRules, projectRules } from '../../src/naming/rules.ts'
import type { NameRule, NamingScheme } from '../../src/naming/types.ts'
import { environments } from '../../src/vocabulary.ts'

const projectPersonas = productKeys('project').map((key) => productPersonas[key])
const corePersonas = productKeys('coreTeam').map((key) => productPersonas[key])

const mrvel: NamingScheme = {
  factory: 'mrvel',
  instance: '001',
  locationCode: 'sdc',
  salt: 'a1b2c',
  environment: 'dev',
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'.split('')
const digits = '0123456789'.split('')
const word = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength, maxLength })
const schemes = () =>
  fc.record({
    factory: word(2, 8),
    instance: fc.oneof(
      fc.constantFrom('001', '002', '101'),
      fc.string({ unit: fc.constantFrom(...digits), minLength: 3, maxLength: 3 }),
    ),
    locationCode: word(2, 4),
    salt: word(5, 5),
    environment: fc.constantFrom(...environments),
  })
const numbers = () =>
  fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 999 })).map(projectNumber)
const allNumbers = Array.from({ length: 999 }, (_, index) => projectNumber(index + 1))
function projectNumber(value: number): string {
  return String(value).padStart(3, '0')
}

/** Every name of the common area, with its rule. */
function allCommonNames(scheme: NamingScheme): readonly (readonly [NameRule, string])[] {
  const names = commonNames(commonCatalogue, scheme)
  const { resources } = commonCatalogue
  return [
    ...keysOf(resources).map((key) => [resources[key].name, names[key]] as const),
    ...keysOf(commonRules).flatMap((rule) =>
      commonNamesOfRule(names, rule).map((name) => [commonRules[rule], name] as const),
    ),
  ]
}

function commonNamesOfRule(
  names: ReturnType<typeof commonNames<CommonResourceKey>>,
  rule: keyof typeof commonRules,
): readonly string[] {
  switch (rule) {
    case 'deploymentStack':
      return [names.networkStack, names.deploymentStack]
    case 'nestedDeployment':
      return ['network', 'common'].map(names.nestedDeployment)
    case 'subnet':
    case 'networkSecurityGroup':
      return keysOf(commonCatalogue.subnets).map(names[rule])
    case 'privateEndpoint':
      return [names.privateEndpoint(names.lake, 'dfs')]
    case 'coreTeamGroup':
      return corePersonas.map(names.coreTeamGroup)
    case 'identity':
      return ['deliver', 'plan', 'people'].map(names.identity)
    case 'customRole':
      return ['lead', 'data scientist'].map(names.customRole)
    default:
      return [names[rule]]
  }
}

/** Every name of a project, with its rule. */
function allProjectNames(scheme: NamingScheme, project: string): readonly (readonly [NameRule, string])[] {
  const names = projectNames(catalogue, scheme, project)
  return [
    ...keysOf(catalogue.resources).map((key) => [catalogue.resources[key].name, names[key]] as const),
    ...keysOf(projectRules).flatMap((rule) =>
      namesOfRule(names, rule).map((name) => [projectRules[rule], name] as const),
    ),
  ]
}

function namesOfRule(
  names: ReturnType<typeof projectNames<ResourceKey>>,
  rule: keyof typeof projectRules,
): readonly string[] {
  switch (rule) {
    case 'nestedDeployment':
      return ['network', 'aiFoundry', 'roles'].map(names.nestedDeployment)
    case 'subnet':
    case 'networkSecurityGroup':
      return subnetKeys.map(names[rule])
    case 'personaGroup':
      return projectPersonas.map(names.personaGroup)
    case 'privateEndpoint':
      return ['blob', 'dfs'].flatMap((group) => [
        names.privateEndpoint(names.storage1, group),
        names.privateEndpoint(names.storage2, group),
      ])
    default:
      return [names[rule]]
  }
}

function expectAccepted(rule: NameRule, name: string): void {
  expect(name).toMatch(rule.accepts)
  expect(name.length).toBeGreaterThanOrEqual(rule.minLength)
  expect(name.length).toBeLessThanOrEqual(rule.maxLength)
}

const sharedScopes: readonly string[] = ['global', 'region', 'tenant', 'subscription']
const isSharedScope = (scope: string): boolean => sharedScopes.includes(scope)

/** The names that must differ from those of every other project, environment and instance. Azure ignores case. */
function sharedNames(scheme: NamingScheme, project: string): readonly string[] {
  return allProjectNames(scheme, project)
    .filter(([rule]) => isSharedScope(rule.scope))
    .map(([rule, name]) => `${rule.source} ${rule.accepts} ${name.toLowerCase()}`)
}

function sharedCommonNames(scheme: NamingScheme): readonly string[] {
  return allCommonNames(scheme)
    .filter(([rule]) => isSharedScope(rule.scope))
    .map(([rule, name]) => `${rule.source} ${rule.accepts} ${name.toLowerCase()}`)
}

const distinct = (names: readonly string[]): boolean => new Set(names).size === names.length

describe('for everything a factory may be called', () => {
  test('every name is accepted by its service', () => {
    return fc.assert(
      fc.property(schemes(), numbers(), (scheme, project) => {
        for (const [rule, name] of allCommonNames(scheme)) expectAccepted(rule, name)
        for (const [rule, name] of allProjectNames(scheme, project)) expectAccepted(rule, name)
      }),
      { numRuns: 300 },
    )
  })

  test('groups fit a mailNickname', () => {
    return fc.assert(
      fc.property(schemes(), numbers(), (scheme, project) => {
        const groups = [
          ...projectPersonas.map(projectNames(catalogue, scheme, project).personaGroup),
          ...corePersonas.map(commonNames(commonCatalogue, scheme).coreTeamGroup),
          commonNames(commonCatalogue, scheme).lakeTraversalGroup,
        ]
        for (const group of groups) expect(group).toMatch(/^[a-z0-9_]{1,64}$/)
      }),
    )
  })

  test('two projects, environments or instances of a factory never share a name', () => {
    return fc.assert(
      fc.property(schemes(), schemes(), numbers(), numbers(), (one, other, project, otherProject) => {
        const same = { ...other, factory: one.factory, salt: one.salt, locationCode: one.locationCode }
        fc.pre(
          project !== otherProject || one.environment !== same.environment || one.instance !== same.instance,
        )
        return distinct([...sharedNames(one, project), ...sharedNames(same, otherProject)])
      }),
      { numRuns: 300 },
    )
  })

  test('the common areas of a factory never share a name', () => {
    return fc.assert(
      fc.property(schemes(), schemes(), (one, other) => {
        const same = { ...other, factory: one.factory, salt: one.salt, locationCode: one.locationCode }
        fc.pre(one.environment !== same.environment || one.instance !== same.instance)
        return distinct([...sharedCommonNames(one), ...sharedCommonNames(same)])
      }),
      { numRuns: 300 },
    )
  })

  test('factories with different salts never share a global or tenant-wide name, whatever else they share', () => {
    return fc.assert(
      fc.property(
        schemes(),
        word(5, 5),
        word(2, 8),
        word(2, 4),
        numbers(),
        (one, salt, factory, locationCode, project) => {
          fc.pre(salt !== one.salt)
          const others = [
            { ...one, salt },
            { ...one, salt, factory },
            { ...one, salt, locationCode },
          ]
          return others.every((other) =>
            distinct([...worldwideNames(one, project), ...worldwideNames(other, project)]),
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  test('nor do they when the same letters are divided differently between salt and what stands beside it', () => {
    return fc.assert(
      fc.property(
        schemes(),
        word(9, 9),
        fc.constantFrom(2, 3, 4),
        fc.constantFrom(2, 3, 4),
        numbers(),
        (one, letters, cut, other, project) => {
          const divided = (at: number): NamingScheme => ({
            ...one,
            factory: letters.slice(0, at),
            locationCode: letters.slice(0, at),
            salt: letters.slice(at, at + 5),
          })
          fc.pre(divided(cut).salt !== divided(other).salt)
          return distinct([
            ...worldwideNames(divided(cut), project),
            ...worldwideNames(divided(other), project),
          ])
        },
      ),
      { numRuns: 300 },
    )
  })
})

/** The names that must differ from those of everybody else, or at least of everybody in the tenant. */
function worldwideNames(scheme: NamingScheme, project: string): readonly string[] {
  const isWorldwide = ({ scope }: NameRule): boolean => isSharedScope(scope) && scope !== 'subscription'
  return [
    ...allProjectNames(scheme, project).filter(([rule]) => isWorldwide(rule)),
    ...allCommonNames(scheme).filter(([rule]) => isWorldwide(rule)),
  ].map(([, name]) => name)
}

test('all 999 projects in all environments of a factory whose names must be shortened are distinct and valid', () => {
  const longest: NamingScheme = { ...mrvel, factory: 'factory8', locationCode: 'eus2' }
  const isShared = (key: ResourceKey): boolean => isSharedScope(catalogue.resources[key].name.scope)
  const keys = [...keysOf(catalogue.resources).filter(isShared), 'resourceGroup', 'deploymentStack'] as const
  const names = environments.flatMap((environment) =>
    ['001', '101'].flatMap((instance) =>
      allNumbers.flatMap((project) => {
        const all = projectNames(catalogue, { ...longest, environment, instance }, project)
        return keys.map((key) => all[key])
      }),
    ),
  )
  expect(names).toHaveLength(999 * 3 * 2 * keys.length)
  expect(distinct(names)).toBe(true)
})
