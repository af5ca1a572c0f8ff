/** A type that the local Azure does not describe takes everything: what the product uses must be described. */
import { expect, test } from '@jest/globals'
import { descriptionOf } from '../../sandbox/arm/gate/shape/descriptions.ts'
import { readSeed, threeEnvironmentsFile } from '../../sandbox/seeds/index.ts'
import { everything, partsOf } from '../../src/catalog/contents.ts'
import { apiVersions } from '../../src/catalog/facts/api-versions.ts'

/** Deployments are no resources that a provider stores: the deployments of the local Azure read them themselves. */
const deployments = 'Microsoft.Resources/deployments'

const described = (types: readonly string[]) =>
  Object.fromEntries(
    types
      .filter((type) => type !== deployments)
      .map((type) => [type, descriptionOf(type)?.members.has('properties') ?? 'not described']),
  )
const all = (types: readonly string[]) =>
  Object.fromEntries(types.filter((type) => type !== deployments).map((type) => [type, true]))

test('the local Azure describes every type that has an API version', () => {
  const types = Object.keys(apiVersions)
  expect(described(types)).toEqual(all(types))
})

test('the local Azure describes every type that a part of the catalogue declares', () => {
  const types = partsOf(everything()).flatMap(({ data }) => Object.keys(data))
  expect(types).toContain('Microsoft.Storage/storageAccounts')
  expect(described(types)).toEqual(all(types))
})

test('the local Azure describes every type of what it holds at its first start', async () => {
  const { arm } = await readSeed(threeEnvironmentsFile)
  const types = Object.values(arm?.resources ?? {}).map(({ type }) => type)
  expect(types).toContain('Microsoft.Network/privateDnsZones')
  expect(described(types)).toEqual(all(types))
})
