/** What lies in a subnet, as Azure shows it, judged by Microsoft's own client. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { idOf, owner, refused, type ServedArm, serveArm, subscription } from './testing/served-arm.ts'

let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm({ keepsAgentLinks: true })
  await arm.put(network, {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
  })
})
afterAll(() => arm.close())

const network = idOf('Microsoft.Network/virtualNetworks', 'vnet')
const subnetId = (name: string) => `${network}/subnets/${name}`
const remove = (name: string) => Promise.resolve(arm.network.subnets.delete('rg', 'vnet', name))

test('a private endpoint shows with the addresses of its network interface', async () => {
  await arm.network.subnets.createOrUpdate('rg', 'vnet', 'pe', { addressPrefix: '10.0.0.0/24' })
  const account = idOf('Microsoft.CognitiveServices/accounts', 'ai-endpoint')
  await arm.put(account, {
    location: 'swedencentral',
    kind: 'AIServices',
    sku: { name: 'S0' },
    properties: {},
  })
  const endpoint = await arm.network.privateEndpoints.createOrUpdate('rg', 'pe-ai', {
    location: 'swedencentral',
    subnet: { id: subnetId('pe') },
    privateLinkServiceConnections: [{ name: 'pe', privateLinkServiceId: account, groupIds: ['account'] }],
  })
  const networkInterface = endpoint.networkInterfaces?.[0]?.id ?? ''
  const subnet = await arm.network.subnets.get('rg', 'vnet', 'pe')
  expect(subnet.privateEndpoints?.map(({ id }) => id)).toEqual([endpoint.id])
  expect(subnet.ipConfigurations?.map(({ id }) => id)).toEqual(
    [1, 2, 3].map((number) => `${networkInterface}/ipConfigurations/privateEndpointIpConfig.${number}`),
  )
  await expect(remove('pe')).rejects.toMatchObject({
    code: 'InUseSubnetCannotBeDeleted',
    message: expect.stringContaining(`in use by ${networkInterface}/ipConfigurations/`),
  })
})

test('who writes back what shows changes none of it, and it goes with what lies there', async () => {
  await arm.network.subnets.createOrUpdate('rg', 'vnet', 'runners', {
    addressPrefix: '10.0.3.0/24',
    delegations: [{ name: 'github', serviceName: 'GitHub.Network/networkSettings' }],
  })
  const settings = idOf('GitHub.Network/networkSettings', 'runners')
  await arm.put(settings, {
    location: 'swedencentral',
    properties: { subnetId: subnetId('runners'), businessId: '9919' },
  })
  const headers = { authorization: `Bearer ${owner}`, 'content-type': 'application/json' }
  const url = `${arm.url}${subnetId('runners')}?api-version=2024-05-01`
  const read = await (await fetch(url, { headers })).text()
  expect(read).toContain('serviceAssociationLinks')
  const written = await fetch(url, { method: 'PUT', headers, body: read })
  expect(written.ok).toBe(true)
  const links = async () => (await arm.network.subnets.get('rg', 'vnet', 'runners')).serviceAssociationLinks
  expect(await links()).toHaveLength(1)
  await arm.engine.remove(settings, { tenantId: '', objectId: owner, kind: 'User', audience: arm.url })
  expect(await links()).toBeUndefined()
  expect(await refused(remove('runners'))).toBe('accepted')
})

test('a network interface shows with its addresses', async () => {
  await arm.network.subnets.createOrUpdate('rg', 'vnet', 'vm', { addressPrefix: '10.0.1.0/24' })
  const nic = idOf('Microsoft.Network/networkInterfaces', 'nic')
  await arm.put(nic, {
    location: 'swedencentral',
    properties: { ipConfigurations: [{ name: 'ipconfig1', properties: { subnet: { id: subnetId('vm') } } }] },
  })
  const subnet = await arm.network.subnets.get('rg', 'vnet', 'vm')
  expect(subnet.ipConfigurations?.map(({ id }) => id)).toEqual([`${nic}/ipConfigurations/ipconfig1`])
  expect(await refused(remove('vm'))).toBe('InUseSubnetCannotBeDeleted')
})

test('agents show by a link of Container Apps that names no account and stays until the account is purged', async () => {
  await arm.network.subnets.createOrUpdate('rg', 'vnet', 'agents', {
    addressPrefix: '10.0.2.0/24',
    delegations: [{ name: 'agents', serviceName: 'Microsoft.App/environments' }],
  })
  const account = idOf('Microsoft.CognitiveServices/accounts', 'ai-agents')
  const body = (subnet: string) => ({
    location: 'swedencentral',
    kind: 'AIServices',
    sku: { name: 'S0' },
    properties: { networkInjections: [{ scenario: 'agent', subnetArmId: subnet }] },
  })
  await arm.put(account, body(subnetId('agents')))
  const links = async () => (await arm.network.subnets.get('rg', 'vnet', 'agents')).serviceAssociationLinks
  expect(await links()).toEqual([
    expect.objectContaining({
      id: `${subnetId('agents')}/serviceAssociationLinks/legionservicelink`,
      name: 'legionservicelink',
      linkedResourceType: 'Microsoft.App/environments',
      link: subnetId('agents').replace('/providers/Microsoft.Network', ''),
      allowDelete: false,
    }),
  ])
  await expect(remove('agents')).rejects.toMatchObject({
    code: 'InUseSubnetCannotBeDeleted',
    message: expect.stringContaining('/serviceAssociationLinks/legionservicelink'),
  })

  const caller = { tenantId: '', objectId: owner, kind: 'User', audience: arm.url } as const
  await arm.engine.remove(account, caller)
  expect(await links()).toHaveLength(1)
  expect(await arm.refusal(`${account}-2`, body(subnetId('agents')))).toBe('SubnetAlreadyInUse')
  expect(await refused(remove('agents'))).toBe('InUseSubnetCannotBeDeleted')
  const purge = await fetch(
    `${arm.url}/subscriptions/${subscription}/providers/Microsoft.CognitiveServices/locations/swedencentral/resourceGroups/rg/deletedAccounts/ai-agents?api-version=2025-06-01`,
    { method: 'DELETE', headers: { authorization: `Bearer ${owner}` } },
  )
  expect(purge.status).toBe(202)
  expect(await links()).toBeUndefined()
  expect(await refused(remove('agents'))).toBe('accepted')
})
