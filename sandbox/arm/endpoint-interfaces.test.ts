/** The network interface of a private endpoint: one for as long as the endpoint is there, with the addresses it needs. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import { ArmError } from '../contracts.ts'
import { idOf, makeArm, type TestArm, tenantId, testDirectory } from './testing/served-arm.ts'

const here = { location: 'swedencentral' }
const network = idOf('Microsoft.Network/virtualNetworks', 'vnet')
const vault = idOf('Microsoft.KeyVault/vaults', 'kv-nic')
const account = idOf('Microsoft.DocumentDB/databaseAccounts', 'cosmos-nic')
const endpoint = idOf('Microsoft.Network/privateEndpoints', 'pe')
let arm: TestArm
beforeEach(async () => {
  arm = await makeArm()
  const subnets = ['one', 'two'].map((name, index) => ({
    name,
    properties: { addressPrefix: `10.0.${index}.0/29` },
  }))
  await arm.put(network, {
    ...here,
    properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] }, subnets },
  })
  await arm.put(vault, {
    ...here,
    properties: { sku: { name: 'standard', family: 'A' }, tenantId, accessPolicies: [] },
  })
  await arm.put(account, {
    ...here,
    properties: {
      databaseAccountOfferType: 'Standard',
      locations: ['swedencentral', 'northeurope'].map((locationName) => ({ locationName })),
    },
  })
})

const body = (more: object = {}, target = vault, group = 'vault', subnet = `${network}/subnets/one`) => ({
  ...here,
  properties: {
    subnet: { id: subnet },
    privateLinkServiceConnections: [
      { name: 'pe', properties: { privateLinkServiceId: target, groupIds: [group] } },
    ],
    ...more,
  },
})
const interfaces = () =>
  Object.values(arm.state.resources)
    .filter(({ type }) => type === 'Microsoft.Network/networkInterfaces')
    .map(({ name }) => name)

describe('the interface of an endpoint', () => {
  const other = { customNetworkInterfaceName: 'other' }
  test.each([
    ['by whom made the endpoint', { customNetworkInterfaceName: 'own' }, [other, {}]],
    ['by Azure', {}, [other]],
  ])('that was named %s keeps its name and its addresses', async (_, named, refused) => {
    await arm.put(endpoint, body(named))
    const before = arm.engine.get(endpoint)?.properties
    const names = interfaces()
    for (const renamed of refused)
      expect(await arm.refusal(endpoint, body(renamed))).toBe(
        'NameOfExistingPrivateEndpointNicCannotBeChanged',
      )
    await arm.put(endpoint, body(named))
    expect(interfaces()).toEqual(names)
    expect(arm.engine.get(endpoint)?.properties).toMatchObject({
      networkInterfaces: before?.['networkInterfaces'],
      customDnsConfigs: before?.['customDnsConfigs'],
    })
  })

  test('does not take the place of another', async () => {
    await arm.put(endpoint, body({ customNetworkInterfaceName: 'own' }))
    expect(await arm.refusal(`${endpoint}2`, body({ customNetworkInterfaceName: 'OWN' }))).toBe(
      'PrivateEndpointCustomNicNameAlreadyExists',
    )
    expect(arm.engine.get(`${endpoint}2`)).toBeUndefined()
  })

  test('stays in its subnet, in whatever case that is written', async () => {
    await arm.put(endpoint, body())
    const inSubnet = (id: string) => arm.refusal(endpoint, body({}, vault, 'vault', id))
    expect(await inSubnet(`${network}/subnets/two`)).toBe('CannotChangeSubnetOnExistingPrivateEndpoint')
    expect(await inSubnet(`${network}/subnets/ONE`.replace('/resourceGroups/', '/resourcegroups/'))).toBe(
      'accepted',
    )
  })

  test('gets the addresses that more names need only when its subnet has them: else nothing changes', async () => {
    await arm.put(endpoint, body())
    for (const name of ['2', '3']) await arm.put(`${endpoint}${name}`, body())
    const before = structuredClone(arm.state.resources)
    const more = { ...body({}, account, 'Sql'), tags: { changed: 'yes' } }
    expect(await arm.refusal(endpoint, more)).toBe('SubnetIsFull')
    expect(arm.state.resources).toEqual(before)
  })
})

test('a write that fails after it was accepted leaves nothing, no identity either', async () => {
  const directory = testDirectory()
  const identities = new Set<string>()
  arm = await makeArm({
    directory: {
      ...directory,
      createManagedIdentity: (...args) => {
        const made = directory.createManagedIdentity(...args)
        identities.add(made.principalId)
        return made
      },
      removeManagedIdentity: (principalId) => identities.delete(principalId),
    },
    lake: {
      createAccount: () => {
        throw new ArmError(500, { code: 'InternalServerError', message: 'The lake does not answer.' })
      },
      createContainer: () => undefined,
      removeAccount: () => undefined,
    },
  })
  const before = structuredClone(arm.state.resources)
  const lake = {
    ...here,
    kind: 'StorageV2',
    sku: { name: 'Standard_LRS' },
    identity: { type: 'SystemAssigned' },
    properties: { isHnsEnabled: true },
  }
  expect(await arm.refusal(idOf('Microsoft.Storage/storageAccounts', 'failing'), lake)).toBe(
    'InternalServerError',
  )
  expect(arm.state.resources).toEqual(before)
  expect([...identities]).toEqual([])
})
