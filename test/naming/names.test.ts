import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { commonCatalogue } from '../../src/catalog/common/index.ts'
import { catalogue, subnetKeys } from '../../src/catalog/index.ts'
import { productKeys, productPersonas } from '../../src/catalog/personas.ts'
import { commonNames, projectNames } from '../../src/naming/names.ts'
import type { NamingScheme } from '../../src/naming/types.ts'

const projectPersonas = productKeys('project').map((key) => productPersonas[key])
const corePersonas = productKeys('coreTeam').map((key) => productPersonas[key])

const mrvel: NamingScheme = {
  factory: 'mrvel',
  instance: '001',
  locationCode: 'sdc',
  salt: 'a1b2c',
  environment: 'dev',
}

describe('the names people know', () => {
  test('the common area', () => {
    const { coreTeamGroup, customRole, identity, ...names } = commonNames(commonCatalogue, mrvel)
    expect({
      ...names,
      groups: corePersonas.map(coreTeamGroup),
      customRole: customRole('data scientist'),
      identity: identity('plan'),
    }).toMatchInlineSnapshot(`
{
  "budget": "budget-mrvel-cmn-dev-001",
  "containerRegistry": "acrcommona1b2csdc001dev",
  "coreTeamGroupPrefix": "aif001sdc_mrvela1b2c_coreteam_dev_",
  "customRole": "AI Factory data scientist (mrvela1b2c-001-sdc-dev)",
  "deploymentStack": "mrvel-esml-common-sdc-dev-001",
  "githubRunners": "ghns-mrvel-sdc-dev-001",
  "groups": [
    "aif001sdc_mrvela1b2c_coreteam_dev_it_admin",
    "aif001sdc_mrvela1b2c_coreteam_dev_data_ops",
    "aif001sdc_mrvela1b2c_coreteam_dev_fabric_data_ops",
  ],
  "identity": "aif001sdc_mrvela1b2c_dev_plan",
  "keyVault": "kv-cmndev-a1b2c-001",
  "lake": "mrvela1b2cesml001dev",
  "lakeTraversalGroup": "aif001sdc_mrvela1b2c_lake_dev_traversal",
  "logAnalytics": "la-cmn-sdc-dev-a1b2c-001",
  "machineLearningRegistry": "acrcommonmla1b2csdc001dev",
  "natGateway": "ng-esmlcmn-sdc-dev-001",
  "natGatewayAddress": "pip-ng-esmlcmn-sdc-dev-001",
  "nestedDeployment": [Function],
  "networkSecurityGroup": [Function],
  "networkStack": "mrvel-esml-common-network-sdc-dev-001",
  "privateEndpoint": [Function],
  "resourceGroup": "mrvel-esml-common-sdc-dev-001",
  "routeTable": "rt-esmlcmn-sdc-dev-001",
  "subnet": [Function],
  "virtualNetwork": "vnt-esmlcmn-sdc-dev-001",
}
`)
  })

  test('a project', () => {
    const names = projectNames(catalogue, mrvel, '001')
    expect(JSON.parse(JSON.stringify(names))).toMatchObject({
      aiFoundry: 'aif2a1b2c001001dev',
      aiFoundryProject: 'aif2-p001001dev',
      aiSearch: 'aisearchprj001sdcdeva1b2c001',
      applicationInsights: 'ain-prj001-sdc-dev-a1b2c-001',
      appsIdentity: 'mi-aca-prj001-sdc-dev-a1b2c-001',
      containerRegistry: 'acrprj001genaisdca1b2cdev001',
      cosmosDb: 'cosmos-prj001-sdc-dev-a1b2c-001',
      deploymentStack: 'mrvel-esml-project001-sdc-dev-001',
      keyVault: 'kv-p001-sdc-dev-a1b2c01',
      lakeFolder: 'project001',
      machineLearning: 'aml-001-sdc-dev-a1b2c-001',
      machineLearningCluster: 'p001-m01a1b2c001-dev',
      machineLearningInstance: 'p001-i01a1b2c001-dev',
      projectIdentity: 'mi-prj001-sdc-dev-a1b2c-001',
      resourceGroup: 'mrvel-esml-project001-sdc-dev-001-rg',
      storage1: 'saprj001sdca1b2c1001dev',
      storage2: 'saprj001sdca1b2c2001dev',
    })
    expect(subnetKeys.map(names.subnet)).toEqual(['snt-prj001-genai', 'snt-prj001-aca-002'])
    expect(subnetKeys.map(names.networkSecurityGroup)).toEqual([
      'genai-nsg-prj001-sdc-dev',
      'aca2-nsg-prj001-sdc-dev',
    ])
    // Names that somebody chose, and one that is the project's already.
    const chosen = ['web', 'snt-prj001-web', 'SNT-PRJ001-web', 'snt-prj002-web', 'constructor']
    expect(chosen.map(names.subnet)).toEqual([
      'snt-prj001-web',
      'snt-prj001-web',
      'SNT-PRJ001-web',
      'snt-prj001-snt-prj002-web',
      'snt-prj001-constructor',
    ])
    expect(chosen.slice(0, 3).map(names.networkSecurityGroup)).toEqual([
      'web-nsg-prj001-sdc-dev',
      'web-nsg-prj001-sdc-dev',
      'web-nsg-prj001-sdc-dev',
    ])
    expect(projectPersonas.map(names.personaGroup)).toMatchInlineSnapshot(`
[
  "aif001sdc_mrvela1b2c_prj001_dev_team_lead",
  "aif001sdc_mrvela1b2c_prj001_dev_data_scientist",
  "aif001sdc_mrvela1b2c_prj001_dev_ai_engineer",
  "aif001sdc_mrvela1b2c_prj001_dev_agent_developer",
  "aif001sdc_mrvela1b2c_prj001_dev_data_engineer",
  "aif001sdc_mrvela1b2c_prj001_dev_frontend_developer",
]
`)
    expect(names.privateEndpoint(names.storage1, 'blob')).toBe('saprj001sdca1b2c1001dev-blob-pend')
    expect(names.nestedDeployment('network')).toBe('mrvel-001-sdc-prj001-dev-network')
  })

  test('stage is written test', () => {
    expect(commonNames(commonCatalogue, { ...mrvel, environment: 'stage' }).lake).toBe(
      'mrvela1b2cesml001test',
    )
  })
})

describe('names that would be too long', () => {
  const eastUs2 = { ...mrvel, locationCode: 'eus2' } as const

  test('in stage and prod the location of storage and key vault names gives way to a hash', () => {
    const { storage1, keyVault } = projectNames(catalogue, { ...eastUs2, environment: 'prod' }, '001')
    expect({ storage1, keyVault }).toMatchInlineSnapshot(`
{
  "keyVault": "kv-p001-5uz-prod-a1b2c01",
  "storage1": "saprj0015uza1b2c1001prod",
}
`)
  })

  test('in dev they fit as they are', () => {
    const { storage1, keyVault } = projectNames(catalogue, eastUs2, '001')
    expect({ storage1, keyVault }).toEqual({
      storage1: 'saprj001eus2a1b2c1001dev',
      keyVault: 'kv-p001-eus2-dev-a1b2c01',
    })
  })

  test('long parts of deployments and private endpoints keep their beginning and stay distinct', () => {
    const { nestedDeployment, privateEndpoint } = projectNames(catalogue, mrvel, '001')
    expect(nestedDeployment(`network-${'x'.repeat(80)}`)).toMatch(/^mrvel-001-sdc-prj001-dev-network-x+/)
    return fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{60,90}$/), { minLength: 2, maxLength: 2 }),
        (parts) => {
          const names = [
            ...parts.map(nestedDeployment),
            ...parts.map((part) => privateEndpoint(part, 'sites')),
          ]
          for (const name of names) expect(name).toHaveLength(64)
          return new Set(names).size === names.length
        },
      ),
    )
  })

  test('a part that Azure refuses in a name is a defect, and never a wrong name', () => {
    expect(() => projectNames(catalogue, mrvel, '001').nestedDeployment('a/b')).toThrow(RangeError)
  })
})
