/** What belongs together stands in one region, and a resource stays where it is. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import { ArmError, type ResourceBody } from '../../contracts.ts'
import {
  callerOf,
  groupId,
  idOf,
  makeArm,
  newestVersion,
  otherSubscription,
  owner,
  type TestArm,
} from '../testing/served-arm.ts'

const here = { location: 'swedencentral' }
const there = { location: 'westeurope' }
const network = (name: string) => idOf('Microsoft.Network/virtualNetworks', name)
const near = network('near')
const far = network('far')
const nic = idOf('Microsoft.Network/networkInterfaces', 'nic')
const account = idOf('Microsoft.CognitiveServices/accounts', 'ai')

let arm: TestArm
beforeEach(async () => {
  arm = await makeArm()
  for (const [id, place] of [
    [near, here],
    [far, there],
  ] as const)
    await arm.put(id, {
      ...place,
      properties: {
        addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
        subnets: [
          { name: 'plain', properties: { addressPrefix: '10.0.0.0/24' } },
          {
            name: 'apps',
            properties: {
              addressPrefix: '10.0.1.0/24',
              delegations: [{ name: 'd', properties: { serviceName: 'Microsoft.App/environments' } }],
            },
          },
        ],
      },
    })
})

const errorOf = async (id: string, body: ResourceBody) => {
  try {
    await arm.engine.put(id, newestVersion(id), body, callerOf(owner, ''))
    return undefined
  } catch (error) {
    if (error instanceof ArmError) return error.body
    throw error
  }
}
const nicIn = (subnet: string, place: object = here) => ({
  ...place,
  properties: { ipConfigurations: [{ name: 'a', properties: { subnet: { id: subnet } } }] },
})
const vault = idOf('Microsoft.KeyVault/vaults', 'kv-regions')
const endpointIn = (subnet: string) => ({
  ...here,
  properties: {
    subnet: { id: subnet },
    privateLinkServiceConnections: [
      { name: 'pe', properties: { privateLinkServiceId: vault, groupIds: ['vault'] } },
    ],
  },
})
const accountIn = (subnet: string) => ({
  ...here,
  kind: 'AIServices',
  sku: { name: 'S0' },
  identity: { type: 'SystemAssigned' },
  properties: {
    customSubDomainName: 'ai-regions',
    allowProjectManagement: true,
    networkInjections: [{ scenario: 'agent', subnetArmId: subnet, useMicrosoftManagedNetwork: false }],
  },
})

describe('a network of another region', () => {
  test.each([
    ['a private endpoint', idOf('Microsoft.Network/privateEndpoints', 'pe'), endpointIn],
    ['a network interface', nic, nicIn],
  ] as const)('is not found by %s', async (_what, id, body) => {
    await arm.put(vault, {
      ...there,
      properties: { sku: { name: 'standard', family: 'A' }, tenantId: owner },
    })
    expect(await errorOf(id, body(`${far}/subnets/plain`))).toEqual({
      code: 'InvalidResourceReference',
      message: `Resource ${far} referenced by resource ${id} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
      details: [{ code: 'NotFound', message: `Resource ${far} not found.` }],
    })
    expect(await errorOf(id, body(`${near}/subnets/plain`))).toBeUndefined()
  })

  test('is refused by agents and by environments of container apps', async () => {
    expect((await errorOf(account, accountIn(`${far}/subnets/apps`)))?.code).toBe('LocationMismatch')
    expect(await errorOf(account, accountIn(`${near}/subnets/apps`))).toBeUndefined()
    const environment = (subnet: string) => ({
      ...here,
      properties: { vnetConfiguration: { infrastructureSubnetId: subnet } },
    })
    const id = idOf('Microsoft.App/managedEnvironments', 'env')
    expect((await errorOf(id, environment(`${far}/subnets/apps`)))?.code).toBe(
      'ManagedEnvironmentInvalidNetworkConfiguration',
    )
  })
})

describe('a subnet', () => {
  test.each([
    ['networkSecurityGroups', 'networkSecurityGroup'],
    ['routeTables', 'routeTable'],
    ['natGateways', 'natGateway'],
  ])('takes only %s of its region', async (type, property) => {
    const [own, foreign] = [
      idOf(`Microsoft.Network/${type}`, 'own'),
      idOf(`Microsoft.Network/${type}`, 'foreign'),
    ]
    const sku = type === 'natGateways' ? { sku: { name: 'Standard' } } : {}
    await arm.put(own, { ...here, ...sku, properties: {} })
    await arm.put(foreign, { ...there, ...sku, properties: {} })
    const subnet = (id: string) => ({ properties: { addressPrefix: '10.0.0.0/24', [property]: { id } } })
    expect(await errorOf(`${near}/subnets/plain`, subnet(foreign))).toMatchObject({
      code: 'InvalidResourceReference',
      message: expect.stringContaining(`Resource ${foreign} referenced by resource ${near}/subnets/plain`),
    })
    expect(await errorOf(`${near}/subnets/plain`, subnet(own))).toBeUndefined()
  })
})

test('a network interface finds only networks of its subscription', async () => {
  const group = groupId.replace(/[^/]+\/resourceGroups/, `${otherSubscription}/resourceGroups`)
  const elsewhere = `${group}/providers/Microsoft.Network/virtualNetworks/elsewhere`
  await arm.put(group, here)
  await arm.put(elsewhere, {
    ...here,
    properties: {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [{ name: 'plain', properties: { addressPrefix: '10.0.0.0/24' } }],
    },
  })
  expect((await errorOf(nic, nicIn(`${elsewhere}/subnets/plain`)))?.code).toBe('InvalidResourceReference')
})

test('a project stands where its account does', async () => {
  await arm.put(account, accountIn(`${near}/subnets/apps`))
  const project = { identity: { type: 'SystemAssigned' }, properties: {} }
  expect((await errorOf(`${account}/projects/p1`, { ...there, ...project }))?.code).toBe('LocationMismatch')
  expect(await errorOf(`${account}/projects/p1`, { ...here, ...project })).toBeUndefined()
})

test('a resource stays in its region', async () => {
  expect(
    await errorOf(near, { ...there, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } }),
  ).toMatchObject({
    code: 'InvalidResourceLocation',
    message: expect.stringContaining(`already exists in location 'swedencentral'`),
  })
})

describe('a region', () => {
  test.each([
    ['Microsoft.Network/virtualNetworks', 'atlantis'],
    ['Microsoft.Network/virtualNetworks', 'global'],
    ['Microsoft.Network/privateDnsZones', 'swedencentral'],
  ])('where %s cannot be is refused with the list of those where they can: %s', async (type, location) => {
    expect(await errorOf(idOf(type, 'example.net'), { location, properties: {} })).toMatchObject({
      code: 'LocationNotAvailableForResourceType',
      message: expect.stringMatching(
        `^The provided location '${location}' is not available for resource type '${type}'. List of available regions for the resource type is '.+'.$`,
      ),
    })
  })
})
