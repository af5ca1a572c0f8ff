import { expect, test } from '@jest/globals'
import { literalResource } from './literal.ts'

test('no string of a resource is an expression, be it a name, a value or a key', () => {
  const resource = literalResource({
    type: 'Microsoft.Storage/storageAccounts',
    apiVersion: '2024-01-01',
    name: '[name]',
    dependsOn: ["[resourceId('a', 'b')]"],
    tags: { '[subscription().subscriptionId]': '[subscription().id]', 'a[0]': 'x', '[open': 'x' },
    properties: { list: ['[x]', { '[y]': 1 }], none: undefined },
  })
  expect(resource).toEqual({
    type: 'Microsoft.Storage/storageAccounts',
    apiVersion: '2024-01-01',
    name: '[[name]',
    dependsOn: ["[resourceId('a', 'b')]"],
    tags: { '[[subscription().subscriptionId]': '[[subscription().id]', 'a[0]': 'x', '[open': 'x' },
    properties: { list: ['[[x]', { '[[y]': 1 }] },
  })
})
