/** Who may validate and preview a deployment, at which level. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { groupId, idOf, stranger, tenantId } from '../arm/testing/served-arm.ts'
import { type DeploymentsOnArm, serveDeployments } from './testing/on-arm.ts'
import { errorIn, groupTemplate } from './testing/stub-azure.ts'

let azure: DeploymentsOnArm
const planner = 'aaaaaaaa-0000-0000-0000-00000000000a'
const blind = 'aaaaaaaa-0000-0000-0000-00000000000b'
const onlyReader = 'aaaaaaaa-0000-0000-0000-00000000000c'
const groupReader = 'aaaaaaaa-0000-0000-0000-00000000000d'
const deployment = `${groupId}/providers/Microsoft.Resources/deployments/main`

const validating = ['validate', 'whatIf'].map((verb) => `Microsoft.Resources/deployments/${verb}/action`)

beforeAll(async () => {
  azure = await serveDeployments({
    [planner]: [...validating, '*/read'],
    [blind]: [...validating, 'Microsoft.Resources/deployments/read'],
    [onlyReader]: ['*/read'],
    [groupReader]: ['Microsoft.Resources/subscriptions/resourceGroups/read'],
  })
  await azure.arm.put(idOf('Microsoft.Network/virtualNetworks', 'vnet'), {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
  })
})
afterAll(() => azure.close())

const subnet = (addressPrefix: string): unknown =>
  groupTemplate([
    {
      type: 'Microsoft.Network/virtualNetworks/subnets',
      apiVersion: '2025-05-01',
      name: 'vnet/new',
      properties: { addressPrefix },
    },
  ])
const fits = subnet('10.0.1.0/24')
const outside = subnet('192.168.0.0/24')

const body = (template: unknown, validationLevel?: string): object => ({
  properties: {
    mode: 'Incremental',
    template,
    ...(validationLevel === undefined ? {} : { validationLevel }),
  },
})
const validate = async (who: string, template: unknown, level?: string): Promise<string> =>
  errorIn((await azure.ask('POST', `${deployment}/validate`, body(template, level), who)).body)
const preview = async (who: string, template: unknown, level?: string): Promise<string> => {
  const answer = await azure.settle('POST', `${deployment}/whatIf`, body(template, level), who)
  const changes = JSON.stringify(answer.body).match(/"changeType":"(\w+)"/)?.[1]
  return changes ?? errorIn(answer.body)
}

describe.each([
  ['validation', validate, 'no error'],
  ['what-if', preview, 'Create'],
] as const)('%s', (_, ask, accepted) => {
  test('at level Provider, the default, needs the right to write', async () => {
    const refused = `does not have permission to perform action 'Microsoft.Network/virtualNetworks/subnets/write'`
    expect(await ask(planner, fits)).toContain(refused)
    expect(await ask(planner, fits, 'provider')).toContain(refused)
  })

  test('at level ProviderNoRbac needs the right to read, and asks the providers', async () => {
    expect(await ask(planner, fits, 'ProviderNoRbac')).toBe(accepted)
    expect(await ask(planner, outside, 'ProviderNoRbac')).toContain('InvalidTemplateDeployment')
    expect(await ask(blind, fits, 'ProviderNoRbac')).toContain(
      "perform action 'Microsoft.Network/virtualNetworks/subnets/read'",
    )
  })

  test('at level Template asks no provider', async () => {
    expect(await ask(planner, outside, 'Template')).toBe(accepted)
  })

  test('is not for who may only read, at no level', async () => {
    for (const level of ['Provider', 'ProviderNoRbac', 'Template'])
      expect(await ask(onlyReader, fits, level)).toContain('AuthorizationFailed')
    expect(await ask(stranger, fits)).toContain('AuthorizationFailed')
  })

  test('knows three levels', async () => {
    expect(await ask(planner, fits, 'Full')).toContain('InvalidRequestContent')
  })
})

test('what-if shows nothing of what the caller may not read', async () => {
  expect(await preview(blind, fits, 'Template')).toBe('Unsupported')
  const { body: answer } = await azure.settle('POST', `${deployment}/whatIf`, body(fits, 'Template'), blind)
  expect(JSON.stringify(answer)).toContain("perform action 'Microsoft.Network/virtualNetworks/subnets/read'")
  expect(JSON.stringify(answer)).not.toContain('"Ignore"')
  expect(JSON.stringify(answer)).not.toContain(tenantId)
})

test('the right on a resource group is called as Azure calls it', async () => {
  const { body: answer } = await azure.ask('GET', `${groupId}?api-version=2024-03-01`, undefined, stranger)
  expect(errorIn(answer)).toContain("action 'Microsoft.Resources/subscriptions/resourceGroups/read'")
  const read = await azure.ask('GET', `${groupId}?api-version=2024-03-01`, undefined, groupReader)
  expect(read.status).toBe(200)
})
