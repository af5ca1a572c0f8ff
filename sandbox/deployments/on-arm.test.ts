/** Deployments and stacks over the sandbox's own Azure Resource Manager: a small private project, as Microsoft's clients see it. */

import type { DeploymentsClient } from '@azure/arm-resourcesdeployments'
import type { DeploymentStack, DeploymentStacksClient } from '@azure/arm-resourcesdeploymentstacks'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  groupId,
  idOf,
  owner,
  reader,
  roleIds,
  subscription,
  type TestArm,
} from '../arm/testing/served-arm.ts'
import { type DeploymentsOnArm, serveDeployments } from './testing/on-arm.ts'
import { groupTemplate, nested, refusal, subscriptionTemplate } from './testing/stub-azure.ts'

let arm: TestArm
let deployments: DeploymentsClient
let stacks: DeploymentStacksClient
const quickly = { updateIntervalInMs: 10 }
const vnet = idOf('Microsoft.Network/virtualNetworks', 'vnet')
const project = `/subscriptions/${subscription}/resourceGroups/prj001`

let served: DeploymentsOnArm

beforeEach(async () => {
  served = await serveDeployments()
  arm = served.arm
  ;({ deployments, stacks } = served.as(owner))
  await arm.put(vnet, {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
  })
})
afterEach(() => served.close())

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
          roleDefinitionId: `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${roleIds.reader}')]`,
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
    const { stacks: theirs } = served.as(reader)
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

describe('functions that read what is deployed', () => {
  const account = {
    type: 'Microsoft.Storage/storageAccounts',
    apiVersion: '2025-01-01',
    name: "[format('prj001st{0}', copyIndex())]",
    copy: { name: 'accounts', count: 2 },
    location: 'swedencentral',
    kind: 'StorageV2',
    sku: { name: 'Standard_LRS' },
    properties: {},
  }
  const deploy = async (resources: unknown, outputs: object, rest: object = {}) => {
    const template = groupTemplate(resources, { ...rest, outputs })
    const { properties } = await deployments.deployments.createOrUpdate(
      'rg',
      'main',
      { properties: { mode: 'Incremental', template } },
      quickly,
    )
    return properties?.outputs
  }

  test('list what the POST on the resource answers', async () => {
    const keys = "listKeys(resourceId('Microsoft.Storage/storageAccounts', 'prj001st0'), '2025-01-01')"
    const outputs = await deploy([account], { keys: { type: 'object', value: `[${keys}]` } })
    const id = idOf('Microsoft.Storage/storageAccounts', 'prj001st0')
    const { status, body } = await served.ask('POST', `${id}/listKeys?api-version=2025-01-01`)
    expect(status).toBe(200)
    expect(outputs?.['keys']?.value).toEqual(body)
  })

  test('list nothing that the type has no action for', async () => {
    const value = "[listSecrets(resourceId('Microsoft.Network/virtualNetworks', 'vnet'), '2025-05-01').x]"
    await refusal(deploy([], { secrets: { type: 'string', value } }))
    const { properties } = await deployments.deployments.get('rg', 'main')
    expect(JSON.stringify(properties?.error)).toContain("has no action 'listSecrets'")
  })

  test('refer to all rounds of a loop, in order', async () => {
    const outputs = await deploy(
      { accounts: account },
      {
        names: {
          type: 'array',
          value:
            "[map(references('accounts', 'full'), lambda('one', last(split(lambdaVariables('one').resourceId, '/'))))]",
        },
      },
      { languageVersion: '2.0' },
    )
    expect(outputs?.['names']?.value).toEqual(['prj001st0', 'prj001st1'])
  })

  test('know the subscription by its name, and who deploys', async () => {
    const outputs = await deploy([], {
      subscription: { type: 'string', value: '[subscription().displayName]' },
      deployer: { type: 'string', value: '[deployer().objectId]' },
    })
    expect(outputs).toMatchObject({ subscription: { value: 'Development' }, deployer: { value: owner } })
  })
})
