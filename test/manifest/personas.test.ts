import { describe, expect, test } from '@jest/globals'
import { productKeys, productPersonas } from '../../src/catalog/personas.ts'
import { loadFactory, loadProject } from '../../src/manifest/load.ts'
import { personasOf } from '../../src/manifest/personas.ts'
import { resolveFactory, resolveProject } from '../../src/manifest/resolve.ts'
import type { Persona } from '../../src/manifest/resolved.ts'
import { exampleFactory, exampleText, project, smallest, transcript } from './examples.ts'

const auditor = 'auditor: { title: Auditor, from: frontendDeveloper }'

/** factory.yml with these personas. */
const withPersonas = (personas: string) => (text: string) => `${text}\npersonas:\n  ${personas}\n`
const personaIn = (
  personas: string,
  key: string,
  environment: 'dev' | 'stage' = 'dev',
): Persona | undefined =>
  resolveFactory(exampleFactory(withPersonas(personas)), environment).personas.find((one) => one.key === key)

const faultsOf = (personas: string): readonly string[] =>
  transcript(loadFactory(withPersonas(personas)(exampleText('factory.yml')), 'factory.yml')).map((line) =>
    line.replace(/^\S+ /, ''),
  )

describe('The personas of a factory', () => {
  test('are those of the product, which has all that the known accelerator has', () => {
    const { personas } = resolveFactory(exampleFactory(), 'dev')
    expect(personas.map(({ key }) => key)).toEqual([...productKeys('project'), ...productKeys('coreTeam')])
    expect(personas.every(({ key, rightsOf }) => key === rightsOf)).toBe(true)
    const codes = Object.values(productPersonas).flatMap((one) => one.codes)
    expect(codes.toSorted()).toEqual(
      [
        '001',
        '002',
        '003',
        '011',
        '012',
        '013',
        '014',
        '015',
        '080',
        '081',
        '082',
        '101',
        '102',
        '103',
        '104',
      ].map((number) => `p${number}`),
    )
  })

  test('can be called otherwise', () => {
    const changed = '{ title: ML engineer, group: ml, description: Trains., projectTypes: [] }'
    expect(personaIn(`dataScientist: ${changed}`, 'dataScientist')).toMatchObject({
      title: 'ML engineer',
      group: 'ml',
      description: 'Trains.',
      projectTypes: [],
      rightsOf: 'dataScientist',
      codes: ['p002'],
    })
  })

  test('can be more, with the rights of another or with none', () => {
    expect(personaIn(auditor, 'auditor')).toEqual({
      key: 'auditor',
      kind: 'project',
      title: 'Auditor',
      description: 'Auditor.',
      group: 'auditor',
      codes: [],
      projectTypes: [],
      rightsOf: 'frontendDeveloper',
      rights: {},
    })
    const own = personaIn('dataSteward: { title: Data steward, kind: coreTeam }', 'dataSteward')
    expect(own).toMatchObject({ kind: 'coreTeam', group: 'data_steward', rights: {} })
    expect(own).not.toHaveProperty('rightsOf')
  })

  test('have other rights where factory.yml chooses them, and whoever starts from one has them too', () => {
    const rights = '{ dev: { keyVault: [Key Vault Secrets User], machineLearning: [] } }'
    const personas = `dataScientist: { rights: ${rights} }\n  intern: { title: Intern, from: dataScientist, rights: { dev: { keyVault: [] } } }`
    expect(personaIn(personas, 'dataScientist')?.rights).toEqual({
      keyVault: ['Key Vault Secrets User'],
      machineLearning: [],
    })
    expect(personaIn(personas, 'dataScientist', 'stage')?.rights).toEqual({})
    expect(personaIn(personas, 'intern')?.rights).toEqual({ keyVault: [], machineLearning: [] })
  })

  test('can be eligible in some environments only', () => {
    const said = 'lead: { eligible: { environments: [stage, prod] } }'
    expect(personaIn(said, 'lead')?.eligible).toBeUndefined()
    expect(personaIn('lead: { eligible: { environments: [dev] } }', 'lead')?.eligible).toBeDefined()
  })

  test('can be eligible instead of having their roles all the time', () => {
    expect(personaIn('lead: { eligible: {} }', 'lead')?.eligible).toEqual({
      duration: 'P180D',
      justification: productPersonas.lead.description,
    })
    expect(
      personaIn('lead: { eligible: { duration: P30D, justification: On call } }', 'lead')?.eligible,
    ).toEqual({
      duration: 'P30D',
      justification: 'On call',
    })
  })

  test('have a group in a project from the start, or with the first member', () => {
    const factory = exampleFactory(
      withPersonas(`${auditor}\n  reviewer: { title: Reviewer, projectTypes: [genai-1] }`),
    )
    const keysOf = (team: string) =>
      personasOf(resolveProject(factory, project(`${smallest}${team}`, factory), 'dev')).map(({ key }) => key)
    expect(keysOf('')).toEqual(['lead', 'aiEngineer', 'dataEngineer', 'frontendDeveloper', 'reviewer'])
    expect(keysOf('team: { auditor: [bo@contoso.example], agentDeveloper: [bo@contoso.example] }\n')).toEqual(
      ['lead', 'aiEngineer', 'agentDeveloper', 'dataEngineer', 'frontendDeveloper', 'auditor', 'reviewer'],
    )
  })
})

describe('What factory.yml cannot say of personas', () => {
  test.each([
    ['Auditor: { title: A }', "The persona 'Auditor' must be called by 2 to 40 letters and digits"],
    ['projectIdentity: { title: A }', "cannot be called 'projectIdentity'"],
    ['delivery: { title: A }', "cannot be called 'delivery'"],
    ['auditor: {}', "The persona 'auditor' is none of the product's, and needs a 'title'"],
    ['lead: { kind: coreTeam }', "'personas.lead.kind' cannot be changed"],
    [
      'auditor: { title: A, from: nobody }',
      "starts from 'nobody', which is no persona. It can start from: lead,",
    ],
    ['auditor: { title: A, from: itAdmin }', "starts from 'itAdmin', which is of the other kind"],
    ['auditor: { title: A, from: auditor }', "starts from 'auditor', which is itself"],
    [
      'one: { title: A, from: two }\n  two: { title: B, from: one }',
      "The persona 'one' starts from itself: 'one' from 'two' from 'one'",
    ],
    [
      'auditor: { title: A, group: team_lead }',
      "The groups of 'lead' and 'auditor' would both be called by 'team_lead'",
    ],
    ['responsibleForTheQualityOfData: { title: A }', "Give it a 'group' of at most 24 characters"],
    [
      'lead: { group: Team Lead }',
      "'personas.lead.group' must be 2 to 24 of a-z, 0-9 and single underscores",
    ],
    ['lead: { rights: { test: {} } }', "The key 'test' is not known in 'personas.lead.rights'"],
    [
      'lead: { rights: { dev: { keyVualt: [] } } }',
      "Did you mean 'keyVault'? Known keys: resourceGroup, storage",
    ],
    [
      'lead: { rights: { dev: { keyVault: [Owner] } } }',
      "must be one of Key Vault Secrets Officer, Key Vault Secrets User, not 'Owner'",
    ],
    [
      'lead: { rights: { dev: { commonArea: [] } } }',
      "'lead' is one of projects, and 'commonArea' is in the common area",
    ],
    [
      'itAdmin: { rights: { dev: { keyVault: [] } } }',
      "'itAdmin' is one of the core team, and 'keyVault' is in projects",
    ],
    ['lead: { eligible: { duration: 6 months } }', 'must be an ISO 8601 duration'],
  ])('%s', (personas, fault) => {
    expect(faultsOf(personas).join('\n')).toContain(fault)
  })

  test('and every fault has the place of the key', () => {
    const loaded = loadFactory(
      `${exampleText('factory.yml')}\npersonas:\n  auditor: { title: A, from: nobody }\n`,
      'factory.yml',
    )
    const lines = exampleText('factory.yml').split('\n').length
    expect(transcript(loaded)[0]).toMatch(new RegExp(`^${lines + 2}:30 `))
  })
})

describe('A team has the personas of its factory', () => {
  const faults = (team: string, factory = exampleFactory()): readonly string[] =>
    transcript(loadProject(`${smallest}team: ${team}\n`, 'project.yml', factory))

  test('and no others', () => {
    expect(faults('{ auditor: [bo@contoso.example] }')).toEqual([
      "6:9 The key 'auditor' is not known in 'team'. Known keys: lead, dataScientist, aiEngineer, agentDeveloper, dataEngineer, frontendDeveloper.",
    ])
    expect(faults('{ itAdmin: [bo@contoso.example] }')[0]).toContain(
      "The key 'itAdmin' is not known in 'team'",
    )
    expect(faults('{ auditor: [bo@contoso.example] }', exampleFactory(withPersonas(auditor)))).toEqual([])
  })

  test('whose people are checked like those of the product', () => {
    const factory = exampleFactory(withPersonas(auditor))
    expect(faults('{ auditor: [bo, a@b.example, A@b.example] }', factory)).toEqual([
      expect.stringContaining("'team.auditor.0' must be an e-mail address"),
      expect.stringContaining("'A@b.example' appears twice in 'team.auditor'"),
    ])
  })

  test('and the core team too', () => {
    const loaded = loadFactory(
      exampleText('factory.yml').replace(/^coreTeam:\n/m, 'coreTeam:\n  dataSteward: []\n'),
      'factory.yml',
    )
    expect(transcript(loaded)[0]).toContain("The key 'dataSteward' is not known in 'coreTeam'")
  })
})
