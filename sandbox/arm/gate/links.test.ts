/** What a request names: well-formed, usable by the caller, of the right type, and there. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import { ArmError, type PreviewOptions, type ResourceBody } from '../../contracts.ts'
import { addRoleAssignment } from '../index.ts'
import {
  callerOf,
  idOf,
  makeArm,
  newestVersion,
  otherSubscription,
  owner,
  roleIds,
  stranger,
  subscription,
  type TestArm,
} from '../testing/served-arm.ts'

const here = { location: 'swedencentral' }
const vnet = idOf('Microsoft.Network/virtualNetworks', 'vnet')
const nsg = idOf('Microsoft.Network/networkSecurityGroups', 'nsg')
const hub = `/subscriptions/${otherSubscription}/resourceGroups/hub`
const inHub = (type: string, name: string) => `${hub}/providers/${type}/${name}`
const subnetOf = (more: object): ResourceBody => ({ properties: { addressPrefix: '10.0.1.0/24', ...more } })
const space = { properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } }

let arm: TestArm
/** `stranger` is Contributor of the first subscription and nobody in the other. */
beforeEach(async () => {
  arm = await makeArm({
    seed: (state) =>
      addRoleAssignment(state, {
        name: 'dddddddd-0000-0000-0000-000000000009',
        scope: `/subscriptions/${subscription}`,
        roleId: roleIds.contributor,
        principalId: stranger,
        principalType: 'User',
      }),
  })
  await arm.put(vnet, { ...here, ...space })
  await arm.put(nsg, here)
  await arm.put(hub, here)
})

const errorOf = async (id: string, body: ResourceBody, as = owner) => {
  try {
    await arm.engine.put(id, newestVersion(id), body, callerOf(as, 'https://localhost'))
    return undefined
  } catch (error) {
    if (error instanceof ArmError) return { status: error.status, ...error.body }
    throw error
  }
}
const preview = (id: string, body: ResourceBody, options?: PreviewOptions, as = owner) => {
  try {
    arm.engine.startPreview(options)(id, newestVersion(id), body, callerOf(as, 'https://localhost'))
    return 'accepted'
  } catch (error) {
    if (error instanceof ArmError) return error.body.code
    throw error
  }
}

describe('an id that is none', () => {
  test.each([
    [
      `${vnet}/subnets/one`,
      subnetOf({ networkSecurityGroup: { id: 'nsg' } }),
      'properties.networkSecurityGroup.id',
      'nsg',
    ],
    [`${vnet}/subnets/one`, subnetOf({ routeTable: { id: '' } }), 'properties.routeTable.id', ''],
    [
      vnet,
      {
        ...here,
        properties: {
          ...space.properties,
          subnets: [
            { name: 'a', properties: { addressPrefix: '10.0.0.0/24' } },
            { name: 'b', properties: { addressPrefix: '10.0.1.0/24', natGateway: { id: '/natGateways/x' } } },
          ],
        },
      },
      'properties.subnets[1].properties.natGateway.id',
      '/natGateways/x',
    ],
    [
      idOf('Microsoft.Search/searchServices', 'search'),
      {
        ...here,
        sku: { name: 'basic' },
        identity: { type: 'UserAssigned', userAssignedIdentities: { mi: {} } },
      },
      'identity.userAssignedIdentities',
      'mi',
    ],
    [
      `${vnet}/providers/Microsoft.Insights/diagnosticSettings/logs`,
      { properties: { workspaceId: 'not-an-id' } },
      'properties.workspaceId',
      'not-an-id',
    ],
  ] as const)('is refused with its place: %s %j', async (id, body, path, value) => {
    expect(await errorOf(id, body)).toEqual({
      status: 400,
      code: 'LinkedInvalidPropertyId',
      message: `Property id '${value}' at path '${path}' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.`,
    })
  })

  test('is refused at every level of validation, the templates’ own included', () => {
    const body = subnetOf({ networkSecurityGroup: { id: 'nsg' } })
    for (const level of ['Template', 'Provider', 'ProviderNoRbac'] as const)
      expect(preview(`${vnet}/subnets/one`, body, { level })).toBe('LinkedInvalidPropertyId')
  })
})

describe('what a request names', () => {
  const missing = idOf('Microsoft.Network/networkSecurityGroups', 'none')

  test('must be there: Microsoft.Network names both', async () => {
    expect(await errorOf(`${vnet}/subnets/one`, subnetOf({ networkSecurityGroup: { id: missing } }))).toEqual(
      {
        status: 400,
        code: 'InvalidResourceReference',
        message: `Resource ${missing} referenced by resource ${vnet}/subnets/one was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
        details: [],
      },
    )
  })

  test('must be there: of a subnet the network is named when that is missing', async () => {
    const elsewhere = idOf('Microsoft.Network/virtualNetworks', 'elsewhere')
    const endpoint = idOf('Microsoft.Network/privateEndpoints', 'pe')
    expect(
      await errorOf(endpoint, { ...here, properties: { subnet: { id: `${elsewhere}/subnets/a` } } }),
    ).toMatchObject({
      code: 'InvalidResourceReference',
      message: expect.stringContaining(
        `Resource ${elsewhere} referenced by resource ${endpoint} was not found.`,
      ),
      details: [{ code: 'NotFound', message: `Resource ${elsewhere} not found.` }],
    })
  })

  test.each([
    [
      idOf('Microsoft.App/managedEnvironments', 'env'),
      { ...here, properties: { vnetConfiguration: { infrastructureSubnetId: `${vnet}/subnets/none` } } },
      'ManagedEnvironmentInvalidNetworkConfiguration',
    ],
    [
      idOf('Microsoft.MachineLearningServices/workspaces', 'aml'),
      {
        ...here,
        identity: { type: 'SystemAssigned' },
        properties: {
          keyVault: idOf('Microsoft.KeyVault/vaults', 'none'),
          storageAccount: idOf('Microsoft.Storage/storageAccounts', 'none'),
        },
      },
      'ValidationError',
    ],
    [
      `${nsg}/providers/Microsoft.Insights/diagnosticSettings/logs`,
      { properties: { workspaceId: idOf('Microsoft.OperationalInsights/workspaces', 'none') } },
      'ResourceNotFound',
    ],
    [
      idOf('Microsoft.Search/searchServices', 'search'),
      {
        ...here,
        sku: { name: 'basic' },
        identity: {
          type: 'UserAssigned',
          userAssignedIdentities: { [idOf('Microsoft.ManagedIdentity/userAssignedIdentities', 'none')]: {} },
        },
      },
      'FailedIdentityOperation',
    ],
  ] as const)('must be there, each provider in its words: %s', async (id, body, code) => {
    expect((await errorOf(id, body))?.code).toBe(code)
  })

  test('must be of the type that can stand there', async () => {
    expect(
      await errorOf(`${vnet}/subnets/one`, subnetOf({ networkSecurityGroup: { id: vnet } })),
    ).toMatchObject({
      status: 400,
      code: 'InvalidRequestFormat',
      details: [
        {
          code: 'InvalidJsonReferenceFormat',
          message: `Reference Id ${vnet} is not formatted correctly. The Id is expected to reference resources of type networkSecurityGroups. Path properties.networkSecurityGroup.`,
        },
      ],
    })
  })

  test('counts as there when the same template makes it, with what is part of it', () => {
    const planned = (id: string) => [missing, idOf('Microsoft.Network/virtualNetworks', 'new')].includes(id)
    const body = subnetOf({ networkSecurityGroup: { id: missing } })
    expect(preview(`${vnet}/subnets/one`, body)).toBe('InvalidResourceReference')
    expect(preview(`${vnet}/subnets/one`, body, { planned })).toBe('accepted')
    const inNew = `${idOf('Microsoft.Network/virtualNetworks', 'new')}/subnets/a`
    const environment = { ...here, properties: { vnetConfiguration: { infrastructureSubnetId: inNew } } }
    expect(preview(idOf('Microsoft.App/managedEnvironments', 'env'), environment, { planned })).toBe(
      'accepted',
    )
  })

  test('is not looked for at the level Template', () => {
    const body = subnetOf({ networkSecurityGroup: { id: missing } })
    expect(preview(`${vnet}/subnets/one`, body, { level: 'Template' })).toBe('accepted')
    expect(preview(`${vnet}/subnets/one`, body, { level: 'ProviderNoRbac' })).toBe('InvalidResourceReference')
  })
})

describe('a right on what a request names', () => {
  const network = inHub('Microsoft.Network/virtualNetworks', 'hub')
  const identity = inHub('Microsoft.ManagedIdentity/userAssignedIdentities', 'mi-hub')
  const logs = inHub('Microsoft.OperationalInsights/workspaces', 'logs')
  const hubNetwork = () =>
    arm.put(network, {
      ...here,
      properties: {
        addressSpace: { addressPrefixes: ['10.9.0.0/16'] },
        subnets: [{ name: 'a', properties: { addressPrefix: '10.9.0.0/23' } }],
      },
    })
  const peering = { properties: { remoteVirtualNetwork: { id: network } } }

  test.each([
    {
      action: 'Microsoft.Network/virtualNetworks/subnets/join/action',
      scope: `${network}/subnets/a`,
      id: idOf('Microsoft.App/managedEnvironments', 'env'),
      body: {
        ...here,
        properties: { vnetConfiguration: { infrastructureSubnetId: `${network}/subnets/a` } },
      },
    },
    {
      action: 'Microsoft.Network/virtualNetworks/peer/action',
      scope: network,
      id: `${vnet}/virtualNetworkPeerings/hub`,
      body: peering,
    },
    {
      action: 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
      scope: identity,
      id: idOf('Microsoft.Search/searchServices', 'search'),
      body: {
        ...here,
        sku: { name: 'basic' },
        identity: { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } },
      },
    },
    {
      action: 'Microsoft.OperationalInsights/workspaces/sharedKeys/action',
      scope: logs,
      id: `${nsg}/providers/Microsoft.Insights/diagnosticSettings/logs`,
      body: { properties: { workspaceId: logs } },
    },
  ])('is asked for: $action', async ({ action, scope, id, body }) => {
    await hubNetwork()
    await arm.put(identity, here)
    await arm.put(logs, here)
    expect(await errorOf(id, body, stranger)).toMatchObject({
      status: 403,
      code: 'LinkedAuthorizationFailed',
      message: expect.stringContaining(
        `however, it does not have permission to perform action(s) '${action}' on the linked scope(s) '${scope}'`,
      ),
    })
    expect(preview(id, body, {}, stranger)).toBe('LinkedAuthorizationFailed')
    expect(await errorOf(id, body)).toBeUndefined()
  })

  test('is refused also when the resource is not there: nobody is told of what he may not see', async () => {
    const id = inHub('Microsoft.Network/networkSecurityGroups', 'none')
    const body = subnetOf({ networkSecurityGroup: { id } })
    expect((await errorOf(`${vnet}/subnets/one`, body, stranger))?.code).toBe('LinkedAuthorizationFailed')
    expect((await errorOf(`${vnet}/subnets/one`, body))?.code).toBe('InvalidResourceReference')
  })

  test('cannot be had in a subscription of another tenant', async () => {
    const foreign = '99999999-9999-9999-9999-999999999999'
    const id = `/subscriptions/${foreign}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/far`
    const body = { properties: { remoteVirtualNetwork: { id } } }
    expect(await errorOf(`${vnet}/virtualNetworkPeerings/far`, body)).toMatchObject({
      status: 403,
      code: 'LinkedAuthorizationFailed',
      message: expect.stringMatching(`is not authorized to access linked subscription '${foreign}'.$`),
    })
  })

  test('is not asked for at the level ProviderNoRbac, which needs the right to read', async () => {
    await hubNetwork()
    const id = `${vnet}/virtualNetworkPeerings/hub`
    expect(preview(id, peering, { level: 'ProviderNoRbac' }, stranger)).toBe('accepted')
    const elsewhere = inHub('Microsoft.Network/networkSecurityGroups', 'new')
    expect(preview(elsewhere, here, { level: 'ProviderNoRbac' }, stranger)).toBe('AuthorizationFailed')
  })
})
