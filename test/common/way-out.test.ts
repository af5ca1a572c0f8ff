/** NAT gateway and route table: who gets them, and what becomes of the subnets that have them when they go. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openResources, type Resources } from '../../src/azure/resources.ts'
import type { CommonArea } from '../../src/compose/compose-common.ts'
import { documentOf, loadFactory, loadProject } from '../../src/manifest/load.ts'
import { resolveFactory, resolveProject } from '../../src/manifest/resolve.ts'
import { runSteps } from '../../src/operations/apply-steps.ts'
import { planLettingGo } from '../../src/operations/common/letting-go.ts'
import { commonAreaOf } from '../../src/operations/common-area.ts'
import { openCommonSubnets } from '../../src/operations/network/common-subnets.ts'
import { dev, ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'

const version = '2024-05-01'
const here = { location: 'swedencentral' }
const gateway = `${ids.common}/providers/Microsoft.Network/natGateways/ng-esmlcmn-sdc-dev-001`
const address = `${ids.common}/providers/Microsoft.Network/publicIPAddresses/pip-nat`
const runners = `${ids.network}/subnets/snet-esml-cmn-runners`

const factory = (common: string, subnets = '{}') =>
  documentOf(
    loadFactory(
      `
version: 1
name: mrvel
instance: "001"
location: swedencentral
locationCode: sdc
salt: a1b2c
tenantId: ${dev.tenantId}
environments:
  dev:
    subscriptionId: ${dev.subscriptionId}
    network: { addressSpace: [172.16.0.0/16], subnets: ${subnets} }
common: ${common}
`,
      'factory.yml',
    ),
  )
const area = (common: string): CommonArea => commonAreaOf(resolveFactory(factory(common), 'dev'))
const withRunners = 'githubRunners: { organizationId: "9919" }'

describe('subnets of a project', () => {
  const settings = (common: string, subnets?: string) => {
    const text = '{ version: 1, project: "001", name: lab, type: genai-1, owner: anna@contoso.example }'
    const document = factory(common, subnets)
    const project = documentOf(loadProject(text, 'prj001.yml', document))
    return resolveProject(document, project, 'dev').subnetSettings
  }

  test('get the NAT gateway, but for those of private endpoints, and where documents say another', () => {
    expect(settings('{ natGateway: true }')).toEqual({ genai: {}, aca2: { natGatewayId: gateway } })
    const other = `{ aca2: { natGatewayId: ${gateway}-other } }`
    expect(settings('{ natGateway: true }', other).aca2).toEqual({ natGatewayId: `${gateway}-other` })
  })

  test('get an existing one where that stands in, and none where there is none', () => {
    expect(settings(`{ natGateway: { id: ${gateway}-byo } }`).aca2).toEqual({
      natGatewayId: `${gateway}-byo`,
    })
    expect(settings('{}')).toEqual({ genai: {}, aca2: {} })
  })
})

describe('a NAT gateway of the common area', () => {
  let on: OnSandbox
  let hands: ByHand
  let resources: Resources
  beforeAll(async () => {
    on = await onSandbox({ durationScale: 0 })
    hands = await byHand(on.sandbox)
    resources = await openResources(on.session)
  })
  afterAll(() => on.sandbox.close())
  const gatewayOf = (subnet: string) =>
    on.sandbox.state.arm.resources[subnet.toLowerCase()]?.properties?.['natGateway']

  test('is planned with the subnets that get it before it is there, and claimed once it is', async () => {
    const subnets = await openCommonSubnets(
      on.session,
      area(`{ natGateway: true, ${withRunners} }`),
      () => undefined,
    )
    expect((await subnets.plan()).changes).toEqual(
      expect.arrayContaining([expect.objectContaining({ change: 'create', name: 'snet-esml-cmn-runners' })]),
    )
    await hands.put(address, version, {
      ...here,
      sku: { name: 'Standard' },
      properties: { publicIPAllocationMethod: 'Static' },
    })
    await hands.put(gateway, version, {
      ...here,
      sku: { name: 'Standard' },
      properties: { publicIpAddresses: [{ id: address }] },
    })
    await subnets.claim()
    expect(gatewayOf(runners)).toEqual({ id: gateway })
  })

  test('is let go of by its subnets before it goes, and nothing else changes of them', async () => {
    const before = on.sandbox.state.arm.resources[runners.toLowerCase()]?.properties
    const plan = await planLettingGo(area(`{ ${withRunners} }`), resources)
    expect(plan.changes).toMatchObject([
      {
        change: 'modify',
        name: 'snet-esml-cmn-runners',
        properties: [{ path: 'natGateway', before: gateway }],
      },
    ])
    await runSteps(plan.steps, () => undefined)
    await hands.remove(gateway, version)
    const { natGateway: _, ...rest } = { natGateway: undefined, ...before }
    expect(on.sandbox.state.arm.resources[runners.toLowerCase()]?.properties).toEqual(rest)
    expect(on.sandbox.state.arm.resources[gateway.toLowerCase()]).toBeUndefined()
    expect(await planLettingGo(area(`{ ${withRunners} }`), resources)).toEqual({ changes: [], steps: [] })
  })
})
