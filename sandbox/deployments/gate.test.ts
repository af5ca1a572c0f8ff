/** What the gate of Azure Resource Manager refuses in a template, whatever the template is sent for. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { groupId } from '../arm/testing/served-arm.ts'
import { type DeploymentsOnArm, serveDeployments } from './testing/on-arm.ts'
import { verdicts } from './testing/verdicts.ts'

let azure: DeploymentsOnArm
beforeAll(async () => {
  azure = await serveDeployments()
})
afterAll(() => azure.close())

const templateOf = (...resources: readonly object[]) => ({
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  resources,
})
const searchService = {
  type: 'Microsoft.Search/searchServices',
  apiVersion: '2025-05-01',
  name: 'srch-gate',
  location: 'swedencentral',
  sku: { name: 'basic' },
}
/** The innermost refusal of each. */
const refusals = async (...resources: readonly object[]) => {
  const said = await verdicts(azure, templateOf(...resources))
  return Object.fromEntries(Object.entries(said).map(([name, codes]) => [name, codes.at(-1)]))
}
const byAll = (code: string | undefined) => ({
  validate: code,
  'what-if': code,
  deployment: code,
  stack: code,
})

describe('a resource', () => {
  test('that Azure takes is taken by all', async () => {
    expect(await refusals(searchService)).toEqual(byAll(undefined))
  })

  test.each([
    ['NoRegisteredProviderFound', { apiVersion: '2025-05-02' }],
    ['InvalidResourceType', { type: 'Microsoft.Search/services' }],
    ['InvalidResourceNamespace', { type: 'Contoso.Search/searchServices' }],
  ])(
    'of a type, or in an API version, that there is not is refused by all that take a template: %s',
    async (code, change) => {
      expect(await refusals({ ...searchService, ...change })).toEqual(byAll(code))
    },
  )

  test('of a type that there is not is refused even when it waits for others', async () => {
    const other = { ...searchService, name: 'srch-other', type: 'Microsoft.Search/services' }
    const dependsOn = ["[resourceId('Microsoft.Search/searchServices', 'srch-new')]"]
    expect(await refusals({ ...searchService, name: 'srch-new' }, { ...other, dependsOn })).toEqual(
      byAll('InvalidResourceType'),
    )
  })

  test.each([
    ['a misspelt member', { properties: { replicaCuont: 1 } }],
    ['a value of the wrong type', { properties: { replicaCount: 'two' } }],
    ['a value that is none of those', { properties: { publicNetworkAccess: 'Off' } }],
    ['what only the provider sets', { properties: { status: 'running' } }],
  ])('with %s is refused by all that take a template', async (_what, change) => {
    const changed = { ...searchService, name: 'srch-changed', ...change }
    expect(await refusals(changed)).toEqual(byAll('InvalidRequestContent'))
  })

  test('with a value that only the running deployment knows is judged by all the rest', async () => {
    const later =
      "[reference(resourceId('Microsoft.Search/searchServices', 'srch-gate'), '2025-05-01').replicaCount]"
    const dependsOn = ["[resourceId('Microsoft.Search/searchServices', 'srch-gate')]"]
    const second = (properties: object) => ({ ...searchService, name: 'srch-second', properties, dependsOn })
    expect(await refusals(searchService, second({ replicaCount: later }))).toEqual(byAll(undefined))
    expect(await refusals(searchService, second({ replicaCount: later, replicas: 1 }))).toEqual(
      byAll('InvalidRequestContent'),
    )
  })
})

test.each([
  ['deployments', '2025-07-01'],
  ['deploymentStacks', '2025-04-01'],
  ['deploymentStacksWhatIfResults', '2024-03-01'],
])('a request to %s in an API version that they never had is refused: %s', async (type, version) => {
  const path = `${groupId}/providers/Microsoft.Resources/${type}/main?api-version=${version}`
  for (const method of ['GET', 'PUT'])
    expect(await azure.ask(method, path, method === 'GET' ? undefined : {})).toMatchObject({
      status: 400,
      code: 'InvalidApiVersionParameter',
    })
})
