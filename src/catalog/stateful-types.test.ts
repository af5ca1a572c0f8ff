import { expect, test } from '@jest/globals'
import { statefulType } from './stateful-types.ts'

test.each([
  'Microsoft.KeyVault/vaults',
  'microsoft.documentdb/databaseaccounts/sqldatabases',
  'Microsoft.Search/searchServices',
  'resource group',
])('%s holds data', (type) => {
  expect(statefulType(type)?.holds).toMatch(/\w/)
})

test.each(['Microsoft.Network/privateEndpoints', 'Microsoft.Network/virtualNetworks/subnets'])(
  '%s can be created again from the manifests',
  (type) => {
    expect(statefulType(type)).toBeUndefined()
  },
)

test.each(['Contoso.Invented/things', 'constructor', ''])(
  "'%s', which nothing declares, counts as stateful",
  (type) => {
    expect(statefulType(type)?.holds).toMatch(/does not know/)
  },
)

test('what Azure keeps of a deleted resource comes with its source', () => {
  expect(statefulType('microsoft.keyvault/vaults')?.softDelete).toEqual({
    sentence: expect.stringMatching(/recovered for 7 days/),
    source: expect.stringMatching(/^https:\/\/learn\.microsoft\.com\//),
    listed: 'deletedVaults',
    recovery: { property: 'createMode', value: 'recover' },
  })
})
