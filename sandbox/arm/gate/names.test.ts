/** Names of resources, by the rules of their types. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { ArmError } from '../../contracts.ts'
import { parseAddress } from '../address.ts'
import {
  callerOf,
  groupId,
  idOf,
  makeArm,
  newestVersion,
  owner,
  type TestArm,
} from '../testing/served-arm.ts'
import { checkNameForm } from './names.ts'

let arm: TestArm
beforeAll(async () => {
  arm = await makeArm()
})

const here = { location: 'swedencentral' }
const refusalOf = (type: string, name: string, body: object = here) => {
  const id = idOf(type, name)
  try {
    arm.engine.startPreview()(id, newestVersion(id), { ...body }, callerOf(owner, 'https://localhost'))
    return undefined
  } catch (error) {
    if (error instanceof ArmError) return error.body
    throw error
  }
}

/** Code with which the form of a new resource's name is refused. */
const formOf = (type: string, name: string) => {
  const address = parseAddress(idOf(type, name))
  if (address === undefined) throw new Error(`'${name}' makes no id.`)
  const caller = callerOf(owner, '')
  try {
    checkNameForm({ address, apiVersion: '', body: {}, properties: {}, existing: undefined, caller })
    return undefined
  } catch (error) {
    if (error instanceof ArmError) return error.body.code
    throw error
  }
}

describe('a name', () => {
  test.each(['-nsg', 'nsg-', 'n sg', 'a'.repeat(81)])(
    'that Microsoft.Network does not take is refused in its words: %s',
    (name) => {
      expect(refusalOf('Microsoft.Network/networkSecurityGroups', name)).toEqual({
        code: 'InvalidResourceName',
        message: `Resource name ${name} is invalid. The name can be up to 80 characters long. It must begin with a word character, and it must end with a word character or with '_'. The name may contain word characters or '.', '-', '_'.`,
      })
    },
  )

  test.each(['n', 'nsg_', 'a.b-c_d', 'a'.repeat(80)])('that Microsoft.Network takes passes: %s', (name) => {
    expect(refusalOf('Microsoft.Network/networkSecurityGroups', name)).toBeUndefined()
  })

  test.each([
    ['Microsoft.Fabric/capacities', 'with-hyphen', 'nohyphen'],
    ['Microsoft.EventHub/namespaces', 'short', 'shorter'],
    ['Microsoft.App/managedEnvironments', 'e', 'env'],
    ['Microsoft.DataFactory/factories', 'adf--x', 'adf-x'],
    ['Microsoft.AppConfiguration/configurationStores', 'abcd', 'abcde'],
    ['Microsoft.Network/privateDnsZones', 'onelabel', 'two.labels'],
  ])('of %s is not %s', (type, wrong, right) => {
    expect(formOf(type, wrong)).toMatch(/^(InvalidResourceName|BadRequest)$/)
    expect(formOf(type, right)).toBeUndefined()
  })

  const rule = {
    priority: 100,
    direction: 'Inbound',
    access: 'Allow',
    protocol: '*',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '*',
  }
  const peering = { remoteVirtualNetwork: { id: idOf('Microsoft.Network/virtualNetworks', 'remote') } }
  test.each([
    ['virtualNetworks', 'subnets', { addressPrefix: '10.0.0.0/24' }],
    ['virtualNetworks', 'virtualNetworkPeerings', peering],
    ['networkSecurityGroups', 'securityRules', rule],
    ['routeTables', 'routes', { addressPrefix: '10.9.0.0/16', nextHopType: 'None' }],
  ])('in the body of %s is judged like others: %s', async (type, list, properties) => {
    const space = { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } }
    await arm.put(idOf('Microsoft.Network/virtualNetworks', 'remote'), { ...here, properties: space })
    const withChild = (name: string) =>
      refusalOf(`Microsoft.Network/${type}`, 'parent', {
        ...here,
        properties: { ...(type === 'virtualNetworks' ? space : {}), [list]: [{ name, properties }] },
      })?.code
    expect(withChild('bad name!')).toBe('InvalidResourceName')
    expect(withChild('good_name')).toBeUndefined()
  })

  test('in the body of what is written again is not judged again', async () => {
    const id = `${groupId}/providers/Microsoft.Network/routeTables/old-routes`
    const properties = { addressPrefix: '10.9.0.0/16', nextHopType: 'None' }
    await arm.put(id, { ...here, properties: {} })
    const route = { id: `${id}/routes/-old`, name: '-old', type: 'Microsoft.Network/routeTables/routes' }
    arm.state.resources[route.id.toLowerCase()] = { ...route, properties }
    expect(await arm.refusal(id, { ...here, properties: { routes: [{ name: '-old', properties }] } })).toBe(
      'accepted',
    )
  })

  test('is judged when a resource is made, and not when it is written again', async () => {
    const id = `${groupId}/providers/Microsoft.Network/routeTables/-old`
    arm.state.resources[id.toLowerCase()] = {
      id,
      name: '-old',
      type: 'Microsoft.Network/routeTables',
      location: 'swedencentral',
      properties: {},
    }
    expect(refusalOf('Microsoft.Network/routeTables', '-old')).toBeUndefined()
  })
})
