import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { catalogue, type ServiceKey, serviceKeys } from '../../catalog/index.ts'
import { cidr, networkAt, overlaps } from '../../cidr.ts'
import { projectTypes, subnetProfiles } from '../../vocabulary.ts'
import { planSubnets } from '../planner/planner.ts'
import { endpointAddressesOf, privateEndpointsOf } from '../subnet-sizes.ts'
import {
  anotherPrefix,
  demandOf,
  type EnvironmentState,
  forecast,
  forecastSentence,
  helpSentences,
  type ProjectDemand,
  tightest,
} from './forecast.ts'
import { type CountedLimitKey, countedLimitKeys, highScalePrivateEndpoints, limits } from './limits.ts'

const defaults = (type: (typeof projectTypes)[number]): readonly ServiceKey[] =>
  serviceKeys.filter((key) => catalogue.services[key].defaultFor.includes(type))

const demand = (change: Partial<ProjectDemand['takes']> = {}): ProjectDemand => ({
  type: 'genai-1',
  profile: 'standard',
  subnets: [
    { key: 'genai', prefixLength: 25 },
    { key: 'aca2', prefixLength: 24 },
  ],
  takes: {
    subnets: 2,
    privateEndpoints: 11,
    roleAssignments: 50,
    deploymentStacks: 1,
    resourceGroups: 1,
    lakeEntries: 0,
    projectNumbers: 1,
    ...change,
  },
})

const state = (
  used: Partial<Record<CountedLimitKey, number | string>> = {},
  change: Partial<EnvironmentState> = {},
): EnvironmentState => ({
  space: { prefixes: [cidr('10.1.0.0/16')], taken: [], reserved: [] },
  used: {
    subnets: measured(used.subnets),
    privateEndpoints: measured(used.privateEndpoints),
    roleAssignments: measured(used.roleAssignments),
    deploymentStacks: measured(used.deploymentStacks),
    resourceGroups: measured(used.resourceGroups),
    lakeEntries: measured(used.lakeEntries),
    projectNumbers: measured(used.projectNumbers),
  },
  raisedLimits: {},
  ...change,
})

const measured = (used: number | string = 0) =>
  typeof used === 'number' ? ({ kind: 'known', used } as const) : ({ kind: 'unknown', reason: used } as const)

describe('How many more projects fit', () => {
  test('is what the nearest limit allows, and the next limit is named too', () => {
    const { more, atMost, limits: distances } = forecast(demand(), state())
    expect([more, atMost]).toEqual([80, false])
    expect(distances.slice(0, 3)).toEqual([
      { limit: 'roleAssignments', more: 80 },
      { limit: 'privateEndpoints', more: 90 },
      { limit: 'addresses', more: 170 },
    ])
  })

  test.each<[CountedLimitKey, number, number]>([
    ['privateEndpoints', 978, 2],
    ['privateEndpoints', 979, 1],
    ['privateEndpoints', 990, 0],
    ['subnets', 2_997, 1],
    ['roleAssignments', 3_951, 0],
    ['roleAssignments', 4_100, 0],
    ['deploymentStacks', 795, 5],
    ['resourceGroups', 970, 10],
    ['projectNumbers', 998, 1],
  ])('with %s at %i is %i', (limit, used, more) => {
    const found = forecast(demand(), state({ [limit]: used }))
    expect(found.more).toBe(more)
    expect(found.limits[0]).toEqual({ limit, more })
  })

  test('has a full list of the lake in no way in it: projects take no entry there', () => {
    const found = forecast(demand(), state({ lakeEntries: 28 }))
    expect(found.more).toBe(80)
    expect(found.limits.map(({ limit }) => limit)).not.toContain('lakeEntries')
  })

  test('is an upper bound when something could not be counted', () => {
    const found = forecast(demand(), state({ roleAssignments: 'forbidden' }))
    expect([found.more, found.atMost]).toEqual([80, true])
    expect(forecastSentence(found)).toBe(
      'At most 80 more projects of type genai-1 (standard) fit, then role assignments run out.',
    )
  })

  test('does not depend on what projects do not come near to', () => {
    expect(forecast(demand(), state({ lakeEntries: 'unreachable' })).atMost).toBe(false)
  })

  test('goes by a raised limit', () => {
    const found = forecast(
      demand({ roleAssignments: 1 }),
      state(
        { privateEndpoints: 1_100 },
        { raisedLimits: { privateEndpoints: highScalePrivateEndpoints.max } },
      ),
    )
    expect(found.limits.find(({ limit }) => limit === 'privateEndpoints')?.more).toBe(354)
  })

  test('counts reserved ranges as not free, and never a piece of a set', () => {
    const space = {
      prefixes: [cidr('10.1.0.0/22')],
      taken: [cidr('10.1.0.0/25')],
      reserved: [cidr('10.1.2.0/24')],
    }
    // A /25 beside the taken one, and two /24: room for one set, whose second would lack a /25 or a /24.
    const found = forecast(demand(), state({}, { space }))
    expect(found.limits[0]).toEqual({ limit: 'addresses', more: 1 })
  })

  test('is what planning one after the other comes to', () => {
    const taken = fc.array(fc.nat(255), { maxLength: 120 })
    fc.assert(
      fc.property(taken, (places) => {
        const space = {
          prefixes: [cidr('10.1.0.0/18')],
          taken: places.map((place) => networkAt(cidr('10.1.0.0/18').first + place * 64, 26)),
          reserved: [],
        }
        const planned = [...space.taken]
        let count = 0
        for (; ; count += 1) {
          const plan = planSubnets({ ...space, taken: planned, requests: demand().subnets })
          if (plan.kind === 'shortage') break
          planned.push(...plan.subnets.map((subnet) => subnet.cidr))
        }
        const found = forecast(demand(), state({}, { space }))
        expect(found.limits.find(({ limit }) => limit === 'addresses')?.more).toBe(count)
      }),
      { numRuns: 40 },
    )
  })
})

describe('What would help', () => {
  const full = state({}, { space: { prefixes: [cidr('10.1.0.0/21')], taken: [], reserved: [] } })

  test('is the smallest prefix with which the next limit is reached', () => {
    const tight = forecast(demand(), full)
    expect(forecastSentence(tight)).toBe(
      '5 more projects of type genai-1 (standard) fit, then addresses run out.',
    )
    expect(anotherPrefix(tight)).toEqual({ prefixLength: 17, more: 75, nextLimit: 'roleAssignments' })
    expect(helpSentences(tight, [tight])[0]).toBe(
      'Another /17 in the VNet would fit 75 more, then role assignments run out.',
    )
  })

  test('is true: with that prefix so many fit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 24 }), fc.integer({ min: 1, max: 400 }), (size, assignments) => {
        const space = { prefixes: [networkAt(cidr('10.1.0.0/16').first, size)], taken: [], reserved: [] }
        const needs = demand({ roleAssignments: assignments, privateEndpoints: 0 })
        const now = forecast(needs, state({}, { space }))
        const another = anotherPrefix(now)
        if (another === undefined)
          return expect(now.limits[0]?.limit === 'addresses' && now.limits[1]?.more !== now.more).toBe(false)
        const added = networkAt(cidr('10.9.0.0/16').first, another.prefixLength)
        expect(space.prefixes.some((prefix) => overlaps(prefix, added))).toBe(false)
        const then = forecast(needs, state({}, { space: { ...space, prefixes: [...space.prefixes, added] } }))
        return expect(then.more).toBeGreaterThanOrEqual(now.more + another.more)
      }),
    )
  })

  test('is no prefix when addresses are not what is missing', () => {
    expect(anotherPrefix(forecast(demand(), state()))).toBeUndefined()
  })

  test('is the compact profile where it makes a difference', () => {
    const compact: ProjectDemand = {
      ...demand(),
      profile: 'compact',
      subnets: [{ key: 'genai', prefixLength: 27 }],
    }
    const all = [forecast(demand(), full), forecast(compact, full)]
    expect(tightest(all)).toBe(all[0])
    expect(all.slice(0, 1).flatMap((tight) => helpSentences(tight, all))).toContain(
      'The profile compact for new projects would fit 59 more.',
    )
  })
})

test.each<[number, string]>([
  [0, 'No more projects of type genai-1 (standard) fit: too few resource groups are left.'],
  [1, '1 more project of type genai-1 (standard) fits, then resource groups run out.'],
  [2, '2 more projects of type genai-1 (standard) fit, then resource groups run out.'],
])('A forecast of %i is one plain sentence', (more, sentence) => {
  expect(forecastSentence(forecast(demand(), state({ resourceGroups: 980 - more })))).toBe(sentence)
})

describe('The limits', () => {
  test.each(countedLimitKeys)('%s: has a limit, and where that is written', (key) => {
    const { max, source } = limits[key]
    expect(max).toBeGreaterThan(0)
    if (key !== 'projectNumbers') expect(source).toMatch(/^https:\/\/learn\.microsoft\.com\//)
  })

  test('take what the catalogue says a project has', () => {
    const contents = { services: defaults('genai-1'), ownContainerRegistry: true }
    const own = demandOf({
      type: 'genai-1',
      profile: 'compact',
      contents,
      privateEndpoints: true,
      roleAssignments: 7,
    })
    expect(own.takes).toMatchObject({
      subnets: 2,
      privateEndpoints: privateEndpointsOf(contents),
      roleAssignments: 7,
    })
    const open = demandOf({
      type: 'genai-1',
      profile: 'compact',
      contents,
      privateEndpoints: false,
      roleAssignments: 7,
    })
    expect(open.takes.privateEndpoints).toBe(0)
  })

  test('need not have that of private IP addresses: before it, every VNet meets another one', () => {
    const privateAddressesPerNetwork = 65_536
    for (const type of projectTypes) {
      const contents = { services: defaults(type), ownContainerRegistry: true }
      const { count, each, fixed } = catalogue.subnets.aca2.rule.load
      const agents = fixed + count * each
      const endpoints = privateEndpointsOf(contents)
      const mostPrivate = Math.min(
        highScalePrivateEndpoints.max / endpoints,
        limits.deploymentStacks.max ?? 0,
      )
      expect(mostPrivate * (endpointAddressesOf(contents) + agents)).toBeLessThan(privateAddressesPerNetwork)
      expect((limits.deploymentStacks.max ?? 0) * agents).toBeLessThan(privateAddressesPerNetwork)
    }
  })

  test('know both profiles', () => {
    const contents = { services: defaults('all'), ownContainerRegistry: false }
    const more = subnetProfiles.map((profile) => {
      const needs = demandOf({ type: 'all', profile, contents, privateEndpoints: true, roleAssignments: 1 })
      return forecast(needs, state()).limits.find(({ limit }) => limit === 'addresses')?.more ?? 0
    })
    expect(more[1]).toBeGreaterThan(2 * (more[0] ?? 0))
  })
})
