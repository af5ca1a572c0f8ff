/** What templates name: judged before anything is deployed, as far as the level of validation goes. */

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { groupId, idOf, owner } from '../arm/testing/served-arm.ts'
import { type DeploymentsOnArm, serveDeployments } from './testing/on-arm.ts'
import { errorIn, groupTemplate } from './testing/stub-azure.ts'

let azure: DeploymentsOnArm
const deployment = `${groupId}/providers/Microsoft.Resources/deployments/main`

beforeAll(async () => {
  azure = await serveDeployments()
  await azure.arm.put(idOf('Microsoft.Network/virtualNetworks', 'vnet'), {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
  })
})
afterAll(() => azure.close())

const network = (kind: string, name: string, rest: object): object => ({
  type: `Microsoft.Network/${kind}`,
  apiVersion: '2025-05-01',
  name,
  ...rest,
})
const rule = {
  priority: 100,
  direction: 'Inbound',
  access: 'Allow',
  protocol: 'Tcp',
  sourceAddressPrefix: 'VirtualNetwork',
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: '443',
}
const group = network('networkSecurityGroups', 'nsg', {
  location: 'swedencentral',
  properties: { securityRules: [{ name: 'https', properties: rule }] },
})
const table = network('routeTables', 'routes', {
  location: 'swedencentral',
  properties: {
    disableBgpRoutePropagation: true,
    routes: [{ name: 'out', properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'Internet' } }],
  },
})
const subnet = (id: string, dependsOn: readonly string[] = []): object =>
  network('virtualNetworks/subnets', 'vnet/one', {
    dependsOn,
    properties: { addressPrefix: '10.0.1.0/24', networkSecurityGroup: { id } },
  })
const nsgId = "[resourceId('Microsoft.Network/networkSecurityGroups', 'nsg')]"

const ask = (verb: string, resources: readonly object[], validationLevel: string) =>
  azure.settle(
    'POST',
    `${deployment}/${verb}`,
    { properties: { mode: 'Incremental', template: groupTemplate([...resources]), validationLevel } },
    owner,
  )
/** Codes of the refusal, outer and inner; none when the template is valid. */
const validate = async (resources: readonly object[], level = 'Provider'): Promise<readonly unknown[]> => {
  const answer = JSON.stringify((await ask('validate', resources, level)).body)
  return [...answer.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code)
}

test('a template that names what is neither there nor in it is refused, except at the level Template', async () => {
  const refused = ['InvalidTemplateDeployment', 'InvalidResourceReference']
  expect(await validate([subnet(nsgId)])).toEqual(refused)
  expect(await validate([subnet(nsgId)], 'ProviderNoRbac')).toEqual(refused)
  expect(await validate([subnet(nsgId)], 'Template')).toEqual([])
  expect(await validate([group, subnet(nsgId, [nsgId])])).toEqual([])
})

test('an id that is none is refused at every level', async () => {
  for (const level of ['Provider', 'ProviderNoRbac', 'Template'])
    expect(await validate([subnet('nsg')], level)).toEqual([
      'InvalidTemplateDeployment',
      'LinkedInvalidPropertyId',
    ])
})

test('what-if of a security group and a route table that are there is quiet', async () => {
  const resources = [group, table]
  const put = await azure.settle(
    'PUT',
    deployment,
    { properties: { mode: 'Incremental', template: groupTemplate(resources) } },
    owner,
  )
  expect(errorIn(put.body)).toBe('no error')
  const preview = JSON.stringify((await ask('whatIf', resources, 'Provider')).body)
  expect([...preview.matchAll(/"changeType":"(\w+)"/g)].map(([, kind]) => kind).sort()).toEqual([
    'Ignore',
    'NoChange',
    'NoChange',
  ])
})
