import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { byHand } from './support/by-hand.ts'
import { delivered, type Factory, type Run } from './support/factory.ts'
import { killedAfter } from './support/killed-after.ts'
import { devCommonArea, devNetwork, devSubscription } from './support/places.ts'
import { errorOf, log } from './support/transcript.ts'

const project = '003'
const stackName = 'mrvel-esml-project003-sdc-dev-001'
const stackId = `${devSubscription}/providers/Microsoft.Resources/deploymentStacks/${stackName}`
const withProject003 = delivered(project)
const version = '2025-05-01'

const stackOf = ({ sandbox }: Factory) => {
  const stack = Object.values(sandbox.state.deployments.stacks).find(({ name }) => name === stackName)
  if (stack === undefined) throw new Error('The project has no stack.')
  return stack
}
const managed = (factory: Factory): readonly string[] =>
  stackOf(factory)
    .resources.filter(({ status }) => status === 'managed')
    .map(({ id }) => id.toLowerCase())
    .toSorted()
const isNetwork = (id: string): boolean => /\/(?:subnets|networksecuritygroups)\/[^/]+$/i.test(id)

const rule = {
  description: 'Nothing comes in from the Internet.',
  priority: 4000,
  direction: 'Inbound',
  access: 'Deny',
  protocol: '*',
  sourceAddressPrefix: 'Internet',
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: '*',
}
const groupIn = (name: string) => ({
  type: 'Microsoft.Network/networkSecurityGroups',
  apiVersion: version,
  name,
  location: 'swedencentral',
  tags: { factory: 'mrvel-001', project, environment: 'dev' },
  properties: { securityRules: [{ name: 'DenyInternetInbound', properties: rule }] },
})
const subnetIn = (name: string, group: string, rest: object) => ({
  type: 'Microsoft.Network/virtualNetworks/subnets',
  apiVersion: version,
  name: `${devNetwork.split('/').at(-1)}/${name}`,
  dependsOn: [`${devCommonArea}/Microsoft.Network/networkSecurityGroups/${group}`],
  properties: {
    networkSecurityGroup: { id: `${devCommonArea}/Microsoft.Network/networkSecurityGroups/${group}` },
    serviceEndpoints: [],
    privateEndpointNetworkPolicies: 'Enabled',
    privateLinkServiceNetworkPolicies: 'Enabled',
    ...rest,
  },
})

/** The template as releases wrote it whose stacks had the subnets, too: a nested deployment that all else waits for. */
function asFormerly(factory: Factory): { readonly resources: readonly object[] } {
  const { template } = stackOf(factory)
  const resources: readonly { readonly type: string; readonly dependsOn?: readonly string[] }[] = JSON.parse(
    JSON.stringify(template),
  ).resources
  const rangeOf = (name: string): string => {
    const subnet = factory.sandbox.state.arm.resources[`${devNetwork}/subnets/${name}`.toLowerCase()]
    return JSON.parse(JSON.stringify(subnet)).properties.addressPrefix
  }
  const network = {
    type: 'Microsoft.Resources/deployments',
    apiVersion: '2025-04-01',
    name: 'mrvel-001-sdc-prj003-dev-network',
    resourceGroup: 'mrvel-esml-common-sdc-dev-001',
    properties: {
      mode: 'Incremental',
      expressionEvaluationOptions: { scope: 'inner' },
      template: {
        $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
        contentVersion: '1.0.0.0',
        resources: [
          groupIn('genai-nsg-prj003-sdc-dev'),
          groupIn('aca2-nsg-prj003-sdc-dev'),
          subnetIn('snt-prj003-genai', 'genai-nsg-prj003-sdc-dev', {
            addressPrefix: rangeOf('snt-prj003-genai'),
            defaultOutboundAccess: false,
          }),
          {
            ...subnetIn('snt-prj003-aca-002', 'aca2-nsg-prj003-sdc-dev', {
              addressPrefix: rangeOf('snt-prj003-aca-002'),
              defaultOutboundAccess: true,
              delegations: [
                { name: 'delegation', properties: { serviceName: 'Microsoft.App/environments' } },
              ],
            }),
            dependsOn: [
              `${devCommonArea}/Microsoft.Network/networkSecurityGroups/aca2-nsg-prj003-sdc-dev`,
              `${devNetwork}/subnets/snt-prj003-genai`,
            ],
          },
        ],
      },
    },
  }
  const networkId = `${devSubscription}/resourceGroups/mrvel-esml-common-sdc-dev-001/providers/Microsoft.Resources/deployments/${network.name}`
  return {
    ...JSON.parse(JSON.stringify(template)),
    resources: resources.flatMap((resource, index) => [
      ...(index === 1 ? [network] : []),
      resource.type === 'Microsoft.Resources/deployments'
        ? { ...resource, dependsOn: [...(resource.dependsOn ?? []), networkId] }
        : resource,
    ]),
  }
}

/** A project whose stack is that of an earlier release, in which the network team has attached something meanwhile. */
async function formerly(): Promise<Factory> {
  const factory = await withProject003()
  const hand = await byHand(factory.sandbox)
  const { tags } = stackOf(factory)
  await hand.put(stackId, '2024-03-01', {
    location: 'swedencentral',
    tags: { ...tags, 'ai-factory-template': 'of an earlier release' },
    properties: {
      template: asFormerly(factory),
      parameters: {},
      actionOnUnmanage: { resources: 'delete', resourceGroups: 'delete', managementGroups: 'detach' },
      denySettings: { mode: 'none' },
    },
  })
  while (['deploying', 'validating', 'initializing'].includes(stackOf(factory).provisioningState))
    await setTimeout(5)
  expect([stackOf(factory).provisioningState, managed(factory).filter(isNetwork).length]).toEqual([
    'succeeded',
    4,
  ])
  return factory
}

const provision = (factory: Factory, mode: string): Promise<Run> =>
  factory.run('provision-project', project, 'dev', { mode })

describe('a stack of an earlier release, which manages subnets,', () => {
  test('is shown to let go of them, and nothing is written', async () => {
    const factory = await formerly()
    const before = azureState(factory.sandbox)
    const plan = await provision(factory, 'plan')
    expect([plan.exitCode, plan.writes]).toEqual([0, []])
    expect(plan.summary.match(/detach/g)?.length).toBeGreaterThanOrEqual(4)
    expect(plan.summary).toContain('It stays as it is. ip-calc owns it from now on')
    expect(plan.summary).not.toContain('delete |')
    expect(azureState(factory.sandbox)).toEqual(before)
  })

  test('lets go of them in an update of its own, and ends as a new one, with what others attached', async () => {
    const factory = await formerly()
    const hand = await byHand(factory.sandbox)
    const table = `${devCommonArea}/Microsoft.Network/routeTables/rt-hub`
    await hand.put(table, version, { location: 'swedencentral' })
    const subnets = () =>
      Object.entries(factory.sandbox.state.arm.resources).filter(
        ([id]) => isNetwork(id) && id.includes('prj003'),
      )
    const before = structuredClone(subnets())
    const others = managed(factory).filter((id) => !isNetwork(id))

    const run = await provision(factory, 'apply')
    expect(run.exitCode).toBe(0)
    expect(log(run).join('\n')).toMatch(/Let go of .*snt-prj003-genai.*: ip-calc owns them from now on/)
    expect(managed(factory)).toEqual(others)
    expect(stackOf(factory).actionOnUnmanage).toMatchObject({ resources: 'delete' })
    expect(subnets()).toEqual(before)
    const again = await provision(factory, 'apply')
    expect([again.outputs['changed'], again.writes]).toEqual(['false', []])
  })

  test('refuses to let go of anything else, before anything is changed', async () => {
    const factory = await formerly()
    const template = JSON.parse(JSON.stringify(stackOf(factory).template))
    // What Azure kept of the template lacks a resource that the stack manages.
    const inner = template.resources.at(-1).properties.template
    inner.resources = inner.resources.filter(
      ({ type }: { type: string }) => !type.includes('privateDnsZoneGroups'),
    )
    factory.sandbox.faults.add({
      method: 'POST',
      path: '/exportTemplate\\?',
      status: 200,
      body: { template },
      times: 'always',
    })
    const before = azureState(factory.sandbox)
    const run = await provision(factory, 'apply')
    expect(run.exitCode).toBe(1)
    expect(errorOf(run)).toMatch(
      /would let go of more than its subnets: .*privateDnsZoneGroups.*Nothing was changed\./,
    )
    expect(azureState(factory.sandbox)).toEqual(before)
  })

  test('is not touched when Azure does not have its template any more', async () => {
    const factory = await formerly()
    factory.sandbox.faults.add({
      method: 'POST',
      path: '/exportTemplate\\?',
      status: 404,
      body: { error: { code: 'DeploymentNotFound', message: 'The deployment could not be found.' } },
      times: 'always',
    })
    const before = azureState(factory.sandbox)
    const run = await provision(factory, 'apply')
    expect(run.exitCode).toBe(1)
    expect(errorOf(run)).toMatch(
      /cannot let go of its subnets: Azure does not say from which template it was deployed last\./,
    )
    expect(azureState(factory.sandbox)).toEqual(before)
  })

  test('lets go of them although its list is not sure, when that is allowed', async () => {
    const factory = await formerly()
    stackOf(factory).outOfSync = true
    const refused = await provision(factory, 'apply')
    expect(errorOf(refused)).toContain('DeploymentStackOutOfSync')
    expect(managed(factory).filter(isNetwork)).toHaveLength(4)

    const allowed = await factory.run('provision-project', project, 'dev', { allow: 'out-of-sync' })
    expect(allowed.exitCode).toBe(0)
    expect(managed(factory).filter(isNetwork)).toEqual([])
  })

  test.each([1, 2, 3])('ends the same when a run is killed after its change %i', async (changes) => {
    const whole = await formerly()
    await provision(whole, 'apply')
    const factory = await formerly()
    const first = await killedAfter(factory, changes, (signal) =>
      factory.run('provision-project', project, 'dev', { mode: 'apply' }, { signal }),
    )
    expect([137, 0]).toContain(first.exitCode)
    const again = await provision(factory, 'apply')
    expect(again.exitCode).toBe(0)
    expect(difference(azureState(whole.sandbox), azureState(factory.sandbox))).toEqual(nothing)
  })
})
