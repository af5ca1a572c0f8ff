/** A template is judged by the state that its deployment will have: what it changes itself counts as changed. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { groupId, idOf } from '../arm/testing/served-arm.ts'
import { type DeploymentsOnArm, serveDeployments } from './testing/on-arm.ts'
import { groupTemplate, nested } from './testing/stub-azure.ts'
import { verdicts } from './testing/verdicts.ts'

const here = { location: 'swedencentral' }
const network = (name: string) => idOf('Microsoft.Network/virtualNetworks', name)
const agents = [{ name: 'agents', properties: { serviceName: 'Microsoft.App/environments' } }]

let azure: DeploymentsOnArm
beforeAll(async () => {
  azure = await serveDeployments()
  for (const name of ['grown', 'delegated', 'freed', 'apart', 'partly'])
    await azure.arm.put(network(name), networkBody('10.0.0.0/16'))
  for (const name of ['delegated', 'apart', 'partly'])
    await azure.arm.put(`${network(name)}/subnets/one`, { properties: { addressPrefix: '10.0.1.0/24' } })
  await azure.arm.put(`${network('freed')}/subnets/one`, {
    properties: { addressPrefix: '10.0.1.0/24', delegations: agents },
  })
  for (const name of ['ai-first', 'ai-alone', 'ai-partly'])
    await azure.arm.put(idOf('Microsoft.CognitiveServices/accounts', name), accountBody(name))
  await azure.arm.put(idOf('Microsoft.CognitiveServices/accounts', 'ai-hosts'), allowing('ai-hosts'))
})
afterAll(() => azure.close())

const networkBody = (...addressPrefixes: readonly string[]) => ({
  ...here,
  properties: { addressSpace: { addressPrefixes } },
})
const accountBody = (name: string, more: object = {}) => ({
  ...here,
  kind: 'AIServices',
  sku: { name: 'S0' },
  identity: { type: 'SystemAssigned' },
  properties: { customSubDomainName: name, ...more },
})
const allowing = (name: string, more: object = {}) =>
  accountBody(name, { allowProjectManagement: true, ...more })
const waiting = (...dependsOn: readonly string[]) => ({ dependsOn })

const networkPart = (kind: string, name: string, rest: object): object => ({
  type: `Microsoft.Network/${kind}`,
  apiVersion: '2025-05-01',
  name,
  ...rest,
})
const subnet = (name: string, properties: object, rest: object = {}) =>
  networkPart('virtualNetworks/subnets', name, { properties, ...rest })
const foundry = (kind: string, name: string, rest: object): object => ({
  type: `Microsoft.CognitiveServices/accounts${kind}`,
  apiVersion: '2025-06-01',
  name,
  ...rest,
})
const project = (account: string, rest: object = {}) =>
  foundry('/projects', `${account}/one`, {
    ...here,
    identity: { type: 'SystemAssigned' },
    properties: {},
    ...rest,
  })
const subnetOf = (name: string) => `${network(name)}/subnets/one`
const injected = (account: string, networkName: string, rest: object = {}) =>
  foundry('', account, {
    ...allowing(account, { networkInjections: [{ scenario: 'agent', subnetArmId: subnetOf(networkName) }] }),
    ...rest,
  })
const endpoint = (networkName: string, target: string, rest: object = {}) =>
  networkPart('privateEndpoints', `pep-${networkName}`, {
    ...here,
    properties: {
      subnet: { id: subnetOf(networkName) },
      privateLinkServiceConnections: [
        {
          name: 'account',
          properties: {
            privateLinkServiceId: idOf('Microsoft.CognitiveServices/accounts', target),
            groupIds: ['account'],
          },
        },
      ],
    },
    ...rest,
  })

/** What is there, the template that changes it, and what only that change makes right. */
const changes: Readonly<
  Record<string, { readonly change: object; readonly use: object; readonly without: string }>
> = {
  'a subnet in a prefix that its network gets': {
    change: networkPart('virtualNetworks', 'grown', networkBody('10.0.0.0/16', '10.9.0.0/16')),
    use: subnet('grown/new', { addressPrefix: '10.9.1.0/24' }, waiting(network('grown'))),
    without: 'NetcfgSubnetRangeOutsideVnet',
  },
  'agents in a subnet that is delegated to them': {
    change: subnet('delegated/one', { addressPrefix: '10.0.1.0/24', delegations: agents }),
    use: injected('ai-delegated', 'delegated', waiting(subnetOf('delegated'))),
    without: 'SubnetNotDelegated',
  },
  'an endpoint in a subnet whose delegation goes': {
    change: subnet('freed/one', { addressPrefix: '10.0.1.0/24', delegations: [] }),
    use: endpoint('freed', 'ai-alone', waiting(subnetOf('freed'))),
    without: 'PrivateEndpointCreationNotAllowedAsSubnetIsDelegated',
  },
  'the first project of an account that is to allow projects': {
    change: foundry('', 'ai-first', allowing('ai-first')),
    use: project('ai-first', waiting(idOf('Microsoft.CognitiveServices/accounts', 'ai-first'))),
    without: 'BadRequest',
  },
}

describe.each(Object.keys(changes))('%s', (title) => {
  const { change = {}, use = {}, without = '' } = changes[title] ?? {}

  test('is refused when the template does not change it', async () => {
    const refused = { ...use, dependsOn: [] }
    expect(await validate([refused])).toEqual(['InvalidTemplateDeployment', without])
  })

  test('is taken with the change, whichever comes first in the template, and validating changes nothing', async () => {
    const before = JSON.stringify(azure.arm.state)
    expect(await validate([change, use])).toEqual([])
    expect(await validate([use, change])).toEqual([])
    expect(JSON.stringify(azure.arm.state)).toBe(before)
  })

  test('is deployed', async () => {
    expect(await verdicts(azure, groupTemplate([use, change]))).toEqual({
      validate: [],
      'what-if': [],
      deployment: [],
      stack: [],
    })
  })
})

test('a project gets its capability host in the template that makes the one of its account, known in part or not', async () => {
  const account = idOf('Microsoft.CognitiveServices/accounts', 'ai-hosts')
  const ids = { host: `${account}/capabilityHosts/host`, project: `${account}/projects/one` }
  const ofAccount = (properties: object) => foundry('/capabilityHosts', 'ai-hosts/host', { properties })
  const ofProject = foundry('/projects/capabilityHosts', 'ai-hosts/one/host', {
    properties: { capabilityHostKind: 'Agents' },
    ...waiting(ids.host, ids.project),
  })
  const alone = { ...ofProject, dependsOn: [ids.project] }
  const later = { customerSubnet: `[reference('${network('apart')}', '2025-05-01').subnets[0].id]` }
  expect(await validate([project('ai-hosts'), alone])).toEqual(['InvalidTemplateDeployment', 'BadRequest'])
  expect(await validate([ofProject, project('ai-hosts'), ofAccount(later)])).toEqual([])
  expect(await validate([ofProject, project('ai-hosts'), ofAccount({})])).toEqual([])
})

test('modules that wait for each other are judged in that order', async () => {
  const module = (name: string, resources: readonly object[], dependsOn: readonly string[] = []) => ({
    ...nested(name, 'rg', groupTemplate([...resources])),
    dependsOn,
  })
  const change = subnet('apart/one', { addressPrefix: '10.0.1.0/24', delegations: agents })
  const use = injected('ai-apart', 'apart')
  const first = `${groupId}/providers/Microsoft.Resources/deployments/network`
  expect(await validate([module('account', [use]), module('network', [])])).toEqual([
    'InvalidTemplateDeployment',
    'SubnetNotDelegated',
  ])
  expect(await validate([module('account', [use], [first]), module('network', [change])])).toEqual([])
})

test('what only the running deployment knows is left to it, with all that depends on it', async () => {
  const later = `[reference('${network('grown')}', '2025-05-01').addressSpace.addressPrefixes[0]]`
  const grown = networkPart('virtualNetworks', 'partly', networkBody('10.0.0.0/16', later))
  const added = subnet('partly/new', { addressPrefix: '10.9.1.0/24' }, waiting(network('partly')))
  expect(await validate([{ ...added, dependsOn: [] }])).toEqual([
    'InvalidTemplateDeployment',
    'NetcfgSubnetRangeOutsideVnet',
  ])
  expect(await validate([grown, added])).toEqual([])
  const account = foundry('', 'ai-partly', {
    ...allowing('ai-partly'),
    tags: { network: later },
  })
  const id = idOf('Microsoft.CognitiveServices/accounts', 'ai-partly')
  expect(await validate([account, project('ai-partly', waiting(id))])).toEqual([])
})

test('resources are refused for each other within one template too', async () => {
  const one = subnet('apart/two', { addressPrefix: '10.0.2.0/24' })
  const other = subnet(
    'apart/three',
    { addressPrefix: '10.0.2.0/25' },
    waiting(`${network('apart')}/subnets/two`),
  )
  expect(await validate([one, other])).toEqual(['InvalidTemplateDeployment', 'NetcfgSubnetRangesOverlap'])
})

/** Codes of the refusal, outer and inner; none when the template is valid. */
async function validate(resources: readonly object[]): Promise<readonly unknown[]> {
  const { body } = await azure.settle(
    'POST',
    `${groupId}/providers/Microsoft.Resources/deployments/main/validate`,
    { properties: { mode: 'Incremental', template: groupTemplate([...resources]) } },
  )
  return [...JSON.stringify(body).matchAll(/"code":"(\w+)"/g)].map(([, code]) => code)
}
