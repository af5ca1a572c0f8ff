import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { JsonObject } from '../json.ts'
import { estimateCost } from './estimate-cost.ts'

const search = (sku: string, replicaCount = 1, partitionCount = 1): JsonObject => ({
  type: 'Microsoft.Search/searchServices',
  name: 'search',
  sku: { name: sku },
  properties: { replicaCount, partitionCount },
})
const endpoint: JsonObject = { type: 'Microsoft.Network/privateEndpoints', name: 'endpoint' }
const vault: JsonObject = { type: 'Microsoft.KeyVault/vaults', name: 'vault' }
const group: JsonObject = { type: 'Microsoft.Resources/resourceGroups', name: 'rg' }
const bodies = (...resources: readonly JsonObject[]) =>
  new Map(resources.map((resource) => [String(resource['name']), resource]))

describe('the estimate of a template', () => {
  test('multiplies the list price by the units and the hours of a month', () => {
    const { before, after, items } = estimateCost(bodies(), bodies(search('standard', 2, 3), endpoint, group))
    expect(before).toBe(0)
    expect(after).toBeCloseTo(0.336 * 6 * 730 + 0.01 * 730)
    expect(items.map(({ meter }) => meter)).toEqual(['6 search units (standard)', '1 endpoint'])
  })

  test('holds what was there before, also what goes', () => {
    const { before, after, items } = estimateCost(
      bodies(search('basic'), endpoint),
      bodies(search('standard')),
    )
    expect(before).toBeCloseTo(0.101 * 730 + 7.3)
    expect(after).toBeCloseTo(0.336 * 730)
    expect(items).toEqual([
      expect.objectContaining({
        name: 'search',
        before: expect.closeTo(73.73),
        after: expect.closeTo(245.28),
      }),
      expect.objectContaining({ name: 'endpoint', before: expect.closeTo(7.3) }),
    ])
    expect(items[1]).not.toHaveProperty('after')
  })

  test('takes less for each of many, where more are cheaper', () => {
    const zones = (count: number) =>
      bodies(
        ...Array.from({ length: count }, (_, index) => ({
          type: 'Microsoft.Network/privateDnsZones',
          name: `zone${index}`,
        })),
      )
    expect(estimateCost(bodies(), zones(25)).after).toBeCloseTo(12.5)
    expect(estimateCost(zones(62), zones(26))).toMatchObject({
      before: expect.closeTo(12.5 + 3.7),
      after: expect.closeTo(12.6),
    })
  })

  test('gives no number for what is billed by use, and names it', () => {
    const { after, items, notEstimated } = estimateCost(bodies(), bodies(vault))
    expect({ after, notEstimated }).toEqual({ after: 0, notEstimated: [] })
    expect(items).toEqual([
      { kind: 'Microsoft.KeyVault/vaults', name: 'vault', meter: '', plus: 'operations' },
    ])
  })

  test('names what nobody has a price of, be it a type or a size', () => {
    const other = { type: 'Microsoft.Other/things', name: 'other' }
    const { after, notEstimated } = estimateCost(bodies(), bodies(other, search('huge')))
    expect({ after, notEstimated }).toEqual({
      after: 0,
      notEstimated: ['Microsoft.Other/things', 'Microsoft.Search/searchServices'],
    })
  })

  test('says nothing of before when it is not known', () => {
    expect(estimateCost(undefined, bodies(endpoint))).not.toHaveProperty('before')
  })

  test('is the same before and after when nothing changes, whatever there is', () => {
    const any = fc.array(
      fc.oneof(
        fc.constantFrom(endpoint, vault, group),
        fc
          .record({ sku: fc.constantFrom('basic', 'standard'), replicas: fc.nat(12) })
          .map(({ sku, replicas }) => search(sku, replicas)),
      ),
    )
    fc.assert(
      fc.property(any, (resources) => {
        const all = new Map(resources.map((resource, index) => [String(index), resource]))
        const { before, after } = estimateCost(all, all)
        expect(before).toBe(after)
      }),
    )
  })
})
