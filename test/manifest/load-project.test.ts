import { describe, expect, test } from '@jest/globals'
import { serviceKeys } from '../../src/catalog/index.ts'
import { documentOf, loadProject } from '../../src/manifest/load.ts'
import { resolveProject } from '../../src/manifest/resolve.ts'
import { exampleFactory, exampleText, project, smallest, strictCatalogue, transcript } from './examples.ts'
import { languages } from './languages.ts'

const faults = (text: string, file = 'project.yml'): readonly string[] =>
  transcript(loadProject(text, file, factory))
const subnetId =
  '/subscriptions/22222222-2222-2222-2222-222222222201/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet/subnets/mine'
const vnet = subnetId.replace(/\/subnets.*/, '')
/** The factory of the examples, in which projects may use these subnets. */
const listing = (ids: string) =>
  exampleFactory((text) => text.replaceAll(/^( +)(addressSpace: .*)$/gm, `$1$2\n$1bringYourOwn: [${ids}]`))
const factory = listing(vnet)

test.each(['prj001.yml', 'prj002.yml', 'prj003.yml'])('the example %s has no fault', (name) => {
  expect(faults(exampleText(`projects/${name}`), `aifactory/projects/${name}`)).toEqual([])
})

test('five lines are a project', () => {
  expect(faults(smallest)).toEqual([])
})

test('all faults at once, each at its place', () => {
  const broken = `version: 1
project: 007
name: Rag
type: genai
description: |
  two
  lines
owner: anna
repository: ../x
services: { aiSearch: 1, cosmosDB: true }
environments: { dev: , qa: {} }
network: { subnets: { aca2: { prefixLength: 30 }, genai: { prefixLength: 25, id: /subscriptions/x } } }
team: { leads: [], lead: anna@contoso.example, dataScientist: [bo@contoso.example, Bo@contoso.example] }
`
  const sentences = faults(broken, 'aifactory/projects/prj007.yml')
  expect(sentences.map((sentence) => sentence.replace(serviceKeys.join(', '), '…'))).toMatchInlineSnapshot(`
[
  "2:10 'project' must be a number from "001" to "999", in quotes, not 007. YAML reads it as a number: write it in quotes, "007".",
  "3:7 'name' must be 2 to 32 of a-z, 0-9 and single hyphens, starting with a letter, not 'Rag'.",
  "4:7 'type' must be one of esml, genai-1, all, not 'genai'. Did you mean 'genai-1'?",
  "5:14 'description' must be one line of at most 500 characters, not 'two⏎lines⏎'.",
  "8:8 'owner' must be an e-mail address such as anna@contoso.example, not 'anna'.",
  "9:13 'repository' must be a GitHub repository such as contoso/rag-chat, not '../x'.",
  "10:23 'services.aiSearch' must be true or false, or an object with the keys sku, replicas, partitions, semanticSearch, not 1.",
  "10:26 The key 'cosmosDB' is not known in 'services'. Did you mean 'cosmosDb'? Known keys: ….",
  "11:17 'environments.dev' must be an object with the keys services, network, not nothing. Write {} when there is nothing to say.",
  "11:24 The key 'qa' is not known in 'environments'. Known keys: dev, stage, prod.",
  "12:45 'network.subnets.aca2.prefixLength' must be a whole number from 8 to 27, not 30.",
  "12:51 'network.subnets.genai' has 'id' and 'prefixLength'. An existing subnet is used as it is: it has a size and attachments already.",
  "12:82 'network.subnets.genai.id' must be a subnet's resource id: /subscriptions/…/virtualNetworks/…/subnets/…, not '/subscriptions/x'.",
  "13:9 The key 'leads' is not known in 'team'. Did you mean 'lead'? Known keys: lead, dataScientist, aiEngineer, agentDeveloper, dataEngineer, frontendDeveloper.",
  "13:26 'team.lead' must be a list of 1 to 1000 entries, not 'anna@contoso.example'.",
  "13:84 'Bo@contoso.example' appears twice in 'team.dataScientist'. Remove one.",
]
`)
})

describe('a project and its factory', () => {
  test('an environment that the factory does not have', () => {
    const small = exampleFactory((text) => text.replace(/ {2}prod:\n(?: {4}.*\n)+/, ''))
    const loaded = loadProject(`${smallest}environments: { dev: {}, prod: {} }\n`, 'p.yml', small)
    expect(transcript(loaded)).toEqual(['6:26 The factory has no environment prod. It has: dev, stage.'])
  })

  test('no environment', () => {
    expect(faults(`${smallest}environments: {}\n`)).toMatchInlineSnapshot(`
[
  "6:1 'environments' must have at least one of dev, stage, prod. Leave it out to deliver to all of them.",
]
`)
  })

  test('a file whose number was not changed when it was copied', () => {
    expect(faults(smallest, 'aifactory/projects/prj008.yml')).toMatchInlineSnapshot(`
[
  "2:10 The file is called prj008, but 'project' is '007'. Change one of the two.",
]
`)
    expect(faults(smallest, 'aifactory/projects/prj007.yml')).toEqual([])
  })
})

describe('people and texts', () => {
  test('an empty list of leads is refused at its line', () => {
    expect(faults(`${smallest}team: { lead: [] }\n`)).toEqual([
      "6:15 'team.lead' must be a list of 1 to 1000 entries, not an empty list.",
    ])
  })

  test('other lists of people may be empty', () => {
    expect(faults(`${smallest}team: { dataScientist: [] }\n`)).toEqual([])
  })

  test.each(['anna-svensson_contoso/rag-chat', 'Contoso--AI/rag.chat_2'])(
    'the repository %s is one',
    (repository) => {
      expect(faults(`${smallest}repository: ${repository}\n`)).toEqual([])
    },
  )

  test.each(['_contoso/rag', 'anna_/rag', 'a_b_c/rag', 'contoso/rag.git', 'contoso/..', 'contoso'])(
    'the repository %s is none',
    (repository) => {
      expect(faults(`${smallest}repository: "${repository}"\n`)).toEqual([
        `6:13 'repository' must be a GitHub repository such as contoso/rag-chat, not '${repository}'.`,
      ])
    },
  )

  test.each(languages)('a description may be %s', (_what, text) => {
    expect(faults(`${smallest}description: ${JSON.stringify(text)}\n`)).toEqual([])
  })

  test.each(['a\u200db', '\u200ca', 'é\u200d\u200db', 'a\u202eb', 'a\u2028b', '\u00a0\u3000'])(
    'a description may not be %j',
    (text) => {
      expect(faults(`${smallest}description: ${JSON.stringify(text)}\n`)).toEqual([
        expect.stringContaining("6:14 'description' must be one line of at most 500 characters, not "),
      ])
    },
  )

  test('a description has ordinary blanks in the end, whatever was typed', () => {
    const text = 'Répond\u00a0: «\u202fmanuels\u202f»\u3000!'
    const { description } = resolveProject(
      factory,
      project(`${smallest}description: ${JSON.stringify(text)}\n`),
      'dev',
    )
    expect(description).toBe('Répond : « manuels » !')
  })

  test('a manifest for a newer release is refused as that', () => {
    expect(faults(smallest.replace('version: 1', 'version: 3'))).toEqual([
      expect.stringContaining('1:10 This document is written for a newer release of the actions'),
    ])
  })
})

describe('subnets', () => {
  test('one that exists cannot serve several environments', () => {
    expect(
      faults(`${smallest}network: { subnets: { genai: { id: ${subnetId} } } }\n`),
    ).toMatchInlineSnapshot(`
[
  "6:32 An existing subnet belongs to one environment, but this project is delivered to dev, stage, prod. Move 'id' to 'environments.dev.network.subnets.genai', and name one for each environment.",
]
`)
  })

  test('one that exists belongs to one environment', () => {
    const network = `network: { subnets: { genai: { id: ${subnetId} } } }`
    expect(faults(`${smallest}environments: { dev: {} }\n${network}\n`)).toEqual([])
    expect(faults(`${smallest}environments: { dev: { ${network} }, prod: {} }\n`)).toEqual([])
  })

  test('neither a size nor a subnet', () => {
    expect(faults(`${smallest}network: { subnets: { genai: {} } }\n`)).toMatchInlineSnapshot(`
[
  "6:23 'network.subnets.genai' says nothing. Give it a 'prefixLength' or what is to be attached, or the 'id' of an existing subnet.",
]
`)
  })
})

describe('services that need each other', () => {
  const strict = (text: string): readonly string[] =>
    transcript(loadProject(text, 'p.yml', factory, strictCatalogue))

  test('switched off for one environment', () => {
    expect(
      strict(`${smallest}environments:\n  dev: {}\n  prod: { services: { aiSearch: false } }\n`),
    ).toMatchInlineSnapshot(`
[
  "8:23 In prod, 'aiFoundry' is enabled but 'aiSearch' is disabled, and Microsoft Foundry requires it. Enable 'aiSearch' or disable 'aiFoundry'.",
]
`)
  })

  test('are said even when something else is wrong', () => {
    const sentences = strict(`${smallest}color: blue\nservices: { aiSearch: false }\n`)
    expect(sentences).toHaveLength(4)
    expect(sentences.join('\n')).toContain("'aiFoundry' is enabled but 'aiSearch' is disabled")
  })

  test('switched off by the factory', () => {
    const without = exampleFactory((text) =>
      text.replace('defaults: {}', 'defaults: { services: { aiSearch: false } }'),
    )
    const sentences = transcript(loadProject(smallest, 'p.yml', without, strictCatalogue))
    expect(sentences[0]).toContain('4:1 In dev')
  })
})

describe('people', () => {
  test.each([
    'anna@contoso.example',
    "o'neil.x+y@sub.contoso.example",
    'anna_fabrikam.com#EXT#@contoso.example',
    '44444444-4444-4444-4444-444444444444',
  ])('%s is one', (person) => {
    expect(faults(`${smallest}team: { lead: ["${person}"] }\n`)).toEqual([])
  })

  test.each([
    'anna',
    'anna@localhost',
    '@contoso.example',
    'a b@contoso.example',
    '.a@contoso.example',
    'a@-x.example',
    '44444444-4444',
    "a@x.example' or 1 eq 1",
  ])('%s is none', (person) => {
    expect(faults(`${smallest}team: { lead: ["${person}"] }\n`)).toHaveLength(1)
  })
})

test('every key has a place, and an absent one the place of what surrounds it', () => {
  const { at } = project(
    `${smallest}network:\n  subnets:\n    aca2: { prefixLength: 26 }\nteam: { lead: [a@b.c, b@b.c] }\n`,
  )
  expect(
    [
      at('type'),
      at('network.subnets.aca2'),
      at('network.subnets.aca2.prefixLength'),
      at('network.subnets.genai'),
    ].map(({ line, column }) => [line, column]),
  ).toEqual([
    [4, 1],
    [8, 5],
    [8, 13],
    [7, 3],
  ])
  expect(at('team.lead.1')).toEqual({ file: 'project.yml', line: 9, column: 23 })
  expect(at('costCenter')).toEqual({ file: 'project.yml', line: 1, column: 1 })
})

test('a user error names file, line and column', () => {
  expect(() =>
    documentOf(loadProject(smallest.replace('genai-1', 'genai-2'), 'aifactory/p.yml', factory)),
  ).toThrow(
    "aifactory/p.yml:4:7: 'type' must be one of esml, genai-1, all, not 'genai-2'. Did you mean 'genai-1'?",
  )
})

describe('a bring-your-own subnet', () => {
  const faultsOf = (name: string, ids: string) =>
    transcript(
      loadProject(
        `${smallest}environments: { dev: {} }\nnetwork:\n  subnets:\n    genai:\n      id: ${vnet}/subnets/${name}\n`,
        'p.yml',
        listing(ids),
      ),
    )

  test.each([
    ['snet-esml-cmn-001', ''],
    ['AzureBastionSubnet', ''],
    ['AzureBastionSubnet', vnet],
    ['mine', `${vnet}/subnets/mine2`],
  ])('that nobody lists is refused: %s with [%s]', (name, ids) => {
    expect(faultsOf(name, ids)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^10:11 'network.subnets.genai.id' is the subnet '${name}', which factory.yml does not let projects use\\. .*environments\\.dev\\.network\\.bringYourOwn`,
        ),
      ),
    ])
  })

  test.each([
    ['mine', vnet],
    ['MINE', `${vnet}/subnets/mine`],
    ['AzureBastionSubnet', `${vnet}/subnets/AzureBastionSubnet`],
  ])('that is listed, or whose VNet is, may be used: %s with [%s]', (name, ids) => {
    expect(faultsOf(name, ids)).toEqual([])
  })

  const bringing = (name: string) =>
    faults(
      `${smallest}environments: { dev: {} }\nnetwork:\n  subnets:\n    genai:\n      id: ${subnetId.replace(/mine$/, name)}\n`,
    )

  test.each(['mine', 'snt-prj', 'snt-prj0011-x', 'snt-prj007-genai'])('may be called %s', (name) => {
    expect(bringing(name)).toEqual([])
  })

  test.each(['snt-prj001-genai', 'SNT-PRJ001-aca-002'])("is not another project's: %s", (name) => {
    expect(bringing(name)).toEqual([
      expect.stringContaining(
        `'network.subnets.genai.id' is the subnet '${name}' of project 001. A project cannot use another project's subnet`,
      ),
    ])
  })
})
