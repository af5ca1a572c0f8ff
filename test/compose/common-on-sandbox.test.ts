/** What Azure says of the templates of a common area, whichever parts it has: they are deployed as they are. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { commonCatalogue } from '../../src/catalog/common/index.ts'
import { networkSecurityGroup, subnetProperties } from '../../src/catalog/subnet-properties.ts'
import { type CommonArea, composeCommonArea, ownParts } from '../../src/compose/compose-common.ts'
import type { SubscriptionTemplate } from '../../src/compose/subscription-template.ts'
import { documentOf, loadFactory } from '../../src/manifest/load.ts'
import { resolveFactory } from '../../src/manifest/resolve.ts'
import { commonAreaOf } from '../../src/operations/common-area.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'

const subscription = '22222222-2222-2222-2222-222222222201'
const hubGroup = '/subscriptions/22222222-2222-2222-2222-222222222202/resourceGroups/hub'
const hub = `${hubGroup}/providers/Microsoft.Network/virtualNetworks/vnet-hub`
const networkVersion = '2024-05-01'

let sandbox: Sandbox
let hands: ByHand
beforeAll(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  hands = await byHand(sandbox)
  await hands.put(hubGroup, '2024-03-01', { location: 'swedencentral' })
  await hands.put(hub, networkVersion, {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } },
  })
})
afterAll(() => sandbox.close())

let count = 0
/** A common area of its own, in a range of its own: the hub takes no two networks that overlap. */
const areaWith = (common: string): CommonArea => {
  count += 1
  const text = `
version: 1
name: parts${count}
instance: "001"
location: swedencentral
locationCode: sdc
salt: part${count}
tenantId: 11111111-1111-1111-1111-111111111111
environments:
  dev: { subscriptionId: ${subscription}, network: { addressSpace: [172.20.${count}.0/24] } }
common: ${common}
`
  return commonAreaOf(resolveFactory(documentOf(loadFactory(text, 'factory.yml')), 'dev'))
}

const deploy = async (name: string, template: SubscriptionTemplate): Promise<unknown> => {
  const id = `/subscriptions/${subscription}/providers/Microsoft.Resources/deployments/${name}`
  await hands.put(id, '2025-04-01', {
    location: 'swedencentral',
    properties: { mode: 'Incremental', template },
  })
  const known = Object.values(sandbox.state.deployments.deployments)
  const made = known.find((deployment) => deployment.id === id)
  return made?.error ?? made?.provisioningState
}

/** Both templates, with the subnets of the parts between them, as a delivery has it. */
async function deliver(area: CommonArea): Promise<readonly unknown[]> {
  const { network, common } = composeCommonArea(area)
  const first = await deploy(`network-${count}`, network)
  const wanted = ownParts(area.factory).flatMap(({ subnets }) => Object.keys(subnets))
  const subnets = Object.values(commonCatalogue.subnets).filter(({ key }) => wanted.includes(key))
  for (const [index, subnet] of subnets.entries()) {
    const { apiVersion, type, name, ...group } = networkSecurityGroup(
      subnet,
      area.names.networkSecurityGroup(subnet.key),
      'swedencentral',
      {},
    )
    const networkSecurityGroupId = `${area.ids.resourceGroup}/providers/${type}/${name}`
    await hands.put(networkSecurityGroupId, apiVersion, group)
    const addressPrefix = `172.20.${count}.${index * 64}/26`
    await hands.put(`${area.ids.virtualNetwork}/subnets/${area.names.subnet(subnet.key)}`, networkVersion, {
      properties: subnetProperties(subnet, { addressPrefix, networkSecurityGroupId }),
    })
  }
  return [first, await deploy(`common-${count}`, common)]
}

const nothing = 'keyVault: false, containerRegistry: false, budget: false'
const all = [
  `hubPeering: { hub: ${hub} }`,
  'routeTable: { firewallIp: 10.1.0.4 }',
  'natGateway: true',
  'githubRunners: { organizationId: "9919" }',
]

test.each([
  ['those that nobody has to ask for', '{}'],
  ['all', `{ ${all.join(', ')} }`],
  ['as few as possible', `{ ${nothing} }`],
  ...all.map((part) => [`as few as possible and ${part}`, `{ ${nothing}, ${part} }`] as const),
])('a common area with %s is taken as it is', async (_, common) => {
  const area = areaWith(common)
  expect(await deliver(area)).toEqual(['Succeeded', 'Succeeded'])
  const members = Object.values(sandbox.state.arm.resources).filter(({ id }) =>
    id.startsWith(`${area.ids.resourceGroup}/`),
  )
  expect(members.filter(({ properties }) => properties?.['provisioningState'] === 'Failed')).toEqual([])
})
