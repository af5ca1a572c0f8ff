/** What Azure says of the templates of a common area, whichever parts it has: they are deployed as they are. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { commonCatalogue } from '../../src/catalog/common/index.ts'
import { networkSecurityGroup, subnetProperties } from '../../src/catalog/subnet-properties.ts'
import { type CommonArea, composeCommonArea, ownParts } from '../../src/compose/compose-common.ts'
import type { SubscriptionTemplate } from '../../src/compose/subscription-template.ts'
import type { JsonObject } from '../../src/json.ts'
import { documentOf, loadFactory } from '../../src/manifest/load.ts'
import { resolveFactory } from '../../src/manifest/resolve.ts'
import { commonAreaOf } from '../../src/operations/common-area.ts'
import { type AccessMode, accessModes, type Environment, environments } from '../../src/vocabulary.ts'
import { hubId, makePlatform, zonesInHub } from '../common/platform.ts'
import { variations } from '../common/variations.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'

const subscription = '22222222-2222-2222-2222-222222222201'
const networkVersion = '2024-05-01'

let sandbox: Sandbox
let hands: ByHand
beforeAll(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  hands = await byHand(sandbox)
  await makePlatform(hands)
})
afterAll(() => sandbox.close())

/** What factory.yml says besides its parts. */
interface Surroundings {
  readonly environment?: Environment
  readonly accessMode?: AccessMode
  readonly dns?: string
}

let count = 0
/** A common area of its own, in a range of its own: the hub takes no two networks that overlap. */
function areaWith(common: JsonObject, { environment = 'dev', accessMode, dns }: Surroundings): CommonArea {
  count += 1
  const text = `
version: 1
name: parts${count}
instance: "001"
location: swedencentral
locationCode: sdc
salt: par${String(count).padStart(2, '0')}
tenantId: 11111111-1111-1111-1111-111111111111
accessMode: ${accessMode ?? 'private-peered'}
allowedIps: ${accessMode === 'private-ip-allowlist' ? '[203.0.113.7, 198.51.100.0/24]' : '[]'}
dns: ${dns ?? '{ mode: standalone }'}
environments:
  ${environment}: { subscriptionId: ${subscription}, network: { addressSpace: [172.20.${count}.0/24] } }
common: ${JSON.stringify(common)}
`
  return commonAreaOf(resolveFactory(documentOf(loadFactory(text, 'factory.yml')), environment))
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

async function expectTaken(common: JsonObject, surroundings: Surroundings = {}): Promise<void> {
  const area = areaWith(common, surroundings)
  expect(await deliver(area)).toEqual(['Succeeded', 'Succeeded'])
  const members = Object.values(sandbox.state.arm.resources).filter(({ id }) =>
    id.startsWith(`${area.ids.resourceGroup}/`),
  )
  expect(members.filter(({ properties }) => properties?.['provisioningState'] === 'Failed')).toEqual([])
}

const said = variations({ hub: hubId })
const switches = said.filter(({ title }) => / (on|off)$/.test(title))
const all = Object.assign({}, ...switches.map((one) => (one.title.endsWith(' on') ? one.with : {})))
const nothing = Object.assign({}, ...switches.map((one) => (one.title.endsWith(' off') ? one.with : {})))

describe('a common area is taken as it is with', () => {
  test('all parts that nobody has to ask for', () => expectTaken({}))
  test('as few parts as possible', () => expectTaken(nothing))

  test.each(said.map((one) => [one.title, one.with] as const))(
    'as few parts as possible, and %s',
    (_, common) => expectTaken({ ...nothing, ...common }),
  )

  test.each(environments)('all parts in %s', (environment) => expectTaken(all, { environment }))

  test.each(
    accessModes.flatMap((accessMode) =>
      ['{ mode: standalone }', zonesInHub, '{ mode: policy }'].map((dns) => [accessMode, dns] as const),
    ),
  )('all parts, access mode %s, and dns %s', (accessMode, dns) => expectTaken(all, { accessMode, dns }))
})
