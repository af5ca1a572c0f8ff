import { describe, expect, test } from '@jest/globals'
import { subnets } from '../../src/catalog/subnets.ts'
import type { ResolvedProject, SubnetSetting } from '../../src/manifest/resolved.ts'
import { projectNames } from '../../src/naming/names.ts'
import { requestsOfWishes, subnetRequests } from '../../src/network/requests.ts'
import type { ServiceKey, SubnetKey } from '../../src/vocabulary.ts'

import { resolvedProject } from '../fixtures/resolved-project.ts'

const names = projectNames(
  { factory: 'mrvel', instance: '001', locationCode: 'sdc', salt: 'a1b2c', environment: 'dev' },
  '001',
)

const projectWith = (
  enabled: readonly ServiceKey[],
  subnetSettings: Partial<Record<SubnetKey, SubnetSetting>> = {},
): ResolvedProject => resolvedProject({ enabled, subnets: subnetSettings })

describe('A project asks', () => {
  test('for the subnet of private endpoints only, when nothing needs more', () => {
    expect(subnetRequests(projectWith(['aiSearch']), names)).toEqual([
      {
        kind: 'own',
        key: 'genai',
        name: names.subnet('genai'),
        prefixLength: subnets.genai.prefixLength,
        smallestPrefixLength: subnets.genai.smallestPrefixLength,
        delegation: '',
      },
    ])
  })

  test('for one for its agents with AI Foundry, in the size of the manifest', () => {
    expect(
      subnetRequests(projectWith(['aiFoundry'], { aca2: { prefixLength: 26 } }), names)[1],
    ).toMatchObject({
      key: 'aca2',
      prefixLength: 26,
      delegation: 'Microsoft.App/environments',
      where: { file: 'network.subnets.aca2' },
    })
  })

  test('for the one it brings along', () => {
    const id = '/subscriptions/s/theirs'
    expect(subnetRequests(projectWith(['aiFoundry'], { aca2: { id } }), names)[1]).toMatchObject({
      kind: 'brought',
      key: 'aca2',
      id,
    })
  })

  test('for nothing smaller than the service takes', () => {
    const project = projectWith(['aiFoundry'], { aca2: { prefixLength: 28 } })
    expect(() => subnetRequests(project, names)).toThrow(
      /^network\.subnets\.aca2:1:1: Subnet 'aca2' asks for a \/28, .* The smallest subnet that works is a \/27/,
    )
  })
})

describe('The input subnets asks', () => {
  test('for any name, without rules', () => {
    expect(requestsOfWishes([{ name: 'vm', prefixLength: 29, line: 1 }])).toEqual([
      { kind: 'own', key: 'vm', name: 'vm', prefixLength: 29, delegation: '' },
    ])
  })

  test('for a subnet of the catalogue by its key, with its rules and its full name', () => {
    expect(requestsOfWishes([{ name: 'aca2', prefixLength: 25, line: 1 }], names)).toEqual([
      {
        kind: 'own',
        key: 'aca2',
        name: names.subnet('aca2'),
        prefixLength: 25,
        smallestPrefixLength: 27,
        delegation: 'Microsoft.App/environments',
      },
    ])
  })

  test('for a service, which brings the rules', () => {
    const wish = { name: 'agents', prefixLength: 25, service: 'aiFoundry', line: 1 }
    expect(requestsOfWishes([wish])).toMatchObject([
      { name: 'agents', delegation: 'Microsoft.App/environments' },
    ])
    expect(() => requestsOfWishes([{ ...wish, prefixLength: 28 }])).toThrow("line 1: 'agents' asks for a /28")
    expect(() => requestsOfWishes([{ ...wish, service: 'toaster' }])).toThrow(
      "there is no service 'toaster'. Use aiFoundry, aiSearch",
    )
  })
})
