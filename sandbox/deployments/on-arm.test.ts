/** Deployments and stacks over the sandbox's own Azure Resource Manager: a small private project, as Microsoft's clients see it. */

import { DeploymentsClient } from '@azure/arm-resourcesdeployments'
import { type DeploymentStack, DeploymentStacksClient } from '@azure/arm-resourcesdeploymentstacks'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  callerOf,
  groupId,
  idOf,
  makeArm,
  owner,
  reader,
  roles,
  subscription,
  type TestArm,
} from '../arm/testing/served-arm.ts'

import { createFaults } from '../server/faults.ts'
import { randomIdentifiers, systemClock } from '../server/runtime.ts'
import { startServer } from '../server/server.ts'
import { trust } from '../server/trust.ts'
import { createDeployments, emptyDeploymentsState } from './index.ts'
import { groupTemplate, nested, refusal, subscriptionTemplate } from './testing/stub-azure.ts'

let arm: TestArm
let deployments: DeploymentsClient
let stacks: DeploymentStacksClient
let close: () => Promise<void>
const quickly = { updateIntervalInMs: 10 }
const vnet = idOf('Microsoft.Network/virtualNetworks', 'vnet')
const project = `/subscriptions/${subscription}/resourceGroups/prj001`

const clientsOf = (url: string, objectId: string) => {
  const credential = {
    getToken: async () => ({ token: objectId, expiresOnTimestamp: Date.now() + 3_600_000 }),
  }
  const settings = { endpoint: url, retryOptions: { maxRetries: 0 } }
  return {
    deployments: new DeploymentsClient(credential, subscription, settings),
    stacks: new DeploymentStacksClient(credential, subscription, settings),
  }
}
let url = ''

beforeEach(async () => {
  arm = await makeArm({ base: () => url, durationScale: 1 / 50_000 })
  const area = createDeployments(emptyDeploymentsState(), {
    ...arm,
    clock: systemClock,
    identifiers: randomIdentifiers,
    base: () => url,
  })
  const server = await startServer({
    port: 0,
    clock: systemClock,
    identifiers: randomIdentifiers,
    faults: createFaults(),
    assemble: async ({ base }) => ({
      verify: async (token) => callerOf(token, base()),
      areas: [
        { name: 'deployments', answer: area },
        { name: 'arm', answer: arm.area },
      ],
      state: arm.state,
    }),
  })
  url = server.url
  trust(server.ca)
  ;({ deployments, stacks } = clientsOf(url, owner))
  close = server.close
  await arm.put(vnet, {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
  })
})
afterEach(() => close())

const network = (kind: string, name: string, rest: object): object => ({
  type: `Microsoft.Network/${kind}`,
  apiVersion: '2025-05-01',
  name,
  ...rest,
})

const subnets = nested(
  'subnets',
  'rg',
  groupTemplate([
    network('networkSecurityGroups', 'nsg', { location: 'swedencentral', properties: { securityRules: [] } }),
    network('virtualNetworks/subnets', 'vnet/endpoints', {
      dependsOn: ["[resourceId('Microsoft.Network/networkSecurityGroups', 'nsg')]"],
      properties: {
        addressPrefix: '10.0.1.0/24',
        networkSecurityGroup: { id: "[resourceId('Microsoft.Network/networkSecurityGroups', 'nsg')]" },
      },
    }),
  ]),
)

const services = (withStorage: boolean): Record<string, unknown> =>
  nested(
    'services',
    'prj001',
    groupTemplate([
      {
        type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
        apiVersion: '2024-11-30',
        name: 'mi-001',
        location: '[resourceGroup().location]',
      },
      {
        type: 'Microsoft.Authorization/roleAssignments',
        apiVersion: '2022-04-01',
        name: "[guid(resourceGroup().id, 'mi-001', 'reader')]",
        properties: {
          roleDefinitionId: `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${roles.reader}')]`,
          principalId: "[reference('mi-001').principalId]",
          principalType: 'ServicePrincipal',
        },
      },
      ...(withStorage
        ? [
            {
              type: 'Microsoft.Storage/storageAccounts',
              apiVersion: '2025-06-01',
              name: 'prj001storage',
              location: 'swedencentral',
              kind: 'StorageV2',
              sku: { name: 'Standard_LRS' },
              properties: { publicNetworkAccess: 'Disabled', isHnsEnabled: true },
            },
            network('privateEndpoints', 'pe', {
              location: 'swedencentral',
              dependsOn: ['prj001storage'],
              properties: {
                subnet: { id: `${vnet}/subnets/endpoints` },
                privateLinkServiceConnections: [
                  {
                    name: 'pe',
                    properties: {
                      privateLinkServiceId:
                        "[resourceId('Microsoft.Storage/storageAccounts', 'prj001storage')]",
                      groupIds: ['blob'],
                    },
                  },
                ],
              },
            }),
          ]
        : []),
    ]),
    { dependsOn: ['prj001', 'subnets'] },
  )

const stackOf = (withStorage: boolean): DeploymentStack => ({
  location: 'swedencentral',
  properties: {
    template: subscriptionTemplate([
      {
        type: 'Microsoft.Resources/resourceGroups',
        apiVersion: '2024-03-01',
        name: 'prj001',
        location: 'swedencentral',
      },
      subnets,
      services(withStorage),
    ]),
    actionOnUnmanage: { resources: 'delete', resourceGroups: 'delete' },
    denySettings: { mode: 'none' },
  },
})

const deploy = async (stack: DeploymentStack): Promise<DeploymentStack> => {
  try {
    return await stacks.deploymentStacks.beginCreateOrUpdateAtSubscriptionAndWait(
      'prj001-dev',
      stack,
      quickly,
    )
  } catch (error) {
    const { properties } = await stacks.deploymentStacks.getAtSubscription('prj001-dev')
    throw new Error(JSON.stringify(properties?.error, null, 2), { cause: error })
  }
}
const whatIf = async (stack: DeploymentStack) =>
  deployments.deployments.whatIfAtSubscriptionScope(
    'prj001-dev',
    {
      location: 'swedencentral',
      properties: { mode: 'Incremental', template: stack.properties?.template ?? {} },
    },
    quickly,
  )
const shown = (ids: readonly ({ id?: string } | undefined)[] | undefined): readonly string[] =>
  (ids ?? []).map((item) => item?.id?.split('/').at(-1) ?? '').filter((name) => !/^[\da-f-]{36}$/.test(name))

describe('a private project', () => {
  test('is delivered, delivered again, made smaller, and taken away', async () => {
    const first = await deploy(stackOf(true))
    expect(first.properties?.provisioningState).toBe('succeeded')
    expect(shown(first.properties?.resources).toSorted()).toEqual([
      'endpoints',
      'mi-001',
      'nsg',
      'pe',
      'prj001',
      'prj001storage',
    ])
    expect(
      arm.engine.get(`${project}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mi-001`),
    ).toBeDefined()

    const second = await deploy(stackOf(true))
    expect(second.properties).toMatchObject({
      provisioningState: 'succeeded',
      deletedResources: [],
      failedResources: [],
    })

    const smaller = await deploy(stackOf(false))
    expect(shown(smaller.properties?.deletedResources)).toEqual(['pe', 'prj001storage'])

    await stacks.deploymentStacks.beginDeleteAtSubscriptionAndWait('prj001-dev', {
      ...quickly,
      unmanageActionResources: 'delete',
      unmanageActionResourceGroups: 'delete',
    })
    const left = arm.engine.within(`/subscriptions/${subscription}`).map(({ id }) => id)
    expect(left.filter((id) => !id.includes('roleAssignments'))).toEqual([groupId, vnet])
  })

  test('is reported by what-if before it exists, and later only as noise', async () => {
    const before = await whatIf(stackOf(true))
    expect(before.status).toBe('Succeeded')
    expect(before.changes?.filter(({ changeType }) => changeType === 'Create')).toHaveLength(7)
    await deploy(stackOf(true))
    const { changes } = await whatIf(stackOf(true))
    const changed = (changes ?? []).filter(({ changeType }) => changeType === 'Modify')
    const differing = changed.map(({ resourceType, resourceId, delta }) => [
      resourceType ?? resourceId?.split('/').at(-2),
      delta?.map(({ path }) => path),
    ])
    expect(differing).toMatchInlineSnapshot(`
[
  [
    "subnets",
    [
      "properties.privateEndpointNetworkPolicies",
      "properties.privateLinkServiceNetworkPolicies",
    ],
  ],
  [
    "roleAssignments",
    [
      "properties.principalId",
    ],
  ],
  [
    "storageAccounts",
    [
      "properties.accessTier",
      "properties.allowBlobPublicAccess",
      "properties.minimumTlsVersion",
      "properties.supportsHttpsTrafficOnly",
      "properties.networkAcls.bypass",
      "properties.networkAcls.defaultAction",
    ],
  ],
  [
    "privateEndpoints",
    [
      "properties.privateLinkServiceConnections",
      "properties.customDnsConfigs",
    ],
  ],
]
`)
  })

  test('is refused before it begins when Azure would not take a part of it', async () => {
    const overlapping = groupTemplate([
      network('virtualNetworks/subnets', 'vnet/outside', { properties: { addressPrefix: '192.168.0.0/24' } }),
    ])
    const refused = await refusal(
      deployments.deployments.createOrUpdate(
        'rg',
        'main',
        { properties: { mode: 'Incremental', template: overlapping } },
        quickly,
      ),
    )
    expect(refused).toContain('InvalidTemplateDeployment')
  })

  test('is refused to who may only read', async () => {
    const { stacks: theirs } = clientsOf(url, reader)
    expect(
      await refusal(
        theirs.deploymentStacks.beginCreateOrUpdateAtSubscriptionAndWait(
          'prj001-dev',
          stackOf(true),
          quickly,
        ),
      ),
    ).toContain('AuthorizationFailed')
  })

  test('fails like Azure when subnets of one network are made at the same time', async () => {
    const subnet = (name: string, addressPrefix: string): object =>
      network('virtualNetworks/subnets', `vnet/${name}`, { properties: { addressPrefix } })
    const parallel = groupTemplate([subnet('one', '10.0.2.0/24'), subnet('two', '10.0.3.0/24')])
    await refusal(
      deployments.deployments.createOrUpdate(
        'rg',
        'main',
        { properties: { mode: 'Incremental', template: parallel } },
        quickly,
      ),
    )
    const { properties } = await deployments.deployments.get('rg', 'main')
    expect(properties?.error?.details).toMatchObject([{ code: 'AnotherOperationInProgress' }])
  })
})
