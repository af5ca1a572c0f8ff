/** A PATCH changes what it says, and nothing that the resource has besides. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ask } from './testing/asking.ts'
import { groupId, idOf, type ServedArm, serveArm, stranger, subscription } from './testing/served-arm.ts'

let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm()
})
afterAll(() => arm.close())

const here = { location: 'swedencentral' }
const network = (name: string) => idOf('Microsoft.Network/virtualNetworks', name)
const securityRule = {
  name: 'rule',
  properties: {
    priority: 100,
    direction: 'Inbound',
    access: 'Allow',
    protocol: 'Tcp',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '443',
  },
}
const route = { name: 'route', properties: { addressPrefix: '10.9.0.0/16', nextHopType: 'None' } }

test.each([
  ['networkSecurityGroups', 'securityRules', { securityRules: [securityRule] }],
  ['routeTables', 'routes', { routes: [route] }],
  [
    'virtualNetworks',
    'subnets',
    {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [{ name: 'one', properties: { addressPrefix: '10.0.0.0/24' } }],
    },
  ],
])('tags of %s change without their %s', async (type, children, properties) => {
  const id = idOf(`Microsoft.Network/${type}`, `patched-${children}`)
  const read = async () => {
    const { body } = await ask(arm, 'GET', id)
    const shown = (body['properties'] as Record<string, readonly Record<string, unknown>[]>)[children]
    return shown?.map(({ etag: _etag, ...child }) => child)
  }
  await ask(arm, 'PUT', id, { ...here, properties })
  const before = await read()
  expect(before).toHaveLength(1)
  for (const version of ['', '?api-version=2023-04-01']) {
    const tags = { version: `${version}.` }
    expect(await ask(arm, 'PATCH', `${id}${version}`, { tags })).toMatchObject({
      status: 200,
      body: { tags },
    })
    expect(await read()).toEqual(before)
  }
})

test('tags of a network in use change, at an API version in which a PUT names all subnets too', async () => {
  const id = network('patched-in-use')
  const subnets = [{ name: 'one', properties: { addressPrefix: '10.0.0.0/24' } }]
  await arm.put(id, { ...here, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] }, subnets } })
  await arm.put(idOf('Microsoft.Network/networkInterfaces', 'patched-nic'), {
    ...here,
    properties: { ipConfigurations: [{ name: 'ip', properties: { subnet: { id: `${id}/subnets/one` } } }] },
  })
  expect(await ask(arm, 'PATCH', `${id}?api-version=2023-04-01`, { tags: { a: 'b' } })).toMatchObject({
    status: 200,
    body: { properties: { subnets: [{ name: 'one' }] } },
  })
})

test('who may write a network alone tags it, whatever its subnets name', async () => {
  const id = network('patched-linked')
  const table = idOf('Microsoft.Network/routeTables', 'patched-linked')
  await arm.put(table, { ...here, properties: {} })
  const subnet = { addressPrefix: '10.0.0.0/24', routeTable: { id: table } }
  const addressSpace = { addressPrefixes: ['10.0.0.0/16'] }
  await arm.put(id, {
    ...here,
    properties: { addressSpace, subnets: [{ name: 'one', properties: subnet }] },
  })
  const networkContributor = '4d97b98b-1d4f-4787-a291-c67834d212e7'
  await arm.put(
    `${id}/providers/Microsoft.Authorization/roleAssignments/dddddddd-0000-0000-0000-000000000001`,
    {
      properties: {
        roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${networkContributor}`,
        principalId: stranger,
        principalType: 'User',
      },
    },
  )
  const send = (method: string, body: object) => ask(arm, method, id, body, { as: stranger })
  expect((await send('PATCH', { tags: { a: 'b' } })).status).toBe(200)
  const { body: read } = await ask(arm, 'GET', id)
  expect((await send('PUT', read)).code).toBe('LinkedAuthorizationFailed')
})

test.each([
  ['a PUT of what is there, though it must not be', 'PUT', 'there', { 'if-none-match': '*' }],
  ['a PATCH of what is not there', 'PATCH', 'missing', {}],
])('%s tells a stranger nothing of that', async (_, method, name, headers) => {
  const id = `${groupId}/providers/Microsoft.Network/routeTables/${name}`
  await arm.put(idOf('Microsoft.Network/routeTables', 'there'), { ...here, properties: {} })
  const asked = await ask(arm, method, id, here, { as: stranger, headers })
  expect(asked).toMatchObject({ status: 403, code: 'AuthorizationFailed' })
})
