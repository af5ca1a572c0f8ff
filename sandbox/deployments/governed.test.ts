/** Deployments and stacks where platform teams govern: policies before, locks at the end, and what policies deploy by themselves. */
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { groupId, idOf, roleIds, stranger, subscription, type TestArm } from '../arm/testing/served-arm.ts'
import type { DeploymentsState } from './index.ts'
import { type DeploymentsOnArm, serveDeployments } from './testing/on-arm.ts'

const scope = `/subscriptions/${subscription}`
const plain = { location: 'swedencentral' }

let azure: DeploymentsOnArm
let arm: TestArm
let state: DeploymentsState
let ask: DeploymentsOnArm['ask']

beforeEach(async () => {
  azure = await serveDeployments()
  arm = azure.arm
  state = azure.state
  ask = azure.ask
})
afterEach(() => azure.close())

/** Asks again and again until it is so. */
async function until<T>(find: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await find()
    if (found !== undefined) return found
    await setTimeout(5)
  }
}

const assign = (name: string, policy: string, parameters: Record<string, unknown>, more: object = {}) =>
  ask('PUT', `${scope}/providers/Microsoft.Authorization/policyAssignments/${name}`, {
    properties: {
      policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${policy}`,
      parameters: Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, { value }])),
    },
    ...more,
  })
const template = (...resources: object[]) => ({
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  resources,
})
const nsg = (name: string, location = 'swedencentral') => ({
  type: 'Microsoft.Network/networkSecurityGroups',
  apiVersion: '2024-05-01',
  name,
  location,
})
const allowedLocations = 'e56962a6-4747-49cd-b67b-bf8b01975c4c'

describe('a deployment that a policy denies', () => {
  const deployment = `${groupId}/providers/Microsoft.Resources/deployments/d`
  const body = {
    properties: { mode: 'Incremental', template: template(nsg('home'), nsg('abroad', 'westeurope')) },
  }

  test('is refused before anything is deployed, at validation and when it is asked for', async () => {
    await assign('where', allowedLocations, { listOfAllowedLocations: ['swedencentral'] })
    for (const [method, path] of [
      ['POST', `${deployment}/validate`],
      ['PUT', deployment],
    ] as const) {
      const { body: answer } = await ask(method, path, body)
      expect(answer['error']).toMatchObject({
        code: 'InvalidTemplateDeployment',
        message:
          'The template deployment failed because of policy violation. Please see details for more information.',
        details: [
          {
            code: 'RequestDisallowedByPolicy',
            target: 'abroad',
            additionalInfo: [{ type: 'PolicyViolation', info: { policyAssignmentName: 'where' } }],
          },
        ],
      })
    }
    expect((await ask('GET', idOf('Microsoft.Network/networkSecurityGroups', 'home'))).status).toBe(404)
  })
})

test('a template may define a policy, put it into a set, and assign both', async () => {
  const authorization = 'Microsoft.Authorization'
  const own = (type: string, name: string) =>
    `[subscriptionResourceId('${authorization}/${type}', '${name}')]`
  const definition = {
    mode: 'Indexed',
    parameters: { tag: { type: 'String' } },
    policyRule: Object.fromEntries([
      ['if', { field: "[[concat('tags[', parameters('tag'), ']')]", exists: 'false' }],
      ['then', { effect: 'audit' }],
    ]),
  }
  const resources = [
    { type: 'policyDefinitions', name: 'p', properties: definition },
    {
      type: 'policySetDefinitions',
      name: 's',
      dependsOn: [own('policyDefinitions', 'p')],
      properties: {
        policyDefinitions: [
          { policyDefinitionId: own('policyDefinitions', 'p'), parameters: { tag: { value: 'team' } } },
        ],
      },
    },
    ...['policyDefinitions/p', 'policySetDefinitions/s'].map((made) => {
      const [type = '', name = ''] = made.split('/')
      const id = own(type, name)
      const parameters = name === 'p' ? { tag: { value: 'team' } } : {}
      return {
        type: 'policyAssignments',
        name: `of-${name}`,
        dependsOn: [id],
        properties: { policyDefinitionId: id, parameters },
      }
    }),
  ].map(({ type, ...rest }) => ({ type: `${authorization}/${type}`, apiVersion: '2021-06-01', ...rest }))
  const body = {
    location: 'swedencentral',
    properties: {
      mode: 'Incremental',
      template: {
        ...template(...resources),
        $schema:
          'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#',
      },
    },
  }
  const deployment = `${scope}/providers/Microsoft.Resources/deployments/policies`
  expect(await ask('POST', `${deployment}/validate`, body)).toMatchObject({ status: 200 })
  expect((await ask('PUT', deployment, body)).status).toBe(201)
  await until(async () => {
    const { body: shown } = await ask('GET', `${scope}/providers/${authorization}/policyAssignments/of-s`)
    return shown['name']
  })
})

test('a stack cannot delete what is locked, and says so', async () => {
  const id = `${groupId}/providers/Microsoft.Resources/deploymentStacks/s`
  const kept = idOf('Microsoft.Network/networkSecurityGroups', 'kept')
  await ask('PUT', id, {
    properties: {
      template: template(nsg('kept')),
      actionOnUnmanage: { resources: 'delete', resourceGroups: 'delete' },
      denySettings: { mode: 'none' },
    },
  })
  await until(() => (state.stacks[id.toLowerCase()]?.provisioningState === 'succeeded' ? true : undefined))
  await ask('PUT', `${kept}/providers/Microsoft.Authorization/locks/keep`, {
    properties: { level: 'CanNotDelete' },
  })
  await ask('DELETE', `${id}?unmanageAction.Resources=delete&unmanageAction.ResourceGroups=delete`)
  await until(() => (state.stacks[id.toLowerCase()]?.provisioningState === 'failed' ? true : undefined))
  expect((await ask('GET', id)).body).toMatchObject({
    properties: { failedResources: [{ id: kept, error: { code: 'ScopeLocked' } }] },
  })
  expect((await ask('GET', kept)).status).toBe(200)
})

describe('a policy that deploys what is missing', () => {
  const zone = idOf('Microsoft.Network/privateDnsZones', 'privatelink.vaultcore.azure.net')
  const endpoint = idOf('Microsoft.Network/privateEndpoints', 'pe')
  const vaults = 'ac673a9a-f77d-4846-b2d8-a57f8e1c01d4'
  const networkContributor = '4d97b98b-1d4f-4787-a291-c67834d212e7'

  /** The assignment with an identity, and what a private endpoint stands on. */
  async function prepared(): Promise<string> {
    const { body } = await assign(
      'dns',
      vaults,
      { privateDnsZoneId: zone },
      { ...plain, identity: { type: 'SystemAssigned' } },
    )
    await arm.put(zone, { location: 'global' })
    const network = idOf('Microsoft.Network/virtualNetworks', 'vnet')
    const subnets = [{ name: 'pe', properties: { addressPrefix: '10.0.0.0/24' } }]
    await arm.put(network, {
      ...plain,
      properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] }, subnets },
    })
    await arm.put(idOf('Microsoft.KeyVault/vaults', 'kv-governed'), {
      ...plain,
      properties: {
        sku: { name: 'standard', family: 'A' },
        tenantId: '11111111-1111-1111-1111-111111111111',
      },
    })
    return (body['identity'] as { principalId: string }).principalId
  }
  const connect = (id = endpoint) =>
    arm.put(id, {
      ...plain,
      properties: {
        subnet: { id: `${idOf('Microsoft.Network/virtualNetworks', 'vnet')}/subnets/pe` },
        privateLinkServiceConnections: [
          {
            name: 'pe',
            properties: {
              privateLinkServiceId: idOf('Microsoft.KeyVault/vaults', 'kv-governed'),
              groupIds: ['vault'],
            },
          },
        ],
      },
    })
  const deployed = () =>
    Object.values(state.deployments).find(
      ({ name, error, provisioningState }) =>
        name.startsWith('PolicyDeployment') && (error !== undefined || provisioningState === 'Succeeded'),
    )

  test('gives a private endpoint its DNS zone group some time later, with the rights of its identity', async () => {
    const principalId = await prepared()
    await ask(
      'PUT',
      `${scope}/providers/Microsoft.Authorization/roleAssignments/dddddddd-0000-0000-0000-000000000001`,
      {
        properties: {
          roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${networkContributor}`,
          principalId,
          principalType: 'ServicePrincipal',
        },
      },
    )
    await connect()
    expect((await until(deployed)).error).toBeUndefined()
    const group = await ask('GET', `${endpoint}/privateDnsZoneGroups/deployedByPolicy`)
    expect(group.body).toMatchObject({
      properties: { privateDnsZoneConfigs: [{ properties: { privateDnsZoneId: zone } }] },
    })
    expect((await ask('GET', `${zone}/A/kv-governed`)).status).toBe(200)
  })

  test('deploys nothing without these rights, and only its deployment says so', async () => {
    await prepared()
    await connect()
    expect((await until(deployed)).error).toMatchObject({
      code: 'DeploymentFailed',
      details: [{ code: 'AuthorizationFailed' }],
    })
    expect((await ask('GET', `${endpoint}/privateDnsZoneGroups/deployedByPolicy`)).status).toBe(404)
  })

  const failures = () => {
    const ended = Object.values(state.deployments).filter(
      ({ name, error }) => name.startsWith('PolicyDeployment_') && error !== undefined,
    )
    return ended.map(({ error }) => error?.code)
  }

  test('deploys for each resource by itself, so that each failure shows', async () => {
    await prepared()
    await Promise.all(['one', 'two'].map((name) => connect(idOf('Microsoft.Network/privateEndpoints', name))))
    expect(await until(() => (failures().length > 1 ? failures() : undefined))).toEqual([
      'DeploymentFailed',
      'DeploymentFailed',
    ])
  })

  test('goes on after a template that cannot be deployed, which shows as a failed deployment', async () => {
    const faulty = `${scope}/providers/Microsoft.Authorization/policyDefinitions/faulty`
    const details = {
      type: 'Microsoft.Network/networkSecurityGroups',
      roleDefinitionIds: [`/providers/Microsoft.Authorization/roleDefinitions/${networkContributor}`],
      deployment: {
        properties: { mode: 'incremental', template: template(), parameters: { unknown: { value: 1 } } },
      },
    }
    const rule = Object.fromEntries([
      ['if', { field: 'type', equals: 'Microsoft.Network/privateEndpoints' }],
      ['then', { effect: 'deployIfNotExists', details }],
    ])
    await ask('PUT', faulty, { properties: { mode: 'All', policyRule: rule } })
    await ask('PUT', `${scope}/providers/Microsoft.Authorization/policyAssignments/a-faulty`, {
      ...plain,
      identity: { type: 'SystemAssigned' },
      properties: { policyDefinitionId: faulty },
    })
    await prepared()
    await connect()
    const shown = await until(() => (failures().length > 1 ? failures() : undefined))
    expect([...shown].sort()).toEqual(['DeploymentFailed', 'InvalidTemplate'])
  })
})

describe('who may assign some roles only', () => {
  const roles = `${scope}/providers/Microsoft.Authorization/roleDefinitions`
  const assignments = 'Microsoft.Authorization/roleAssignments'
  const give = (name: string, role: string, more: object = {}) =>
    ask('PUT', `${scope}/providers/${assignments}/dddddddd-0000-0000-0000-00000000000${name}`, {
      properties: {
        roleDefinitionId: `${roles}/${role}`,
        principalId: stranger,
        principalType: 'User',
        ...more,
      },
    })
  const identity = {
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
    apiVersion: '2023-01-31',
    name: 'mi-one',
    location: 'swedencentral',
  }
  const assignment = (role: string) => ({
    type: assignments,
    apiVersion: '2022-04-01',
    name: `[guid(resourceGroup().id, '${role}')]`,
    properties: {
      roleDefinitionId: `${roles}/${role}`,
      principalId:
        "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'mi-one'), '2023-01-31').principalId]",
      principalType: 'ServicePrincipal',
    },
    dependsOn: ['mi-one'],
  })
  const deploy = async (role: string) => {
    const id = `${groupId}/providers/Microsoft.Resources/deployments/${role}`
    const properties = { mode: 'Incremental', template: template(identity, assignment(role)) }
    const asked = await ask('PUT', id, { properties }, stranger)
    if (asked.code !== undefined) return asked.code
    return until(() => {
      const { provisioningState = '', error } = state.deployments[id.toLowerCase()] ?? {}
      if (!/^(Succeeded|Failed)$/.test(provisioningState)) return undefined
      return error?.details?.[0]?.code ?? 'deployed'
    })
  }

  test('assigns no other by a template either, which names the principal only when it runs', async () => {
    await give('1', roleIds.contributor)
    await give('2', roleIds.rbacAdministrator, {
      condition: `(!(ActionMatches{'${assignments}/write'})) OR (@Request[${assignments}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${roleIds.reader}})`,
      conditionVersion: '2.0',
    })
    expect(await deploy(roleIds.owner)).toBe('AuthorizationFailed')
    expect(await deploy(roleIds.reader)).toBe('deployed')
  })
})
