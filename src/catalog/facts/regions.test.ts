import { expect, test } from '@jest/globals'
import { lookUpRegion, regions } from './regions.ts'

test('regions are written as resources have them, in order, each once', () => {
  for (const region of regions) expect(region).toMatch(/^[a-z]+[0-9]?(?:euap)?$/)
  expect(regions).toEqual([...new Set(regions)].toSorted())
})

test.each(['swedencentral', 'usgovvirginia', 'chinanorth3'])('%s is known', (name) => {
  expect(lookUpRegion(name)).toEqual({ kind: 'known' })
})

test.each([
  ['swedencentrl', 'swedencentral'],
  ['westeuropa', 'westeurope'],
  ['eastsu', 'eastus'],
])('%s is a mistake for %s', (name, meant) => {
  expect(lookUpRegion(name)).toEqual({ kind: 'misspelt', meant })
})

test.each(['eastus3', 'swedencentral2', 'saudiarabiaeast', 'redmond'])(
  '%s may be a region that is new, or of a cloud of its own',
  (name) => {
    expect(lookUpRegion(name)).toEqual({ kind: 'unknown' })
  },
)
