import { describe, expect, test } from '@jest/globals'
import { subnetRules } from '../../src/catalog/facts/subnet-rules.ts'
import type { ServiceKey, SubnetKey } from '../../src/catalog/index.ts'
import { catalogue } from '../../src/catalog/index.ts'
import type { ResolvedProject, SubnetSetting } from '../../src/manifest/resolved.ts'
import { projectNames } from '../../src/naming/names.ts'
import { subnetRequests } from '../../src/network/requested-subnets.ts'
import { type ProjectTraits, resolvedProject } from '../fixtures/resolved-project.ts'

const names = projectNames(
  catalogue,
  { factory: 'mrvel', instance: '001', locationCode: 'sdc', salt: 'a1b2c', environment: 'dev' },
  '001',
)

const projectWith = (
  enabled: readonly ServiceKey[],
  subnets: Partial<Record<SubnetKey, SubnetSetting>> = {},
  traits: ProjectTraits = {},
): ResolvedProject => resolvedProject({ enabled, subnets, ...traits })

describe('A project asks', () => {
  test('for the subnet of private endpoints only, when nothing needs more', () => {
    expect(subnetRequests(projectWith(['aiSearch']), names)).toEqual([
      {
        kind: 'own',
        key: 'genai',
        name: 'snt-prj001-genai',
        prefixLength: 25,
        // Ten private endpoints with one address each do not fit into a /28.
        smallestPrefixLength: 28,
        securityGroupName: 'genai-nsg-prj001-sdc-dev',
        settings: {},
        sizeReason: expect.stringMatching(
          /^With every service .* \d+ private endpoints, which take \d+ addresses;/,
        ),
        delegation: '',
        rule: subnetRules.privateEndpoints,
        definition: catalogue.subnets.genai,
      },
    ])
  })

  test('for the sizes of its profile, with the reason for each', () => {
    const project = projectWith(['aiFoundry'], {}, { subnetProfile: 'compact' })
    expect(subnetRequests(project, names)).toMatchObject([
      { key: 'genai', prefixLength: 27, sizeReason: expect.stringMatching(/ \d+ private endpoints/) },
      { key: 'aca2', prefixLength: 26, sizeReason: expect.stringMatching(/^50 agent sessions/) },
    ])
  })

  test('for one for its agents with AI Foundry, in the size of the manifest, which counts more than the profile', () => {
    const project = projectWith(['aiFoundry'], { aca2: { prefixLength: 25 } }, { subnetProfile: 'compact' })
    const [, agents] = subnetRequests(project, names)
    expect(agents).toMatchObject({
      key: 'aca2',
      prefixLength: 25,
      smallestPrefixLength: 27,
      delegation: 'Microsoft.App/environments',
      where: { file: 'network.subnets.aca2' },
    })
    expect(agents).not.toHaveProperty('sizeReason')
  })

  test('for a bring-your-own one', () => {
    const id = '/subscriptions/s/theirs'
    expect(subnetRequests(projectWith(['aiFoundry'], { aca2: { id } }), names)[1]).toMatchObject({
      kind: 'byo',
      key: 'aca2',
      id,
      rule: subnetRules.foundryAgents,
    })
  })
})

describe('A size of the manifest', () => {
  test('that the service refuses is refused, with the place, the reason and the way out', () => {
    const project = projectWith(['aiFoundry'], { aca2: { prefixLength: 28 } })
    expect(() => subnetRequests(project, names)).toThrow(
      /^network\.subnets\.aca2:1:1: Subnet 'aca2' requests a \/28, which is too small for: Foundry agents\. The smallest subnet that works is a \/27 \(32 addresses\), because the data proxy .* Request a \/27 or larger, that is prefixLength 27 or less\./,
    )
  })

  test('that is too small for the private endpoints of the project is refused', () => {
    const project = projectWith(['aiFoundry', 'aiSearch'], { genai: { prefixLength: 28 } })
    expect(() => subnetRequests(project, names)).toThrow(
      'The smallest subnet that works is a /27 (32 addresses), because 11 private endpoints take 13 addresses, and Azure reserves 5.',
    )
  })

  test('needs a larger subnet when the project has a registry of its own', () => {
    const smallest = (sharedContainerRegistry: boolean) =>
      subnetRequests(projectWith(['aiSearch'], {}, { factory: { sharedContainerRegistry } }), names)[0]
    expect(smallest(true)).toMatchObject({ smallestPrefixLength: 28 })
    expect(smallest(false)).toMatchObject({ smallestPrefixLength: 27 })
  })

  test('that a profile chose says itself what is to be known of it', () => {
    const [, agents] = subnetRequests(projectWith(['aiFoundry'], {}, { subnetProfile: 'compact' }), names)
    expect(agents).toMatchObject({ sizeReason: expect.stringContaining('Microsoft recommends a /24') })
  })
})
