import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { loadProject } from '../../src/manifest/load.ts'
import type { ProjectDocument } from '../../src/manifest/project-schema.ts'
import { renderProject } from '../../src/manifest/render.ts'
import { anyText } from '../../src/testing/any-text.ts'
import { environments, projectTypes } from '../../src/vocabulary.ts'
import { exampleFactory, exampleText, project } from './examples.ts'
import { languages } from './languages.ts'

const factory = exampleFactory()

test('a manifest in the documented order, with its schema', () => {
  const document: ProjectDocument = {
    team: { dataScientist: ['bo@contoso.example'], lead: ['anna@contoso.example'] },
    environments: { prod: {}, dev: { services: { cosmosDb: false } } },
    services: { cosmosDb: true, aiFoundry: true },
    costCenter: '1234',
    owner: 'anna@contoso.example',
    description: 'yes: "no" # really',
    type: 'genai-1',
    name: 'rag-chat',
    project: '001',
    version: 1,
  }
  expect(renderProject(document)).toMatchInlineSnapshot(`
"# yaml-language-server: $schema=../../schemas/project.schema.json
version: 1
project: "001"
name: rag-chat
type: genai-1
description: 'yes: "no" # really'
owner: anna@contoso.example
costCenter: "1234"
services:
  aiFoundry: true
  cosmosDb: true
environments:
  dev:
    services:
      cosmosDb: false
  prod: {}
team:
  lead:
    - anna@contoso.example
  dataScientist:
    - bo@contoso.example
"
`)
})

test.each(['prj001.yml', 'prj002.yml', 'prj003.yml'])('the example %s survives', (name) => {
  const { document } = project(exampleText(`projects/${name}`))
  expect(project(renderProject(document)).document).toEqual(document)
})

test('whatever a manifest says, writing and reading returns it', () => {
  const person = fc.constantFrom(
    'anna@contoso.example',
    'bo@contoso.example',
    '44444444-4444-4444-4444-444444444444',
  )
  const people = fc.uniqueArray(person, { maxLength: 3 })
  const leads = fc.uniqueArray(person, { minLength: 1, maxLength: 3 })
  const description = fc
    .oneof(
      anyText({ maxLength: 200 }),
      fc.string({ unit: fc.constantFrom(...': #-\'"&*!|>%@`{}[],~ yesnull01.\\') }),
    )
    .filter((text) => /^(?=.*\S)[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,500}$/u.test(text))
    .chain((text) => fc.constantFrom(text, ...languages.map(([, other]) => other)))
  const documents = fc.record(
    {
      version: fc.constant<1>(1),
      project: fc.integer({ min: 1, max: 999 }).map((value) => String(value).padStart(3, '0')),
      name: fc.stringMatching(/^[a-z][a-z0-9]{1,20}(?:-[a-z0-9]{1,4})?$/),
      type: fc.constantFrom(...projectTypes),
      owner: fc.constant('anna@contoso.example'),
      description,
      costCenter: fc
        .constantFrom('1234', '0x1F', '1e3', 'null', 'true', '~', 'A 1')
        .filter((text) => text !== '~'),
      repository: fc.constantFrom('contoso/rag-chat', '1/2'),
      services: fc.record(
        { cosmosDb: fc.boolean(), aiSearch: fc.constantFrom(true, false, { sku: 'standard' }) },
        { requiredKeys: [] },
      ),
      environments: fc
        .uniqueArray(fc.constantFrom(...environments), { minLength: 1 })
        .map((keys) => Object.fromEntries(keys.map((key) => [key, {}]))),
      network: fc.constant({ subnets: { aca2: { prefixLength: 26 } } }),
      team: fc.record({ lead: leads, aiEngineer: people }, { requiredKeys: [] }),
    },
    { requiredKeys: ['version', 'project', 'name', 'type', 'owner'] },
  )
  return fc.assert(
    fc.property(documents, (document) => {
      const loaded = loadProject(renderProject(document), 'project.yml', factory)
      expect(loaded).toMatchObject({ kind: 'document', document: { document } })
    }),
    { numRuns: 150 },
  )
})
