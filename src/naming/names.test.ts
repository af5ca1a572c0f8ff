import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { coreTeamKeys, environments, personaKeys, subnetKeys } from '../vocabulary.ts'
import { commonNames, projectNames } from './names.ts'
import { commonRules, type NameRule, projectRules } from './rules.ts'
import type { NamingScheme, ProjectNames } from './types.ts'

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

/** Every name of the common area, with the key of its rule. */
function allCommonNames(scheme: NamingScheme): [keyof typeof commonRules, string][] {
  const { coreTeamGroup, ...plain } = commonNames(scheme)
  const entries: [keyof typeof commonRules, string][] = [
    ['resourceGroup', plain.resourceGroup],
    ['virtualNetwork', plain.virtualNetwork],
    ['lake', plain.lake],
    ['containerRegistry', plain.containerRegistry],
    ['logAnalytics', plain.logAnalytics],
    ['keyVault', plain.keyVault],
    ['lakeTraversalGroup', plain.lakeTraversalGroup],
  ]
  return [
    ...entries,
    ...coreTeamKeys.map(
      (key) => ['coreTeamGroup', coreTeamGroup(key)] as [(typeof entries)[number][0], string],
    ),
  ]
}

/** Every name of a project, with the key of its rule. */
function allProjectNames(scheme: NamingScheme, project: string): [keyof typeof projectRules, string][] {
  const names = projectNames(scheme, project)
  const entries: [keyof typeof projectRules, string][] = []
  for (const rule of Object.keys(projectRules) as (keyof typeof projectRules)[]) {
    for (const name of namesOfRule(names, rule)) entries.push([rule, name])
  }
  return entries
}

function namesOfRule(names: ProjectNames, rule: keyof typeof projectRules): readonly string[] {
  switch (rule) {
    case 'nestedDeployment':
      return ['network', 'aiFoundry', 'roles'].map(names.nestedDeployment)
    case 'subnet':
    case 'networkSecurityGroup':
      return subnetKeys.map(names[rule])
    case 'personaGroup':
      return personaKeys.map(names.personaGroup)
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
const isShared = ([, rule]: [string, NameRule]): boolean => sharedScopes.includes(rule.scope)

/** The names that must differ from those of every other project, environment and instance. Azure ignores case. */
function sharedNames(scheme: NamingScheme, project: string): readonly string[] {
  return allProjectNames(scheme, project)
    .filter(([rule]) => isShared([rule, projectRules[rule]]))
    .map(([rule, name]) => `${projectRules[rule].source} ${name.toLowerCase()}`)
}

function sharedCommonNames(scheme: NamingScheme): readonly string[] {
  return allCommonNames(scheme)
    .filter(([rule]) => isShared([rule, commonRules[rule]]))
    .map(([rule, name]) => `${commonRules[rule].source} ${name.toLowerCase()}`)
}

const distinct = (names: readonly string[]): boolean => new Set(names).size === names.length

describe('the names people know', () => {
  test('the common area', () => {
    expect(Object.fromEntries(allCommonNames(mrvel))).toMatchInlineSnapshot(`
{
  "containerRegistry": "acrcommona1b2csdc001dev",
  "coreTeamGroup": "aif001sdc_mrvela1b2c_coreteam_dev_data_ops",
  "keyVault": "kv-cmndev-a1b2c-001",
  "lake": "mrvela1b2cesml001dev",
  "lakeTraversalGroup": "aif001sdc_mrvela1b2c_lake_dev_traversal",
  "logAnalytics": "la-cmn-sdc-dev-a1b2c-001",
  "resourceGroup": "mrvel-esml-common-sdc-dev-001",
  "virtualNetwork": "vnt-esmlcmn-sdc-dev-001",
}
`)
    expect(commonNames(mrvel).coreTeamGroup('itAdmin')).toBe('aif001sdc_mrvela1b2c_coreteam_dev_it_admin')
  })

  test('a project', () => {
    const names = projectNames(mrvel, '001')
    expect(JSON.parse(JSON.stringify(names))).toMatchInlineSnapshot(`
{
  "aiFoundry": "aif2a1b2c001001dev",
  "aiFoundryProject": "aif2-p001001dev",
  "aiSearch": "aisearchprj001sdcdeva1b2c001",
  "applicationInsights": "ain-prj001-sdc-dev-a1b2c-001",
  "appsIdentity": "mi-aca-prj001-sdc-dev-a1b2c-001",
  "containerRegistry": "acrprj001genaisdca1b2cdev001",
  "cosmosDb": "cosmos-prj001-sdc-dev-a1b2c-001",
  "deploymentStack": "mrvel-esml-project001-sdc-dev-001",
  "keyVault": "kv-p001-sdc-dev-a1b2c01",
  "lakeFolder": "project001",
  "machineLearning": "aml-001-sdc-dev-a1b2c-001",
  "machineLearningCluster": "p001-m01a1b2c001-dev",
  "machineLearningInstance": "p001-i01a1b2c001-dev",
  "projectIdentity": "mi-prj001-sdc-dev-a1b2c-001",
  "resourceGroup": "mrvel-esml-project001-sdc-dev-001-rg",
  "storage1": "saprj001sdca1b2c1001dev",
  "storage2": "saprj001sdca1b2c2001dev",
}
`)
    expect(subnetKeys.map(names.subnet)).toEqual(['snt-prj001-genai', 'snt-prj001-aca-002'])
    expect(subnetKeys.map(names.networkSecurityGroup)).toEqual([
      'genai-nsg-prj001-sdc-dev',
      'aca2-nsg-prj001-sdc-dev',
    ])
    expect(personaKeys.map(names.personaGroup)).toMatchInlineSnapshot(`
[
  "aif001sdc_mrvela1b2c_prj001_dev_team_lead",
  "aif001sdc_mrvela1b2c_prj001_dev_data_scientist",
  "aif001sdc_mrvela1b2c_prj001_dev_ai_engineer",
  "aif001sdc_mrvela1b2c_prj001_dev_data_engineer",
  "aif001sdc_mrvela1b2c_prj001_dev_frontend_developer",
]
`)
    expect(names.privateEndpoint(names.storage1, 'blob')).toBe('saprj001sdca1b2c1001dev-blob-pend')
    expect(names.nestedDeployment('network')).toBe('mrvel-001-sdc-prj001-dev-network')
  })

  test('stage is written test', () => {
    expect(commonNames({ ...mrvel, environment: 'stage' }).lake).toBe('mrvela1b2cesml001test')
  })
})

describe('names that would be too long', () => {
  const eastUs2 = { ...mrvel, locationCode: 'eus2' } as const

  test('in stage and prod the location of storage and key vault names gives way to a hash', () => {
    const { storage1, keyVault } = projectNames({ ...eastUs2, environment: 'prod' }, '001')
    expect({ storage1, keyVault }).toMatchInlineSnapshot(`
{
  "keyVault": "kv-p001-5uz-prod-a1b2c01",
  "storage1": "saprj0015uza1b2c1001prod",
}
`)
  })

  test('in dev they fit as they are', () => {
    const { storage1, keyVault } = projectNames(eastUs2, '001')
    expect({ storage1, keyVault }).toEqual({
      storage1: 'saprj001eus2a1b2c1001dev',
      keyVault: 'kv-p001-eus2-dev-a1b2c01',
    })
  })

  test('long parts of deployments and private endpoints keep their beginning and stay distinct', () => {
    const { nestedDeployment, privateEndpoint } = projectNames(mrvel, '001')
    fc.assert(
      fc.property(fc.uniqueArray(word(60, 90), { minLength: 2, maxLength: 2 }), (parts) => {
        const names = [...parts.map(nestedDeployment), ...parts.map((part) => privateEndpoint(part, 'sites'))]
        for (const name of names) expect(name).toHaveLength(64)
        return distinct(names)
      }),
    )
    expect(nestedDeployment(`network-${'x'.repeat(80)}`)).toMatch(/^mrvel-001-sdc-prj001-dev-network-x+/)
  })

  test('a part that Azure refuses in a name is a defect, and never a wrong name', () => {
    expect(() => projectNames(mrvel, '001').nestedDeployment('a/b')).toThrow(RangeError)
  })
})

describe('for everything a factory may be called', () => {
  test('every name is accepted by its service', () => {
    fc.assert(
      fc.property(schemes(), numbers(), (scheme, project) => {
        for (const [rule, name] of allCommonNames(scheme)) expectAccepted(commonRules[rule], name)
        for (const [rule, name] of allProjectNames(scheme, project)) expectAccepted(projectRules[rule], name)
      }),
      { numRuns: 300 },
    )
  })

  test('groups fit a mailNickname', () => {
    fc.assert(
      fc.property(schemes(), numbers(), (scheme, project) => {
        const groups = [
          ...personaKeys.map(projectNames(scheme, project).personaGroup),
          ...coreTeamKeys.map(commonNames(scheme).coreTeamGroup),
          commonNames(scheme).lakeTraversalGroup,
        ]
        for (const group of groups) expect(group).toMatch(/^[a-z0-9_]{1,64}$/)
      }),
    )
  })

  test('two projects, environments or instances of a factory never share a name', () => {
    fc.assert(
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
    fc.assert(
      fc.property(schemes(), schemes(), (one, other) => {
        const same = { ...other, factory: one.factory, salt: one.salt, locationCode: one.locationCode }
        fc.pre(one.environment !== same.environment || one.instance !== same.instance)
        return distinct([...sharedCommonNames(one), ...sharedCommonNames(same)])
      }),
      { numRuns: 300 },
    )
  })

  test('factories with different salts never share a global or tenant-wide name, whatever else they share', () => {
    fc.assert(
      fc.property(
        schemes(),
        word(5, 5),
        word(2, 8),
        word(2, 4),
        numbers(),
        (one, salt, factory, locationCode, project) => {
          fc.pre(salt !== one.salt)
          for (const other of [
            { ...one, salt },
            { ...one, salt, factory },
            { ...one, salt, locationCode },
          ]) {
            const names = [one, other].flatMap((scheme) => [
              ...allProjectNames(scheme, project).filter(
                ([rule]) =>
                  projectRules[rule].scope !== 'subscription' && isShared([rule, projectRules[rule]]),
              ),
              ...allCommonNames(scheme).filter(
                ([rule]) => commonRules[rule].scope !== 'subscription' && isShared([rule, commonRules[rule]]),
              ),
            ])
            expect(distinct(names.map(([, name]) => name))).toBe(true)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

test('all 999 projects in all environments of a factory whose names must be shortened are distinct and valid', () => {
  const longest: NamingScheme = { ...mrvel, factory: 'factory8', locationCode: 'eus2' }
  const keys = [
    'storage1',
    'storage2',
    'keyVault',
    'aiFoundry',
    'aiSearch',
    'cosmosDb',
    'resourceGroup',
    'deploymentStack',
  ] as const
  const names = environments.flatMap((environment) =>
    ['001', '101'].flatMap((instance) =>
      allNumbers.flatMap((project) => {
        const all = projectNames({ ...longest, environment, instance }, project)
        return keys.map((key) => all[key])
      }),
    ),
  )
  expect(names).toHaveLength(999 * 3 * 2 * keys.length)
  expect(distinct(names)).toBe(true)
})
