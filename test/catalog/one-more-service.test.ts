import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { z } from 'zod'
import { serviceBoxes, serviceTable } from '../../scripts/generated/service-texts.ts'
import { desiredAccess } from '../../src/access/desired-access.ts'
import { desiredIdentityRoles } from '../../src/access/desired-identity-roles.ts'
import { projectIdentities } from '../../src/catalog/baseline/identities.ts'
import { buildCatalogue } from '../../src/catalog/catalogue.ts'
import { commonCatalogue } from '../../src/catalog/common/index.ts'
import { everything, grantsOf, subnetsNeeded } from '../../src/catalog/contents.ts'
import { defineService } from '../../src/catalog/define.ts'
import { ofType } from '../../src/catalog/facts/api-versions.ts'
import { subnetRules } from '../../src/catalog/facts/subnet-rules.ts'
import { identities, peopleInDev } from '../../src/catalog/grants.ts'
import { baseline, type Catalogue, catalogue, services } from '../../src/catalog/index.ts'
import { denyInternetInbound } from '../../src/catalog/security-rules.ts'
import { aiSearch } from '../../src/catalog/services/ai-search.ts'
import { statefulType } from '../../src/catalog/stateful-types.ts'
import { composeProject } from '../../src/compose/compose-project.ts'
import { contentsOf, projectResourceIds } from '../../src/compose/project-context.ts'
import { factorySchema } from '../../src/manifest/factory-schema.ts'
import { toJsonSchema } from '../../src/manifest/json-schema.ts'
import { documentOf, loadFactory, loadProject } from '../../src/manifest/load.ts'
import { projectSchema } from '../../src/manifest/project-schema.ts'
import { namingScheme, resolveProject } from '../../src/manifest/resolve.ts'
import { commonNames, projectNames } from '../../src/naming/names.ts'
import { demandOf } from '../../src/network/capacity/forecast.ts'
import { parseForm } from '../../src/request/form.ts'
import { parseIssue } from '../../src/request/parse-issue.ts'
import { exampleText } from '../manifest/examples.ts'
import { answers, formText, issueBody } from '../request/issue.ts'

/** A service that nobody has: all that it is stands in this one place, as in a file of src/catalog/services. */
const translator = defineService({
  key: 'translator',
  title: 'Azure Translator',
  formLabel: 'Azure Translator (text in other languages)',
  documentation: 'https://learn.microsoft.com/azure/ai-services/translator/',
  defaultFor: [],
  resources: {
    translator: {
      type: 'Microsoft.CognitiveServices/accounts',
      identity: 'system',
      name: {
        pattern: 'tr-prj{project}-{location}-{env}-{salt}-{instance}',
        givesWay: 'location',
        minLength: 2,
        maxLength: 40,
        accepts: /^[a-z0-9-]+$/,
        scope: 'global',
        source: 'https://learn.microsoft.com/azure',
      },
    },
  },
  connectsTo: [projectIdentities, aiSearch],
  options: { glossaries: z.int().min(0).max(10).describe('How many glossaries there may be at once.') },
  defaults: { dev: { glossaries: 1 }, stage: { glossaries: 2 }, prod: { glossaries: 3 } },
  subnets: {
    translate: {
      purpose: 'Translations',
      rule: subnetRules.appService,
      prefixLength: 26,
      slug: 'tra',
      serviceEndpoints: [],
      securityRules: [denyInternetInbound],
    },
  },
  privateEndpoints: [
    {
      resource: 'translator',
      group: 'account',
      zones: ['privatelink.cognitiveservices.azure.com'],
      addresses: 1,
    },
  ],
  roles: [
    ...peopleInDev(['lead'], 'Cognitive Services OpenAI User', 'translator'),
    ...identities(['translator'], 'Search Index Data Reader', 'aiSearch'),
  ],
  data: {
    'Microsoft.CognitiveServices/accounts': { holds: 'glossaries' },
    'Microsoft.CognitiveServices/accounts/glossaries': { holds: 'words' },
  },
  template: ({ names, ids, location, tags, access, options, subnetId }) => [
    {
      ...ofType('Microsoft.CognitiveServices/accounts'),
      name: names.translator,
      location,
      tags,
      kind: 'TextTranslation',
      properties: {
        publicNetworkAccess: access.publicNetwork,
        glossaries: options.glossaries,
        subnet: subnetId('translate'),
        index: ids.aiSearch,
      },
    },
  ],
})

const extended = buildCatalogue(baseline, { ...services, translator })

const factory = documentOf(loadFactory(exampleText('factory.yml'), 'aifactory/factory.yml', extended))
const manifest = documentOf(
  loadProject(
    [
      'version: 1',
      'project: "007"',
      'name: small',
      'type: genai-1',
      'owner: anna@contoso.example',
      'services: { translator: { glossaries: 7 } }',
      'network: { subnets: { translate: { prefixLength: 27 } } }',
    ].join('\n'),
    'prj007.yml',
    factory,
    extended,
  ),
)
const project = resolveProject(factory, manifest, 'dev', extended)
const names = {
  project: projectNames(extended, namingScheme(project.factory), project.number),
  common: commonNames(commonCatalogue, namingScheme(project.factory)),
}
const ids = projectResourceIds(project, names, extended)

describe('one more service in the catalogue is found', () => {
  test('in the schemas of both documents, with its options and its subnet', () => {
    const schemas = [factorySchema(extended), projectSchema(extended)].map((schema) =>
      JSON.stringify(toJsonSchema(schema)),
    )
    for (const schema of schemas) expect(schema).toContain('How many glossaries there may be at once.')
    expect(schemas[1]).toContain('"translate":{')
    expect(JSON.stringify(toJsonSchema(projectSchema(catalogue)))).not.toContain('translat')
  })

  test('in the issue form, and in what is read from it', () => {
    const [before = '', after = ''] = formText.split(serviceBoxes(catalogue))
    const form = parseForm(`${before}${serviceBoxes(extended)}${after}`, 'form.yml')
    const body = issueBody({ services: `${answers.services}\n- [x] ${translator.formLabel}` })
    expect(parseIssue(form, body, extended)).toMatchObject({
      ok: true,
      values: { services: ['aiSearch', 'cosmosDb', 'translator'], unknownServices: [] },
    })
  })

  test('in what a manifest resolves to', () => {
    expect(project.services).toHaveProperty('translator', { enabled: true, options: { glossaries: 7 } })
    expect(project.subnets).toHaveProperty('translate', { prefixLength: 27 })
  })

  test('in the names, which keep to its limits and stay distinct', () => {
    expect(names.project.translator).toMatch(/^tr-prj007-/)
    expect(names.project.subnet('translate')).toBe('snt-prj007-tra')
    const number = fc.integer({ min: 1, max: 999 }).map((value) => String(value).padStart(3, '0'))
    fc.assert(
      fc.property(number, number, fc.stringMatching(/^[a-z0-9]{2,4}$/), (one, other, locationCode) => {
        const scheme = { ...namingScheme(project.factory), locationCode }
        const made = [one, other].map((each) => projectNames(extended, scheme, each).translator)
        for (const name of made) expect(name).toMatch(/^[a-z0-9-]{2,40}$/)
        return one === other || made[0] !== made[1]
      }),
    )
  })

  test('in the template, with its private endpoint and what it connects to', () => {
    const assigned = Object.fromEntries(
      subnetsNeeded(contentsOf(project).services, extended).map((key) => [
        key,
        {
          name: names.project.subnet(key),
          addressPrefix: '172.16.0.0/24',
          state: 'planned' as const,
          delegation: '',
          id: '',
        },
      ]),
    )
    const template = JSON.stringify(composeProject(project, names, assigned, 'AzureCloud', extended))
    expect(template).toContain(`"name":"${names.project.translator}"`)
    expect(template).toContain(`"index":"${ids.aiSearch}"`)
    expect(template).toContain(`${ids.virtualNetwork}/subnets/snt-prj007-tra`)
    expect(template).toContain(`"${names.project.privateEndpoint(names.project.translator, 'account')}"`)
  })

  test('in the guards: a type that only it declares holds what it says', () => {
    const type = 'microsoft.cognitiveservices/accounts/GLOSSARIES'
    expect(statefulType(type, extended)).toEqual({ holds: 'words' })
    expect(statefulType(type)?.holds).toMatch(/does not know/)
  })

  test('in the roles, also those that its connection brings', () => {
    const source = {
      project,
      names: names.project,
      common: names.common,
      ids,
      commonRegistries: [ids.containerRegistry],
      customRoles: [],
      definedRoles: new Map(),
      grants: grantsOf(contentsOf(project), extended),
    }
    const assignments = [desiredAccess(source), desiredIdentityRoles(source)].flatMap(
      (desired) => desired.assignments,
    )
    const own = `${ids.resourceGroup}/providers/Microsoft.CognitiveServices/accounts/${names.project.translator}`
    expect(assignments).toContainEqual(
      expect.objectContaining({ scope: own, role: 'Cognitive Services OpenAI User' }),
    )
    expect(assignments).toContainEqual(
      expect.objectContaining({ scope: ids.aiSearch, principalName: names.project.translator }),
    )
  })

  test('in the capacity report: one subnet and one private endpoint more', () => {
    const takes = (from: Catalogue) =>
      demandOf(
        {
          type: 'all',
          profile: 'standard',
          contents: everything(from),
          privateEndpoints: true,
          roleAssignments: 0,
        },
        from,
      ).takes
    expect(takes(extended).subnets).toBe(takes(catalogue).subnets + 1)
    expect(takes(extended).privateEndpoints).toBe(takes(catalogue).privateEndpoints + 1)
  })

  test('in the table of the documentation', () => {
    expect(serviceTable(extended)).toMatch(/\[Azure Translator\].*`translator`.*`translate`.*Glossaries\./)
  })
})
