/** The language of policy rules. https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule */
import { describe, expect, test } from '@jest/globals'
import { holds } from './conditions.ts'

const subject = {
  id: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnt-dev-001',
  name: 'vnt-dev-001',
  fullName: 'vnt-dev-001',
  type: 'Microsoft.Network/virtualNetworks',
  body: {
    location: 'Sweden Central',
    kind: 'Plain',
    tags: { costCenter: '42', 'with space': 'x' },
    sku: { name: 'Standard' },
    properties: {
      enabled: true,
      size: 10,
      subnets: [
        { name: 'one', properties: { addressPrefix: '10.0.0.0/24', networkSecurityGroup: { id: 'nsg' } } },
        { name: 'two', properties: { addressPrefix: '10.0.1.0/24' } },
      ],
      empty: [],
    },
  },
}
const parameters = new Map<string, unknown>([
  ['names', ['one', 'two']],
  ['tag', 'costCenter'],
])
const judge = (condition: unknown): boolean =>
  holds(condition, {
    subject,
    parameters,
    subscription: { displayName: 'Development' },
    resourceGroup: { tags: { owner: 'ada' } },
    seen: [],
    bound: [],
    currents: [],
  })
const alias = (path: string) => `Microsoft.Network/virtualNetworks/${path}`

describe('a condition on a field', () => {
  test.each<[object, boolean]>([
    [{ field: 'type', equals: 'microsoft.network/VIRTUALNETWORKS' }, true],
    [{ field: 'location', in: ['swedencentral'] }, true],
    [{ field: 'location', notIn: ['swedencentral'] }, false],
    [{ field: 'name', like: 'vnt-*' }, true],
    [{ field: 'name', notLike: '*-002' }, true],
    [{ field: 'name', match: 'vnt-???-###' }, true],
    [{ field: 'name', match: 'VNT-???-###' }, false],
    [{ field: 'name', matchInsensitively: 'VNT-???-###' }, true],
    [{ field: 'name', contains: 'dev' }, true],
    [{ field: 'kind', notEquals: 'Plain' }, false],
    [{ field: 'tags', containsKey: 'costcenter' }, true],
    [{ field: "tags['with space']", equals: 'x' }, true],
    [{ field: 'tags.none', exists: false }, true],
    [{ field: "[concat('tags[', parameters('tag'), ']')]", equals: '42' }, true],
    [{ field: alias('sku.name'), equals: 'Standard' }, true],
    [{ field: alias('enabled'), equals: 'true' }, true],
    [{ field: alias('size'), greaterOrEquals: 10 }, true],
    [{ field: alias('size'), less: 10 }, false],
    [{ field: alias('nothing'), exists: 'true' }, false],
    [{ field: alias('nothing'), greater: 0 }, false],
    [{ field: 'Microsoft.Storage/storageAccounts/sku.name', exists: true }, false],
  ])('%j: %s', (condition, expected) => {
    expect(judge(condition)).toBe(expected)
  })

  test.each<[object, boolean]>([
    [{ field: alias('subnets[*].addressPrefix'), like: '10.0.*' }, true],
    [{ field: alias('subnets[*].networkSecurityGroup.id'), exists: true }, false],
    [{ not: { field: alias('subnets[*].networkSecurityGroup.id'), exists: true } }, true],
    [{ field: alias('empty[*]'), equals: 'x' }, true],
  ])('through an array has to hold for each element: %j: %s', (condition, expected) => {
    expect(judge(condition)).toBe(expected)
  })
})

test.each<[object, boolean]>([
  [{ value: "[resourceGroup().tags['owner']]", equals: 'ada' }, true],
  [{ value: "[resourceGroup().tags['none']]", notEquals: '' }, false],
  [{ value: '[subscription().displayName]', equals: 'Development' }, true],
  [{ value: "[length(field('Microsoft.Network/virtualNetworks/subnets[*].name'))]", equals: 2 }, true],
  [{ value: "[contains(field('name'), 'dev')]", equals: true }, true],
])('a condition on a value: %j: %s', (condition, expected) => {
  expect(judge(condition)).toBe(expected)
})

describe('a count', () => {
  const bare = { field: alias('subnets[*].networkSecurityGroup.id'), exists: false }
  test.each<[object, boolean]>([
    [{ count: { field: alias('subnets[*]') }, equals: 2 }, true],
    [{ count: { field: alias('subnets[*]'), where: bare }, equals: 1 }, true],
    [{ count: { field: alias('subnets[*]'), where: bare }, less: 1 }, false],
    [
      {
        count: {
          value: "[parameters('names')]",
          name: 'n',
          where: { value: "[current('n')]", equals: 'two' },
        },
        equals: 1,
      },
      true,
    ],
    [
      {
        count: { value: "[parameters('names')]", where: { value: '[current()]', contains: 'o' } },
        equals: 2,
      },
      true,
    ],
  ])('%j: %s', (condition, expected) => {
    expect(judge(condition)).toBe(expected)
  })
})

test.each<[object, boolean]>([
  [
    {
      allOf: [
        { field: 'kind', equals: 'plain' },
        { field: 'name', equals: 'other' },
      ],
    },
    false,
  ],
  [
    {
      anyOf: [
        { field: 'kind', equals: 'plain' },
        { field: 'name', equals: 'other' },
      ],
    },
    true,
  ],
  [{ not: { anyOf: [{ field: 'kind', equals: 'other' }] } }, true],
])('conditions combine: %j: %s', (condition, expected) => {
  expect(judge(condition)).toBe(expected)
})
