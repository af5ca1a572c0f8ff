import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { defaultServicesOf, partsOf } from '../catalog/contents.ts'
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

  test('are those of all its parts, when everything is switched on', () => {
    const endpoints = partsOf(everything).flatMap(({ privateEndpoints }) => privateEndpoints)
    expect(privateEndpointsOf(everything)).toBe(endpoints.length)
    expect(endpointAddressesOf(everything)).toBe(
      endpoints.map(({ addresses }) => addresses).reduce((sum, addresses) => sum + addresses),
    )
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
    const reasonsOf = (profile: SubnetProfile) =>
      Object.fromEntries(projectSubnets(serviceKeys, profile).map(({ key, reason }) => [key, reason]))
    const endpoints = `With every service and a registry of its own a project has ${privateEndpointsOf(everything)} private endpoints, which take ${endpointAddressesOf(everything)} addresses`
    const agents = '50 agent sessions at a time take 50 addresses, and the service itself takes 9'
    expect(reasonsOf('standard')).toMatchObject({
      genai: `${endpoints}; the profile standard has 123 for them.`,
      aca2: `${agents}; the profile standard has 507 for them.`,
    })
    const { prefixLength } = subnetSize(catalogue.subnets.genai, 'compact')
    const usable = sizeOf(prefixLength) - addressesAzureReserves
    expect(reasonsOf('compact')).toMatchObject({
      genai: expect.stringContaining(
        `${endpoints}; a /${prefixLength} has ${usable}, since Azure reserves 5.`,
      ),
      aca2: `${agents}; a /26 has 59, since Azure reserves 5. Microsoft recommends a /24, because upgrades and peaks of load take more addresses for a while.`,
    })
    for (const profile of subnetProfiles) {
      for (const reason of Object.values(reasonsOf(profile))) expect(reason).toMatch(/^[A-Z0-9].*\.$/)
    }
  })

  test.each(subnetProfiles)(
    '%s leaves space for every service, and is never below what a service accepts',
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
  /** How many projects fit one after the other. */
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
