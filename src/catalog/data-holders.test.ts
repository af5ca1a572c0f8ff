import { expect, test } from '@jest/globals'
import { dataIn } from './data-holders.ts'

test.each([
  'Microsoft.KeyVault/vaults',
  'microsoft.documentdb/databaseaccounts/sqldatabases',
  'Microsoft.Search/searchServices',
  'resource group',
])('%s holds data', (type) => {
  expect(dataIn(type)).toMatch(/\w/)
})

test.each(['Microsoft.Network/privateEndpoints', 'Microsoft.Network/virtualNetworks/subnets', 'constructor'])(
  '%s can be made again from the manifests',
  (type) => {
    expect(dataIn(type)).toBeUndefined()
  },
)
