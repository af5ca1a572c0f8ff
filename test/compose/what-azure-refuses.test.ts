import { describe, expect, test } from '@jest/globals'
import type { ArmResource } from '../../src/catalog/types.ts'
import { isJsonObject, type Json } from '../../src/json.ts'
import { environments } from '../../src/vocabulary.ts'
import { everyService, exampleProject } from '../fixtures/projects.ts'
import { ofKind, render } from './rendered.ts'

const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, key) => (isJsonObject(inner) ? inner[key] : undefined), value)

const lastSegment = (text: string): string => text.slice(text.lastIndexOf('/') + 1)

describe('connections of a Foundry project', () => {
  test('are created one after another, since a project refuses two at once', () => {
    const template = render(exampleProject('all', 'dev', { services: everyService }))
    const connections = ofKind(template, 'Microsoft.CognitiveServices/accounts/projects/connections')
    expect(connections.map(({ dependsOn = [] }) => dependsOn.map(lastSegment))).toEqual([
      ['aif2-p001001dev'],
      ['saprj001sdca1b2c2001dev'],
      ['aisearchprj001sdcdeva1b2c001'],
    ])
    expect(connections.map(({ name }) => lastSegment(name))).toEqual([
      'saprj001sdca1b2c2001dev',
      'aisearchprj001sdcdeva1b2c001',
      'cosmos-prj001-sdc-dev-a1b2c-001',
    ])
  })
})

describe('the default models', () => {
  const deployments = (environment: (typeof environments)[number]): readonly ArmResource[] =>
    ofKind(render(exampleProject('genai-1', environment)), 'Microsoft.CognitiveServices/accounts/deployments')

  test.each(environments)('are answered within the data zone in %s', (environment) => {
    expect(deployments(environment).map((deployment) => at(deployment['sku'], 'name'))).toEqual([
      'DataZoneStandard',
      'DataZoneStandard',
    ])
  })

  test('leave quota for other projects of the subscription', () => {
    const newSubscription = [333, 1000]
    const projects = environments.map((environment) =>
      deployments(environment).map(({ sku }, position) =>
        Math.floor((newSubscription[position] ?? 0) / Number(at(sku, 'capacity'))),
      ),
    )
    expect(projects).toEqual([
      [16, 50],
      [16, 50],
      [8, 25],
    ])
  })
})

test('machine learning workspaces that share a registry keep their images apart', () => {
  const [workspace] = ofKind(
    render(exampleProject('esml', 'dev')),
    'Microsoft.MachineLearningServices/workspaces',
  )
  expect(workspace?.['properties']).toMatchObject({
    containerRegistry: expect.stringContaining('/acrcommon'),
    enableDataIsolation: true,
  })
})

test("a registry of the project's own keeps to the mode in which the project's roles mean something", () => {
  const project = exampleProject('esml', 'dev', { factory: { sharedContainerRegistry: false } })
  const [registry] = ofKind(render(project), 'Microsoft.ContainerRegistry/registries')
  expect(at(registry?.['properties'], 'roleAssignmentMode')).toBe('LegacyRegistryPermissions')
})

describe('the network of machine learning compute', () => {
  const managedNetwork = (
    environment: (typeof environments)[number],
    options: Readonly<Record<string, unknown>> = {},
  ) => {
    const project = exampleProject('esml', environment, { services: { machineLearning: options } })
    const [workspace] = ofKind(render(project), 'Microsoft.MachineLearningServices/workspaces')
    return at(workspace?.['properties'], 'managedNetwork')
  }

  test.each([
    ['dev', 'AllowInternetOutbound'],
    ['stage', 'AllowOnlyApprovedOutbound'],
    ['prod', 'AllowOnlyApprovedOutbound'],
  ] as const)('costs nothing by default in %s, and is %s', (environment, isolationMode) => {
    expect(managedNetwork(environment)).toEqual({ isolationMode })
  })

  test('gets a firewall, the smallest one, when hosts are allowed', () => {
    expect(managedNetwork('prod', { allowedHosts: ['*.pytorch.org', 'pypi.org', 'pypi.org'] })).toEqual({
      isolationMode: 'AllowOnlyApprovedOutbound',
      firewallSku: 'Basic',
      outboundRules: {
        'host-any-pytorch-org': { type: 'FQDN', category: 'UserDefined', destination: '*.pytorch.org' },
        'host-pypi-org': { type: 'FQDN', category: 'UserDefined', destination: 'pypi.org' },
      },
    })
  })

  test('has no list of hosts where every host is allowed: Azure refuses one there', () => {
    expect(managedNetwork('dev', { outbound: 'AllowInternetOutbound', allowedHosts: ['pypi.org'] })).toEqual({
      isolationMode: 'AllowInternetOutbound',
    })
  })
})
