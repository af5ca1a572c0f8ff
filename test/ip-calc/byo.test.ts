import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readProject } from '../../src/operations/project.ts'
import { dev, ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { annotations, type FactoryFolder, factoryFolder, ipCalc } from './factory.ts'

// The network team's VNet is in a subscription where the identity of dev holds no role but what a test gives it.
const subscription = '/subscriptions/22222222-2222-2222-2222-222222222202'
const group = `${subscription}/resourceGroups/net-team`
const network = `${group}/providers/Microsoft.Network/virtualNetworks/vnet-spoke`
const securityGroup = `${group}/providers/Microsoft.Network/networkSecurityGroups/nsg-spoke`
const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const onlyVnet = '99999999-0000-0000-0000-00000000000a'
const agents = [{ name: 'delegation', properties: { serviceName: 'Microsoft.App/environments' } }]
const version = '2025-05-01'

let here: OnSandbox
let hand: ByHand
const folders: FactoryFolder[] = []
beforeEach(async () => {
  here = await onSandbox({ durationScale: 0 })
  hand = await byHand(here.sandbox)
})
afterEach(async () => {
  for (const folder of folders.splice(0)) folder.remove()
  await here.sandbox.close()
})

/** Makes the network team's VNet, and lets the identity of dev do there what a role says. */
async function spoke(role: string, { location = 'swedencentral', subnets = [] as object[] } = {}) {
  await hand.put(group, '2024-11-01', { location })
  await hand.put(securityGroup, version, { location, properties: {} })
  await hand.put(network, version, {
    location,
    properties: { addressSpace: { addressPrefixes: ['10.20.0.0/16'] }, subnets },
  })
  if (role === onlyVnet) {
    await hand.put(
      `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${onlyVnet}`,
      '2022-04-01',
      {
        properties: {
          roleName: 'VNet only',
          type: 'CustomRole',
          permissions: [
            {
              actions: [
                'Microsoft.Network/virtualNetworks/read',
                'Microsoft.Network/virtualNetworks/subnets/read',
              ],
              notActions: [],
            },
          ],
          assignableScopes: [subscription],
        },
      },
    )
  }
  const assignment = '77777777-0000-0000-0000-000000000002'
  await hand.put(`${network}/providers/Microsoft.Authorization/roleAssignments/${assignment}`, '2022-04-01', {
    properties: {
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId: dev.objectId,
      principalType: 'ServicePrincipal',
    },
  })
}
const subnet = (name: string, addressPrefix: string, more: object = {}) => ({
  name,
  properties: { addressPrefix, ...more },
})
const theirSubnet = { networkSecurityGroup: { id: securityGroup } }

/** Manifests: a factory in the network team's VNet or its own, and project 009 with these subnets. */
function manifests(vnet: 'theirs' | 'own', subnets: Record<string, string> = {}): FactoryFolder {
  const listed = [network, `${ids.common}/providers/Microsoft.Network/virtualNetworks/none`]
  const folder = factoryFolder((text) =>
    text.replace(
      'addressSpace: [172.16.0.0/16]',
      `${vnet === 'own' ? 'addressSpace: [172.16.0.0/16]' : `vnetId: ${network}`}\n      bringYourOwn: [${listed.join(', ')}]`,
    ),
  )
  folders.push(folder)
  const lines = Object.entries(subnets).map(([key, id]) => `        ${key}: { id: ${id} }`)
  const byo = ['environments:', '  dev:', '    network:', '      subnets:', ...lines].join('\n')
  folder.addProject('009', (text) => (lines.length === 0 ? text : `${text}${byo}\n`))
  return folder
}
const run = (folder: FactoryFolder, inputs: Record<string, string> = {}) =>
  ipCalc(here.sandbox, folder, { project: '009', ...inputs })
const changes = () =>
  here.sandbox.requests().filter(({ method, path }) => method === 'PUT' && /prj009/.test(path))

describe('A VNet of the network team, in another subscription and resource group', () => {
  test.each([
    ['the built-in role Reader on the VNet', reader],
    ['a role that can read the VNet and its subnets, and nothing else', onlyVnet],
  ])('is planned in with %s', async (_what, role) => {
    await spoke(role)
    const planned = await run(manifests('theirs'))
    expect(annotations(planned, 'error')).toEqual([])
    expect(JSON.parse(planned.outputs['subnets'] ?? '')).toMatchObject({
      genai: { state: 'planned', addressPrefix: expect.stringMatching(/^10\.20\./) },
      aca2: { state: 'planned', addressPrefix: expect.stringMatching(/^10\.20\./) },
    })
    const warnings = annotations(planned, 'warning').join('\n')
    expect(warnings).toContain('Cannot determine whether network security group')
    expect(warnings).toContain('Microsoft.Network/networkSecurityGroups/read')
    expect(warnings).toContain("VNet 'vnet-spoke' is in another subscription than the project's resources.")
  })

  test('is not changed while it cannot be seen whose the subnets are', async () => {
    await spoke(reader)
    const refused = await run(manifests('theirs'), { mode: 'reserve' })
    expect(annotations(refused, 'error')).toEqual([
      expect.stringMatching(
        /^Cannot determine who owns network security group .* Grant the identity Microsoft\.Network\/networkSecurityGroups\/read on it/,
      ),
    ])
    expect(changes()).toEqual([])
  })

  test('cannot be read without any role there', async () => {
    const folder = manifests('theirs')
    const refused = await run(folder)
    expect(annotations(refused, 'error')).toEqual([
      expect.stringMatching(/^Reading VNet 'vnet-spoke' failed\./),
    ])
  })

  test('has to be in the region of the factory', async () => {
    await spoke(reader, { location: 'westeurope' })
    const refused = await run(manifests('theirs'))
    expect(annotations(refused, 'error')).toEqual([
      expect.stringMatching(
        /factory\.yml:\d+:\d+: VNet 'vnet-spoke' is in westeurope, but the project's resources are created in swedencentral\. .* Use a VNet in swedencentral\./,
      ),
    ])
  })
})

describe('Bring-your-own subnets', () => {
  const pe = `${network}/subnets/pe`
  const agentsId = `${network}/subnets/agents`

  test('are used as they are', async () => {
    await spoke(reader, {
      subnets: [
        subnet('pe', '10.20.0.0/25', theirSubnet),
        subnet('agents', '10.20.1.0/24', { ...theirSubnet, delegations: agents }),
      ],
    })
    const found = await run(manifests('theirs', { genai: pe, aca2: agentsId }), { mode: 'reserve' })
    expect(annotations(found, 'error')).toEqual([])
    expect(found.outputs['changed']).toBe('false')
    expect(JSON.parse(found.outputs['subnets'] ?? '')).toMatchObject({
      genai: { name: 'pe', addressPrefix: '10.20.0.0/25', state: 'existing', id: pe },
      aca2: { name: 'agents', addressPrefix: '10.20.1.0/24', state: 'existing', id: agentsId },
    })
  })

  test('are reported with all their faults at once, each with its line', async () => {
    await spoke(reader, {
      subnets: [
        subnet('pe', '10.20.0.0/25', { ...theirSubnet, delegations: agents }),
        subnet('agents', '10.20.1.0/28', {
          ...theirSubnet,
          delegations: [{ name: 'd', properties: { serviceName: 'microsoft.app/environments' } }],
        }),
      ],
    })
    const refused = await run(manifests('theirs', { genai: pe, aca2: agentsId }))
    const [error = ''] = annotations(refused, 'error')
    expect(error).toContain('The subnets of the project have 3 faults:')
    expect(error).toMatch(
      /\(1\) \S+prj009\.yml:\d+:\d+: Subnet 'pe' exists and is delegated to Microsoft\.App/,
    )
    expect(error).toMatch(
      /\(2\) \S+prj009\.yml:\d+:\d+: Subnet 'agents' exists and is delegated to microsoft\.app/,
    )
    expect(error).toContain('The two differ only in upper and lower case.')
    expect(error).toMatch(/\(3\) \S+prj009\.yml:\d+:\d+: Subnet 'agents' is \/28, which is too small for:/)
    expect(refused.outputs).toEqual({})
  })

  test('have to exist, the VNet they are said to be in too', async () => {
    await spoke(reader)
    const elsewhere = `${ids.common}/providers/Microsoft.Network/virtualNetworks/none/subnets/agents`
    const missing = await run(manifests('theirs', { genai: pe, aca2: agentsId }))
    const [error = ''] = annotations(missing, 'error')
    expect(error).toContain(`Subnet 'genai' does not exist: ${pe}.`)
    expect(error).toContain(`Subnet 'aca2' does not exist: ${agentsId}.`)
    const nowhere = await run(manifests('own', { aca2: elsewhere }))
    expect(annotations(nowhere, 'error')[0]).toContain(`Subnet 'aca2' does not exist: ${elsewhere}.`)
  })

  test("stand in one VNet with the project's other subnets", async () => {
    await spoke(reader, {
      subnets: [subnet('agents', '10.20.1.0/24', { ...theirSubnet, delegations: agents })],
    })
    const refused = await run(manifests('own', { aca2: agentsId }))
    expect(annotations(refused, 'error')).toEqual([
      expect.stringMatching(
        new RegExp(
          `prj009\\.yml:\\d+:\\d+: Subnet 'aca2' is in another VNet than 'genai'\\. .*'aca2' is in ${network}, 'genai' in ${ids.network}\\.`,
        ),
      ),
    ])
  })

  test('are reported when nothing filters their traffic', async () => {
    await spoke(reader, {
      subnets: [subnet('pe', '10.20.0.0/25'), subnet('agents', '10.20.1.0/24', { delegations: agents })],
    })
    const found = await run(manifests('theirs', { genai: pe, aca2: agentsId }))
    expect(annotations(found, 'error')).toEqual([])
    const warnings = annotations(found, 'warning')
    for (const name of ['pe', 'agents']) {
      expect(warnings).toContainEqual(
        expect.stringContaining(
          `Subnet '${name}' has no network security group, so its traffic is not filtered`,
        ),
      )
    }
  })

  const foundry = (id: string, name: string) =>
    hand.put(id, '2025-06-01', {
      location: 'swedencentral',
      kind: 'AIServices',
      sku: { name: 'S0' },
      identity: { type: 'SystemAssigned' },
      properties: {
        allowProjectManagement: true,
        customSubDomainName: name,
        networkInjections: [{ scenario: 'agent', subnetArmId: agentsId, useMicrosoftManagedNetwork: false }],
      },
    })
  const shared = () =>
    spoke(reader, {
      subnets: [
        subnet('pe', '10.20.0.0/25', theirSubnet),
        subnet('agents', '10.20.1.0/24', { ...theirSubnet, delegations: agents }),
      ],
    })

  test('are not shared with the Foundry account of another project, although Azure hides whose it is', async () => {
    await shared()
    await foundry(`${group}/providers/Microsoft.CognitiveServices/accounts/of-others`, 'of-others')
    const refused = await run(manifests('theirs', { genai: pe, aca2: agentsId }))
    expect(annotations(refused, 'error')).toEqual([
      expect.stringMatching(
        /prj009\.yml:\d+:\d+: Subnet 'agents' is in use by Microsoft\.App\/environments, which does not belong to this project\. It can be used by one Foundry account only\./,
      ),
    ])
  })

  test("may be in use by the project's own Foundry account, after the first delivery", async () => {
    await shared()
    const folder = manifests('theirs', { genai: pe, aca2: agentsId })
    const { ids: own } = readProject({
      factoryFile: folder.file,
      project: '009',
      environment: 'dev',
      azureCloud: '',
    })
    await hand.put(own.resourceGroup, '2024-11-01', { location: 'swedencentral' })
    await foundry(own.aiFoundry, 'ours')
    const again = await run(folder)
    expect(annotations(again, 'error')).toEqual([])
    expect(annotations(again, 'warning').join()).not.toContain('is in use')
  })
})
