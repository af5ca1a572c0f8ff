import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { defaultServicesOf } from '../catalog/contents.ts'
import { subnetRules } from '../catalog/facts/subnet-rules.ts'
import { catalogue, serviceKeys, subnetKeys } from '../catalog/index.ts'
import { type Cidr, cidr, sizeOf } from '../cidr.ts'
import { type ProjectType, type SubnetProfile, subnetProfiles } from '../vocabulary.ts'
import { planSubnets } from './planner/planner.ts'
import {
  addressesAzureReserves,
  endpointAddressesOf,
  prefixLengthFor,
  privateEndpointsOf,
  projectSubnets,
  smallestSizeFor,
  subnetSize,
} from './subnet-sizes.ts'

const everything = { services: serviceKeys, ownContainerRegistry: true }

describe('The smallest subnet for a number of addresses', () => {
  test.each([
    [0, 29],
    [3, 29],
    [4, 28],
    [11, 28],
    [12, 27],
    [59, 26],
    [60, 25],
    [507, 23],
  ])('of %i is a /%i', (addresses, prefixLength) => {
    expect(prefixLengthFor(addresses)).toBe(prefixLength)
  })

  test('holds them, and half of it would not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 2 ** 24 }), (addresses) => {
        const size = sizeOf(prefixLengthFor(addresses))
        expect(size - addressesAzureReserves).toBeGreaterThanOrEqual(addresses)
        expect(size / 2 - addressesAzureReserves).toBeLessThan(addresses)
      }),
    )
  })
})

describe('Private endpoints of a project', () => {
  test.each<[ProjectType, number, number]>([
    ['esml', 10, 12],
    ['genai-1', 11, 13],
    ['all', 12, 16],
  ])('of type %s are %i, and take %i addresses', (type, count, addresses) => {
    const services = defaultServicesOf(type)
    expect(privateEndpointsOf({ services, ownContainerRegistry: false })).toBe(count)
    expect(endpointAddressesOf({ services, ownContainerRegistry: false })).toBe(addresses)
  })

  test('are one more, with two addresses, when it has a registry of its own', () => {
    const added = (own: boolean) => ({
      endpoints: privateEndpointsOf({ services: [], ownContainerRegistry: own }),
      addresses: endpointAddressesOf({ services: [], ownContainerRegistry: own }),
    })
    expect(added(false)).toEqual({ endpoints: 9, addresses: 9 })
    expect(added(true)).toEqual({ endpoints: 10, addresses: 11 })
  })

  test('are those that the rules speak of, when everything is switched on', () => {
    const { count, each, fixed } = subnetRules.privateEndpoints.load
    expect(privateEndpointsOf(everything)).toBe(count)
    expect(endpointAddressesOf(everything)).toBe(fixed + count * each)
  })
})

describe('The profile', () => {
  const sizesOf = (type: ProjectType, profile: SubnetProfile) =>
    projectSubnets(defaultServicesOf(type), profile).map(({ key, prefixLength }) => `${key} /${prefixLength}`)

  test('standard has the sizes of the known accelerator', () => {
    expect(sizesOf('genai-1', 'standard')).toEqual(['genai /25', 'aca2 /23'])
    expect(sizesOf('esml', 'standard')).toEqual(['genai /25'])
    expect(sizesOf('all', 'standard')).toEqual(['genai /25', 'aca2 /23'])
  })

  test('compact has what the services take', () => {
    expect(sizesOf('genai-1', 'compact')).toEqual(['genai /27', 'aca2 /26'])
    expect(sizesOf('esml', 'compact')).toEqual(['genai /27'])
  })

  test('explains every size in a sentence', () => {
    const reasons = subnetProfiles.flatMap((profile) =>
      projectSubnets(serviceKeys, profile).map(({ key, reason }) => `${profile} ${key}: ${reason}`),
    )
    expect(reasons).toMatchInlineSnapshot(`
[
  "standard genai: With every service and a registry of its own a project has 14 private endpoints, which take 20 addresses; the profile standard has 123 for them.",
  "standard aca2: 50 agent sessions at a time take 50 addresses, and the service itself takes 9; the profile standard has 507 for them.",
  "compact genai: With every service and a registry of its own a project has 14 private endpoints, which take 20 addresses; a /27 has 27, since Azure reserves 5.",
  "compact aca2: 50 agent sessions at a time take 50 addresses, and the service itself takes 9; a /26 has 59, since Azure reserves 5. Microsoft recommends a /24, because upgrades and peaks of load take more addresses for a while.",
]
`)
  })

  test.each(subnetProfiles)(
    '%s leaves room for every service, and is never below what a service accepts',
    (profile) => {
      for (const key of subnetKeys) {
        const { prefixLength } = subnetSize(catalogue.subnets[key], profile)
        expect(prefixLength).toBeLessThanOrEqual(
          smallestSizeFor(catalogue.subnets[key], everything).prefixLength,
        )
        expect(prefixLength).toBeLessThanOrEqual(catalogue.subnets[key].rule.smallest.prefixLength)
      }
    },
  )
})

describe('Projects of type genai-1 with Foundry agents in one /16', () => {
  /** How many projects find room one after the other. */
  function projectsIn(prefix: string, profile: SubnetProfile): number {
    const requests = projectSubnets(defaultServicesOf('genai-1'), profile)
    const taken: Cidr[] = []
    for (let count = 0; ; count += 1) {
      const outcome = planSubnets({ prefixes: [cidr(prefix)], taken, reserved: [], requests })
      if (outcome.kind === 'shortage') return count
      taken.push(...outcome.subnets.map((subnet) => subnet.cidr))
    }
  }

  test('are at least 300 with compact', () => {
    expect(projectsIn('172.16.0.0/16', 'compact')).toBe(682)
  })

  test('are as many with standard as addresses allow', () => {
    expect(projectsIn('172.16.0.0/16', 'standard')).toBe(Math.floor(2 ** 16 / (128 + 512)))
  })
})
