/** Private endpoints and their targets: who approves, what both sides show, and what the services make by themselves. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { addRoleAssignment } from './index.ts'
import {
  groupId,
  idOf,
  newestVersion,
  owner,
  reader,
  roleIds,
  type ServedArm,
  serveArm,
  stranger,
} from './testing/served-arm.ts'

const here = { location: 'swedencentral' }
const subnet = `${idOf('Microsoft.Network/virtualNetworks', 'vnet')}/subnets/pe`
const zone = idOf('Microsoft.Network/privateDnsZones', 'privatelink.vaultcore.azure.net')
/** In a group of its own, where only the owner has rights. */
const vault = `${groupId}-data/providers/Microsoft.KeyVault/vaults/kv-target`
const endpoint = idOf('Microsoft.Network/privateEndpoints', 'pe')
const approver = 'b556d68e-0be0-4f35-a333-ad7ee1ce17ea'

let arm: ServedArm
/** `stranger` is Contributor of the group `rg`; `reader` only reads everything. */
beforeEach(async () => {
  arm = await serveArm({
    seed: (state) => {
      const give = (name: string, scope: string, roleId: string, principalId: string) =>
        addRoleAssignment(state, { name, scope, roleId, principalId, principalType: 'User' })
      give('dddddddd-0000-0000-0000-000000000001', groupId, roleIds.contributor, stranger)
      give(
        'dddddddd-0000-0000-0000-000000000002',
        groupId.replace(/\/resource.*/, ''),
        roleIds.reader,
        reader,
      )
    },
  })
  await arm.put(`${groupId}-data`, here)
  await arm.put(vault, { ...here, properties: { sku: { name: 'standard', family: 'A' }, tenantId: owner } })
  await arm.put(idOf('Microsoft.Network/virtualNetworks', 'vnet'), {
    ...here,
    properties: {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [{ name: 'pe', properties: { addressPrefix: '10.0.0.0/24' } }],
    },
  })
})
afterEach(() => arm.close())

const put = async (id: string, body: object, as = owner) => {
  const response = await fetch(`${arm.url}${id}?api-version=${newestVersion(id)}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = (await response.json()) as { error?: { code: string; message: string } }
  return { status: response.status, code: answer.error?.code, message: answer.error?.message }
}
const endpointBody = (list: 'privateLinkServiceConnections' | 'manualPrivateLinkServiceConnections') => ({
  ...here,
  properties: {
    subnet: { id: subnet },
    [list]: [
      {
        name: 'pe',
        properties: { privateLinkServiceId: vault, groupIds: ['vault'], requestMessage: 'Please' },
      },
    ],
  },
})
const automatic = endpointBody('privateLinkServiceConnections')
const manual = endpointBody('manualPrivateLinkServiceConnections')

const onEndpoint = async () => {
  const read = await arm.network.privateEndpoints.get('rg', 'pe')
  const [connection] = [
    ...(read.privateLinkServiceConnections ?? []),
    ...(read.manualPrivateLinkServiceConnections ?? []),
  ]
  return connection?.privateLinkServiceConnectionState?.status
}
const connectionsOf = (target: string) =>
  arm.engine.within(target).filter(({ type }) => type.endsWith('/privateEndpointConnections'))
const stateOn = (target: string) =>
  connectionsOf(target).map(({ properties }) => properties?.['privateLinkServiceConnectionState'])
const decide = (target: string, status: string, as = owner) =>
  put(
    connectionsOf(target)[0]?.id ?? '',
    { properties: { privateLinkServiceConnectionState: { status, description: 'Decided' } } },
    as,
  )
const recordOf = () => arm.engine.get(`${zone}/A/kv-target`)?.properties?.['aRecords']

describe('a private endpoint', () => {
  test('of who may approve on its target is approved, on both sides', async () => {
    expect((await put(endpoint, automatic)).status).toBe(201)
    expect(await onEndpoint()).toBe('Approved')
    expect(stateOn(vault)).toMatchObject([{ status: 'Approved', description: 'Auto-Approved' }])
  })

  test('that asks for approval by rights nobody gave is refused', async () => {
    const refused = await put(endpoint, automatic, stranger)
    expect(refused).toMatchObject({ status: 403, code: 'LinkedAuthorizationFailed' })
    expect(refused.message).toContain(
      `'Microsoft.KeyVault/vaults/PrivateEndpointConnectionsApproval/action' on the linked scope(s) '${vault}'`,
    )
    expect(connectionsOf(vault)).toEqual([])
  })

  test('that asks for manual approval is pending, on both sides, and has no names before', async () => {
    await arm.put(zone, { location: 'global' })
    expect((await put(endpoint, manual, stranger)).status).toBe(201)
    await arm.put(`${endpoint}/privateDnsZoneGroups/default`, {
      properties: { privateDnsZoneConfigs: [{ name: 'vault', properties: { privateDnsZoneId: zone } }] },
    })
    expect(await onEndpoint()).toBe('Pending')
    expect(stateOn(vault)).toMatchObject([{ status: 'Pending', description: 'Please' }])
    expect((await arm.network.privateEndpoints.get('rg', 'pe')).customDnsConfigs).toEqual([])
    expect(recordOf()).toBeUndefined()

    expect((await decide(vault, 'Approved')).status).toBe(200)
    expect(await onEndpoint()).toBe('Approved')
    expect(stateOn(vault)).toMatchObject([{ status: 'Approved', description: 'Decided' }])
    expect(recordOf()).toEqual([{ ipv4Address: '10.0.0.4' }])
  })

  test('stays as its target’s owner left it when it is written again', async () => {
    await put(endpoint, manual)
    await decide(vault, 'Rejected')
    await put(endpoint, manual)
    expect(await onEndpoint()).toBe('Rejected')
  })

  test.each([
    ['its target is deleted', () => arm.engine.remove(vault, callerOfOwner())],
    [
      'its connection is removed there',
      () => arm.engine.remove(connectionsOf(vault)[0]?.id ?? '', callerOfOwner()),
    ],
  ] as const)('is disconnected when %s', async (_what, remove) => {
    await put(endpoint, automatic)
    await remove()
    expect(await onEndpoint()).toBe('Disconnected')
  })

  test('stays disconnected when its target is made again, until it is itself', async () => {
    await put(endpoint, automatic)
    await arm.engine.remove(vault, callerOfOwner())
    const properties = { createMode: 'recover', sku: { name: 'standard', family: 'A' }, tenantId: owner }
    await arm.put(vault, { ...here, properties })
    await put(endpoint, automatic)
    expect(await onEndpoint()).toBe('Disconnected')
    await arm.network.privateEndpoints.delete('rg', 'pe')
    await put(endpoint, automatic)
    expect(await onEndpoint()).toBe('Approved')
  })

  test('takes its connection along when it goes', async () => {
    await put(endpoint, automatic)
    await arm.network.privateEndpoints.delete('rg', 'pe')
    expect(connectionsOf(vault)).toEqual([])
  })
})

describe('the connection on a target', () => {
  test('is approved only by who may', async () => {
    await put(endpoint, manual)
    expect(await decide(vault, 'Approved', reader)).toMatchObject({
      status: 403,
      code: 'AuthorizationFailed',
    })
    expect(await onEndpoint()).toBe('Pending')
  })

  test.each(['Pending', 'Disconnected', 'approved'])('is not made %s', async (status) => {
    await put(endpoint, manual)
    expect((await decide(vault, status)).code).toBe('IncorrectPrivateLinkServiceConnectionStateStatus')
  })

  test('cannot be made: only an endpoint can', async () => {
    const body = { properties: { privateLinkServiceConnectionState: { status: 'Approved' } } }
    expect((await put(`${vault}/privateEndpointConnections/made-up`, body)).status).toBe(404)
  })
})

describe('an endpoint in the network of a service', () => {
  const factory = idOf('Microsoft.DataFactory/factories', 'adf')
  const search = idOf('Microsoft.Search/searchServices', 'search')
  const workspace = idOf('Microsoft.MachineLearningServices/workspaces', 'aml')
  const target = { privateLinkResourceId: vault, groupId: 'vault' }
  const factoryEndpoint = `${factory}/managedVirtualNetworks/default/managedPrivateEndpoints/vault`
  const shared = `${search}/sharedPrivateLinkResources/vault`
  const rule = `${workspace}/outboundRules/vault`
  const ruleBody = {
    properties: {
      type: 'PrivateEndpoint',
      category: 'UserDefined',
      destination: { serviceResourceId: vault, subresourceTarget: 'vault', sparkEnabled: false },
    },
  }
  const makeWorkspace = async () => {
    const storage = idOf('Microsoft.Storage/storageAccounts', 'amlstorage')
    const secrets = idOf('Microsoft.KeyVault/vaults', 'kv-aml')
    await arm.put(storage, { ...here, kind: 'StorageV2', sku: { name: 'Standard_LRS' } })
    await arm.put(secrets, {
      ...here,
      properties: { sku: { name: 'standard', family: 'A' }, tenantId: owner },
    })
    const properties = {
      storageAccount: storage,
      keyVault: secrets,
      managedNetwork: { isolationMode: 'AllowInternetOutbound' },
    }
    const made = await arm.put(workspace, { ...here, identity: { type: 'SystemAssigned' }, properties })
    return String((made['identity'] as { principalId?: string }).principalId)
  }

  test('of Data Factory is pending until somebody approves it on its target', async () => {
    await arm.put(factory, { ...here, identity: { type: 'SystemAssigned' }, properties: {} })
    await arm.put(`${factory}/managedVirtualNetworks/default`, { properties: {} })
    await arm.put(factoryEndpoint, { properties: target })
    const status = () => arm.engine.get(factoryEndpoint)?.properties?.['connectionState']
    expect(status()).toMatchObject({ status: 'Pending' })
    expect(stateOn(vault)).toMatchObject([{ status: 'Pending' }])
    await decide(vault, 'Approved')
    expect(status()).toMatchObject({ status: 'Approved' })
    await arm.engine.remove(factoryEndpoint, callerOfOwner())
    expect(connectionsOf(vault)).toEqual([])
  })

  test('of AI Search is pending until somebody approves it on its target', async () => {
    await arm.put(search, { ...here, sku: { name: 'basic' } })
    await arm.put(shared, { properties: { ...target, requestMessage: 'Index' } })
    const status = () => arm.engine.get(shared)?.properties?.['status']
    expect(status()).toBe('Pending')
    expect(stateOn(vault)).toMatchObject([{ status: 'Pending', description: 'Index' }])
    await decide(vault, 'Rejected')
    expect(status()).toBe('Rejected')
    expect(
      await arm.refusal(`${search}/sharedPrivateLinkResources/blob`, {
        properties: { ...target, groupId: 'blob' },
      }),
    ).toBe('PrivateEndpointCannotBeCreatedWithGroupId')
  })

  test('of Machine Learning is inactive until it is approved', async () => {
    await makeWorkspace()
    await arm.put(rule, ruleBody)
    expect(arm.engine.get(rule)?.properties?.['status']).toBe('Inactive')
    await decide(vault, 'Approved')
    expect(arm.engine.get(rule)?.properties?.['status']).toBe('Active')
  })

  test('of Machine Learning is approved at once when the identity of the workspace may', async () => {
    const principalId = await makeWorkspace()
    await arm.put(
      `${vault}/providers/Microsoft.Authorization/roleAssignments/dddddddd-0000-0000-0000-000000000003`,
      {
        properties: {
          roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${approver}`,
          principalId,
          principalType: 'ServicePrincipal',
        },
      },
    )
    await arm.put(rule, ruleBody)
    expect(stateOn(vault)).toMatchObject([{ status: 'Approved' }])
    expect(arm.engine.get(rule)?.properties?.['status']).toBe('Active')
  })
})

const callerOfOwner = () => ({ tenantId: '', objectId: owner, kind: 'User' as const, audience: arm.url })
